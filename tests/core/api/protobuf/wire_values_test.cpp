#include "core/api/protobuf/wire_values.h"

#include <gtest/gtest.h>

namespace orrery::api {
namespace {

TEST(Base64, ReadsWhatItWroteForEveryLength) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes);
    bytes += static_cast<char>(i * 37);
  }
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64_encode("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64_decode("Zm9v\nYg=="), "foob");
}

TEST(Base64, RefusesBrokenText) {
  for (const char* text : {"A", "AA", "AAA", "AA=A", "A===", "AAAA=", "AA*=", "AAAA===="}) {
    EXPECT_FALSE(base64_decode(text)) << text;
  }
}

TEST(Timestamp, ReadsOffsetsAndFractions) {
  EXPECT_EQ(parse_timestamp("1970-01-01T01:00:00.5+01:00"), (Timestamp{0, 500'000'000}));
  EXPECT_EQ(parse_timestamp("9999-12-31T23:59:59Z"), (Timestamp{253'402'300'799, 0}));
  EXPECT_EQ(parse_timestamp("0001-01-01T00:00:00Z"), (Timestamp{kZeroTimeSeconds, 0}));
  EXPECT_EQ(parse_timestamp("1969-12-31T23:59:59.000000001Z"), (Timestamp{-1, 1}));
  for (const char* text : {"", "2026-02-29T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00",
                           "2026-01-01T24:00:00Z", "2026-01-01T00:00:00Zx"}) {
    EXPECT_FALSE(parse_timestamp(text)) << text;
  }
}

TEST(Timestamp, PrintsWhatItRead) {
  EXPECT_EQ(format_timestamp({-1, 0}, false), "1969-12-31T23:59:59Z");
  EXPECT_EQ(format_timestamp({0, 1'999}, true), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(format_timestamp({253'402'300'799, 0}, false), "9999-12-31T23:59:59Z");
  EXPECT_FALSE(format_timestamp({253'402'300'800, 0}, false));
  EXPECT_FALSE(format_timestamp({INT64_MIN, 0}, false));
}

}  // namespace
}  // namespace orrery::api
