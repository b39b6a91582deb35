#include "core/api/schema/document.h"

#include <gtest/gtest.h>

#include "core/api/schema/json_syntax.h"

namespace orrery::api {
namespace {

using nlohmann::json;

const ApiTable& table() {
  static const ApiTable built = ApiTable::built_in();
  return built;
}

Result<DecodedObject> decode_pod(std::string_view text, FieldValidation validation) {
  return decode_object(table(), static_cast<std::size_t>(table().find_type("core/v1.Pod")), text,
                       validation);
}

TEST(Document, ListsDuplicateKeysWithTheirPathsAndKeepsTheLast) {
  const auto parsed = parse_document(R"({"a":1,"l":[{"x":1},{"x":1,"x":2}],"a":3})");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->value, (json{{"a", 3}, {"l", {{{"x", 1}}, {{"x", 2}}}}}));
  ASSERT_EQ(parsed->duplicates.size(), 2u);
  EXPECT_EQ(to_string(parsed->duplicates[0]), "l[1].x");
  EXPECT_EQ(to_string(parsed->duplicates[1]), "a");
}

TEST(Document, ReportsStrictErrorsInTheOrderOfTheText) {
  const char* text = R"({"zeta":1,"metadata":{"name":"a","name":"b"},)"
                     R"("spec":{"x":1,"containers":[{"b":1,"a":1}]},"alpha":2})";
  const auto decoded = decode_pod(text, FieldValidation::kStrict);
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(
      decoded.status().message(),
      "Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown field "
      "\"zeta\", duplicate field \"metadata.name\", unknown field \"spec.x\", unknown field "
      "\"spec.containers[0].b\", unknown field \"spec.containers[0].a\", unknown field \"alpha\"");
  EXPECT_EQ(decoded.status().reason(), Reason::kBadRequest);
}

TEST(Document, DuplicatesInsideUnknownFieldsAreNotReported) {
  const auto decoded = decode_pod(R"({"x":{"a":1,"a":2},"metadata":{"labels":{"l":"1","l":"2"}}})",
                                  FieldValidation::kWarn);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->warnings, (std::vector<std::string>{"unknown field \"x\"",
                                                         "duplicate field \"metadata.labels.l\""}));
  EXPECT_EQ(decoded->value, (json{{"metadata", {{"labels", {{"l", "2"}}}}}}));
}

TEST(Document, IgnoreGivesNoWarnings) {
  const auto decoded = decode_pod(R"({"x":1,"x":2})", FieldValidation::kIgnore);
  ASSERT_TRUE(decoded.ok());
  EXPECT_TRUE(decoded->warnings.empty());
}

TEST(Document, QuotesANumberAsItWasWritten) {
  const auto decoded =
      decode_pod(R"({"spec":{"terminationGracePeriodSeconds":1e3}})", FieldValidation::kWarn);
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(
      decoded.status().message(),
      "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal number 1e3 into Go "
      "struct field PodSpec.spec.terminationGracePeriodSeconds of type int64");
}

TEST(Document, ReportsTheFirstMismatchOfTheText) {
  const auto decoded =
      decode_pod(R"({"spec":{"hostNetwork":"x"},"metadata":{"name":1}})", FieldValidation::kStrict);
  ASSERT_FALSE(decoded.ok());
  EXPECT_NE(decoded.status().message().find("PodSpec.spec.hostNetwork"), std::string::npos);
}

TEST(Document, ShowsTheStartOfABodyThatIsNotJson) {
  EXPECT_EQ(
      decode_pod("", FieldValidation::kStrict).status().message(),
      "the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json "
      "parse error: unexpected end of JSON input (<empty>)");
  EXPECT_EQ(
      decode_pod("k8s", FieldValidation::kStrict).status().message(),
      "the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json "
      "parse error: invalid character 'k' looking for beginning of value (6b3873)");
}

TEST(Document, RefusesWhatIsNestedTooDeep) {
  const std::string deep =
      std::string(kJsonDepthMax + 1, '[') + std::string(kJsonDepthMax + 1, ']');
  const auto parsed = parse_document(deep);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.status().message(), "exceeded max depth");
}

}  // namespace
}  // namespace orrery::api
