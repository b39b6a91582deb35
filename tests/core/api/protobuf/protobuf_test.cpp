#include "core/api/protobuf/protobuf.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/api/protobuf/envelope.h"
#include "core/api/protobuf/wire_writer.h"

namespace orrery::api {
namespace {

using nlohmann::json;

class ProtobufCodecTest : public testing::Test {
 protected:
  std::size_t type(std::string_view name) const {
    const int row = table_.find_type(name);
    CHECK(row >= 0);
    return static_cast<std::size_t>(row);
  }
  std::string encode(std::string_view name, const json& document) const {
    return codec_.encode(type(name), document);
  }
  json round(std::string_view name, const json& document) const {
    const auto out = codec_.decode(type(name), encode(name, document));
    EXPECT_TRUE(out.ok()) << out.status().message();
    return out.value_or(json());
  }
  std::string refusal(std::string_view name, std::string_view message) const {
    const auto out = codec_.decode(type(name), message);
    if (out.ok()) return "accepted: " + out->dump();
    EXPECT_EQ(out.status().code(), 400);
    return out.status().message();
  }

  ApiTable table_ = ApiTable::built_in();
  ProtobufCodec codec_{table_};
};

std::string field(std::uint32_t number, std::string_view value) {
  WireWriter out;
  out.bytes_field(number, value);
  return out.take();
}

TEST_F(ProtobufCodecTest, WritesFieldsKeptByValueEvenWhenEmpty) {
  using namespace std::string_literals;
  EXPECT_EQ(encode("core/v1.ServicePort", {{"port", 80}}),
            "\x0a\0\x12\0\x18\x50\x22\x06\x08\0\x10\0\x1a\0\x28\0"s);
}

TEST_F(ProtobufCodecTest, KeepsZerosSetThroughPointers) {
  const json pod = {{"metadata", {{"name", "p"}}},
                    {"spec",
                     {{"automountServiceAccountToken", false},
                      {"hostUsers", false},
                      {"terminationGracePeriodSeconds", 0},
                      {"securityContext", {{"runAsUser", 0}}},
                      {"containers",
                       {{{"name", "c"},
                         {"securityContext", {{"allowPrivilegeEscalation", false}}},
                         {"resources", {{"limits", {{"cpu", "0"}}}}}}}},
                      {"volumes", {{{"name", "v"}, {"emptyDir", json::object()}}}}}}};
  EXPECT_EQ(round("core/v1.Pod", pod), pod);
  EXPECT_EQ(round("apps/v1.DeploymentSpec", {{"replicas", 0}})["replicas"], 0);
}

TEST_F(ProtobufCodecTest, DropsZerosKeptByValueUnlessJsonCarriesThem) {
  EXPECT_EQ(round("core/v1.PodSpec", {{"hostNetwork", false}, {"nodeName", ""}}), json::object());
  EXPECT_EQ(round("core/v1.Pod", {{"status", json::object()}}), json::object());
  EXPECT_EQ(round("scheduling/v1.PriorityClass", {{"globalDefault", false}}), json({{"value", 0}}));
  EXPECT_EQ(round("core/v1.Container", json::object()), json({{"name", ""}}));
}

TEST_F(ProtobufCodecTest, ReadsNegativeNumbersAsTenByteVarints) {
  const json toleration = {{"topologyKey", "z"}, {"weight", -1}};
  const std::string message = encode("core/v1.ContainerPort", {{"containerPort", -1}});
  EXPECT_NE(message.find("\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), std::string::npos);
  EXPECT_EQ(round("core/v1.ContainerPort", {{"containerPort", -1}})["containerPort"], -1);
}

TEST_F(ProtobufCodecTest, WritesTimesAsSecondsAndNanos) {
  const json meta = {{"creationTimestamp", "1970-01-01T00:01:00+00:00"}};
  EXPECT_NE(encode("meta/v1.ObjectMeta", meta).find(std::string("\x42\x04\x08\x3c\x10\x00", 6)),
            std::string::npos);
  EXPECT_EQ(round("meta/v1.ObjectMeta", meta)["creationTimestamp"], "1970-01-01T00:01:00Z");
  EXPECT_EQ(round("coordination/v1.LeaseSpec", {{"renewTime", "2026-01-02T03:04:05.123456Z"}}),
            json({{"renewTime", "2026-01-02T03:04:05.123456Z"}}));
  EXPECT_EQ(round("meta/v1.ObjectMeta", {{"creationTimestamp", "0001-01-01T00:00:00Z"}}),
            json::object());
}

TEST_F(ProtobufCodecTest, CarriesRawJsonAndSchemaUnions) {
  const json revision = {{"data", {{"spec", {{"a", nullptr}}}}}, {"revision", 3}};
  EXPECT_EQ(round("apps/v1.ControllerRevision", revision), revision);
  for (const char* text :
       {R"({"additionalProperties":false})", R"({"additionalProperties":{"type":"string"}})",
        R"({"items":[{"type":"string"}],"enum":["a",1,null],"default":{"x":[]}})",
        R"({"items":{"type":"object","x-kubernetes-preserve-unknown-fields":true}})",
        R"({"dependencies":{"a":["b"],"c":{"type":"string"}},"maximum":1.5,"minimum":0})"}) {
    const json schema = json::parse(text);
    EXPECT_EQ(round("apiextensions/v1.JSONSchemaProps", schema), schema);
  }
}

TEST_F(ProtobufCodecTest, WrapsListsThatGoKeepsAsTypes) {
  const json user = {{"extra", {{"scopes", {"a", "b"}}, {"none", json::array()}}},
                     {"username", "u"}};
  EXPECT_EQ(round("authentication/v1.UserInfo", user), user);
  const std::string resource = encode("meta/v1.APIResource", {{"verbs", {"get", "list"}}});
  EXPECT_NE(resource.find("\x22\x0b\x0a\x03get\x0a\x04list"), std::string::npos);
}

TEST_F(ProtobufCodecTest, ReadsPackedNumbers) {
  const json expected = {{"supplementalGroups", {5, 300}}};
  EXPECT_EQ(codec_.decode(type("core/v1.PodSecurityContext"), "\x22\x03\x05\xac\x02").value(),
            expected);
  EXPECT_EQ(round("core/v1.PodSecurityContext", expected), expected);
}

TEST_F(ProtobufCodecTest, SkipsFieldsOfNewerVersions) {
  const std::string message = field(1, "n") + field(500, "later");
  EXPECT_EQ(codec_.decode(type("core/v1.Container"), message).value(), json({{"name", "n"}}));
}

TEST_F(ProtobufCodecTest, MergesAMessageThatComesTwice) {
  const std::string message = field(1, field(1, "n")) + field(1, field(3, "ns"));
  EXPECT_EQ(codec_.decode(type("core/v1.ConfigMap"), message).value(),
            json({{"metadata", {{"name", "n"}, {"namespace", "ns"}}}}));
}

TEST_F(ProtobufCodecTest, LeavesOutWhatTheTableDoesNotKnow) {
  EXPECT_EQ(round("core/v1.PodSpec", {{"nodeName", 7}, {"fruit", "x"}, {"hostname", nullptr}}),
            json::object());
}

TEST_F(ProtobufCodecTest, NamesTheFieldThatIsMalformed) {
  EXPECT_EQ(refusal("core/v1.Pod", field(2, field(10, "\xff"))),
            "protobuf: spec.nodeName: a string must be UTF-8");
  EXPECT_EQ(refusal("core/v1.Pod", field(2, field(2, "\x0a\x05x"))),
            "protobuf: spec.containers: unexpected EOF or malformed field");
  EXPECT_EQ(refusal("core/v1.Pod", "\x0b"), "protobuf: unexpected EOF or malformed field");
  EXPECT_EQ(refusal("core/v1.Pod", field(2, field(4, "\x08\x01"))),
            "protobuf: spec.terminationGracePeriodSeconds: unexpected EOF or malformed field");
  EXPECT_EQ(refusal("core/v1.ServicePort", field(4, "\x08\x02")),
            "protobuf: targetPort: impossible IntOrString.Type");
  EXPECT_EQ(refusal("apps/v1.ControllerRevision", field(2, field(1, "{"))),
            "protobuf: data: must hold valid JSON");
  EXPECT_EQ(refusal("apps/v1.ControllerRevision", field(2, field(1, std::string(5000, '[')))),
            "protobuf: data: JSON is nested too deeply");
  EXPECT_EQ(refusal("meta/v1.ObjectMeta", field(8, "\x08\xff\xff\xff\xff\xff\xff\xff\x7f")),
            "protobuf: creationTimestamp: a time must be in the years 0000 to 9999");
}

TEST_F(ProtobufCodecTest, RefusesMessagesNestedWithoutEnd) {
  std::string schema, event;
  for (int i = 0; i < 3000; ++i) {
    schema = field(28, schema);                                            // not
    event = field(2, field(1, seal_envelope("v1", "WatchEvent", event)));  // object
  }
  EXPECT_NE(refusal("apiextensions/v1.JSONSchemaProps", schema).find("nested too deeply"),
            std::string::npos);
  EXPECT_NE(refusal("meta/v1.WatchEvent", event).find("nested too deeply"), std::string::npos);
}

TEST_F(ProtobufCodecTest, EncodesDocumentsNestedWithoutEndWithoutCrashing) {
  json schema = json::object();
  for (int i = 0; i < 2000; ++i) schema = json{{"not", std::move(schema)}};
  EXPECT_FALSE(encode("apiextensions/v1.JSONSchemaProps", schema).empty());
}

TEST_F(ProtobufCodecTest, DecodesWholeBodiesByTheirKind) {
  const json options = {{"apiVersion", "apps/v1"},
                        {"kind", "DeleteOptions"},
                        {"gracePeriodSeconds", 0},
                        {"propagationPolicy", "Foreground"}};
  EXPECT_EQ(codec_.decode_body(codec_.encode_body(options).value()).value(), options);
  const json list = {{"apiVersion", "v1"},
                     {"kind", "PodList"},
                     {"metadata", {{"resourceVersion", "7"}}},
                     {"items", {{{"metadata", {{"name", "p"}}}}}}};
  EXPECT_EQ(codec_.decode_body(codec_.encode_body(list).value()).value(), list);
  const json partial = {{"apiVersion", "meta.k8s.io/v1"},
                        {"kind", "PartialObjectMetadataList"},
                        {"metadata", {{"resourceVersion", "7"}}},
                        {"items", {{{"metadata", {{"name", "p"}}}}}}};
  EXPECT_EQ(codec_.decode_body(codec_.encode_body(partial).value()).value(), partial);
  const json status = {{"apiVersion", "v1"},
                       {"kind", "Status"},
                       {"code", 404},
                       {"message", "m"},
                       {"details", {{"name", "x"}}}};
  EXPECT_EQ(codec_.decode_body(codec_.encode_body(status).value()).value(), status);
}

TEST_F(ProtobufCodecTest, TakesTheDefaultKindWhenTheEnvelopeNamesNone) {
  const std::string body = seal_envelope("", "", field(1, field(1, "n")));
  const int config_map = table_.find_type("core/v1.ConfigMap");
  EXPECT_EQ(codec_.decode_body(body, config_map).value(), json({{"metadata", {{"name", "n"}}}}));
  EXPECT_EQ(codec_.decode_body(body).status().code(), 400);
}

TEST_F(ProtobufCodecTest, RefusesKindsWithoutAProtobufForm) {
  EXPECT_EQ(codec_.decode_body(seal_envelope("x.io/v1", "Foo", "")).status().message(),
            "no kind \"Foo\" of version \"x.io/v1\" has a protobuf form: send JSON");
  EXPECT_EQ(codec_.encode_body({{"apiVersion", "x.io/v1"}, {"kind", "Foo"}}).status().code(), 406);
}

TEST(Envelope, RefusesWhatIsNotOne) {
  EXPECT_EQ(open_envelope("").status().code(), 400);
  EXPECT_EQ(open_envelope("{\"kind\":\"Pod\"}").status().message(),
            "provided data does not appear to be a protobuf message, expected prefix "
            "[107 56 115 0]");
  EXPECT_EQ(open_envelope(std::string("k8s\0\x12\x05x", 7)).status().code(), 400);
  EXPECT_EQ(open_envelope(std::string("k8s\0", 4) + field(3, "gzip")).status().code(), 400);
}

TEST(Envelope, ReadsWhatItSealed) {
  const std::string body = seal_envelope("apps/v1", "Deployment", "raw");
  const auto object = open_envelope(body);
  ASSERT_TRUE(object.ok());
  EXPECT_EQ(object->api_version, "apps/v1");
  EXPECT_EQ(object->kind, "Deployment");
  EXPECT_EQ(object->raw, "raw");
}

TEST(Envelope, FramesWatchEventsWithTheirLength) {
  const std::string frame = watch_frame("ADDED", std::string(300, 'x'));
  ASSERT_GT(frame.size(), 4u);
  EXPECT_EQ(frame.substr(0, 4), std::string("\x00\x00\x01\x39", 4));
  EXPECT_EQ(frame.size(), 4u + 0x139);
  EXPECT_EQ(frame.substr(4, 7),
            "\x0a\x05"
            "ADDED");
}

TEST_F(ProtobufCodecTest, OpensTheObjectInAWatchEvent) {
  const json pod = {{"apiVersion", "v1"}, {"kind", "Pod"}, {"metadata", {{"name", "p"}}}};
  const std::string frame = watch_frame("ADDED", codec_.encode_body(pod).value());
  EXPECT_EQ(codec_.decode(type("meta/v1.WatchEvent"), std::string_view(frame).substr(4)).value(),
            json({{"type", "ADDED"}, {"object", pod}}));
}

}  // namespace
}  // namespace orrery::api
