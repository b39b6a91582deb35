#include "core/controller/deployment_sets.h"

#include <gtest/gtest.h>

#include "core/controller/deployment_annotations.h"

namespace orrery::controller {
namespace {

api::PodTemplateSpec pod_template(std::string_view image, std::string_view hash = "") {
  api::PodTemplateSpec out;
  api::Labels labels;
  labels.set(Symbol("app"), Symbol("d"));
  if (!hash.empty()) labels.set(Symbol("pod-template-hash"), Symbol(hash));
  out.metadata.labels = api::LabelSet(std::move(labels));
  api::Container container;
  container.image = Symbol(image);
  out.spec.edit().containers = {container};
  return out;
}

Ref<api::ReplicaSet> set(std::string_view name, int age, std::string_view image = "i:1") {
  auto out = make_ref<api::ReplicaSet>();
  out->meta.name = Text(name);
  out->meta.creation_timestamp = Time{std::chrono::seconds(1000 - age)};
  out->spec.replicas = 0;
  out->spec.template_ = pod_template(image, "abc");
  return out;
}

TEST(SameTemplate, IgnoresTheHashLabelAndNothingElse) {
  EXPECT_TRUE(same_template(pod_template("i:1", "abc"), pod_template("i:1")));
  EXPECT_FALSE(same_template(pod_template("i:2", "abc"), pod_template("i:1")));
  api::PodTemplateSpec annotated = pod_template("i:1");
  api::set(annotated.metadata.annotations, "restartedAt", "1");
  EXPECT_FALSE(same_template(annotated, pod_template("i:1")));
}

TEST(FindNewSet, TakesTheOldestWithTheTemplate) {
  api::Deployment d;
  d.spec.template_ = pod_template("i:2");
  const SetList sets = {set("a", 30, "i:1"), set("b", 20, "i:2"), set("c", 10, "i:2")};
  EXPECT_EQ(find_new_set(d, sets), sets[1]);
  d.spec.template_ = pod_template("i:3");
  EXPECT_FALSE(find_new_set(d, sets));
}

TEST(ActiveOrLatest, IsTheOnlyActiveSetOrTheNewest) {
  const Ref<api::ReplicaSet> a = set("a", 30), b = set("b", 20), fresh = set("n", 10);
  EXPECT_EQ(active_or_latest(fresh, {a, b}), fresh);
  EXPECT_EQ(active_or_latest(nullptr, {a, b}), b);
  EXPECT_FALSE(active_or_latest(nullptr, {}));
  a->spec.replicas = 1;
  EXPECT_EQ(active_or_latest(fresh, {a, b}), a);
  fresh->spec.replicas = 1;
  EXPECT_FALSE(active_or_latest(fresh, {a, b}));
}

TEST(Revisions, AreRaisedAndOldOnesKeptInTheHistory) {
  api::Deployment d;
  d.spec.replicas = 2;
  d.spec.strategy_type = Symbol("Recreate");
  api::set(d.meta.annotations, "team", "blue");
  api::set(d.meta.annotations, "kubectl.kubernetes.io/last-applied-configuration", "{}");
  const Ref<api::ReplicaSet> rs = set("a", 1);
  EXPECT_TRUE(set_new_set_annotations(d, *rs, 1, false));
  EXPECT_EQ(*api::find(rs->meta.annotations, kRevision), "1");
  EXPECT_EQ(*api::find(rs->meta.annotations, kDesiredReplicas), "2");
  EXPECT_EQ(*api::find(rs->meta.annotations, "team"), "blue");
  EXPECT_FALSE(api::find(rs->meta.annotations, "kubectl.kubernetes.io/last-applied-configuration"));
  EXPECT_FALSE(set_new_set_annotations(d, *rs, 1, true));  // nothing new
  EXPECT_TRUE(set_new_set_annotations(d, *rs, 3, true));   // rolled back to
  EXPECT_TRUE(set_new_set_annotations(d, *rs, 5, true));
  EXPECT_EQ(*api::find(rs->meta.annotations, kRevision), "5");
  EXPECT_EQ(*api::find(rs->meta.annotations, kRevisionHistory), "1,3");
}

TEST(Revisions, HistoryStaysWithinItsLength) {
  api::Deployment d;
  const Ref<api::ReplicaSet> rs = set("a", 1);
  for (std::int64_t revision = 1; revision < 900; ++revision) {
    set_new_set_annotations(d, *rs, revision, true);
  }
  const std::string history = api::find(rs->meta.annotations, kRevisionHistory)->str();
  EXPECT_LE(history.size(), 2000u);
  EXPECT_TRUE(history.ends_with(",897,898"));
}

TEST(CleanUp, DeletesTheOldestSettledRevisionsBeyondTheLimit) {
  api::Deployment d;
  d.spec.revision_history_limit = 1;
  SetList sets;
  for (int revision = 1; revision <= 4; ++revision) {
    Ref<api::ReplicaSet> rs = set("r" + std::to_string(revision), 100 - revision);
    api::set(rs->meta.annotations, kRevision, std::to_string(revision));
    if (revision == 2) rs->status.replicas = 1;  // its pods are still there
    sets.push_back(rs);
  }
  const SetList gone = sets_to_delete(d, sets);
  ASSERT_EQ(gone.size(), 2u);
  EXPECT_EQ(gone[0]->meta.name, "r1");
  EXPECT_EQ(gone[1]->meta.name, "r3");
  d.spec.revision_history_limit.reset();
  EXPECT_TRUE(sets_to_delete(d, sets).empty());
}

TEST(WithHash, AddsTheLabelToTheSelectorInOrder) {
  api::LabelSelector selector;
  selector.match_labels = {{Symbol("app"), Symbol("d")}, {Symbol("tier"), Symbol("x")}};
  const auto out = with_hash(api::Shared<api::LabelSelector>(selector), Symbol("abc"));
  ASSERT_EQ(out->match_labels.size(), 3u);
  EXPECT_EQ(out->match_labels[1].first, Symbol("pod-template-hash"));
}

}  // namespace
}  // namespace orrery::controller
