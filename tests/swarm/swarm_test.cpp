// The swarm: 200 seeds, each a random cluster with random workloads and faults. Safety is checked
// at every change of the store, liveness at the end of the quiet half. One seed alone:
//     ORRERY_SWARM_SEED=17 build/dev/tests/swarm/swarm_test
// With ORRERY_SWARM_LAST=5000 all from there to 5000; with ORRERY_SWARM_TRACE=1 it prints the
// scenario and every change of the store.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "sim/scenario/scenario_reader.h"
#include "tests/swarm/draw_scenario.h"
#include "tests/swarm/final_checks.h"
#include "tests/swarm/safety_checks.h"

namespace orrery::swarm {
namespace {

constexpr std::uint64_t kSeedsPerTest = 20;

struct Outcome {
  std::vector<std::string> problems;
  std::string digest;
  std::uint64_t changes = 0, bindings = 0;
};

void print_changes(sim::Simulation& simulation, const Drawing& drawing) {
  fmt::print("{}\n{}{}\n", describe(drawing), drawing.manifest_text,
             sim::to_json_text(sim::to_tree(drawing.scenario)));
  simulation.recorder().set_listener(
      [&simulation](std::uint64_t, std::uint64_t, const store::Change& change) {
        fmt::print("{}\n", sim::describe(simulation.kinds(), simulation.env().now(),
                                         simulation.start_time(), change));
      });
}

Outcome run_seed(std::uint64_t seed) {
  const Drawing drawing = draw_scenario(seed, testing::TempDir());
  std::ofstream(drawing.manifest_file) << drawing.manifest_text;
  Outcome outcome;
  {
    sim::Simulation simulation(drawing.scenario);
    SafetyChecks safety(simulation, drawing);
    if (std::getenv("ORRERY_SWARM_TRACE")) print_changes(simulation, drawing);
    const Status prepared = simulation.prepare();
    if (!prepared.ok()) {
      outcome.problems.push_back(prepared.message());
    } else {
      simulation.run({});
      outcome.problems = safety.problems();
      for (std::string& p : final_problems(simulation, drawing)) {
        outcome.problems.push_back("at the end: " + std::move(p));
      }
    }
    outcome.changes = safety.changes();
    outcome.bindings = safety.bindings();
    outcome.digest = simulation.recorder().digest().hex();
  }
  std::error_code ignored;
  std::filesystem::remove(drawing.manifest_file, ignored);
  if (outcome.bindings == 0) outcome.problems.push_back("no pod was ever bound");
  if (!outcome.problems.empty()) {
    std::string text =
        fmt::format("repeat with: ORRERY_SWARM_SEED={} swarm_test  ({})", seed, describe(drawing));
    for (const std::string& p : outcome.problems) text += "\n  " + p;
    ADD_FAILURE() << text;
  }
  return outcome;
}

const char* only_seed() { return std::getenv("ORRERY_SWARM_SEED"); }

class Swarm : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Swarm, StaysSafeUnderFaultsAndConvergesWhenTheyAreOver) {
  if (only_seed()) GTEST_SKIP() << "ORRERY_SWARM_SEED asks for one seed";
  for (std::uint64_t i = 0; i < kSeedsPerTest; ++i) run_seed(GetParam() + i);
}
INSTANTIATE_TEST_SUITE_P(Seeds, Swarm, testing::Range<std::uint64_t>(1, 201, kSeedsPerTest));

// Past the 200: seeds that found a bug once.
TEST(SwarmSeed, HoldsForSeedsThatFailedOnce) {
  run_seed(718);  // a Job made a second pod while its cache was behind its own status
}

TEST(SwarmSeed, DoesTheSameWhenRunTwice) {
  const std::uint64_t seed = only_seed() ? std::strtoull(only_seed(), nullptr, 10) : 1;
  const char* asked = std::getenv("ORRERY_SWARM_LAST");
  const std::uint64_t last = asked ? std::strtoull(asked, nullptr, 10) : only_seed() ? seed : 3;
  for (std::uint64_t s = seed; s <= last; ++s) {
    const Outcome first = run_seed(s), second = run_seed(s);
    EXPECT_EQ(first.digest, second.digest) << "seed " << s;
    EXPECT_EQ(first.changes, second.changes) << "seed " << s;
  }
}

TEST(SwarmSeed, DrawsEveryKindOfFaultAndWorkload) {
  std::set<int> faults, verbs, kinds;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Drawing drawing = draw_scenario(seed, testing::TempDir());
    for (const sim::Action& a : drawing.scenario.actions) {
      faults.insert(static_cast<int>(a.fault));
      verbs.insert(static_cast<int>(a.verb));
      EXPECT_LE(a.at + a.lasts.value_or(Duration{}), drawing.healed_at) << "seed " << seed;
    }
    for (const DrawnWorkload& w : drawing.workloads) kinds.insert(static_cast<int>(w.kind));
  }
  EXPECT_EQ(faults.size(), 8u);  // all seven, and none
  EXPECT_EQ(verbs.size(), 6u);   // delete, scale, set, uncordon, drain, fault
  EXPECT_EQ(kinds.size(), 4u);
}

}  // namespace
}  // namespace orrery::swarm
