// Round trips of the codec: what comes in goes out again, whether a struct knows it or not.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

#include "core/api/managed_entries.h"
#include "core/api/object_codec.h"
#include "core/api/pod.h"

namespace orrery::api {
namespace {

using nlohmann::json;

json round_trip(const json& document) {
  const Kinds kinds;
  Result<Ref<Object>> object = decode_object(kinds, document);
  EXPECT_TRUE(object.ok()) << object.status().message();
  return object.ok() ? encode_object(kinds, **object) : json();
}

TEST(Codec, KeepsFieldsThatNoStructKnows) {
  const json pod = json::parse(R"({"apiVersion":"v1","kind":"Pod",
    "metadata":{"name":"p","namespace":"default","managedFields":[{"manager":"kubectl"}]},
    "spec":{"nodeName":"n1","containers":[{"name":"c","image":"i","resources":{},
            "env":[{"name":"A","value":"1"}],"securityContext":{"runAsUser":5}}],
            "dnsPolicy":"ClusterFirst","volumes":[{"name":"v","emptyDir":{}}]},
    "status":{"phase":"Running","podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"}],"futureField":[1,2]}})");
  EXPECT_EQ(round_trip(pod), pod);
}

TEST(Codec, KeepsManagedFieldsAsText) {
  const json document = json::parse(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p",
      "managedFields":[{"manager":"a","fieldsV1":{"f:spec":{"f:x":{}}}}],"selfLink":"/p"},
      "spec":{"containers":[]}})");
  Result<Ref<Object>> object = decode_object(Kinds(), document);
  ASSERT_TRUE(object.ok());
  ObjectMeta& meta = (*object)->meta;
  EXPECT_EQ(meta.extra.json()["managedFields"].dump(),
            R"("[{\"fieldsV1\":{\"f:spec\":{\"f:x\":{}}},\"manager\":\"a\"}]")");
  EXPECT_EQ(managers_of(meta), document["metadata"]["managedFields"]);
  set_managers(meta, json());
  EXPECT_EQ(managers_of(meta), json());
  EXPECT_EQ(meta.extra.json(), json({{"selfLink", "/p"}}));
  set_managers(meta, document["metadata"]["managedFields"]);
  EXPECT_EQ(encode_object(Kinds(), **object)["metadata"], document["metadata"]);
}

TEST(Codec, TakesNodeNameOutOfTheSharedSpec) {
  const json document = json::parse(
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},
          "spec":{"nodeName":"n1","containers":[]}})");
  Result<Ref<Object>> object = decode_object(Kinds(), document);
  ASSERT_TRUE(object.ok());
  const Pod& pod = static_cast<const Pod&>(**object);
  EXPECT_EQ(pod.node_name, Symbol("n1"));
  EXPECT_FALSE(pod.spec->extra);
}

TEST(Codec, KeepsUnknownFieldsBesideFlattenedOnes) {
  const json deployment =
      json::parse(R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},
    "spec":{"replicas":3,"selector":{"matchLabels":{"a":"b"}},
            "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":1,"x":2}},
            "template":{"metadata":{},"spec":{"containers":[]}}},"status":{}})");
  EXPECT_EQ(round_trip(deployment), deployment);
}

TEST(Codec, NamesTheFieldOfAWrongType) {
  const json document = json::parse(
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},
          "spec":{"containers":[{"name":5}]}})");
  const Result<Ref<Object>> object = decode_object(Kinds(), document);
  ASSERT_FALSE(object.ok());
  EXPECT_EQ(object.status().message(),
            "json: cannot unmarshal number into field spec.containers[0].name of type string");
}

TEST(Codec, RefusesAnUnknownKind) {
  const Result<Ref<Object>> object =
      decode_object(Kinds(), json::parse(R"({"apiVersion":"v9","kind":"Pod"})"));
  EXPECT_EQ(object.status().message(), "no matches for kind \"Pod\" in version \"v9\"");
}

// Whatever a real server answered for the typed kinds must survive decode and encode, apart from
// empty values that Go's omitempty drops as well.
void drop_empty(json& value) {
  if (value.is_array()) {
    for (json& item : value) drop_empty(item);
  }
  if (!value.is_object()) return;
  for (auto it = value.begin(); it != value.end();) {
    drop_empty(it.value());
    const json& v = it.value();
    const bool empty = v.is_null() || (v.is_structured() && v.empty()) || v == json("") ||
                       v == json(0) || v == json(false);
    it = empty ? value.erase(it) : std::next(it);
  }
}

// Tokens of the recording become values of the same type.
std::string without_tokens(std::string text) {
  text = std::regex_replace(text, std::regex("<ts>"), "2026-01-01T00:00:00Z");
  text = std::regex_replace(text, std::regex("<uid:([0-9])>"),
                            "3f2504e0-4f89-41d3-9a0c-0305e82c330$1");
  text = std::regex_replace(text, std::regex("<rv:([0-9]+)>"), "$1");
  return std::regex_replace(text, std::regex("\"<nodePort:[0-9]+>\""), "30000");
}

TEST(Codec, RefusesAnIntegerPastTheSignedRangeAndSelectorsOfTheWrongShape) {
  const char* const specs[] = {R"({"minReadySeconds":18446744073709551615})",
                               R"({"progressDeadlineSeconds":9223372036854775808})",
                               R"({"selector":{"matchLabels":[]}})",
                               R"({"selector":{"matchExpressions":{}}})",
                               R"({"selector":{"matchExpressions":[{"key":5}]}})",
                               R"({"selector":{"matchExpressions":[{"operator":{}}]}})",
                               R"({"selector":{"matchExpressions":[{"values":"a"}]}})"};
  for (const char* spec : specs) {
    const json document = {{"apiVersion", "apps/v1"},
                           {"kind", "Deployment"},
                           {"metadata", {{"name", "d"}}},
                           {"spec", json::parse(spec)}};
    EXPECT_FALSE(decode_object(Kinds(), document).ok()) << spec;
  }
  const json generation = {
      {"apiVersion", "v1"}, {"kind", "Pod"}, {"metadata", {{"generation", 18446744073709551615u}}}};
  EXPECT_FALSE(decode_object(Kinds(), generation).ok());
}

TEST(CodecGolden, RecordedObjectsSurviveARoundTrip) {
  const char* dir = std::getenv("ORRERY_GOLDEN");
  std::ifstream file(std::string(dir ? dir : "../shared/data/golden") + "/api/cases.jsonl");
  if (!file) GTEST_SKIP() << "no recorded answers here; set ORRERY_GOLDEN";
  const Kinds kinds;
  int compared = 0;
  for (std::string line; std::getline(file, line);) {
    const json record = json::parse(line);
    const json& response = record["response"];
    if (!response.is_object() || record["status"] > 201 || response.value("kind", "") == "Status") {
      continue;
    }
    const KindInfo* kind = kinds.find(response.value("apiVersion", ""), response.value("kind", ""));
    if (!kind) continue;
    json want = json::parse(without_tokens(response.dump()));
    const Result<Ref<Object>> object = decode_object(kinds, want);
    ASSERT_TRUE(object.ok()) << record["name"] << ": " << object.status().message();
    json got = encode_object(kinds, **object);
    drop_empty(got);
    drop_empty(want);
    EXPECT_EQ(json::diff(want, got), json::array()) << record["name"];
    ++compared;
  }
  EXPECT_GT(compared, 300);
}

}  // namespace
}  // namespace orrery::api
