#include "core/api/protobuf/openapi_v2.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "core/api/protobuf/wire_reader.h"

namespace orrery::api {
namespace {

using nlohmann::json;

/// Values of the field at a path of numbers, in the order of the message.
std::vector<std::string> find(std::string_view message, std::vector<std::uint32_t> path) {
  std::vector<std::string> out;
  WireReader in(message);
  while (in.next()) {
    if (in.field() != path.front()) continue;
    if (path.size() > 1) {
      for (auto& value : find(in.bytes(), {path.begin() + 1, path.end()})) out.push_back(value);
    } else {
      out.push_back(in.kind() == WireKind::kBytes ? std::string(in.bytes())
                                                  : std::to_string(in.number()));
    }
  }
  EXPECT_TRUE(in.ok());
  return out;
}

using Texts = std::vector<std::string>;

const char* const kSwagger = R"({
  "swagger": "2.0",
  "info": {"title": "Kubernetes", "version": "v1.36.2"},
  "paths": {
    "/api/v1/pods": {
      "get": {
        "operationId": "listPods", "produces": ["application/json", "application/yaml"],
        "parameters": [{"$ref": "#/parameters/limit"}],
        "responses": {"200": {"description": "OK", "schema": {"$ref": "#/definitions/PodList"}},
                      "401": {"description": "Unauthorized"}},
        "x-kubernetes-action": "list"
      },
      "post": {
        "parameters": [{"in": "body", "name": "body", "required": true,
                        "schema": {"$ref": "#/definitions/Pod"}},
                       {"in": "query", "name": "dryRun", "type": "string", "uniqueItems": true}],
        "responses": {"200": {"description": "OK"}}
      },
      "parameters": [{"in": "path", "name": "name", "type": "string", "required": true}]
    }
  },
  "definitions": {
    "Pod": {"type": "object", "description": "d", "required": ["spec"],
            "properties": {"labels": {"type": "object", "additionalProperties": {"type": "string"}},
                           "list": {"type": "array", "items": {"$ref": "#/definitions/X"}}},
            "x-kubernetes-group-version-kind": [{"group": "", "kind": "Pod", "version": "v1"}]}
  },
  "parameters": {"limit": {"in": "query", "name": "limit", "type": "integer"}},
  "securityDefinitions": {"BearerToken": {"type": "apiKey", "name": "authorization", "in": "header"}},
  "security": [{"BearerToken": []}]
})";

class OpenapiV2 : public testing::Test {
 protected:
  std::string message_ = encode_openapi_v2(json::parse(kSwagger));
};

TEST_F(OpenapiV2, PutsTheDocumentsFieldsUnderGnosticsNumbers) {
  EXPECT_EQ(find(message_, {1}), Texts{"2.0"});
  EXPECT_EQ(find(message_, {2, 1}), Texts{"Kubernetes"});
  EXPECT_EQ(find(message_, {2, 2}), Texts{"v1.36.2"});
  EXPECT_EQ(find(message_, {12, 1, 1}), Texts{"BearerToken"});
  EXPECT_EQ(find(message_, {13, 1, 2, 2, 2}), Texts{"authorization"});
}

TEST_F(OpenapiV2, WritesPathsAndOperations) {
  EXPECT_EQ(find(message_, {8, 2, 1}), Texts{"/api/v1/pods"});
  EXPECT_EQ(find(message_, {8, 2, 2, 2, 5}), Texts{"listPods"});
  EXPECT_EQ(find(message_, {8, 2, 2, 2, 6}), (Texts{"application/json", "application/yaml"}));
  EXPECT_EQ(find(message_, {8, 2, 2, 2, 9, 1, 1}), (Texts{"200", "401"}));
  EXPECT_EQ(find(message_, {8, 2, 2, 2, 9, 1, 2, 1, 2, 1, 1}), Texts{"#/definitions/PodList"});
  EXPECT_EQ(find(message_, {8, 2, 2, 2, 13, 1}), Texts{"x-kubernetes-action"});
  EXPECT_EQ(find(message_, {8, 2, 2, 2, 13, 2, 2}), Texts{"\"list\"\n"});
}

TEST_F(OpenapiV2, TellsParametersByTheirPlace) {
  EXPECT_EQ(find(message_, {8, 2, 2, 2, 8, 2, 1}), Texts{"#/parameters/limit"});
  EXPECT_EQ(find(message_, {8, 2, 2, 4, 8, 1, 1, 2}), Texts{"body"});
  EXPECT_EQ(find(message_, {8, 2, 2, 4, 8, 1, 1, 5, 1}), Texts{"#/definitions/Pod"});
  EXPECT_EQ(find(message_, {8, 2, 2, 4, 8, 1, 2, 3, 4}), Texts{"dryRun"});
  EXPECT_EQ(find(message_, {8, 2, 2, 4, 8, 1, 2, 3, 6}), Texts{"string"});
  EXPECT_EQ(find(message_, {8, 2, 2, 4, 8, 1, 2, 3, 20}), Texts{"1"});
  EXPECT_EQ(find(message_, {8, 2, 2, 9, 1, 2, 4, 5}), Texts{"string"});
  EXPECT_EQ(find(message_, {10, 1, 2, 2, 3, 6}), Texts{"integer"});
}

TEST_F(OpenapiV2, WritesSchemasWithTheirExtensions) {
  const std::string schema = find(message_, {9, 1, 2}).at(0);
  EXPECT_EQ(find(schema, {22, 1}), Texts{"object"});
  EXPECT_EQ(find(schema, {19}), Texts{"spec"});
  EXPECT_EQ(find(schema, {25, 1, 1}), (Texts{"labels", "list"}));
  EXPECT_EQ(find(schema, {25, 1, 2, 21, 1, 22, 1}), Texts{"string"});
  EXPECT_EQ(find(schema, {25, 1, 2, 23, 1, 1}), Texts{"#/definitions/X"});
  EXPECT_EQ(find(schema, {31, 2, 2}),
            Texts{"[{\"group\":\"\",\"kind\":\"Pod\",\"version\":\"v1\"}]\n"});
}

TEST(OpenapiV2Document, LeavesOutValuesOfAnotherType) {
  EXPECT_EQ(encode_openapi_v2(json::parse(R"({"swagger":7,"host":"h","tags":"x"})")),
            std::string("\x1a\x01h"));
  EXPECT_EQ(encode_openapi_v2(json::array()), "");
}

}  // namespace
}  // namespace orrery::api
