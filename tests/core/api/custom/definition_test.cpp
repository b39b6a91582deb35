// Rules of CRDs beyond the recorded ones, each as a change of a good one and the messages it gets.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>  // tidy: tests only
#include <string>

#include "core/api/checks/checks.h"
#include "core/api/custom/definition_checks.h"

namespace orrery::api {
namespace {

using Json = nlohmann::json;

constexpr char kGroup[] = "apiextensions.k8s.io";
constexpr char kKind[] = "CustomResourceDefinition";

Json good() {
  return Json::parse(R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
    "metadata":{"name":"foos.ex.com"},"spec":{"group":"ex.com","scope":"Namespaced",
    "names":{"plural":"foos","kind":"Foo"},"versions":[{"name":"v1","served":true,"storage":true,
    "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object"}}}}}]}})");
}

std::string errors_of(Json definition) {
  apply_defaults(kGroup, kKind, definition);
  prepare_create(kGroup, kKind, definition);
  return validate_create(kGroup, kKind, definition).message();
}

std::string with(const char* pointer, const char* value) {
  Json definition = good();
  definition[Json::json_pointer(pointer)] = Json::parse(value);
  return errors_of(definition);
}

constexpr char kSchema[] = "/spec/versions/0/schema/openAPIV3Schema";
std::string with_x(const char* schema) {
  return with((std::string(kSchema) + "/properties/x").c_str(), schema);
}
constexpr char kX[] = "spec.validation.openAPIV3Schema.properties[x]";

TEST(Definition, DefaultsFillNamesConversionAndStoredVersions) {
  Json definition = good();
  apply_defaults(kGroup, kKind, definition);
  EXPECT_EQ(definition["spec"]["names"]["singular"], "foo");
  EXPECT_EQ(definition["spec"]["names"]["listKind"], "FooList");
  EXPECT_EQ(definition["spec"]["conversion"], Json::parse(R"({"strategy":"None"})"));
  EXPECT_EQ(definition["status"]["storedVersions"], Json::parse(R"(["v1"])"));
  EXPECT_EQ(errors_of(good()), "");
}

struct SpecCase {
  const char* pointer;
  const char* value;
  const char* message;
};

TEST(Definition, SpecRulesHaveUpstreamsTexts) {
  const SpecCase cases[] = {
      {"/spec/names/shortNames", R"(["F"])",
       "spec.names.shortNames[0]: Invalid value: \"F\": a DNS-1035 label must consist of lower "
       "case "
       "alphanumeric characters or '-', start with an alphabetic character, and end with an "
       "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
       "'[a-z]([-a-z0-9]*[a-z0-9])?')"},
      {"/spec/names/listKind", R"("Foo")",
       R"(spec.names.listKind: Invalid value: "Foo": kind and listKind may not be the same)"},
      {"/spec/scope", R"("")", "spec.scope: Required value"},
      {"/spec/versions/0/schema", "null",
       "spec.versions[0].schema.openAPIV3Schema: Required value"},
      {"/spec/versions/0/deprecationWarning", R"("x")",
       R"(spec.versions[0].deprecationWarning: Invalid value: "x": can only be set for )"
       R"(deprecated versions)"},
      {"/spec/versions/0/subresources",
       R"({"scale":{"specReplicasPath":".x","statusReplicasPath":""}})",
       R"([spec.subresources.scale.specReplicasPath: Invalid value: ".x": should be a json )"
       R"(path under .spec, )"
       R"(spec.subresources.scale.statusReplicasPath: Required value])"},
      {"/spec/versions/0/additionalPrinterColumns", R"([{"name":"A","type":"x","jsonPath":"a"}])",
       R"([spec.additionalPrinterColumns[0].type: Invalid value: "x": must be one of )"
       R"(boolean,date,integer,number,string, )"
       R"(spec.additionalPrinterColumns[0].JSONPath: Invalid value: "a": must be a simple )"
       R"(json path starting with .])"},
      {"/spec/versions/0/selectableFields", R"([{"jsonPath":".spec"},{"jsonPath":".nope"}])",
       R"([spec.selectableFields[0].jsonPath: Invalid value: ".spec": must point to a field )"
       R"(of type string, boolean or integer. Enum string fields and strings with formats are )"
       R"(allowed., )"
       R"(spec.selectableFields[1].jsonPath: Invalid value: ".nope": is an invalid path: does )"
       R"(not refer to a valid field])"},
      {"/spec/conversion", R"({"strategy":"X"})",
       R"(spec.conversion.strategy: Unsupported value: "X": supported values: "None", "Webhook")"},
      {"/spec/conversion",
       R"({"strategy":"Webhook","webhook":{"clientConfig":{"url":"http://x"},"conversionReview)"
       R"(Versions":["v9"]}})",
       R"([spec.conversion.webhookClientConfig.url: Invalid value: "http": 'https' is the )"
       R"(only allowed URL scheme; desired format: https://host[/path], )"
       R"(spec.conversion.conversionReviewVersions: Invalid value: ["v9"]: must include at )"
       R"(least one of v1, v1beta1])"},
  };
  for (const SpecCase& c : cases) EXPECT_EQ(with(c.pointer, c.value), c.message) << c.pointer;
}

TEST(Definition, GroupsOfTheCommunityNeedAnApproval) {
  Json definition = good();
  definition["metadata"]["name"] = "foos.ex.k8s.io";
  definition["spec"]["group"] = "ex.k8s.io";
  EXPECT_NE(
      errors_of(definition).find("metadata.annotations[api-approved.kubernetes.io]: Required"),
      std::string::npos);
  definition["metadata"]["annotations"] = {{"api-approved.kubernetes.io", "unapproved, a test"}};
  EXPECT_EQ(errors_of(definition), "");
}

struct SchemaCase {
  const char* schema;  // of property x
  std::string message;
};

TEST(Definition, SchemasMustBeStructural) {
  const std::string x = kX;
  const SchemaCase cases[] = {
      {R"({"type":"array"})", x + ".items: Required value: must be specified"},
      {R"({"type":"array","items":{}})",
       x + ".items.type: Required value: must not be empty for specified array items"},
      {R"({"x-kubernetes-int-or-string":true})", ""},
      {R"({"x-kubernetes-preserve-unknown-fields":true})", ""},
      {R"({"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},{"type":"string"}]})", ""},
      {R"({"type":"string","anyOf":[{"type":"string"}]})",
       x + ".anyOf[0].type: Forbidden: must be empty to be structural"},
      {R"({"type":"string","pattern":"["})",
       x + ".pattern: Invalid value: \"[\": must be a valid regular expression, but isn't: error "
           "parsing regexp: missing closing ]: `[`"},
      {R"({"type":"string","uniqueItems":true})", x + ".uniqueItems: Forbidden: uniqueItems cannot "
                                                      "be set to true since the runtime complexity "
                                                      "becomes quadratic"},
      {R"({"type":"object","properties":{"y":{"type":"string"}},
           "additionalProperties":{"type":"string"}})",
       x + ".additionalProperties: Forbidden: additionalProperties and properties are mutual "
           "exclusive"},
      {R"({"type":"object","x-kubernetes-embedded-resource":true})",
       x + ".properties: Required value: must not be empty if x-kubernetes-embedded-resource is "
           "true "
           "without x-kubernetes-preserve-unknown-fields"},
      {R"({"type":"string","x-kubernetes-list-type":"set"})",
       x + ".type: Invalid value: \"string\": must be array if x-kubernetes-list-type is "
           "specified"},
      {R"({"type":"array","x-kubernetes-list-type":"map","items":{"type":"object"}})",
       x + ".x-kubernetes-list-map-keys: Required value: must not be empty if "
           "x-kubernetes-list-type is map"},
      {R"({"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],
           "items":{"type":"object","properties":{"k":{"type":"string"}}}})",
       x + ".items.properties[k].default: Required value: this property is in "
           "x-kubernetes-list-map-keys, so it must have a default or be a required property"},
      {R"({"type":"array","x-kubernetes-list-type":"set","items":{"type":"object"}})",
       x + ".items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list "
           "with "
           "x-kubernetes-list-type=set"},
      {R"({"type":"object","properties":{"y":{"type":"string"}},"default":{"z":1}})",
       x + ".default: Invalid value: {\"z\":1}: must not have unknown fields"},
      {R"({"type":"string","x-kubernetes-validations":[{"rule":" "}]})",
       x + ".x-kubernetes-validations[0].rule: Required value: rule is not specified"},
      {R"({"type":"string","x-kubernetes-validations":[{"rule":"self == 'a'"}]})", ""},
      {R"({"type":"object","additionalProperties":{"type":"integer","default":1}})", ""},
      {R"({"type":"string","nullable":true,"default":"a","enum":["a"]})", ""},
  };
  for (const SchemaCase& c : cases) EXPECT_EQ(with_x(c.schema), c.message) << c.schema;
}

TEST(Definition, ChecksUnderAJunctorNeedAStructure) {
  const std::string any_of = std::string(kSchema) + "/anyOf";
  EXPECT_EQ(with(any_of.c_str(), R"([{"required":["spec"]}])"), "");
  EXPECT_EQ(
      with(any_of.c_str(), R"([{"properties":{"y":{"minimum":1}}}])"),
      "spec.validation.openAPIV3Schema.properties[y]: Required value: because it is defined in "
      "spec.validation.openAPIV3Schema.anyOf[0].properties[y]");
}

TEST(Definition, MetadataInASchemaMayOnlyRestrictNames) {
  const std::string root = kSchema;
  EXPECT_EQ(with((root + "/properties/metadata").c_str(),
                 R"({"type":"object","properties":{"name":{"type":"string","maxLength":9}}})"),
            "");
  EXPECT_EQ(with((root + "/properties/metadata").c_str(),
                 R"({"type":"object","properties":{"labels":{"type":"object"}}})"),
            "spec.validation.openAPIV3Schema.properties[metadata]: Forbidden: must not specify "
            "anything other than name and generateName, but metadata is implicitly specified");
}

TEST(Definition, DifferentSchemasKeepTheirVersionsPath) {
  Json definition = good();
  definition["spec"]["versions"].push_back(definition["spec"]["versions"][0]);
  Json& second = definition["spec"]["versions"][1];
  second["name"] = "v2";
  second["storage"] = false;
  second["schema"]["openAPIV3Schema"]["properties"]["x"] = {{"type", "y"}};
  EXPECT_EQ(errors_of(definition),
            "spec.versions[1].schema.openAPIV3Schema.properties[x].type: Unsupported value: \"y\": "
            "supported values: \"array\", \"boolean\", \"integer\", \"number\", \"object\", "
            "\"string\"");
}

TEST(Definition, AStatusInOneVersionOnlyStaysThere) {
  Json definition = good();
  Json& versions = definition["spec"]["versions"];
  versions.push_back(versions[0]);
  versions[1]["name"] = "v2";
  versions[1]["storage"] = false;
  versions[1]["subresources"] = {{"status", Json::object()}};
  versions[0]["schema"]["openAPIV3Schema"]["maxProperties"] = 9;
  EXPECT_EQ(errors_of(definition), "");
  versions[1]["schema"]["openAPIV3Schema"]["maxProperties"] = 8;
  EXPECT_NE(errors_of(definition).find("spec.versions[1].schema.openAPIV3Schema: Invalid value: {"),
            std::string::npos);
}

TEST(Definition, NestingHasALimit) {
  Json schema = {{"type", "object"}};
  for (int i = 0; i < 400; ++i) schema = {{"type", "object"}, {"properties", {{"a", schema}}}};
  EXPECT_NE(with_x(schema.dump().c_str()).find("must not be nested deeper"), std::string::npos);
}

TEST(Definition, AnUpdateRemembersEveryStorageVersion) {
  Json old = good();
  apply_defaults(kGroup, kKind, old);
  prepare_create(kGroup, kKind, old);
  old["metadata"]["resourceVersion"] = "1";
  Json now = old;
  now["spec"]["versions"].push_back(now["spec"]["versions"][0]);
  now["spec"]["versions"][0]["storage"] = false;
  now["spec"]["versions"][1]["name"] = "v2";
  now.erase("status");
  prepare_update(kGroup, kKind, now, old);
  EXPECT_EQ(now["status"]["storedVersions"], Json::parse(R"(["v1","v2"])"));
  EXPECT_EQ(now["metadata"]["generation"], 2);
  EXPECT_EQ(validate_update(kGroup, kKind, now, old).message(), "");
  now["spec"]["versions"].erase(0);
  EXPECT_NE(
      validate_update(kGroup, kKind, now, old).message().find("missing from spec.versions; v1"),
      std::string::npos);
}

TEST(Definition, WarnsOfUnknownFormatsAndSetsOfObjects) {
  Json definition = good();
  Json& properties = definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"];
  properties["f"] = {{"type", "string"}, {"format", "nope"}};
  properties["s"] = {{"type", "array"},
                     {"x-kubernetes-list-type", "set"},
                     {"items", {{"type", "object"}, {"x-kubernetes-map-type", "atomic"}}}};
  const std::vector<std::string> warnings = definition_warnings(definition, nullptr);
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0], "unrecognized format \"nope\"");
  EXPECT_TRUE(definition_warnings(definition, &definition).empty());
}

}  // namespace
}  // namespace orrery::api
