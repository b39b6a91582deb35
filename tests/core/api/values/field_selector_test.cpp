#include "core/api/values/field_selector.h"

#include <gtest/gtest.h>

namespace orrery::api {
namespace {

std::optional<std::string> pod_field(std::string_view field) {
  if (field == "spec.nodeName") return "n0";
  if (field == "metadata.name") return "web,0";
  return std::nullopt;
}

bool matches(std::string_view text) { return FieldSelector::parse(text)->matches(pod_field); }

TEST(FieldSelector, AsksForEqualAndForOtherValues) {
  EXPECT_TRUE(matches(""));
  EXPECT_TRUE(matches("spec.nodeName=n0"));
  EXPECT_TRUE(matches("spec.nodeName==n0,metadata.name=web\\,0"));
  EXPECT_FALSE(matches("spec.nodeName=n1"));
  EXPECT_FALSE(matches("spec.nodeName!=n0"));
  EXPECT_TRUE(matches("spec.nodeName!=n1"));
}

TEST(FieldSelector, ReadsAnAbsentFieldAsEmpty) {
  EXPECT_TRUE(matches("status.phase="));
  EXPECT_FALSE(matches("status.phase=Running"));
  EXPECT_TRUE(matches("status.phase!=Running"));
}

TEST(FieldSelector, OrdersTermsAndEscapesValuesInItsText) {
  EXPECT_EQ(FieldSelector::parse("b!=2,,a==x\\=y")->to_string(), "a=x\\=y,b!=2");
  EXPECT_EQ(*FieldSelector::parse("b=2,a=1")->required_value("b"), "2");
  EXPECT_EQ(FieldSelector::parse("b!=2")->required_value("b"), nullptr);
}

TEST(FieldSelector, SaysInUpstreamsWordsWhatIsWrong) {
  const auto error = [](std::string_view text) {
    return FieldSelector::parse(text).status().message();
  };
  EXPECT_EQ(error("metadata.name"),
            "invalid selector: 'metadata.name'; can't understand 'metadata.name'");
  EXPECT_EQ(error("a=b=c"), "invalid field selector: unescaped character in value: 61");
  EXPECT_EQ(error("a=\\q"), "invalid field selector: invalid escape sequence: \\q");
  EXPECT_EQ(error("a=\\"), "invalid field selector: invalid escape sequence: \\");
}

}  // namespace
}  // namespace orrery::api
