// The bundled scenarios give the recorded digests, in every build, with and without logging.
// ORRERY_UPDATE_DIGESTS=1 writes the file anew instead of comparing.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "sim/cluster/simulation.h"
#include "sim/scenario/scenario_reader.h"

namespace orrery::sim {
namespace {

constexpr const char* kFile = "tests/golden/digests/digests.txt";

using Recorded = std::map<std::pair<std::string, std::uint64_t>, std::string>;

Recorded read_digests() {
  Recorded out;
  std::ifstream in(kFile);
  std::string name, digest;
  std::uint64_t seed = 0;
  while (in >> name >> seed >> digest) out[{name, seed}] = digest;
  return out;
}

bool write_digests(const Recorded& recorded) {
  std::ofstream out(kFile);
  for (const auto& [key, digest] : recorded) {
    out << key.first << ' ' << key.second << ' ' << digest << '\n';
  }
  return out.flush().good();
}

struct Outcome {
  std::string digest;
  std::uint64_t seed = 0, changes = 0, log_lines = 0;
};

struct RunOptions {
  bool log = false;
  std::uint64_t seed_offset = 0;
};

// Nothing, and a failed test, if the scenario cannot run.
std::optional<Outcome> run(const std::string& name, RunOptions options) {
  Result<Scenario> scenario = read_scenario(fmt::format("scenarios/{}.yaml", name));
  if (!scenario.ok()) {
    ADD_FAILURE() << scenario.status().message();
    return std::nullopt;
  }
  Outcome out;
  out.seed = scenario->seed += options.seed_offset;
  Simulation simulation(std::move(*scenario));
  if (const Status s = simulation.prepare(); !s.ok()) {
    ADD_FAILURE() << s.message();
    return std::nullopt;
  }
  if (options.log) {
    simulation.log() =
        Log(LogLevel::kDebug, [&out](LogLevel, std::string_view) { ++out.log_lines; });
    simulation.log().set_clock(simulation.env().loop.clock());
  }
  simulation.run({});
  out.digest = simulation.recorder().digest().hex();
  out.changes = simulation.recorder().changes();
  return out;
}

class BundledScenario : public testing::TestWithParam<const char*> {};

TEST_P(BundledScenario, GivesTheRecordedDigest) {
  const std::optional<Outcome> outcome = run(GetParam(), {});
  ASSERT_TRUE(outcome);
  EXPECT_GT(outcome->changes, 100u);  // something ran
  Recorded recorded = read_digests();
  std::string& wanted = recorded[{GetParam(), outcome->seed}];
  if (const char* update = std::getenv("ORRERY_UPDATE_DIGESTS"); update && *update == '1') {
    wanted = outcome->digest;
    ASSERT_TRUE(write_digests(recorded)) << kFile;
    return;
  }
  EXPECT_EQ(outcome->digest, wanted)
      << "to see it: orrery sim run scenarios/" << GetParam() << ".yaml --seed " << outcome->seed
      << "\nif the change is meant: ORRERY_UPDATE_DIGESTS=1 scenario_digests_golden";
}

TEST_P(BundledScenario, GivesTheSameDigestWithLoggingOn) {
  const std::optional<Outcome> silent = run(GetParam(), {});
  const std::optional<Outcome> logged = run(GetParam(), {.log = true});
  ASSERT_TRUE(silent && logged);
  EXPECT_EQ(silent->digest, logged->digest);
  EXPECT_EQ(silent->changes, logged->changes);
  EXPECT_GT(logged->log_lines, 0u);
}

TEST_P(BundledScenario, GivesAnotherDigestWithAnotherSeed) {
  const std::optional<Outcome> one = run(GetParam(), {});
  const std::optional<Outcome> other = run(GetParam(), {.seed_offset = 1});
  ASSERT_TRUE(one && other);
  EXPECT_NE(one->digest, other->digest);
}

INSTANTIATE_TEST_SUITE_P(Digests, BundledScenario,
                         testing::Values("first-deployment", "self-healing", "rolling-update",
                                         "resources", "daemonset-and-jobs", "gang"),
                         [](const testing::TestParamInfo<const char*>& one) {
                           std::string name = one.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace orrery::sim
