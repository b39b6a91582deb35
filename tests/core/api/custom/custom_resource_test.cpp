#include "core/api/custom/custom_resource.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>  // tidy: tests only
#include <string>
#include <vector>

#include "core/api/checks/checks.h"
#include "core/api/schema/schema_walk.h"

namespace orrery::api {
namespace {

using Json = nlohmann::json;

Json definition() {
  Json out = Json::parse(R"({"metadata":{"name":"foos.ex.com"},"spec":{"group":"ex.com",
    "scope":"Namespaced","names":{"plural":"foos","kind":"Foo","shortNames":["fo"],
    "categories":["all"]},"versions":[
     {"name":"v1","served":true,"storage":true,
      "selectableFields":[{"jsonPath":".spec.mode"}],
      "subresources":{"status":{},"scale":{"specReplicasPath":".spec.size",
        "statusReplicasPath":".status.replicas","labelSelectorPath":".status.sel"}},
      "schema":{"openAPIV3Schema":{"type":"object","properties":{
       "spec":{"type":"object","required":["size"],"properties":{
        "size":{"type":"integer","format":"int32"},"ratio":{"type":"number"},
        "on":{"type":"boolean"},"mode":{"type":"string","enum":["a","b"],"default":"a"},
        "ios":{"x-kubernetes-int-or-string":true},
        "free":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
        "labels":{"type":"object","additionalProperties":{"type":"string"}},
        "list":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],
          "items":{"type":"object","required":["k"],"properties":{"k":{"type":"string"},
          "deep":{"type":"object","x-kubernetes-map-type":"atomic",
                  "properties":{"z":{"type":"integer"}}}}}},
        "set":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},
        "pod":{"type":"object","x-kubernetes-embedded-resource":true,
          "x-kubernetes-preserve-unknown-fields":true},
        "maybe":{"type":"string","nullable":true},
        "odd name":{"type":"string"}}},
       "status":{"type":"object","properties":{"replicas":{"type":"integer"},
        "sel":{"type":"string"}}}}}}},
     {"name":"v1beta1","served":true,"storage":false,"deprecated":true,
      "schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}},
     {"name":"v1alpha1","served":false,"storage":false,
      "schema":{"openAPIV3Schema":{"type":"object"}}}]}})");
  apply_defaults("apiextensions.k8s.io", "CustomResourceDefinition", out);
  return out;
}

std::shared_ptr<const CustomResource> make() {
  auto made = CustomResource::make(definition());
  EXPECT_TRUE(made.ok()) << made.status().message();
  return made.value();
}

const FieldRow& field_at(const ApiTable& table, std::size_t type,
                         const std::vector<const char*>& path) {
  const FieldRow* field = nullptr;
  for (const char* name : path) {
    field = table.find_field(type, name);
    if (!field) throw std::runtime_error(name);
    TypeUse use = field->use;
    while (use.shape == Shape::kList || use.shape == Shape::kMap) use = table.element(use);
    type = use.index;
  }
  return *field;
}

TEST(CustomResource, CarriesTheNamesOfItsDefinition) {
  const auto custom = make();
  EXPECT_EQ(custom->name(), "foos.ex.com");
  EXPECT_EQ(custom->list_kind(), "FooList");
  EXPECT_EQ(custom->singular(), "foo");
  EXPECT_EQ(custom->short_names(), std::vector<std::string>{"fo"});
  EXPECT_EQ(custom->categories(), std::vector<std::string>{"all"});
  EXPECT_TRUE(custom->namespaced());
  EXPECT_EQ(custom->storage_version().name, "v1");
  EXPECT_TRUE(custom->has_status("v1"));
  EXPECT_FALSE(custom->has_status("v1beta1"));
  EXPECT_EQ(custom->version("v1beta1")->deprecation_warning, "ex.com/v1beta1 Foo is deprecated");
  EXPECT_EQ(custom->version("v1")->selectable_fields, std::vector<std::string>{"spec.mode"});
  EXPECT_EQ(custom->version("v9"), nullptr);
}

TEST(CustomResource, ItsTableHasARowForEachServedVersion) {
  const auto custom = make();
  const ApiTable& table = custom->table();
  ASSERT_EQ(table.resources().size(), 2U);
  const ResourceRow* row = table.find_resource("ex.com", "v1", "foos");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->kind, "Foo");
  EXPECT_EQ(row->short_names, std::vector<std::string_view>{"fo"});
  ASSERT_NE(row->subresource("scale"), nullptr);
  EXPECT_EQ(row->subresource("scale")->kind, "Scale");
  EXPECT_GE(row->type, 0);
  EXPECT_GE(table.find_kind_type("ex.com", "v1", "FooList"), 0);
  EXPECT_EQ(table.type(static_cast<std::size_t>(row->type)).full_name, "com.ex.v1.Foo");
  EXPECT_EQ(table.find_resource("ex.com", "v1alpha1", "foos"), nullptr);
}

TEST(CustomResource, ItsTableTypesTheFields) {
  const auto custom = make();
  const ApiTable& table = custom->table();
  const auto root = static_cast<std::size_t>(table.find_kind_type("ex.com", "v1", "Foo"));
  EXPECT_EQ(field_at(table, root, {"metadata", "labels"}).use.shape, Shape::kMap);
  // "odd name" cannot stand in a line of the table: the whole of spec is opaque then.
  EXPECT_EQ(field_at(table, root, {"spec"}).use.shape, Shape::kOpaque);
  EXPECT_EQ(field_at(table, root, {"status", "replicas"}).use.shape, Shape::kInt64);
}

TEST(CustomResource, ItsTableTypesListsMapsAndScalars) {
  Json plain = definition();
  plain["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
      .erase("odd name");
  const auto custom = CustomResource::make(plain).value();
  const ApiTable& table = custom->table();
  const auto root = static_cast<std::size_t>(table.find_kind_type("ex.com", "v1", "Foo"));
  const auto shape = [&](const char* name) {
    return field_at(table, root, {"spec", name}).use.shape;
  };
  EXPECT_EQ(shape("size"), Shape::kInt32);
  EXPECT_EQ(shape("ratio"), Shape::kDouble);
  EXPECT_EQ(shape("on"), Shape::kBool);
  EXPECT_EQ(shape("mode"), Shape::kString);
  EXPECT_EQ(shape("ios"), Shape::kIntOrString);
  EXPECT_EQ(shape("free"), Shape::kOpaque);
  EXPECT_EQ(shape("labels"), Shape::kMap);
  EXPECT_EQ(shape("pod"), Shape::kOpaque);
  EXPECT_TRUE(field_at(table, root, {"spec", "size"}).required);
  EXPECT_EQ(field_at(table, root, {"spec", "mode"}).default_json, "\"a\"");
  const FieldRow& list = field_at(table, root, {"spec", "list"});
  EXPECT_EQ(list.list, ListKind::kMap);
  EXPECT_EQ(list.list_keys, std::vector<std::string_view>{"k"});
  EXPECT_EQ(field_at(table, root, {"spec", "set"}).list, ListKind::kSet);
  EXPECT_EQ(field_at(table, root, {"spec", "list", "deep"}).map_type, "atomic");
  const auto faults = check_fields(
      table, root,
      Json::parse(
          R"({"spec":{"x":1,"list":[{"k":"a","y":2}],"free":{"z":1}},"metadata":{"q":1}})"));
  EXPECT_EQ(strict_errors(faults), (std::vector<std::string>{"unknown field \"metadata.q\"",
                                                             "unknown field \"spec.list[0].y\"",
                                                             "unknown field \"spec.x\""}));
}

TEST(CustomResource, PrunesUnknownFieldsOfMetadataToo) {
  const auto custom = make();
  Json object = Json::parse(R"({"apiVersion":"ex.com/v1","kind":"Foo",
      "metadata":{"name":"a","bogus":1},"spec":{"size":1,"x":2}})");
  EXPECT_EQ(custom->prune("v1", object), (std::vector<std::string>{"metadata.bogus", "spec.x"}));
  EXPECT_EQ(object["metadata"], Json::parse(R"({"name":"a"})"));
  EXPECT_EQ(object["spec"], Json::parse(R"({"size":1})"));
}

TEST(CustomResource, ChecksMetadataAndTypeOfItsObjects) {
  const auto custom = make();
  Json object = Json::parse(R"({"apiVersion":"ex.com/v1","kind":"Foo",
      "metadata":{"name":"A","namespace":"d"},"spec":{"size":1}})");
  EXPECT_NE(custom->validate_create("v1", object).message().find("metadata.name"),
            std::string::npos);
  object["metadata"]["name"] = "a";
  EXPECT_EQ(custom->validate_create("v1", object).message(), "");
  object["kind"] = "Bar";
  EXPECT_EQ(custom->validate_create("v1", object).message(),
            "kind: Invalid value: \"Bar\": must be Foo");
}

TEST(CustomResource, ChecksTheStatusByItsOwnSchema) {
  const auto custom = make();
  Json old = Json::parse(R"({"apiVersion":"ex.com/v1","kind":"Foo",
      "metadata":{"name":"a","namespace":"d","resourceVersion":"1"},"spec":{}})");
  Json now = old;
  now["status"] = {{"replicas", "x"}};
  EXPECT_EQ(
      custom->validate_status_update("v1", now, old).message(),
      "[status.replicas: Invalid value: \"string\": replicas in body must be of type integer: "
      "\"string\", .status.replicas: Invalid value: 0: .status.replicas accessor error: x is of "
      "the type string, expected int64]");
}

TEST(CustomResource, ScalesByItsPaths) {
  const auto custom = make();
  Json object = Json::parse(R"({"metadata":{"name":"a","namespace":"d","uid":"u"},
      "status":{"replicas":2,"sel":"a=b"}})");
  EXPECT_EQ(custom->scale_of("v1", object).value()["spec"], Json::object());
  EXPECT_EQ(custom->set_scale("v1", object, Json::parse(R"({"spec":{}})")).message(),
            "the spec replicas field \".spec.size\" cannot be empty");
  EXPECT_TRUE(custom->set_scale("v1", object, Json::parse(R"({"spec":{"replicas":4}})")).ok());
  EXPECT_EQ(object["spec"]["size"], 4);
  EXPECT_EQ(custom->scale_of("v1", object).value()["status"],
            Json::parse(R"({"replicas":2,"selector":"a=b"})"));
  object["spec"]["size"] = "x";
  EXPECT_EQ(custom->scale_of("v1", object).status().message(),
            ".spec.size accessor error: x is of the type string, expected int64");
}

TEST(CustomResource, ConvertsByChangingTheVersion) {
  const auto custom = make();
  Json object = {{"apiVersion", "ex.com/v1"}, {"spec", {{"size", 1}}}};
  custom->convert("v1beta1", object);
  EXPECT_EQ(object, (Json{{"apiVersion", "ex.com/v1beta1"}, {"spec", {{"size", 1}}}}));
}

TEST(CustomResource, FindsTheValuesOfSelectableFields) {
  const Json object = Json::parse(R"({"spec":{"mode":"a","n":3,"b":true}})");
  EXPECT_EQ(CustomResource::selectable_value(object, "spec.mode"), "a");
  EXPECT_EQ(CustomResource::selectable_value(object, "spec.n"), "3");
  EXPECT_EQ(CustomResource::selectable_value(object, "spec.b"), "true");
  EXPECT_EQ(CustomResource::selectable_value(object, "spec.none"), "");
}

TEST(CustomResource, WarnsOfFinalizersWithoutDomain) {
  const Json object = Json::parse(R"({"metadata":{"finalizers":["x","a.io/b","orphan"]}})");
  EXPECT_EQ(
      CustomResource::warnings(object, nullptr),
      std::vector<std::string>{"metadata.finalizers: \"x\": prefer a domain-qualified finalizer "
                               "name to avoid accidental conflicts with other finalizer writers"});
  EXPECT_TRUE(CustomResource::warnings(object, &object).empty());
}

TEST(CustomResource, PublishesItsSchemaWithMetadataAndList) {
  const auto custom = make();
  const Json v3 = custom->openapi_schemas("v1", false);
  ASSERT_TRUE(v3.contains("com.ex.v1.Foo") && v3.contains("com.ex.v1.FooList"));
  const Json& foo = v3["com.ex.v1.Foo"];
  EXPECT_EQ(foo["properties"]["metadata"]["allOf"][0]["$ref"],
            "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
  EXPECT_EQ(foo["properties"]["kind"]["type"], "string");
  EXPECT_EQ(foo["x-kubernetes-group-version-kind"][0]["kind"], "Foo");
  const Json& spec = foo["properties"]["spec"]["properties"];
  EXPECT_EQ(spec["ios"]["anyOf"][1]["type"], "string");
  EXPECT_EQ(spec["pod"]["required"], Json::parse(R"(["kind","apiVersion"])"));
  EXPECT_EQ(v3["com.ex.v1.FooList"]["properties"]["items"]["items"]["$ref"],
            "#/components/schemas/com.ex.v1.Foo");
}

TEST(CustomResource, PublishesAPlainerSchemaInV2) {
  const auto custom = make();
  const Json v2 = custom->openapi_schemas("v1", true);
  const Json& spec = v2["com.ex.v1.Foo"]["properties"]["spec"]["properties"];
  EXPECT_FALSE(spec["ios"].contains("anyOf"));
  EXPECT_FALSE(spec["maybe"].contains("type"));
  EXPECT_FALSE(spec["free"].contains("type"));
  EXPECT_EQ(v2["com.ex.v1.Foo"]["properties"]["metadata"]["$ref"],
            "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
  const Json open = custom->openapi_schemas("v1beta1", true);
  EXPECT_FALSE(open["com.ex.v1beta1.Foo"].contains("properties"));
}

}  // namespace
}  // namespace orrery::api
