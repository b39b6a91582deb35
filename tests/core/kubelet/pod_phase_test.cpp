#include "core/kubelet/pod_phase.h"

#include <gtest/gtest.h>

namespace orrery::kubelet {
namespace {

using Kind = api::ContainerState::Kind;

// r running, R running and started, w waiting, b waiting after a crash, s/f ended well/badly, -
// absent
api::ContainerStatus status_of(char code) {
  api::ContainerStatus c;
  switch (code) {
    case 'R':
      c.started = true;
      [[fallthrough]];
    case 'r':
      c.state.kind = Kind::kRunning;
      break;
    case 'b': {
      api::ContainerState last;
      last.kind = Kind::kTerminated;
      last.exit_code = 1;
      c.last_state = last;
      c.state.kind = Kind::kWaiting;
      break;
    }
    case 'w':
      c.state.kind = Kind::kWaiting;
      break;
    case 'f':
      c.state.exit_code = 1;
      [[fallthrough]];
    case 's':
      c.state.kind = Kind::kTerminated;
      break;
    default:
      break;
  }
  return c;
}

struct PhaseCase {
  const char* policy;
  const char* inits;  // in order; upper case S before a code: a sidecar
  const char* mains;
  bool terminal;
  const char* phase;
};

std::string phase_of(const PhaseCase& t) {
  api::PodSpec spec;
  api::PodStatus status;
  spec.restart_policy = Symbol(t.policy);
  bool sidecar = false;
  for (const char* at = t.inits; *at; ++at) {
    if (*at == 'S') {
      sidecar = true;
      continue;
    }
    api::Container c;
    c.name = Symbol("i" + std::to_string(at - t.inits));
    if (sidecar) c.restart_policy = Symbol("Always");
    sidecar = false;
    spec.init_containers.edit().push_back(c);
    status.init_container_statuses.edit().push_back(status_of(*at));
  }
  for (const char* at = t.mains; *at; ++at) {
    spec.containers.edit().emplace_back();
    status.container_statuses.edit().push_back(status_of(*at));
  }
  return pod_phase(spec, status, t.terminal).str();
}

TEST(PodPhase, FollowsTheTableOfUpstreamsGetPhase) {
  const PhaseCase cases[] = {
      {"Always", "", "r", false, "Running"},      {"Always", "", "rr", false, "Running"},
      {"Always", "", "rw", false, "Pending"},     {"Always", "", "w", false, "Pending"},
      {"Always", "", "-", false, "Pending"},      {"Always", "", "rb", false, "Running"},
      {"Always", "", "b", false, "Running"},      {"Always", "", "s", false, "Running"},
      {"Always", "", "sf", false, "Running"},     {"Always", "", "rs", false, "Running"},
      {"OnFailure", "", "s", false, "Succeeded"}, {"OnFailure", "", "f", false, "Running"},
      {"OnFailure", "", "sf", false, "Running"},  {"OnFailure", "", "rs", false, "Running"},
      {"OnFailure", "", "b", false, "Running"},   {"Never", "", "s", false, "Succeeded"},
      {"Never", "", "f", false, "Failed"},        {"Never", "", "sf", false, "Failed"},
      {"Never", "", "rf", false, "Running"},      {"Never", "", "ss", false, "Succeeded"},
      {"Always", "", "s", true, "Succeeded"},     {"Always", "", "sf", true, "Failed"},
      {"OnFailure", "", "f", true, "Failed"},     {"Always", "w", "w", false, "Pending"},
      {"Always", "r", "w", false, "Pending"},     {"Always", "s", "w", false, "Pending"},
      {"Always", "s", "r", false, "Running"},     {"Always", "f", "w", false, "Pending"},
      {"Never", "f", "w", false, "Failed"},       {"Never", "b", "w", false, "Failed"},
      {"Always", "b", "w", false, "Pending"},     {"Always", "SR", "r", false, "Running"},
      {"Always", "SR", "w", false, "Pending"},    {"Always", "Sr", "w", false, "Pending"},
      {"Always", "Sr", "r", false, "Running"},    {"Never", "SR", "s", false, "Running"},
      {"Never", "Ss", "s", false, "Succeeded"},   {"Never", "Sf", "s", false, "Succeeded"},
      {"Always", "Sb", "r", false, "Running"},    {"Always", "Sw", "w", false, "Pending"},
  };
  for (const PhaseCase& t : cases) {
    EXPECT_EQ(phase_of(t), t.phase)
        << t.policy << " inits=" << t.inits << " mains=" << t.mains << " terminal=" << t.terminal;
  }
}

}  // namespace
}  // namespace orrery::kubelet
