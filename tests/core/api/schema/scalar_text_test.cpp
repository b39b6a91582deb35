#include "core/api/schema/scalar_text.h"

#include <gtest/gtest.h>

#include "core/api/schema/json_syntax.h"

namespace orrery::api {
namespace {

TEST(ScalarText, WordsABadTimeAsGoDoes) {
  const std::string layout = "2006-01-02T15:04:05Z07:00";
  const auto cannot = [&](const std::string& text, const std::string& rest,
                          const std::string& element) {
    return "parsing time \"" + text + "\" as \"" + layout + "\": cannot parse \"" + rest +
           "\" as \"" + element + "\"";
  };
  for (const char* good : {"2024-02-29T23:59:59Z", "2024-01-01T00:00:00.123456789Z",
                           "2024-01-01T00:00:00+02:00", "0001-01-01T00:00:00Z"}) {
    EXPECT_EQ(time_text_error(good, false), "") << good;
  }
  EXPECT_EQ(time_text_error("yesterday", false), cannot("yesterday", "yesterday", "2006"));
  EXPECT_EQ(time_text_error("2024-01-01", false), cannot("2024-01-01", "", "T"));
  EXPECT_EQ(time_text_error("2024-01-01T00:00:00", false),
            cannot("2024-01-01T00:00:00", "", "Z07:00"));
  EXPECT_EQ(time_text_error("2024-13-01T00:00:00Z", false),
            "parsing time \"2024-13-01T00:00:00Z\": month out of range");
  EXPECT_EQ(time_text_error("2023-02-29T00:00:00Z", false),
            "parsing time \"2023-02-29T00:00:00Z\": day out of range");
  EXPECT_EQ(time_text_error("2024-01-01T00:00:00Z!", false),
            "parsing time \"2024-01-01T00:00:00Z!\": extra text: \"!\"");
  EXPECT_EQ(time_text_error("2024-01-01T00:00:00.000001Z", true), "");
  EXPECT_EQ(
      time_text_error("x", true),
      "parsing time \"x\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse \"x\" as \"2006\"");
}

TEST(ScalarText, TellsQuantitiesFromOtherTexts) {
  for (const char* good :
       {"0", "1", "-1.5", "100m", "1Gi", "1e3", "1E-2", " 1 ", "12e6", ".5", "1."}) {
    EXPECT_EQ(quantity_text_error(good), "") << good;
  }
  for (const char* bad : {"", " ", "1x", "1GiB", "1gi", "a", "1 Gi", "1..2"}) {
    EXPECT_TRUE(quantity_text_error(bad).starts_with("quantities must match")) << bad;
  }
  for (const char* bad : {"1KiKi", "1e", "1ii", "1mm"}) {
    EXPECT_EQ(quantity_text_error(bad), "unable to parse quantity's suffix") << bad;
  }
}

TEST(ScalarText, NamesTheByteWhereBase64Breaks) {
  for (const char* good : {"", "YQ==", "YWI=", "YWJj", "YW\nJj"})
    EXPECT_EQ(base64_text_error(good), "");
  EXPECT_EQ(base64_text_error("!!"), "illegal base64 data at input byte 0");
  EXPECT_EQ(base64_text_error("YWJj!"), "illegal base64 data at input byte 4");
  EXPECT_EQ(base64_text_error("YQ="), "illegal base64 data at input byte 3");
  EXPECT_EQ(base64_text_error("YQ==YQ=="), "illegal base64 data at input byte 4");
  EXPECT_EQ(base64_text_error("1"), "illegal base64 data at input byte 0");
}

TEST(JsonSyntax, WordsSyntaxErrorsAsGoDoes) {
  struct Case {
    const char* text;
    const char* message;
  };
  const Case cases[] = {
      {"{}", ""},
      {" [1, 2.5e-3, \"\\u00e9\", true, null, {\"a\": []}] ", ""},
      {"", "unexpected end of JSON input"},
      {"{\"a\":1", "unexpected end of JSON input"},
      {"[1,", "unexpected end of JSON input"},
      {"{} x", "invalid character 'x' after top-level value"},
      {"{bad", "invalid character 'b' looking for beginning of object key string"},
      {"{\"a\" 1}", "invalid character '1' after object key"},
      {"{\"a\":1 2}", "invalid character '2' after object key:value pair"},
      {"{\"a\":1,}", "invalid character '}' looking for beginning of object key string"},
      {"[1 2]", "invalid character '2' after array element"},
      {"[1,]", "invalid character ']' looking for beginning of value"},
      {"x", "invalid character 'x' looking for beginning of value"},
      {"nul!", "invalid character '!' in literal null (expecting 'l')"},
      {"-x", "invalid character 'x' in numeric literal"},
      {"1.x", "invalid character 'x' after decimal point in numeric literal"},
      {"1ex", "invalid character 'x' in exponent of numeric literal"},
      {"\"\\q\"", "invalid character 'q' in string escape code"},
      {"\"\\u12x4\"", "invalid character 'x' in \\u hexadecimal character escape"},
      {"\"a\nb\"", "invalid character '\\n' in string literal"},
      {"\"a", "unexpected end of JSON input"},
      {"'a'", "invalid character '\\'' looking for beginning of value"},
  };
  for (const Case& c : cases) EXPECT_EQ(json_syntax_error(c.text), c.message) << c.text;
}

}  // namespace
}  // namespace orrery::api
