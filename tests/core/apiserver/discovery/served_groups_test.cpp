#include "core/apiserver/discovery/served_groups.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/core/apiserver/discovery/catalog_world.h"

namespace orrery::apiserver {
namespace {

TEST(ServedGroups, OrdersVersionsAsKubernetesDoes) {
  std::vector<std::string_view> names = {"v1alpha2", "foo1",     "v1",      "v10",      "v2",
                                         "v11beta2", "v10beta3", "v3beta1", "v12alpha1"};
  std::sort(names.begin(), names.end(), is_newer_version);
  EXPECT_EQ(names, (std::vector<std::string_view>{"v10", "v2", "v1", "v11beta2", "v10beta3",
                                                  "v3beta1", "v12alpha1", "v1alpha2", "foo1"}));
}

TEST(ServedGroups, PutsCustomGroupsAfterBuiltInOnesAndOtherTablesLast) {
  CatalogWorld world;
  world.catalog.put("a-metrics", table_of("kubernetes v1\n"
                                          "resource metrics.k8s.io v1beta1 nodes NodeMetrics - "
                                          "Cluster verbs=get,list\n"));
  world.put_custom("b",
                   "kubernetes v1\nresource z.io v1beta1 as A a Cluster verbs=get\n"
                   "resource z.io v1 as A a Cluster verbs=get\n");
  world.put_custom("c", "kubernetes v1\nresource b.io v1 bs B b Cluster verbs=get\n");
  const auto groups = served_groups(world.catalog);
  ASSERT_GE(groups.size(), 4u);
  const std::size_t n = groups.size();
  EXPECT_EQ(groups[0].name, "");
  EXPECT_EQ(groups[n - 4].name, "flowcontrol.apiserver.k8s.io");
  EXPECT_EQ(groups[n - 3].name, "b.io");
  EXPECT_EQ(groups[n - 2].name, "z.io");
  EXPECT_EQ(groups[n - 2].versions[0].name, "v1");
  EXPECT_EQ(groups[n - 2].versions[1].name, "v1beta1");
  EXPECT_EQ(groups[n - 1].name, "metrics.k8s.io");
}

}  // namespace
}  // namespace orrery::apiserver
