// One row a schema keyword: what validate_by_schema says of a value, in kube-openapi's words.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>  // tidy: tests only
#include <string>
#include <vector>

#include "core/api/custom/schema_validation.h"

namespace orrery::api {
namespace {

using Json = nlohmann::json;

std::string validate(const char* schema, const char* value) {
  return validate_by_schema(compile_schema(Json::parse(schema)), Json::parse(value)).message();
}

struct Row {
  const char* schema;  // of property x
  const char* value;
  const char* message;  // "" = valid
};

TEST(SchemaKeywords, AreCheckedWithUpstreamsTexts) {
  const Row rows[] = {
      {R"({"type":"integer"})", "1", ""},
      {R"({"type":"integer"})", "1.0", ""},
      {R"({"type":"integer"})", R"("a")",
       R"(x: Invalid value: "string": x in body must be of type integer: "string")"},
      {R"({"type":"string"})", "true",
       R"(x: Invalid value: "boolean": x in body must be of type string: "boolean")"},
      {R"({"type":"number"})", "3", ""},
      {R"({"type":"object"})", "[]",
       R"(x: Invalid value: "array": x in body must be of type object: "array")"},
      {R"({"type":"boolean"})", "null",
       R"(x: Invalid value: "null": x in body must be of type boolean: "null")"},
      {R"({"type":"boolean","nullable":true})", "null", ""},
      {R"({"x-kubernetes-int-or-string":true})", "5", ""},
      {R"({"x-kubernetes-int-or-string":true})", R"("5")", ""},
      {R"({"x-kubernetes-int-or-string":true})", "true",
       R"(x: Invalid value: "boolean": x in body must be of type integer,string: "boolean")"},
      {R"({"type":"integer","minimum":1})", "0",
       "x: Invalid value: 0: x in body should be greater than or equal to 1"},
      {R"({"type":"integer","minimum":1,"exclusiveMinimum":true})", "1",
       "x: Invalid value: 1: x in body should be greater than 1"},
      {R"({"type":"integer","maximum":10})", "11",
       "x: Invalid value: 11: x in body should be less than or equal to 10"},
      {R"({"type":"integer","maximum":10,"exclusiveMaximum":true})", "10",
       "x: Invalid value: 10: x in body should be less than 10"},
      {R"({"type":"number","maximum":1.5})", "1.75",
       "x: Invalid value: 1.75: x in body should be less than or equal to 1.5"},
      {R"({"type":"integer","multipleOf":3})", "7",
       "x: Invalid value: 7: x in body should be a multiple of 3"},
      {R"({"type":"number","multipleOf":0.5})", "1.5", ""},
      {R"({"type":"number","multipleOf":0.5})", "1.6",
       "x: Invalid value: 1.6: x in body should be a multiple of 0.5"},
      {R"({"type":"integer","format":"int32"})", "3000000000",
       "<nil>: Invalid value: \"\": Checked value must be of type integer with format int32 in x"},
      {R"({"type":"string","maxLength":2})", R"("abc")",
       "x: Too long: may not be more than 2 bytes"},
      {R"({"type":"string","maxLength":2})", R"("éé")", ""},
      {R"({"type":"string","minLength":2})", R"("a")",
       R"(x: Invalid value: "a": x in body should be at least 2 chars long)"},
      {R"({"type":"string","pattern":"^[a-z]+$"})", R"("A")",
       R"(x: Invalid value: "A": x in body should match '^[a-z]+$')"},
      {R"({"type":"string","enum":["a","b"]})", R"("c")",
       R"(x: Unsupported value: "c": supported values: "a", "b")"},
      {R"({"type":"integer","enum":[1,2]})", "3",
       R"(x: Unsupported value: 3: supported values: "1", "2")"},
      {R"({"type":"string","format":"ipv4"})", R"("x")",
       R"(x: Invalid value: "x": x in body must be of type ipv4: "x")"},
      {R"({"type":"string","format":"no-such"})", R"("x")", ""},
      {R"({"type":"array","items":{"type":"string"},"maxItems":1})", R"(["a","b"])",
       "x: Too many: 2: must have at most 1 items"},
      {R"({"type":"array","items":{"type":"string"},"minItems":1})", "[]",
       "x: Invalid value: 0: x in body should have at least 1 items"},
      {R"({"type":"array","items":{"type":"string"},"uniqueItems":true})", R"(["a","a"])",
       "x: Invalid value: \"\": x in body shouldn't contain duplicates"},
      {R"({"type":"array","items":{"type":"string"}})", "[1]",
       R"(x[0]: Invalid value: "integer": x[0] in body must be of type string: "integer")"},
      {R"({"type":"object","required":["a"]})", "{}", "x.a: Required value"},
      {R"({"type":"object","maxProperties":1})", R"({"a":1,"b":2})",
       "x: Too many: 2: must have at most 1 items"},
      {R"({"type":"object","minProperties":1})", "{}",
       "x: Invalid value: 0: x in body should have at least 1 properties"},
      {R"({"type":"object","additionalProperties":false})", R"({"a":1})",
       R"(x: Invalid value: "a": x.a in body is a forbidden property)"},
      {R"({"type":"object","additionalProperties":{"type":"string"}})", R"({"a":1})",
       R"(x.a: Invalid value: "integer": x.a in body must be of type string: "integer")"},
      {R"({"type":"integer","not":{"enum":[3]}})", "3",
       R"(<nil>: Invalid value: "": "x" must not validate the schema (not))"},
      {R"({"type":"integer","anyOf":[{"minimum":5},{"maximum":1}]})", "5", ""},
      {R"({"type":"integer","anyOf":[{"minimum":5},{"maximum":1}]})", "3",
       R"([<nil>: Invalid value: "": "x" must validate at least one schema (anyOf), )"
       R"(x: Invalid value: 3: x in body should be greater than or equal to 5])"},
      {R"({"type":"integer","oneOf":[{"minimum":1},{"minimum":2}]})", "3",
       R"(<nil>: Invalid value: "": "x" must validate one and only one schema (oneOf). )"
       R"(Found 2 valid alternatives)"},
      {R"({"type":"integer","oneOf":[{"minimum":9}]})", "3",
       R"([<nil>: Invalid value: "": "x" must validate one and only one schema (oneOf). )"
       R"(Found none valid, x: Invalid value: 3: x in body should be greater than or equal to 9])"},
      {R"({"type":"integer","allOf":[{"minimum":9},{"maximum":10}]})", "3",
       R"([x: Invalid value: 3: x in body should be greater than or equal to 9, )"
       R"(<nil>: Invalid value: "": "x" must validate all the schemas (allOf)])"},
  };
  for (const Row& row : rows) {
    const std::string schema =
        std::string(R"({"type":"object","properties":{"x":)") + row.schema + "}}";
    const std::string value = std::string(R"({"x":)") + row.value + "}";
    EXPECT_EQ(validate(schema.c_str(), value.c_str()), row.message) << row.schema << row.value;
  }
}

TEST(SchemaKeywords, NameTheWholePathOfANestedField) {
  EXPECT_EQ(validate(R"({"type":"object","properties":{"spec":{"type":"object","properties":{
                 "list":{"type":"array","items":{"type":"object","required":["k"]}}}}}})",
                     R"({"spec":{"list":[{"k":1},{}]}})"),
            "spec.list[1].k: Required value");
  EXPECT_EQ(validate(R"({"type":"object","required":["spec"]})", "{}"), "spec: Required value");
}

TEST(SchemaKeywords, LetAnUpdateKeepWhatItDidNotChange) {
  const Schema schema = compile_schema(Json::parse(R"({"type":"object","properties":{
      "a":{"type":"integer","maximum":1},"b":{"type":"integer","maximum":1},
      "l":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],
           "items":{"type":"object","properties":{"k":{"type":"string"},
                    "v":{"type":"integer","maximum":1}}}}}})"));
  const Json old = Json::parse(R"({"a":5,"b":1,"l":[{"k":"x","v":9}]})");
  const Json kept = Json::parse(R"({"a":5,"b":0,"l":[{"k":"y","v":1},{"k":"x","v":9}]})");
  EXPECT_EQ(validate_by_schema(schema, kept, &old).message(), "");
  const Json worse = Json::parse(R"({"a":6,"b":1,"l":[{"k":"x","v":8}]})");
  EXPECT_EQ(validate_by_schema(schema, worse, &old).size(), 2U);
  EXPECT_EQ(validate_by_schema(schema, kept).size(), 2U);
}

TEST(SchemaKeywords, StopAtAThousandErrors) {
  const Schema schema =
      compile_schema(Json::parse(R"({"type":"array","items":{"type":"string"}})"));
  EXPECT_EQ(validate_by_schema(schema, Json(std::vector<int>(5000, 1))).size(), 1000U);
}

}  // namespace
}  // namespace orrery::api
