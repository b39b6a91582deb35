#include "core/scheduler/fit_error.h"

#include <gtest/gtest.h>

namespace orrery::scheduler {
namespace {

Verdict because(std::vector<std::string_view> reasons) {
  Verdict verdict{Code::kUnschedulable};
  for (const std::string_view r : reasons) verdict.reasons.push_back(Symbol(r));
  return verdict;
}

TEST(FitError, CountsReasonsAndSortsThemByTextWithTheCountFirst) {
  Diagnosis d;
  d.nodes_total = 42;
  d.add(because({"Insufficient cpu"}), 9);
  d.add(because({"Insufficient cpu", "Too many pods"}), 3);
  d.add(because({"node(s) had untolerated taint(s)"}), 2);
  EXPECT_EQ(fit_error_text(d),
            "0/42 nodes are available: 12 Insufficient cpu, 2 node(s) had untolerated taint(s), "
            "3 Too many pods.");
}

TEST(FitError, EndsWithWhatPreemptionSays) {
  Diagnosis d;
  d.nodes_total = 1;
  d.add(because({"Insufficient cpu"}));
  d.post_filter_message = "preemption: 0/1 nodes are available: 1 No victims.";
  EXPECT_EQ(fit_error_text(d),
            "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 "
            "No victims.");
}

TEST(FitError, TellsThatPreFilterTurnedThePodDown) {
  Diagnosis d;
  d.nodes_total = 3;
  d.pre_filter_message = "pod affinity terms conflict";
  EXPECT_EQ(fit_error_text(d), "0/3 nodes are available: pod affinity terms conflict.");
}

TEST(FitError, HasAnotherTextWithoutNodes) {
  EXPECT_EQ(fit_error_text({}), "no nodes available to schedule pods");
}

}  // namespace
}  // namespace orrery::scheduler
