// Formats of names and numbers: upstream's util/validation. Each function returns what is wrong
// with a value, in upstream's words; an empty list (which allocates nothing) says that it is right.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::api {

using Messages = std::vector<std::string>;

/// RFC 1123 label: "my-name".
Messages dns_label_messages(std::string_view value);
/// RFC 1123 subdomain: "example.com".
Messages dns_subdomain_messages(std::string_view value);
/// The same with '_' allowed inside (DNS search paths).
Messages dns_subdomain_underscore_messages(std::string_view value);
/// RFC 1035 label: a label that begins with a letter.
Messages dns_1035_label_messages(std::string_view value);
/// [prefix/]name, the form of label keys.
Messages qualified_name_messages(std::string_view value);
Messages label_value_messages(std::string_view value);
/// Keys of ConfigMaps and Secrets.
Messages config_key_messages(std::string_view value);
/// Environment variable names, the relaxed form: printable ASCII but '='.
Messages env_name_messages(std::string_view value);
Messages port_number_messages(std::int64_t port);
/// IANA service names, as container port names.
Messages port_name_messages(std::string_view value);
Messages http_header_name_messages(std::string_view value);
Messages percent_messages(std::string_view value);
/// "acme.io/foo"
Messages domain_path_messages(std::string_view value);
/// "must be between LOW and HIGH, inclusive"
std::string range_message(std::int64_t low, std::int64_t high);

/// Names of API objects: `prefix` = a generateName, whose trailing dash is masked.
using NameFormat = Messages (*)(std::string_view name, bool prefix);
Messages subdomain_name(std::string_view name, bool prefix);
Messages label_name(std::string_view name, bool prefix);
/// "may not be '.'", '..', '/' and '%' (names that only must fit into a URL).
Messages path_segment_name(std::string_view name, bool prefix);

/// An IP address as Go's net package reads it (leading zeros of IPv4 parts are dropped).
struct IpAddress {
  bool valid = false;
  bool v6 = false;
  unsigned char bytes[16] = {};
  bool unspecified() const;
  bool loopback() const;
  bool link_local() const;
  bool link_local_multicast() const;
};
IpAddress parse_ip(std::string_view text);
bool is_cidr(std::string_view text);

}  // namespace orrery::api
