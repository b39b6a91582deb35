#include "core/controller/pod_ranking.h"

#include <gtest/gtest.h>

namespace orrery::controller {
namespace {

const Time kNow{std::chrono::seconds(1'000'000)};

Ref<api::Pod> pod(std::uint64_t uid, std::string_view node, Duration ready_for) {
  auto out = make_ref<api::Pod>();
  out->meta.uid = {uid, 0};
  out->node_name = Symbol(node);
  out->status.phase = Symbol("Running");
  out->meta.creation_timestamp = kNow - ready_for;
  api::PodCondition ready;
  ready.type = Symbol("Ready");
  ready.status = Symbol("True");
  ready.last_transition_time = kNow - ready_for;
  out->status.conditions = {ready};
  return out;
}

TEST(PodRanking, ReadsOnlyPlainDeletionCosts) {
  const std::pair<const char*, std::int32_t> cases[] = {
      {"5", 5},  {"-10", -10}, {"0", 0},          {"+5", 0}, {"05", 0},
      {"", 0},   {"1.5", 0},   {"2147483648", 0}, {"x", 0},  {"2147483647", 2147483647},
      {"-", 0}};
  for (const auto& [text, want] : cases) {
    Ref<api::Pod> p = pod(1, "n", 1s);
    api::set(p->meta.annotations, "controller.kubernetes.io/pod-deletion-cost", text);
    EXPECT_EQ(deletion_cost(*p), want) << text;
  }
}

TEST(PodRanking, ComparesAgesByPowersOfTwoThenByUid) {
  const auto a = pod(1, "n", 100s), b = pod(2, "n", 120s), c = pod(3, "n", 10s);
  EXPECT_TRUE(deleted_before({a.get(), 1}, {b.get(), 1}, kNow));   // one bucket: lower uid
  EXPECT_FALSE(deleted_before({b.get(), 1}, {a.get(), 1}, kNow));
  EXPECT_TRUE(deleted_before({c.get(), 1}, {a.get(), 1}, kNow));   // younger by a bucket
}

TEST(PodRanking, EmptiesFullNodesFirst) {
  const auto a = pod(9, "full", 1000s), b = pod(1, "empty", 1s);
  EXPECT_TRUE(deleted_before({a.get(), 3}, {b.get(), 1}, kNow));
}

TEST(PodRanking, TakesUnassignedPodsBeforeAllOthers) {
  const auto a = pod(9, "", 1000s), b = pod(1, "n", 1s);
  b->status.phase = Symbol("Pending");
  EXPECT_TRUE(deleted_before({a.get(), 1}, {b.get(), 9}, kNow));
}

}  // namespace
}  // namespace orrery::controller
