#include "sim/cluster/expectation_checker.h"

#include <gtest/gtest.h>

#include "tests/sim/cluster/small_cluster.h"

namespace orrery::sim {
namespace {

TEST(ExpectationChecker, SaysInWordsWhatIsExpected) {
  SmallCluster cluster(
      "  actions: [{at: 1m, kill: {deployment: hello, count: 1}}]\n"
      "  expect:\n"
      "  - {available: all, within: 30s, after: each-fault}\n"
      "  - {running: 3}\n"
      "  - {ready: \">= 2\"}\n"
      "  - {noPending: true}\n"
      "  - {available: hello, within: 20s, after: 90s}\n"
      "  - {maxUnavailable: 1, of: hello}\n");
  std::vector<std::string> words;
  for (const auto& e : cluster.summary().expectations) {
    words.push_back(e.what);
    EXPECT_TRUE(e.held) << e.what << ": " << e.detail;
  }
  EXPECT_EQ(words, (std::vector<std::string>{"available: all within 30s after each fault",
                                             "running: 3", "ready: >= 2", "noPending",
                                             "available: hello within 20s after 1m30s",
                                             "maxUnavailable: 1 of hello"}));
}

// One expectation that does not hold, and what its outcome says.
struct Broken {
  const char* expectation;
  const char* detail;
};

TEST(ExpectationChecker, SaysWhatIsTheCaseInstead) {
  const Broken cases[] = {
      {"{running: 4}", "3 running"},
      {"{nodesReady: \"< 3\"}", "3 nodesReady"},
      {"{available: absent}", "there is no workload \"absent\""},
      {"{available: hello, within: 1s}", "at 1s: "},
      {"{maxUnavailable: 0, of: hello}", "1 unavailable, 0 allowed"},
  };
  for (const Broken& c : cases) {
    SmallCluster cluster(
        fmt::format("  actions: [{{at: 2m, kill: {{deployment: hello, count: 1}}}}]\n"
                    "  expect: [{}]",
                    c.expectation));
    ASSERT_EQ(cluster.summary().expectations.size(), 1u);
    const results::ExpectationOutcome& outcome = cluster.summary().expectations[0];
    EXPECT_FALSE(outcome.held) << c.expectation;
    EXPECT_NE(outcome.detail.find(c.detail), std::string::npos)
        << c.expectation << ": " << outcome.detail;
    EXPECT_FALSE(cluster.summary().passed());
  }
}

TEST(ExpectationChecker, AnExpectationThatWasNeverCheckedDoesNotHold) {
  SmallCluster cluster(
      "  actions: [{at: 225s, kill: {deployment: hello, count: 1}}]\n"
      "  expect: [{available: all, within: 30s, after: each-fault}]");
  ASSERT_EQ(cluster.summary().expectations.size(), 1u);
  EXPECT_FALSE(cluster.summary().expectations[0].detail.empty());
  EXPECT_FALSE(cluster.summary().expectations[0].held);
}

}  // namespace
}  // namespace orrery::sim
