#include "core/api/values/label_syntax.h"

#include <algorithm>

namespace orrery::api {
namespace {

constexpr std::size_t kLabelMax = 63;
constexpr std::size_t kSubdomainMax = 253;

constexpr const char* kNameProblem =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    "validation "
    "is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
constexpr const char* kValueProblem =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or "
    "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
constexpr const char* kSubdomainProblem =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', "
    "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
    "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_alphanumeric(char c) { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z'); }

bool is_name(std::string_view text) {
  return !text.empty() && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

bool is_subdomain(std::string_view text) {
  while (true) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    const std::string_view label = text.substr(0, dot);
    if (label.empty() || !is_lower_or_digit(label.front()) || !is_lower_or_digit(label.back()) ||
        !std::all_of(label.begin(), label.end(),
                     [](char c) { return is_lower_or_digit(c) || c == '-'; })) {
      return false;
    }
    if (dot == text.size()) return true;
    text.remove_prefix(dot + 1);
  }
}

std::string too_long(std::size_t limit) {
  return "must be no more than " + std::to_string(limit) + " bytes";
}

}  // namespace

std::vector<std::string> dns1123_subdomain_problems(std::string_view text) {
  std::vector<std::string> out;
  if (text.size() > kSubdomainMax) out.push_back(too_long(kSubdomainMax));
  if (!is_subdomain(text)) out.push_back(kSubdomainProblem);
  return out;
}

std::vector<std::string> label_value_problems(std::string_view value) {
  std::vector<std::string> out;
  if (value.size() > kLabelMax) out.push_back(too_long(kLabelMax));
  if (!value.empty() && !is_name(value)) out.push_back(kValueProblem);
  return out;
}

std::vector<std::string> label_key_problems(std::string_view key) {
  std::vector<std::string> out;
  const auto slashes = std::count(key.begin(), key.end(), '/');
  if (slashes > 1) {
    return {std::string("a valid label key ") + kNameProblem +
            " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"};
  }
  if (slashes == 1) {
    const std::string_view prefix = key.substr(0, key.find('/'));
    key.remove_prefix(prefix.size() + 1);
    if (prefix.empty()) {
      out.push_back("prefix part must be non-empty");
    } else {
      for (const std::string& p : dns1123_subdomain_problems(prefix)) {
        out.push_back("prefix part " + p);
      }
    }
  }
  if (key.empty()) {
    out.push_back("name part must be non-empty");
  } else if (key.size() > kLabelMax) {
    out.push_back("name part " + too_long(kLabelMax));
  }
  if (!is_name(key)) out.push_back(std::string("name part ") + kNameProblem);
  return out;
}

}  // namespace orrery::api
