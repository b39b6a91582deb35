#include "core/api/schema/schema_walk.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace orrery::api {
namespace {

using nlohmann::json;

const ApiTable& table() {
  static const ApiTable built = ApiTable::built_in();
  return built;
}

std::size_t row(const char* name) { return static_cast<std::size_t>(table().find_type(name)); }

std::string error_of(const char* type, const json& value) {
  return decode_error(check_fields(table(), row(type), value));
}

json in_container(json container) {
  return {{"spec", {{"containers", json::array({std::move(container)})}}}};
}

TEST(SchemaWalk, NamesEachUnknownFieldByItsPath) {
  const json pod = {{"metadata", {{"nam", "x"}, {"labels", {{"any", "thing"}}}}},
                    {"spec", {{"containers", {{{"name", "c"}, {"imag", "i"}}}}, {"foo", 1}}}};
  const auto errors = strict_errors(check_fields(table(), row("core/v1.Pod"), pod));
  EXPECT_EQ(errors, (std::vector<std::string>{"unknown field \"metadata.nam\"",
                                              "unknown field \"spec.containers[0].imag\"",
                                              "unknown field \"spec.foo\""}));
  EXPECT_EQ(strict_decoding_error({errors[0], errors[2]}),
            "strict decoding error: unknown field \"metadata.nam\", unknown field \"spec.foo\"");
}

TEST(SchemaWalk, StopsCollectingStrictErrorsAtAHundred) {
  json pod = json::object();
  for (int i = 0; i < 150; ++i) pod["x" + std::to_string(i)] = i;
  EXPECT_EQ(strict_errors(check_fields(table(), row("core/v1.Pod"), pod)).size(), 100u);
}

TEST(SchemaWalk, WordsAWrongTypeAsGoDoes) {
  struct Case {
    const char* type;
    json value;
    const char* message;
  };
  const Case cases[] = {
      {"core/v1.Pod",
       {{"metadata", {{"name", 5}}}},
       "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type "
       "string"},
      {"core/v1.Pod",
       {{"spec", {{"containers", json::object()}}}},
       "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type "
       "[]v1.Container"},
      {"core/v1.Pod", in_container("a"),
       "json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type "
       "v1.Container"},
      {"core/v1.Pod",
       {{"spec", {{"terminationGracePeriodSeconds", 1.5}}}},
       "json: cannot unmarshal number 1.5 into Go struct field "
       "PodSpec.spec.terminationGracePeriodSeconds of type int64"},
      {"core/v1.Pod", in_container({{"ports", {{{"containerPort", 4294967296}}}}}),
       "json: cannot unmarshal number 4294967296 into Go struct field "
       "ContainerPort.spec.containers.ports.containerPort of type int32"},
      {"core/v1.Pod",
       {{"spec", {{"volumes", {{{"name", "v"}, {"fc", {{"lun", "2"}}}}}}}}},
       "json: cannot unmarshal string into Go struct field "
       "FCVolumeSource.spec.volumes.VolumeSource.fc.lun "
       "of type int32"},
      {"core/v1.ConfigMap",
       {{"data", json::array()}},
       "json: cannot unmarshal array into Go struct field ConfigMap.data of type "
       "map[string]string"},
      {"core/v1.ConfigMap",
       {{"data", {{"a", true}}}},
       "json: cannot unmarshal bool into Go struct field ConfigMap.data of type string"},
      {"core/v1.Pod", in_container({{"resources", {{"requests", "x"}}}}),
       "json: cannot unmarshal string into Go struct field "
       "ResourceRequirements.spec.containers.resources.requests of type v1.ResourceList"},
      {"core/v1.Service",
       {{"spec", {{"ports", {{{"targetPort", true}}}}}}},
       "json: cannot unmarshal bool into Go value of type int32"},
      {"core/v1.Pod",
       {{"metadata", {{"creationTimestamp", 5}}}},
       "json: cannot unmarshal number into Go value of type string"},
      {"core/v1.Pod", json::array(), "json: cannot unmarshal array into Go value of type v1.Pod"},
  };
  for (const Case& c : cases) EXPECT_EQ(error_of(c.type, c.value), c.message);
}

TEST(SchemaWalk, AMalformedTextEndsDecodingBeforeAMismatch) {
  const json pod = {{"apiVersion", 1}, {"metadata", {{"creationTimestamp", "yesterday"}}}};
  EXPECT_TRUE(error_of("core/v1.Pod", pod).starts_with("parsing time \"yesterday\""));
}

TEST(SchemaWalk, AcceptsWhatTheRealServerAccepts) {
  EXPECT_EQ(error_of("core/v1.Pod", in_container({{"resources", {{"requests", {{"cpu", 1.5}}}}}})),
            "");
  EXPECT_EQ(error_of("core/v1.Pod", {{"spec", nullptr}}), "");
  EXPECT_EQ(error_of("core/v1.Service", {{"spec", {{"ports", {{{"targetPort", "http"}}}}}}}), "");
  EXPECT_EQ(error_of("apps/v1.ControllerRevision", {{"data", {{"any", json::array({1})}}}}), "");
}

TEST(SchemaWalk, PruningKeepsMapsAndOpaqueValuesWhole) {
  json pod = {{"foo", 1},
              {"metadata",
               {{"labels", {{"x", "y"}}},
                {"bar", 1},
                {"managedFields", {{{"fieldsV1", {{"f:a", json::object()}}}}}}}},
              {"spec", {{"containers", {{{"name", "c"}, {"x", 1}}}}}}};
  prune_unknown(table(), row("core/v1.Pod"), pod);
  const json expected = {
      {"metadata",
       {{"labels", {{"x", "y"}}}, {"managedFields", {{{"fieldsV1", {{"f:a", json::object()}}}}}}}},
      {"spec", {{"containers", {{{"name", "c"}}}}}}};
  EXPECT_EQ(pod, expected);
}

TEST(SchemaWalk, NullIsAbsentInAFieldAndZeroInAListOrMap) {
  json pod = {
      {"metadata", {{"labels", {{"a", nullptr}}}, {"name", nullptr}}},
      {"spec", {{"containers", {{{"command", {nullptr, "x"}}, {"resources", nullptr}}, nullptr}}}}};
  pod["spec"]["overhead"]["cpu"] = nullptr;
  drop_nulls(table(), row("core/v1.Pod"), pod);
  const json expected = {
      {"metadata", {{"labels", {{"a", ""}}}}},
      {"spec",
       {{"containers", {{{"command", {"", "x"}}}, json::object()}}, {"overhead", {{"cpu", "0"}}}}}};
  EXPECT_EQ(pod, expected);
}

TEST(SchemaWalk, ConversionErrorsNameTheKindThatIsThere) {
  const auto row_of = row("apps/v1.Deployment");
  EXPECT_EQ(conversion_error(table(), row_of, {{"spec", {{"replicas", "x"}}}}),
            "unrecognized type: int32");
  EXPECT_EQ(conversion_error(table(), row_of, {{"spec", {{"replicas", 2.0}}}}), "");
  EXPECT_EQ(conversion_error(table(), row_of, {{"spec", 5}}), "cannot restore struct from: int64");
  EXPECT_EQ(conversion_error(table(), row("core/v1.Pod"), {{"spec", {{"containers", "x"}}}}),
            "cannot restore slice from string");
  EXPECT_EQ(conversion_error(table(), row("core/v1.ConfigMap"), {{"data", json::array()}}),
            "cannot restore map from slice");
}

}  // namespace
}  // namespace orrery::api
