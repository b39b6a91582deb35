#include "core/api/yaml/yaml_scalar.h"

#include <gtest/gtest.h>

namespace orrery::api {
namespace {

using Kind = YamlScalar::Kind;

TEST(YamlScalar, TakesYesNoOnAndOffForBooleans) {
  for (const char* word : {"yes", "Yes", "on", "ON", "y", "Y", "true", "TRUE"}) {
    EXPECT_EQ(resolve_yaml_scalar(word).kind, Kind::kBool) << word;
    EXPECT_TRUE(resolve_yaml_scalar(word).boolean) << word;
  }
  for (const char* word : {"no", "off", "n", "N", "false"}) {
    EXPECT_EQ(resolve_yaml_scalar(word).kind, Kind::kBool) << word;
    EXPECT_FALSE(resolve_yaml_scalar(word).boolean) << word;
  }
  EXPECT_EQ(resolve_yaml_scalar("yEs").kind, Kind::kText);
}

TEST(YamlScalar, ReadsNumbersInEveryBase) {
  const std::pair<const char*, std::int64_t> kCases[] = {{"0", 0},
                                                         {"-7", -7},
                                                         {"+7", 7},
                                                         {"0644", 420},
                                                         {"0o17", 15},
                                                         {"0x1F", 31},
                                                         {"0b101", 5},
                                                         {"1_000", 1000},
                                                         {"-0x10", -16},
                                                         {"9223372036854775807", INT64_MAX},
                                                         {"-9223372036854775808", INT64_MIN}};
  for (const auto& [text, value] : kCases) {
    EXPECT_EQ(resolve_yaml_scalar(text).kind, Kind::kInt) << text;
    EXPECT_EQ(resolve_yaml_scalar(text).integer, value) << text;
  }
  EXPECT_EQ(resolve_yaml_scalar("18446744073709551615").kind, Kind::kUint);
  EXPECT_EQ(resolve_yaml_scalar("1.5").real, 1.5);
  EXPECT_EQ(resolve_yaml_scalar(".5").real, 0.5);
  EXPECT_EQ(resolve_yaml_scalar("1e3").real, 1000);
}

TEST(YamlScalar, LeavesOtherWordsAsText) {
  for (const char* text :
       {"1.2.3", "10Mi", "08x", "0x", "1:20", "2026-01-01", "-", "+", "e3", "nul"}) {
    EXPECT_EQ(resolve_yaml_scalar(text).kind, Kind::kText) << text;
  }
  for (const char* text : {"", "~", "null", "Null"}) {
    EXPECT_EQ(resolve_yaml_scalar(text).kind, Kind::kNull) << text;
  }
  for (const char* text : {".inf", "-.Inf", ".NaN"}) {
    EXPECT_EQ(resolve_yaml_scalar(text).kind, Kind::kNotFinite) << text;
  }
}

}  // namespace
}  // namespace orrery::api
