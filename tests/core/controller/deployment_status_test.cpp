#include "core/controller/deployment_status.h"

#include <gtest/gtest.h>

namespace orrery::controller {
namespace {

const Time kStart{std::chrono::seconds(1'000'000)};

api::Deployment deployment(std::int32_t replicas) {
  api::Deployment d;
  d.meta.name = Text("d");
  d.meta.generation = 1;
  d.spec.replicas = replicas;
  d.spec.strategy_type = Symbol("Recreate");
  d.spec.progress_deadline_seconds = 600;
  return d;
}

Ref<api::ReplicaSet> set(std::int32_t replicas, std::int32_t ready) {
  auto out = make_ref<api::ReplicaSet>();
  out->meta.name = Text("d-1");
  out->spec.replicas = replicas;
  out->status.replicas = replicas;
  out->status.ready_replicas = out->status.available_replicas = ready;
  out->status.terminating_replicas = 0;
  return out;
}

std::string reason(const api::DeploymentStatus& status, std::string_view type) {
  const api::WorkloadCondition* c = api::find_condition(status.conditions, type);
  return c ? c->reason.str() : "";
}

TEST(RolloutStatus, GoesFromUpdatedToAvailable) {
  api::Deployment d = deployment(2);
  const Ref<api::ReplicaSet> rs = set(2, 0);
  d.status = rollout_status(d, {rs}, rs, kStart);
  EXPECT_EQ(reason(d.status, "Progressing"), "ReplicaSetUpdated");
  EXPECT_EQ(reason(d.status, "Available"), "MinimumReplicasUnavailable");
  EXPECT_EQ(d.status.unavailable_replicas, 2);
  const Ref<api::ReplicaSet> up = set(2, 2);
  d.status = rollout_status(d, {up}, up, kStart + 5s);
  EXPECT_EQ(reason(d.status, "Progressing"), "NewReplicaSetAvailable");
  EXPECT_EQ(reason(d.status, "Available"), "MinimumReplicasAvailable");
  EXPECT_EQ(api::find_condition(d.status.conditions, "Progressing")->message,
            "ReplicaSet \"d-1\" has successfully progressed.");
}

TEST(RolloutStatus, TimesOutOnlyAfterTheDeadline) {
  api::Deployment d = deployment(2);
  const Ref<api::ReplicaSet> rs = set(2, 0);
  d.status = rollout_status(d, {rs}, rs, kStart);
  EXPECT_EQ(rollout_status(d, {rs}, rs, kStart + 600s), d.status);
  EXPECT_EQ(recheck_progress_after(d, kStart), 601s);
  d.status = rollout_status(d, {rs}, rs, kStart + 601s);
  EXPECT_EQ(reason(d.status, "Progressing"), "ProgressDeadlineExceeded");
  EXPECT_FALSE(recheck_progress_after(d, kStart + 601s));
}

TEST(RolloutStatus, KeepsItsTransitionTimeWhileOnlyTheReasonChanges) {
  api::Deployment d = deployment(1);
  const Ref<api::ReplicaSet> rs = set(1, 0);
  d.status = rollout_status(d, {rs}, rs, kStart);
  const Ref<api::ReplicaSet> up = set(1, 1);
  d.status = rollout_status(d, {up}, up, kStart + 9s);
  const api::WorkloadCondition* c = api::find_condition(d.status.conditions, "Progressing");
  EXPECT_EQ(c->last_transition_time, kStart);
  EXPECT_EQ(c->last_update_time, kStart + 9s);
}

TEST(RolloutStatus, ShowsAFailureOfItsSets) {
  api::Deployment d = deployment(1);
  const Ref<api::ReplicaSet> rs = set(1, 0);
  rs->status.conditions = {
      deployment_condition("ReplicaFailure", "True", "FailedCreate", "no quota", kStart)};
  d.status = rollout_status(d, {rs}, rs, kStart);
  EXPECT_EQ(reason(d.status, "ReplicaFailure"), "FailedCreate");
  rs->status.conditions = {};
  d.status = rollout_status(d, {rs}, rs, kStart);
  EXPECT_EQ(reason(d.status, "ReplicaFailure"), "");
}

TEST(NotePause, SaysPausedAndResumedOnce) {
  api::Deployment d = deployment(1);
  EXPECT_FALSE(note_pause(d, kStart));
  d.spec.paused = true;
  EXPECT_TRUE(note_pause(d, kStart));
  EXPECT_FALSE(note_pause(d, kStart));
  EXPECT_EQ(reason(d.status, "Progressing"), "DeploymentPaused");
  d.spec.paused = false;
  EXPECT_TRUE(note_pause(d, kStart));
  EXPECT_EQ(reason(d.status, "Progressing"), "DeploymentResumed");
  d.spec.progress_deadline_seconds.reset();
  d.spec.paused = true;
  EXPECT_FALSE(note_pause(d, kStart));  // without a deadline nothing is noted
}

TEST(DeploymentStatus, DoesNotGuessTerminatingReplicas) {
  const api::Deployment d = deployment(1);
  const Ref<api::ReplicaSet> rs = set(1, 1);
  EXPECT_EQ(deployment_status(d, {rs}, rs, kStart).terminating_replicas, 0);
  rs->status.terminating_replicas.reset();
  EXPECT_FALSE(deployment_status(d, {rs}, rs, kStart).terminating_replicas);
}

}  // namespace
}  // namespace orrery::controller
