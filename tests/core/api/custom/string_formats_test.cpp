#include "core/api/custom/string_formats.h"

#include <gtest/gtest.h>

namespace orrery::api {
namespace {

struct FormatCase {
  const char* format;
  const char* text;
  bool matches;
};

TEST(StringFormats, AcceptWhatKubeOpenapiAccepts) {
  const FormatCase cases[] = {
      {"date-time", "2026-11-23T04:13:40Z", true},
      {"date-time", "2026-11-23t04:13:40.5+01:00", true},
      {"date-time", "2026-02-30T04:13:40Z", false},
      {"date-time", "2026-11-23T24:13:40Z", false},
      {"date-time", "x", false},
      {"date", "2024-02-29", true},
      {"date", "2023-02-29", false},
      {"ipv4", "10.0.0.1", true},
      {"ipv4", "::1", false},
      {"ipv6", "fe80::1", true},
      {"ipv6", "10.0.0.1", false},
      {"cidr", "10.0.0.0/8", true},
      {"cidr", "10.0.0.0", false},
      {"uuid", "7b1c2d3e-0000-4000-8000-00000000ABCD", true},
      {"uuid4", "7b1c2d3e-0000-1000-8000-00000000abcd", false},
      {"email", "a.b@example.com", true},
      {"email", "Ann <a@example.com>", true},
      {"email", "a@", false},
      {"hostname", "node-1.example.com", true},
      {"hostname", "-x", false},
      {"uri", "https://example.com/x?y=1", true},
      {"uri", "/path", true},
      {"uri", "path", false},
      {"mac", "01:23:45:67:89:ab", true},
      {"mac", "01:23:45:67:89", false},
      {"byte", "aGk=", true},
      {"byte", "a", false},
      {"duration", "1h30m", true},
      {"duration", "5 minutes", true},
      {"duration", "soon", false},
      {"isbn10", "0321751043", true},
      {"isbn13", "978-0321751041", true},
      {"isbn", "978-0321751042", false},
      {"creditcard", "4111 1111 1111 1111", true},
      {"creditcard", "4111 1111 1111 1112", false},
      {"ssn", "111-22-3333", true},
      {"hexcolor", "#fff", true},
      {"rgbcolor", "rgb(1, 2,255)", true},
      {"rgbcolor", "rgb(1,2,256)", false},
      {"password", "anything", true},
      {"bsonobjectid", "507f1f77bcf86cd799439011", true},
      {"k8s-short-name", "a-b", true},
      {"k8s-short-name", "A", false},
      {"k8s-long-name", "a.b-c", true},
      {"no-such-format", "whatever", true},
  };
  for (const FormatCase& c : cases) {
    EXPECT_EQ(matches_format(c.format, c.text), c.matches) << c.format << ": " << c.text;
  }
}

TEST(StringFormats, AreSupportedByType) {
  EXPECT_TRUE(is_supported_format("string", "date-time"));
  EXPECT_TRUE(is_supported_format("", "ipv4"));
  EXPECT_FALSE(is_supported_format("string", "int32"));
  EXPECT_TRUE(is_supported_format("integer", "int64"));
  EXPECT_TRUE(is_supported_format("number", "double"));
  EXPECT_FALSE(is_supported_format("object", "date"));
}

}  // namespace
}  // namespace orrery::api
