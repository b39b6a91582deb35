#include "core/api/values/int_or_string.h"

#include <gtest/gtest.h>

namespace orrery::api {
namespace {

std::string error_of(std::string_view text) {
  return scaled_value_from_int_or_percent(IntOrString(text), 10, true).status().message();
}

TEST(IntOrString, PassesNumbersThrough) {
  EXPECT_EQ(*scaled_value_from_int_or_percent(IntOrString(7), 100, true), 7);
}

TEST(IntOrString, SaysInUpstreamsWordsWhyATextIsNoPercentage) {
  EXPECT_EQ(error_of("ten"),
            "invalid value for IntOrString: invalid type: string is not a percentage");
  EXPECT_EQ(error_of("a\"b%"),
            "invalid value for IntOrString: invalid value \"a\\\"b%\": strconv.Atoi: parsing "
            "\"a\\\"b\": invalid syntax");
  EXPECT_EQ(error_of("99999999999999999999%"),
            "invalid value for IntOrString: invalid value \"99999999999999999999%\": strconv.Atoi: "
            "parsing \"99999999999999999999\": value out of range");
}

TEST(IntOrString, ParsesWhatFitsInt32AsANumber) {
  EXPECT_EQ(IntOrString::parse("80"), IntOrString(80));
  EXPECT_TRUE(IntOrString::parse("http").is_text());
  EXPECT_TRUE(IntOrString::parse("2147483648").is_text());
  EXPECT_EQ(IntOrString(std::string_view("080")).int_value(), 80);
  EXPECT_EQ(IntOrString(std::string_view("http")).int_value(), 0);
  EXPECT_EQ(IntOrString(-3).to_string(), "-3");
}

}  // namespace
}  // namespace orrery::api
