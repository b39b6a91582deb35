#include "sim/cluster/availability.h"

#include <gtest/gtest.h>

#include "core/api/apps.h"

namespace orrery::sim {
namespace {

Ref<api::Deployment> deployment(std::string_view name, std::int32_t wanted,
                                std::int32_t available) {
  auto d = make_ref<api::Deployment>();
  d->meta.namespace_ = Symbol("shop");
  d->meta.name = name;
  d->meta.generation = 1;
  d->spec.replicas = wanted;
  d->status.observed_generation = 1;
  d->status.available_replicas = available;
  return d;
}

TEST(Availability, SumsWhatWorkloadsWantAndHave) {
  Availability a;
  a.on_change(nullptr, deployment("cart", 3, 2).get());
  a.on_change(nullptr, deployment("web", 2, 2).get());
  EXPECT_EQ(a.wanted(), 5);
  EXPECT_EQ(a.available(), 4);
  EXPECT_EQ(a.missing(), 1);
  EXPECT_FALSE(a.is_all_available());
  ASSERT_NE(a.find("cart"), nullptr);
  EXPECT_EQ(a.find("cart")->missing(), 1);
  EXPECT_EQ(a.find("absent"), nullptr);
}

TEST(Availability, OneWorkloadsSurplusDoesNotHideAnothersLack) {
  Availability a;
  a.on_change(nullptr, deployment("cart", 3, 2).get());
  a.on_change(nullptr, deployment("web", 2, 3).get());  // a rollout's surge
  EXPECT_EQ(a.missing(), 1);
}

TEST(Availability, AWorkloadWhoseNewestSpecWasNotSeenIsNotAvailable) {
  Availability a;
  const auto before = deployment("cart", 3, 3);
  a.on_change(nullptr, before.get());
  EXPECT_TRUE(a.is_all_available());
  const auto now = deployment("cart", 3, 3);
  now->meta.generation = 2;
  a.on_change(before.get(), now.get());
  EXPECT_EQ(a.missing(), 0);
  EXPECT_FALSE(a.is_all_available());
}

TEST(Availability, WhatIsStillStartingIsNotMissingSinceComplete) {
  Availability a;
  const auto starting = deployment("cart", 3, 1);
  const auto complete = deployment("cart", 3, 3);
  const auto wounded = deployment("cart", 3, 2);
  a.on_change(nullptr, starting.get());
  EXPECT_EQ(a.missing_since_complete(), 0);
  a.on_change(starting.get(), complete.get());
  a.on_change(complete.get(), wounded.get());
  EXPECT_EQ(a.missing_since_complete(), 1);
}

TEST(Availability, ADeletedWorkloadNoLongerCounts) {
  Availability a;
  const auto cart = deployment("cart", 3, 1);
  a.on_change(nullptr, cart.get());
  a.on_change(cart.get(), nullptr);
  EXPECT_EQ(a.workloads(), 0u);
  EXPECT_EQ(a.wanted(), 0);
  EXPECT_EQ(a.missing(), 0);
}

TEST(Availability, AReplicaSetOfADeploymentIsNotCountedTwice) {
  Availability a;
  auto owned = make_ref<api::ReplicaSet>();
  owned->meta.namespace_ = Symbol("shop");
  owned->meta.name = "cart-5d78c9869d";
  owned->spec.replicas = 3;
  auto bare = make_ref<api::ReplicaSet>(*owned);
  bare->meta.name = "bare";
  api::OwnerReference owner;
  owner.kind = Symbol("Deployment");
  owner.name = "cart";
  owner.controller = true;
  owned->meta.owner_references = {owner};
  a.on_change(nullptr, owned.get());
  EXPECT_EQ(a.workloads(), 0u);
  a.on_change(nullptr, bare.get());
  EXPECT_EQ(a.wanted(), 3);
}

TEST(Availability, NamesTheFirstWorkloadsThatMissSomeAndCountsTheRest) {
  Availability a;
  for (const char* name : {"c", "a", "b"}) a.on_change(nullptr, deployment(name, 3, 2).get());
  EXPECT_EQ(a.describe_missing(2), "shop/a: 2 of 3, shop/b: 2 of 3, and 1 more");
}

}  // namespace
}  // namespace orrery::sim
