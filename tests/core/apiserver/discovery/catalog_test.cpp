#include "core/apiserver/catalog.h"

#include <gtest/gtest.h>

#include "tests/core/apiserver/discovery/catalog_world.h"

namespace orrery::apiserver {
namespace {

TEST(Catalog, FindsEveryBuiltInResourceByNameAndByKind) {
  CatalogWorld world;
  ASSERT_EQ(world.catalog.all().size(), built_in_table().resources().size());
  for (const api::ResourceRow& row : built_in_table().resources()) {
    const Served* served = world.catalog.find(row.group, row.version, row.plural);
    ASSERT_NE(served, nullptr) << row.plural;
    EXPECT_EQ(served->row, &row);
    EXPECT_EQ(world.catalog.find_kind(row.group, row.version, row.kind), served);
    EXPECT_TRUE(world.catalog.has_group_version(row.group, row.version));
  }
  EXPECT_EQ(world.catalog.find("apps", "v1beta1", "deployments"), nullptr);
  EXPECT_TRUE(world.catalog.has_group(""));
  EXPECT_FALSE(world.catalog.has_group("app"));
  EXPECT_FALSE(world.catalog.has_group_version("apps", "v"));
}

TEST(Catalog, SaysWhatAResourceIsStoredAs) {
  CatalogWorld world;
  EXPECT_EQ(world.catalog.find("", "v1", "pods")->kind, api::KindId::kPod);
  EXPECT_EQ(world.catalog.find("events.k8s.io", "v1", "events")->kind, api::KindId::kEvent);
  EXPECT_EQ(world.catalog.find("autoscaling", "v1", "horizontalpodautoscalers")->kind,
            world.catalog.find("autoscaling", "v2", "horizontalpodautoscalers")->kind);
  EXPECT_EQ(world.catalog.find("", "v1", "componentstatuses")->kind, api::KindId::kNone);
  EXPECT_EQ(world.catalog.find("authentication.k8s.io", "v1", "tokenreviews")->kind,
            api::KindId::kNone);
}

TEST(Catalog, PutsReplacesAndRemovesAnAddition) {
  CatalogWorld world;
  const std::uint64_t before = world.catalog.generation();
  world.put_custom("foos.fix.com", kFooTable);
  EXPECT_GT(world.catalog.generation(), before);
  ASSERT_NE(world.catalog.find("fix.com", "v1", "foos"), nullptr);
  EXPECT_NE(world.catalog.find("fix.com", "v1", "foos")->custom, nullptr);

  world.put_custom("foos.fix.com", kScaledFooTable);
  EXPECT_EQ(world.catalog.find("fix.com", "v1", "foos"), nullptr);
  EXPECT_FALSE(world.catalog.has_group("fix.com"));
  EXPECT_NE(world.catalog.find("seq1.example.com", "v1", "foos"), nullptr);

  world.catalog.remove("foos.fix.com");
  EXPECT_EQ(world.catalog.all().size(), built_in_table().resources().size());
  const std::uint64_t after = world.catalog.generation();
  world.catalog.remove("foos.fix.com");
  EXPECT_EQ(world.catalog.generation(), after);
}

TEST(Catalog, LeavesATakenNameWithItsFirstOwner) {
  CatalogWorld world;
  world.put_custom("pods", "kubernetes v1\nresource - v1 pods Cod cod Cluster verbs=get\n");
  EXPECT_EQ(world.catalog.find("", "v1", "pods")->row->kind, "Pod");
  EXPECT_EQ(world.catalog.find_kind("", "v1", "Cod"), nullptr);
}

}  // namespace
}  // namespace orrery::apiserver
