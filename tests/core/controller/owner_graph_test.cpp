#include "core/controller/owner_graph.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/api/config.h"

namespace orrery::controller {
namespace {

Uid uid(std::uint64_t n) { return {n, n * 7919}; }

api::ConfigMap object(std::uint64_t n, std::vector<std::uint64_t> owners,
                      bool deleting = false) {
  api::ConfigMap out;
  out.meta.name = Text("o" + std::to_string(n));
  out.meta.uid = uid(n);
  if (deleting) out.meta.deletion_timestamp = Time{std::chrono::seconds(5)};
  for (const std::uint64_t owner : owners) {
    api::OwnerReference reference;
    reference.uid = uid(owner);
    reference.block_owner_deletion = owner % 2 == 0;
    out.meta.owner_references.edit().push_back(reference);
  }
  return out;
}

TEST(OwnerGraph, HoldsOnlyOwnersAndOwned) {
  OwnerGraph graph;
  EXPECT_EQ(graph.observe(object(1, {})), OwnerGraph::kNoNode);
  graph.observe(object(2, {1}));
  EXPECT_EQ(graph.size(), 2u);
  EXPECT_TRUE(graph.at(graph.find(uid(1))).is_absent());
  graph.observe(object(1, {}));
  EXPECT_FALSE(graph.at(graph.find(uid(1))).is_absent());
  graph.forget(uid(2));
  EXPECT_EQ(graph.size(), 0u);
}

TEST(OwnerGraph, RemembersThatAnOwnerIsGoneWhileItHasDependents) {
  OwnerGraph graph;
  graph.observe(object(2, {1}));
  EXPECT_FALSE(graph.at(graph.find(uid(1))).gone);
  graph.observe(object(1, {}));
  graph.forget(uid(1));
  EXPECT_TRUE(graph.at(graph.find(uid(1))).gone);
  graph.observe(object(2, {}));  // it lets go
  EXPECT_EQ(graph.size(), 0u);
}

TEST(OwnerGraph, TellsWhichDependentsBlock) {
  OwnerGraph graph;
  graph.observe(object(2, {}, true));
  graph.observe(object(3, {}, true));
  graph.observe(object(10, {2, 3}));
  EXPECT_EQ(graph.blocking_dependents(graph.find(uid(2))).size(), 1u);
  EXPECT_EQ(graph.blocking_dependents(graph.find(uid(3))).size(), 0u);
}

TEST(OwnerGraph, IsSmall) { EXPECT_LE(sizeof(OwnerGraph::Node), 56u); }

// Against a plain map, over random changes.
TEST(OwnerGraph, AgreesWithAPlainMapAfterManyChanges) {
  RandomStream random(7);
  OwnerGraph graph;
  std::map<std::uint64_t, std::set<std::uint64_t>> owners_of;
  for (int round = 0; round < 20'000; ++round) {
    const std::uint64_t n = 1 + random.below(300);
    if (random.chance(0.3)) {
      graph.forget(uid(n));
      owners_of.erase(n);
    } else {
      std::set<std::uint64_t> owners;
      for (std::uint64_t i = random.below(4); i > 0; --i) owners.insert(1 + random.below(300));
      graph.observe(object(n, {owners.begin(), owners.end()}));
      owners_of[n] = owners;
    }
  }
  std::map<std::uint64_t, std::set<std::uint64_t>> wanted;
  for (const auto& [n, owners] : owners_of) {
    for (const std::uint64_t owner : owners) wanted[owner].insert(n);
  }
  for (std::uint64_t n = 1; n <= 300; ++n) {
    const OwnerGraph::NodeId id = graph.find(uid(n));
    std::set<std::string> names, want;
    if (id != OwnerGraph::kNoNode) {
      for (const OwnerGraph::NodeId d : graph.dependents(id)) names.insert(graph.at(d).name.str());
    }
    for (const std::uint64_t d : wanted[n]) want.insert("o" + std::to_string(d));
    EXPECT_EQ(names, want) << n;
  }
  for (const auto& [n, owners] : owners_of) graph.forget(uid(n));
  EXPECT_EQ(graph.size(), 0u);
}

}  // namespace
}  // namespace orrery::controller
