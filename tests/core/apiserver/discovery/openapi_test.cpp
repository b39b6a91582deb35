// What clients need of the OpenAPI documents: references that resolve, and what kubectl's
// validation and strategic merge look for.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "core/api/custom/custom_resource.h"
#include "core/apiserver/discovery/content_hash.h"
#include "core/apiserver/discovery/legacy_discovery.h"
#include "core/apiserver/discovery/openapi_v2.h"
#include "core/apiserver/discovery/openapi_v3.h"
#include "tests/core/apiserver/discovery/catalog_world.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

json v3(const Catalog& catalog, std::string_view name, const CustomFacts* custom = nullptr) {
  return json::parse(openapi_v3_document(catalog, name, custom));
}

void collect_references(const json& node, std::set<std::string>& references) {
  if (node.is_object()) {
    const auto it = node.find("$ref");
    if (it != node.end() && it->is_string()) references.insert(it->get<std::string>());
  }
  if (!node.is_structured()) return;
  for (const json& child : node) collect_references(child, references);
}

void expect_references_resolve(const json& document, const json& schemas,
                               const std::string& prefix) {
  std::set<std::string> references;
  collect_references(document, references);
  for (const std::string& reference : references) {
    ASSERT_TRUE(reference.starts_with(prefix)) << reference;
    EXPECT_TRUE(schemas.contains(reference.substr(prefix.size()))) << reference;
  }
}

json kind_of(const Served& served) {
  return {
      {"group", served.row->group}, {"version", served.row->version}, {"kind", served.row->kind}};
}

/// Is there a PATCH of the kind that lists ?fieldValidation (kubectl's test)?
bool has_checked_patch(const json& document, const json& kind) {
  for (const json& path : document["paths"]) {
    const auto patch = path.find("patch");
    if (patch == path.end() || (*patch)["x-kubernetes-group-version-kind"] != kind) continue;
    for (const json& parameter : (*patch)["parameters"]) {
      if (parameter["in"] == "query" && parameter["name"] == "fieldValidation") return true;
    }
  }
  return false;
}

TEST(OpenApiV3, ResolvesEveryReference) {
  CatalogWorld world;
  world.put_custom("foos.seq1.example.com", kScaledFooTable);
  for (const std::string& name : openapi_v3_names(world.catalog)) {
    const json document = v3(world.catalog, name);
    expect_references_resolve(document, document["components"]["schemas"], "#/components/schemas/");
  }
}

TEST(OpenApi, LetsKubectlValidateEveryPatchableKind) {
  CatalogWorld world;
  world.put_custom("foos.seq1.example.com", kScaledFooTable);
  const json v2 = json::parse(openapi_v2_document(world.catalog, nullptr));
  int checked = 0;
  for (const ServedGroup& group : served_groups(world.catalog)) {
    for (const ServedVersion& version : group.versions) {
      const std::string prefix = group.name.empty() ? "api/" : "apis/";
      const json document =
          v3(world.catalog, prefix + group_version_text(group.name, version.name));
      for (const Served* served : version.resources) {
        if (!served->row->has_verb("patch")) continue;
        EXPECT_TRUE(has_checked_patch(document, kind_of(*served))) << served->row->kind;
        EXPECT_TRUE(has_checked_patch(v2, kind_of(*served))) << served->row->kind;
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 55);
}

TEST(OpenApi, GivesEachKindOneSchemaThatNamesIt) {
  CatalogWorld world;
  world.put_custom("foos.fix.com", kFooTable);
  const json definitions = json::parse(openapi_v2_document(world.catalog, nullptr))["definitions"];
  for (const Served* served : world.catalog.all()) {
    int found = 0;
    for (const json& definition : definitions) {
      const auto kinds = definition.find("x-kubernetes-group-version-kind");
      if (kinds == definition.end()) continue;
      for (const json& kind : *kinds) found += kind == kind_of(*served);
    }
    EXPECT_EQ(found, 1) << served->row->kind;
  }
}

TEST(OpenApiV2, ResolvesEveryReferenceAndReachesEveryTypeOfTheTable) {
  CatalogWorld world;
  const json document = json::parse(openapi_v2_document(world.catalog, nullptr));
  expect_references_resolve(document, document["definitions"], "#/definitions/");
  std::set<std::string> unreached;
  for (const api::TypeRow& type : built_in_table().types()) {
    if (!document["definitions"].contains(type.full_name)) unreached.insert(type.full_name);
  }
  EXPECT_EQ(unreached, std::set<std::string>{});
}

TEST(OpenApi, NamesEachOperationOnce) {
  CatalogWorld world;
  const json document = json::parse(openapi_v2_document(world.catalog, nullptr));
  std::set<std::string> ids;
  for (const auto& [path, item] : document["paths"].items()) {
    for (const auto& [method, operation] : item.items()) {
      if (method == "parameters") continue;
      EXPECT_TRUE(ids.insert(operation["operationId"]).second) << path << " " << method;
    }
  }
  for (const char* id :
       {"createAppsV1NamespacedDeployment", "listCoreV1PodForAllNamespaces",
        "deleteCoreV1CollectionNamespacedPod", "replaceCoreV1NamespaceFinalize",
        "patchRbacAuthorizationV1ClusterRole", "connectCoreV1GetNamespacedPodProxyWithPath",
        "createCoreV1NamespacedPodEviction", "watchCoreV1NamespacedPodList",
        "readFlowcontrolApiserverV1FlowSchemaStatus", "getAppsV1APIResources", "getAppsAPIGroup"}) {
    EXPECT_TRUE(ids.contains(id)) << id;
  }
}

TEST(OpenApiV3, CarriesWhatStrategicMergeNeeds) {
  CatalogWorld world;
  const json schemas = v3(world.catalog, "apis/apps/v1")["components"]["schemas"];
  const json& pod = schemas["io.k8s.api.core.v1.PodSpec"];
  const json& containers = pod["properties"]["containers"];
  EXPECT_EQ(containers["x-kubernetes-patch-strategy"], "merge");
  EXPECT_EQ(containers["x-kubernetes-patch-merge-key"], "name");
  EXPECT_EQ(containers["x-kubernetes-list-type"], "map");
  EXPECT_EQ(containers["x-kubernetes-list-map-keys"], json({"name"}));
  EXPECT_EQ(containers["items"],
            json::parse(R"({"allOf":[{"$ref":"#/components/schemas/io.k8s.api.core.v1.Container"}],
                            "default":{}})"));
  EXPECT_EQ(pod["required"], json({"containers"}));
  const json& spec = schemas["io.k8s.api.apps.v1.DeploymentSpec"]["properties"];
  EXPECT_EQ(spec["strategy"]["x-kubernetes-patch-strategy"], "retainKeys");
  EXPECT_EQ(spec["replicas"], json({{"type", "integer"}, {"format", "int32"}}));
  EXPECT_FALSE(spec["selector"].contains("default"));  // a pointer in Go
  EXPECT_EQ(spec["template"]["default"], json::object());
  EXPECT_EQ(schemas["io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"]["x-kubernetes-map-type"],
            "atomic");
  EXPECT_EQ(schemas["io.k8s.apimachinery.pkg.util.intstr.IntOrString"],
            json::parse(R"({"format":"int-or-string","oneOf":[{"type":"integer"},
                            {"type":"string"}]})"));
}

constexpr char kDefinition[] = R"({"metadata":{"name":"foos.fix.com"},"spec":{"group":"fix.com",
  "scope":"Namespaced","names":{"plural":"foos","singular":"foo","kind":"Foo","listKind":"Foos"},
  "versions":[{"name":"v1beta1","served":true,"storage":false,"schema":{"openAPIV3Schema":
  {"type":"object","properties":{"spec":{"type":"object","properties":{"n":{"type":"integer",
  "default":3}}}}}}},{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":
  {"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}})";

TEST(OpenApi, PublishesTheSchemasOfADefinition) {
  CatalogWorld world;
  const auto custom = api::CustomResource::make(json::parse(kDefinition));
  ASSERT_TRUE(custom.ok());
  const std::shared_ptr<const api::ApiTable> table(*custom, &(*custom)->table());
  world.catalog.put("foos.fix.com", table, *custom);
  const CustomResourceFacts facts;
  const json document = v3(world.catalog, "apis/fix.com/v1beta1", &facts);
  const json& schemas = document["components"]["schemas"];
  EXPECT_EQ(schemas["com.fix.v1beta1.Foo"]["properties"]["spec"]["properties"]["n"]["default"], 3);
  EXPECT_TRUE(schemas.contains("com.fix.v1beta1.Foos"));  // its own list kind
  expect_references_resolve(document, schemas, "#/components/schemas/");
  const json& path =
      document["paths"]["/apis/fix.com/v1beta1/namespaces/{namespace}/foos/{name}"]["patch"];
  EXPECT_EQ(path["operationId"], "patchFixComV1beta1NamespacedFoo");
  EXPECT_FALSE(path["requestBody"]["content"].contains("application/strategic-merge-patch+json"));

  const json v2 = json::parse(openapi_v2_document(world.catalog, &facts));
  expect_references_resolve(v2, v2["definitions"], "#/definitions/");
  EXPECT_TRUE(v2["definitions"].contains("com.fix.v1.Foo"));
  const json list = json::parse(api_resource_list(world.catalog, "fix.com", "v1beta1", &facts));
  EXPECT_EQ(list["resources"][0]["storageVersionHash"],
            storage_version_hash("fix.com", "v1", "Foo"));
}

TEST(OpenApi, TakesAnyObjectForACustomResourceWithoutASchema) {
  CatalogWorld world;
  world.put_custom("foos.fix.com", kFooTable);
  const json document = v3(world.catalog, "apis/fix.com/v1");
  const json& foo = document["components"]["schemas"]["com.fix.v1.Foo"];
  EXPECT_EQ(foo["x-kubernetes-preserve-unknown-fields"], true);
  EXPECT_EQ(foo["type"], "object");
}

}  // namespace
}  // namespace orrery::apiserver
