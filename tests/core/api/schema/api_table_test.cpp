#include "core/api/schema/api_table.h"

#include <gtest/gtest.h>

#include "core/api/schema/api_table_text.h"

namespace orrery::api {
namespace {

const ApiTable& table() {
  static const ApiTable built = ApiTable::built_in();
  return built;
}

TEST(ApiTable, HoldsTheWholeApi) {
  EXPECT_EQ(table().kubernetes_version(), "v1.36.2");
  EXPECT_EQ(table().types().size(), 584u);
  EXPECT_EQ(table().resources().size(), 68u);
}

TEST(ApiTable, FindsATypeByItsShortAndItsFullName) {
  const int pod = table().find_type("core/v1.Pod");
  ASSERT_GE(pod, 0);
  EXPECT_EQ(table().find_type("io.k8s.api.core.v1.Pod"), pod);
  EXPECT_EQ(table().find_kind_type("", "v1", "Pod"), pod);
  EXPECT_EQ(table().type(static_cast<std::size_t>(pod)).go_name(), "v1.Pod");
  EXPECT_EQ(table().find_type("core/v1.Podd"), -1);
  EXPECT_EQ(table().find_kind_type("apps", "v1", "Pod"), -1);
}

TEST(ApiTable, FindsAResourceByPluralByKindAndByApiVersion) {
  const ResourceRow* deployments = table().find_resource("apps", "v1", "deployments");
  ASSERT_NE(deployments, nullptr);
  EXPECT_EQ(table().find_kind("apps", "v1", "Deployment"), deployments);
  EXPECT_EQ(table().find_kind("apps/v1", "Deployment"), deployments);
  EXPECT_EQ(deployments->group_resource(), "deployments.apps");
  EXPECT_TRUE(deployments->namespaced);
  EXPECT_TRUE(deployments->has_verb("deletecollection"));
  EXPECT_EQ(deployments->type, table().find_type("apps/v1.Deployment"));
  const ResourceRow* pods = table().find_kind("v1", "Pod");
  ASSERT_NE(pods, nullptr);
  EXPECT_EQ(pods->group_resource(), "pods");
  EXPECT_EQ(table().find_resource("apps", "v1", "pods"), nullptr);
  EXPECT_EQ(table().find_kind("apps/v1", "Pod"), nullptr);
}

TEST(ApiTable, KnowsSubresourcesScopesVerbsAndColumns) {
  const ResourceRow* pods = table().find_resource("", "v1", "pods");
  ASSERT_NE(pods, nullptr);
  const SubresourceRow* eviction = pods->subresource("eviction");
  ASSERT_NE(eviction, nullptr);
  EXPECT_EQ(eviction->group, "policy");
  EXPECT_EQ(eviction->kind, "Eviction");
  EXPECT_EQ(pods->subresource("scale"), nullptr);
  EXPECT_EQ(pods->columns.at(5).name, "IP");
  EXPECT_EQ(pods->columns.at(5).priority, 1);
  EXPECT_EQ(pods->columns.at(0).format, "name");
  EXPECT_FALSE(table().find_resource("", "v1", "nodes")->namespaced);
  EXPECT_FALSE(table().find_resource("", "v1", "namespaces")->has_verb("deletecollection"));
}

TEST(ApiTable, FindsAResourceByTheNamesThatKubectlUsersWrite) {
  for (const char* name : {"po", "pod", "pods", "Pod"}) {
    ASSERT_NE(table().find_resource_named(name), nullptr) << name;
    EXPECT_EQ(table().find_resource_named(name)->plural, "pods");
  }
  EXPECT_EQ(table().find_resource_named("deploy")->plural, "deployments");
  EXPECT_EQ(table().find_resource_named("podz"), nullptr);
}

TEST(ApiTable, ResolvesTheTypeOfEachFieldToAnIndex) {
  const auto container = static_cast<std::size_t>(table().find_type("core/v1.Container"));
  const FieldRow* env = table().find_field(container, "env");
  ASSERT_NE(env, nullptr);
  ASSERT_EQ(env->use.shape, Shape::kList);
  const TypeUse element = table().element(env->use);
  ASSERT_EQ(element.shape, Shape::kStruct);
  EXPECT_EQ(table().type(element.index).name, "EnvVar");
  EXPECT_EQ(env->merge_key, "name");
  EXPECT_TRUE(env->merges);
  EXPECT_EQ(env->list, ListKind::kMap);
  EXPECT_EQ(env->list_keys, std::vector<std::string_view>{"name"});
  EXPECT_EQ(env->path, std::vector<std::uint16_t>{7});
  EXPECT_EQ(table().find_field(container, "image")->use.shape, Shape::kString);
  EXPECT_TRUE(table().find_field(container, "name")->required);
  EXPECT_EQ(table().find_field(container, "imagePullPolicy")->enum_values.size(), 3u);
  EXPECT_EQ(table().find_field(container, "Image"), nullptr);
}

TEST(ApiTable, KnowsHowAFieldIsEmbedded) {
  const auto volume = static_cast<std::size_t>(table().find_type("core/v1.Volume"));
  EXPECT_EQ(table().find_field(volume, "fc")->embedded, "VolumeSource.");
  EXPECT_EQ(table().find_field(volume, "fc")->path.size(), 2u);
  EXPECT_EQ(table().find_field(volume, "name")->embedded, "");
  const auto rule = static_cast<std::size_t>(
      table().find_type("admissionregistration/v1.NamedRuleWithOperations"));
  EXPECT_EQ(table().find_field(rule, "apiGroups")->embedded, "RuleWithOperations.Rule.");
}

TEST(ApiTable, EveryResourceHasItsType) {
  for (const ResourceRow& row : table().resources()) {
    ASSERT_GE(row.type, 0) << row.kind;
    EXPECT_EQ(table().type(static_cast<std::size_t>(row.type)).kind, row.kind);
  }
}

TEST(ApiTable, NamesTheLineThatItCannotRead) {
  struct Case {
    const char* text;
    const char* message;
  };
  const Case cases[] = {
      {"kubernetes v1\npods\n",
       "API table line 2: \"pods\" is not type, resource, package or kubernetes"},
      {"type core/v1.Pod\n", "API table line 1: unknown package \"core/v1\""},
      {"package a x.a\ntype a.T\n f string x\n",
       "API table line 3: \"x\" is not a protobuf number"},
      {"package a x.a\ntype a.T\n f string 1 merges\n",
       "API table line 3: unknown field flag \"merges\""},
      {"package a x.a\ntype a.T\n g string 1\n f string 2\n",
       "API table line 4: field \"f\" is not in order"},
      {"package a x.a\ntype a.T\n f U 1\n", "API table: T.f: unknown type \"U\""},
      {"resource - v1 ts T t Everywhere\n", "API table line 1: scope \"Everywhere\""},
      {" f string 1\n", "API table line 1: a field before the first type"},
  };
  for (const Case& c : cases) {
    const Result<ApiTable> parsed = ApiTable::parse(c.text);
    ASSERT_FALSE(parsed.ok()) << c.text;
    EXPECT_EQ(parsed.status().message(), c.message);
  }
}

TEST(ApiTable, KeepsADefaultAsItsJson) {
  auto parsed =
      ApiTable::parse("package a x.a\ntype a.T\n f string 1 required default={\"a\": 1}\n");
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  EXPECT_EQ(parsed->find_field(0, "f")->default_json, "{\"a\": 1}");
}

}  // namespace
}  // namespace orrery::api
