#include "core/scheduler/plugins/node_declared_features.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace orrery::scheduler {
namespace {

using nlohmann::json;

const json* member(const api::RawRef& raw, const char* key) {
  if (!raw || !raw.json().is_object()) return nullptr;
  const auto it = raw.json().find(key);
  return it != raw.json().end() ? &*it : nullptr;
}

bool restarts_all(const api::List<api::Container>& containers) {
  return std::any_of(containers.begin(), containers.end(), [](const api::Container& c) {
    const json* rules = member(c.extra, "restartPolicyRules");
    if (!rules || !rules->is_array()) return false;
    return std::any_of(rules->begin(), rules->end(), [](const json& rule) {
      return rule.is_object() && rule.value("action", json()) == "RestartAllContainers";
    });
  });
}

/// InferForPodScheduling: the features that 1.36 infers from a spec.
std::vector<const char*> needed_features(const api::PodSpec& spec) {
  std::vector<const char*> out;
  if (restarts_all(spec.containers) || restarts_all(spec.init_containers)) {
    out.push_back("RestartAllContainersOnContainerExits");
  }
  if (spec.host_network) {
    const json* host_users = member(spec.extra, "hostUsers");
    if (host_users && *host_users == false) out.push_back("UserNamespacesHostNetworkSupport");
  }
  return out;
}

struct State final : CycleData {
  std::vector<const char*> features;
};

}  // namespace

Verdict NodeDeclaredFeatures::pre_filter(CycleState& state, const api::Pod& pod, NodeNames&) {
  if (!pod.spec) return {Code::kSkip};
  std::vector<const char*> features = needed_features(*pod.spec);
  if (features.empty()) return {Code::kSkip};
  auto kept = std::make_unique<State>();
  kept->features = std::move(features);
  state.put(this, std::move(kept));
  return {};
}

Verdict NodeDeclaredFeatures::filter(const CycleState& state, const api::Pod&,
                                     const NodeInfo& node) const {
  static const Symbol kReason{"node(s) didn't match Pod's required features"};
  const json* declared = member(node.node().status.extra, "declaredFeatures");
  for (const char* feature : state.get<State>(this)->features) {
    if (!declared || !declared->is_array() ||
        std::find(declared->begin(), declared->end(), feature) == declared->end()) {
      return {Code::kUnschedulableAndUnresolvable, {kReason}};
    }
  }
  return {};
}

}  // namespace orrery::scheduler
