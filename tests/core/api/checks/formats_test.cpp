#include "core/api/checks/formats.h"

#include <gtest/gtest.h>

#include "core/api/checks/image_name.h"

namespace orrery::api {
namespace {

struct NameCase {
  const char* text;
  bool label, subdomain, qualified;
};

TEST(Formats, TellNamesApart) {
  const NameCase cases[] = {
      {"a", true, true, true},     {"my-name", true, true, true},  {"1abc", true, true, true},
      {"a.b", false, true, true},  {"a..b", false, false, true},   {"A", false, false, true},
      {"-a", false, false, false}, {"a-", false, false, false},    {"", false, false, false},
      {"a_b", false, false, true}, {"x.y/z", false, false, true},  {"x.y/", false, false, false},
      {"/z", false, false, false}, {"a/b/c", false, false, false}, {"a b", false, false, false},
  };
  for (const NameCase& c : cases) {
    EXPECT_EQ(dns_label_messages(c.text).empty(), c.label) << c.text;
    EXPECT_EQ(dns_subdomain_messages(c.text).empty(), c.subdomain) << c.text;
    EXPECT_EQ(qualified_name_messages(c.text).empty(), c.qualified) << c.text;
  }
}

TEST(Formats, HaveAGreatestLength) {
  EXPECT_TRUE(dns_label_messages(std::string(63, 'a')).empty());
  EXPECT_EQ(dns_label_messages(std::string(64, 'a')),
            Messages{"must be no more than 63 characters"});
  EXPECT_EQ(dns_subdomain_messages(std::string(254, 'a')),
            Messages{"must be no more than 253 characters"});
  EXPECT_EQ(label_value_messages(std::string(64, 'a')), Messages{"must be no more than 63 bytes"});
}

TEST(Formats, SayThatALabelHasNoDots) {
  EXPECT_EQ(dns_label_messages("a.b"), Messages{"must not contain dots"});
}

TEST(Formats, MaskTheLastDashOfAGenerateName) {
  EXPECT_TRUE(subdomain_name("web-", true).empty());
  EXPECT_FALSE(subdomain_name("web-", false).empty());
  EXPECT_FALSE(subdomain_name("Web-", true).empty());
  EXPECT_TRUE(label_name("web-", true).empty());
}

TEST(Formats, KnowPortNames) {
  EXPECT_TRUE(port_name_messages("http").empty());
  EXPECT_TRUE(port_name_messages("p-1").empty());
  for (const char* bad : {"", "80", "a--b", "-a", "a-", "A", "abcdefghijklmnop"}) {
    EXPECT_FALSE(port_name_messages(bad).empty()) << bad;
  }
}

TEST(Formats, KnowConfigKeysEnvironmentNamesAndPercents) {
  EXPECT_TRUE(config_key_messages("a.B_c-1").empty());
  EXPECT_EQ(config_key_messages("..").size(), 1u);
  EXPECT_FALSE(config_key_messages("..a").empty());
  EXPECT_TRUE(env_name_messages("my var").empty());
  EXPECT_FALSE(env_name_messages("a=b").empty());
  EXPECT_TRUE(percent_messages("25%").empty());
  EXPECT_FALSE(percent_messages("25").empty());
  EXPECT_FALSE(percent_messages("%").empty());
}

TEST(Formats, ReadIpAddressesOfBothFamilies) {
  EXPECT_TRUE(parse_ip("10.9.8.7").valid);
  EXPECT_FALSE(parse_ip("10.9.8").valid);
  EXPECT_FALSE(parse_ip("10.9.8.256").valid);
  EXPECT_TRUE(parse_ip("2001:db8::1").v6);
  EXPECT_TRUE(parse_ip("::1").loopback());
  EXPECT_TRUE(parse_ip("::").unspecified());
  EXPECT_TRUE(parse_ip("fe80::1").link_local());
  EXPECT_TRUE(parse_ip("127.3.2.1").loopback());
  EXPECT_TRUE(parse_ip("::ffff:10.0.0.1").valid);
  EXPECT_FALSE(parse_ip("::ffff:10.0.0.1").v6);
  EXPECT_FALSE(parse_ip("1:2:3").valid);
  EXPECT_TRUE(is_cidr("10.0.0.0/8"));
  EXPECT_FALSE(is_cidr("10.0.0.0/33"));
  EXPECT_TRUE(is_cidr("2001:db8::/64"));
  EXPECT_FALSE(is_cidr("10.0.0.0"));
}

TEST(ImageTag, IsLatestOnlyWithoutTagAndDigest) {
  EXPECT_EQ(image_tag("nginx"), "latest");
  EXPECT_EQ(image_tag("nginx:1.25"), "1.25");
  EXPECT_EQ(image_tag("registry:5000/team/app"), "latest");
  EXPECT_EQ(image_tag("registry:5000/team/app:v1"), "v1");
  EXPECT_EQ(image_tag("nginx@sha256:0123"), "");
  EXPECT_EQ(image_tag("Bad Image"), "");
  EXPECT_EQ(image_tag(""), "");
}

}  // namespace
}  // namespace orrery::api
