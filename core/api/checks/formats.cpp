#include "core/api/checks/formats.h"

#include <algorithm>

#include "core/api/values/label_syntax.h"

namespace orrery::api {
namespace {

constexpr std::size_t kLabelMax = 63;       // RFC 1123, RFC 1035
constexpr std::size_t kSubdomainMax = 253;  // RFC 1123

constexpr char kLabelText[] =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must "
    "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "
    "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
constexpr char kSubdomainText[] =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', "
    "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
    "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr char kUnderscoreText[] =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' "
    "or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
    "for "
    "validation is '[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')";
constexpr char k1035Text[] =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
    "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', "
    "regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
constexpr char kConfigKeyText[] =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name', "
    " "
    "or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

bool lower(char c) { return c >= 'a' && c <= 'z'; }
bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool lower_alnum(char c) { return lower(c) || digit(c); }
bool alnum(char c) { return lower_alnum(c) || upper(c); }

template <class Inner>
bool is_label(std::string_view s, Inner inner) {
  return !s.empty() && lower_alnum(s.front()) && lower_alnum(s.back()) &&
         std::all_of(s.begin(), s.end(), inner);
}
bool label_char(char c) { return lower_alnum(c) || c == '-'; }
bool underscore_label_char(char c) { return label_char(c) || c == '_'; }

template <class Inner>
bool is_subdomain(std::string_view s, Inner inner) {
  while (true) {
    const std::size_t dot = s.find('.');
    if (!is_label(s.substr(0, dot), inner)) return false;
    if (dot == std::string_view::npos) return true;
    s.remove_prefix(dot + 1);
  }
}

bool qualified_char(char c) { return alnum(c) || c == '-' || c == '_' || c == '.'; }

std::string max_characters(std::size_t n) {
  return "must be no more than " + std::to_string(n) + " characters";
}

}  // namespace

std::string range_message(std::int64_t low, std::int64_t high) {
  return "must be between " + std::to_string(low) + " and " + std::to_string(high) + ", inclusive";
}

Messages dns_label_messages(std::string_view value) {
  Messages out;
  if (value.size() > kLabelMax) out.push_back(max_characters(kLabelMax));
  if (!is_label(value, label_char)) {
    out.emplace_back(is_subdomain(value, label_char) ? "must not contain dots" : kLabelText);
  }
  return out;
}

Messages dns_subdomain_messages(std::string_view value) {
  Messages out;
  if (value.size() > kSubdomainMax) out.push_back(max_characters(kSubdomainMax));
  if (!is_subdomain(value, label_char)) out.emplace_back(kSubdomainText);
  return out;
}

Messages dns_subdomain_underscore_messages(std::string_view value) {
  Messages out;
  if (value.size() > kSubdomainMax) out.push_back(max_characters(kSubdomainMax));
  if (!is_subdomain(value, underscore_label_char)) out.emplace_back(kUnderscoreText);
  return out;
}

Messages dns_1035_label_messages(std::string_view value) {
  Messages out;
  if (value.size() > kLabelMax) out.push_back(max_characters(kLabelMax));
  if (!is_label(value, label_char) || !lower(value.front())) out.emplace_back(k1035Text);
  return out;
}

Messages qualified_name_messages(std::string_view value) { return label_key_problems(value); }

Messages label_value_messages(std::string_view value) { return label_value_problems(value); }

Messages config_key_messages(std::string_view value) {
  Messages out;
  if (value.size() > kSubdomainMax) out.push_back(max_characters(kSubdomainMax));
  if (value.empty() || !std::all_of(value.begin(), value.end(), qualified_char)) {
    out.emplace_back(kConfigKeyText);
  }
  if (value == ".") {
    out.emplace_back("must not be '.'");
  } else if (value == "..") {
    out.emplace_back("must not be '..'");
  } else if (value.starts_with("..")) {
    out.emplace_back("must not start with '..'");
  }
  return out;
}

Messages env_name_messages(std::string_view value) {
  Messages out;
  if (value.empty()) out.emplace_back("environment variable name must be non-empty");
  const bool printable = std::all_of(value.begin(), value.end(),
                                     [](char c) { return c >= ' ' && c <= '~' && c != '='; });
  if (!printable) {
    out.emplace_back(
        "a valid environment variable name must consist only of printable ASCII characters other "
        "than '='");
  }
  return out;
}

Messages port_number_messages(std::int64_t port) {
  if (port >= 1 && port <= 65535) return {};
  return {range_message(1, 65535)};
}

Messages port_name_messages(std::string_view value) {
  Messages out;
  if (value.size() > 15) out.push_back(max_characters(15));  // RFC 6335, 5.1
  if (value.empty() || !std::all_of(value.begin(), value.end(), label_char)) {
    out.emplace_back("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (std::none_of(value.begin(), value.end(), lower)) {
    out.emplace_back("must contain at least one letter (a-z)");
  }
  if (value.find("--") != std::string_view::npos) {
    out.emplace_back("must not contain consecutive hyphens");
  }
  if (!value.empty() && (value.front() == '-' || value.back() == '-')) {
    out.emplace_back("must not begin or end with a hyphen");
  }
  return out;
}

Messages http_header_name_messages(std::string_view value) {
  const bool good = !value.empty() && std::all_of(value.begin(), value.end(),
                                                  [](char c) { return alnum(c) || c == '-'; });
  if (good) return {};
  return {
      "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', "
      "regex used for validation is '[-A-Za-z0-9]+')"};
}

Messages percent_messages(std::string_view value) {
  const bool good =
      value.size() > 1 && value.back() == '%' && std::all_of(value.begin(), value.end() - 1, digit);
  if (good) return {};
  return {
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or "
      "'93%', regex used for validation is '[0-9]+%')"};
}

Messages domain_path_messages(std::string_view value) {
  const std::size_t slash = value.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == value.size()) {
    return {"must be a domain-prefixed path (such as \"acme.io/foo\")"};
  }
  Messages out;
  for (const std::string& message : dns_subdomain_messages(value.substr(0, slash))) {
    out.push_back("prefix part " + message);
  }
  return out;
}

// A generateName may end in a dash: upstream checks it with the last dash replaced by a letter.
Messages subdomain_name(std::string_view name, bool prefix) {
  if (prefix && name.size() > 1 && name.back() == '-') {
    return dns_subdomain_messages(std::string(name.substr(0, name.size() - 1)) + "a");
  }
  return dns_subdomain_messages(name);
}

Messages label_name(std::string_view name, bool prefix) {
  if (prefix && name.size() > 1 && name.back() == '-') {
    return dns_label_messages(std::string(name.substr(0, name.size() - 1)) + "a");
  }
  return dns_label_messages(name);
}

Messages path_segment_name(std::string_view name, bool prefix) {
  Messages out;
  if (!prefix && name == ".") out.emplace_back("may not be '.'");
  if (!prefix && name == "..") out.emplace_back("may not be '..'");
  for (const char c : {'/', '%'}) {
    if (name.find(c) != std::string_view::npos) {
      out.push_back(std::string("may not contain '") + c + "'");
    }
  }
  return out;
}

}  // namespace orrery::api
