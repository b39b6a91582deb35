#include "core/api/custom/schema_shape.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>  // tidy: tests only
#include <string>
#include <vector>

namespace orrery::api {
namespace {

using Json = nlohmann::json;

Schema schema_of(const char* text) { return compile_schema(Json::parse(text)); }

std::string defaulted(const char* schema, const char* value) {
  Json out = Json::parse(value);
  apply_schema_defaults(schema_of(schema), out);
  return out.dump();
}

constexpr char kDefaults[] = R"({"type":"object","properties":{
    "a":{"type":"string","default":"x"},
    "n":{"type":"string","nullable":true,"default":"y"},
    "o":{"type":"object","default":{},"properties":{"i":{"type":"integer","default":3}}},
    "l":{"type":"array","items":{"type":"object",
         "properties":{"k":{"type":"integer","default":1}}}},
    "m":{"type":"object","additionalProperties":{"type":"object",
         "properties":{"z":{"type":"boolean","default":true}}}},
    "p":{"type":"string"}}})";

TEST(SchemaDefaults, FillWhatIsAbsentAtEveryDepth) {
  EXPECT_EQ(defaulted(kDefaults, "{}"), R"({"a":"x","n":"y","o":{"i":3}})");
  EXPECT_EQ(defaulted(kDefaults, R"({"l":[{},{"k":2}],"m":{"q":{}}})"),
            R"({"a":"x","l":[{"k":1},{"k":2}],"m":{"q":{"z":true}},"n":"y","o":{"i":3}})");
}

TEST(SchemaDefaults, ReplaceNullsUnlessTheyAreAllowed) {
  EXPECT_EQ(defaulted(kDefaults, R"({"a":null,"n":null,"p":null})"),
            R"({"a":"x","n":null,"o":{"i":3}})");
}

struct PruneCase {
  const char* schema;
  const char* value;
  const char* pruned;
  std::vector<std::string> unknown;
};

TEST(SchemaPruning, RemovesWhatTheSchemaDoesNotName) {
  const PruneCase cases[] = {
      {R"({"type":"object","properties":{"a":{"type":"object"}}})",
       R"({"apiVersion":"v1","kind":"X","metadata":{"q":1},"a":{"z":1},"b":2})",
       R"({"a":{},"apiVersion":"v1","kind":"X","metadata":{"q":1}})",
       {"a.z", "b"}},
      {R"({"type":"object","properties":{"l":{"type":"array","items":{"type":"object",
          "properties":{"k":{"type":"string"}}}}}})",
       R"({"l":[{"k":"a","z":2}]})",
       R"({"l":[{"k":"a"}]})",
       {"l[0].z"}},
      {R"({"type":"object","properties":{"f":{"type":"object",
          "x-kubernetes-preserve-unknown-fields":true,
          "properties":{"k":{"type":"object"}}}}})",
       R"({"f":{"x":{"y":1},"k":{"z":1}}})",
       R"({"f":{"k":{},"x":{"y":1}}})",
       {"f.k.z"}},
      {R"({"type":"object","properties":{"m":{"type":"object","additionalProperties":
          {"type":"object","properties":{"k":{"type":"string"}}}}}})",
       R"({"m":{"q":{"k":"a","z":1}}})",
       R"({"m":{"q":{"k":"a"}}})",
       {"m.q.z"}},
      {R"({"type":"object","properties":{"e":{"type":"object",
          "x-kubernetes-embedded-resource":true,"properties":{"spec":{"type":"object"}}}}})",
       R"({"e":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"},"spec":{"z":1},"y":1}})",
       R"({"e":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"},"spec":{}}})",
       {"e.spec.z", "e.y"}},
  };
  for (const PruneCase& c : cases) {
    Json value = Json::parse(c.value);
    EXPECT_EQ(prune_by_schema(schema_of(c.schema), value, true), c.unknown) << c.schema;
    EXPECT_EQ(value.dump(), c.pruned);
  }
}

std::string list_errors(const char* schema, const char* value) {
  FieldErrors errors;
  check_list_types(errors, schema_of(schema), Json::parse(value));
  return errors.message();
}

TEST(ListTypes, RefuseWhatAppearsTwice) {
  constexpr char kSet[] = R"({"type":"object","properties":{"s":{"type":"array",
      "x-kubernetes-list-type":"set","items":{"type":"string"}}}})";
  EXPECT_EQ(list_errors(kSet, R"({"s":["a","b"]})"), "");
  EXPECT_EQ(list_errors(kSet, R"({"s":["a","b","a","a"]})"), R"(s[2]: Duplicate value: "a")");
  constexpr char kMap[] = R"({"type":"object","properties":{"m":{"type":"array",
      "x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["a","b"],
      "items":{"type":"object"}}}})";
  EXPECT_EQ(list_errors(kMap, R"({"m":[{"a":1,"b":1},{"a":1,"b":2}]})"), "");
  EXPECT_EQ(list_errors(kMap, R"({"m":[{"a":1,"b":1},{"a":1,"b":1,"c":2}]})"),
            R"(m[1]: Duplicate value: {"a":1,"b":1})");
  EXPECT_EQ(list_errors(kMap, R"({"m":[{},{}]})"), "m[1]: Duplicate value: {}");
  EXPECT_EQ(list_errors(kMap, R"({"m":[3]})"),
            "m[0]: Invalid value: 3: must be an object for an array of list-type map");
}

TEST(EmbeddedResources, NeedKindVersionAndSoundMetadata) {
  const Schema schema = schema_of(R"({"type":"object","properties":{"e":{"type":"object",
      "x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}}})");
  const auto errors = [&](const char* value) {
    FieldErrors found;
    check_embedded(found, schema, Json::parse(value));
    return found.message();
  };
  EXPECT_EQ(errors(R"({"e":{"apiVersion":"v1","kind":"Pod"}})"), "");
  EXPECT_EQ(errors(R"({"e":{}})"), "[e.apiVersion: Required value, e.kind: Required value]");
  EXPECT_EQ(errors(R"({"e":{"apiVersion":"a/b/c","kind":"Pod"}})"),
            R"(e.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c)");
  EXPECT_NE(errors(R"({"e":{"apiVersion":"v1","kind":"Pod","metadata":{"labels":{"-":"x"}}}})"),
            "");
}

}  // namespace
}  // namespace orrery::api
