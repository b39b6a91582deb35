// One object in every form that clients ask for and send.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/api/protobuf/protobuf.h"
#include "core/api/schema/api_table.h"
#include "core/api/yaml/yaml.h"
#include "tests/core/apiserver/wire/wire_client.h"

namespace orrery::test {
namespace {

using nlohmann::json;

constexpr const char* kConfigs = "/api/v1/namespaces/default/configmaps";
constexpr const char* kProtobuf = "application/vnd.kubernetes.protobuf";

TEST(WireEncodings, OfOneObjectSayTheSame) {
  static const api::ApiTable table = api::ApiTable::built_in();
  const api::ProtobufCodec codec(table);
  WireClient client;
  client.make_config("a");
  const std::string path = std::string(kConfigs) + "/a";
  const json plain = json::parse(client.get(path)->body);
  Result<json> yaml = api::yaml_to_json(client.get(path, "application/yaml")->body);
  ASSERT_TRUE(yaml.ok());
  EXPECT_EQ(*yaml, plain);
  Result<json> protobuf = codec.decode_body(client.get(path, kProtobuf)->body);
  ASSERT_TRUE(protobuf.ok());
  EXPECT_EQ(*protobuf, plain);
  const std::string pretty = client.get(path + "?pretty=true")->body;
  EXPECT_EQ(json::parse(pretty), plain);
  EXPECT_NE(pretty.find("\n  \""), std::string::npos);
}

TEST(WireEncodings, OfAListSayTheSame) {
  static const api::ApiTable table = api::ApiTable::built_in();
  const api::ProtobufCodec codec(table);
  WireClient client;
  client.make_config("a");
  client.make_config("b");
  const json plain = json::parse(client.get(kConfigs)->body);
  ASSERT_EQ(plain["items"].size(), 2u);
  EXPECT_FALSE(plain["items"][0].contains("kind"));
  Result<json> protobuf = codec.decode_body(client.get(kConfigs, kProtobuf)->body);
  ASSERT_TRUE(protobuf.ok());
  EXPECT_EQ(*protobuf, plain);
}

TEST(WireEncodings, TakeBodiesInYamlAndProtobuf) {
  static const api::ApiTable table = api::ApiTable::built_in();
  const api::ProtobufCodec codec(table);
  WireClient client;
  const auto yaml = client.send(
      "POST", kConfigs, "metadata: {name: from-yaml}\ndata:\n  k: \"v\"\n", "application/yaml");
  EXPECT_EQ(yaml->status, 201) << yaml->body;
  Result<std::string> body = codec.encode_body({{"apiVersion", "v1"},
                                                {"kind", "ConfigMap"},
                                                {"metadata", {{"name", "p"}}},
                                                {"data", {{"k", "v"}}}});
  ASSERT_TRUE(body.ok());
  const auto protobuf = client.send("POST", kConfigs, *body, kProtobuf);
  EXPECT_EQ(protobuf->status, 201) << protobuf->body;
  const json stored = json::parse(client.get(std::string(kConfigs) + "/p")->body);
  EXPECT_EQ(stored["data"]["k"], "v");
}

TEST(WireEncodings, ATableHasOneRowAnItem) {
  WireClient client;
  client.make_config("a");
  const json table = json::parse(
      client.get(kConfigs, "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")->body);
  EXPECT_EQ(table["kind"], "Table");
  ASSERT_EQ(table["rows"].size(), 1u);
  EXPECT_EQ(table["rows"][0]["cells"][0], "a");
  EXPECT_EQ(table["rows"][0]["object"]["kind"], "PartialObjectMetadata");
}

TEST(WireEncodings, AnErrorComesInTheEncodingThatWasAskedFor) {
  static const api::ApiTable table = api::ApiTable::built_in();
  const api::ProtobufCodec codec(table);
  WireClient client;
  const auto answer = client.get(std::string(kConfigs) + "/none", kProtobuf);
  EXPECT_EQ(answer->status, 404);
  Result<json> status = codec.decode_body(answer->body);
  ASSERT_TRUE(status.ok());
  EXPECT_EQ((*status)["message"], "configmaps \"none\" not found");
}

}  // namespace
}  // namespace orrery::test
