#include "core/api/custom/string_formats.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/api/checks/formats.h"
#include "core/api/custom/regular_expression.h"
#include "core/base/time.h"

namespace orrery::api {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A pattern as a template argument: each is compiled once.
template <std::size_t kSize>
struct Literal {
  // NOLINTNEXTLINE: implicit, so that fits<"..."> reads well
  constexpr Literal(const char (&text)[kSize]) { std::copy_n(text, kSize, chars); }
  char chars[kSize] = {};
};

template <Literal kPattern>
bool fits(std::string_view text) {
  static const RegularExpression kCompiled = [] {
    Result<RegularExpression> made = RegularExpression::compile(kPattern.chars);
    CHECK(made.ok());
    return std::move(made).value();
  }();
  return kCompiled.matches(text);
}

std::string without(std::string_view text, std::string_view dropped) {
  std::string out;
  for (const char c : text) {
    if (dropped.find(c) == std::string_view::npos) out.push_back(c);
  }
  return out;
}

bool is_date(std::string_view text) {
  if (!fits<"^[0-9]{4}-[0-9]{2}-[0-9]{2}$">(text)) return false;
  const auto number = [&](std::size_t at, std::size_t size) {
    int out = 0;
    for (const char c : text.substr(at, size)) out = out * 10 + (c - '0');
    return out;
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (month < 1 || month > 12 || day < 1) return false;
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

bool is_date_time(std::string_view text) {
  const std::size_t t = text.find_first_of("tT");
  if (t == std::string_view::npos || !is_date(text.substr(0, t))) return false;
  const std::string_view clock = text.substr(t + 1);
  if (!fits<"^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?([zZ]|([+-][0-9]{2}:[0-9]{2}))$">(clock)) {
    return false;
  }
  return clock.substr(0, 2) <= "23" && clock.substr(3, 2) <= "59" && clock.substr(6, 2) <= "59";
}

// Go's ParseDuration, or Scala's "5 minutes".
bool is_duration(std::string_view text) {
  if (parse_duration(text).ok()) return true;
  return fits<
      "(?i)[0-9]+\\s*(ns|nano[a-z]*|us|µs|micro[a-z]*|ms|milli[a-z]*|s|sec[a-z]*|m|min[a-z]*|h|hr|"
      "hour[a-z]*|d|day[a-z]*|w|wk|week[a-z]*)([^A-Za-zµ]|$)">(text);
}

bool is_email(std::string_view text) {
  if (text.ends_with('>')) {
    const std::size_t open = text.rfind('<');
    if (open == std::string_view::npos) return false;
    text = text.substr(open + 1, text.size() - open - 2);
  }
  return fits<
      "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
      "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$">(text);
}

// url.ParseRequestURI: an absolute URI or an absolute path.
bool is_uri(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    if (!fits<"^%[0-9a-fA-F]{2}">(text.substr(at, 3))) return false;
  }
  if (text.starts_with('/')) return true;
  return fits<"^[A-Za-z][A-Za-z0-9+.-]*:">(text) && text.find(' ') == std::string_view::npos;
}

bool is_hostname(std::string_view text) {
  if (text.size() > 255) return false;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t dot = rest.find('.');
    if (rest.substr(0, dot).size() > 63) return false;
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
  }
  return fits<
      "^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)|"
      "([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}"
      "([a-zA-Z\\p{L}]){2,63})$">(text);
}

bool is_isbn10(std::string_view text) {
  const std::string digits = without(text, " -");
  if (!fits<"^(?:[0-9]{9}X|[0-9]{10})$">(digits)) return false;
  int sum = 0;
  for (int i = 0; i < 10; ++i) {
    const char c = digits[static_cast<std::size_t>(i)];
    sum += (i + 1) * (c == 'X' ? 10 : c - '0');
  }
  return sum % 11 == 0;
}

bool is_isbn13(std::string_view text) {
  const std::string digits = without(text, " -");
  if (!fits<"^[0-9]{13}$">(digits)) return false;
  int sum = 0;
  for (std::size_t i = 0; i < 13; ++i) sum += (i % 2 == 0 ? 1 : 3) * (digits[i] - '0');
  return sum % 10 == 0;
}

bool is_credit_card(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (is_digit(c)) digits.push_back(c);
  }
  if (!fits<"^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|"
            "3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\\d{3})\\d{11})$">(
          digits)) {
    return false;
  }
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {  // Luhn, from the right
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

bool is_rgb_color(std::string_view text) {
  return fits<
      "^rgb\\(\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*,"
      "\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*,"
      "\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*\\)$">(text);
}

// net.ParseMAC: 6, 8 or 20 bytes with ':' or '-' between bytes or '.' between pairs.
bool is_mac(std::string_view text) {
  return fits<
             "^[0-9a-fA-F]{2}((:[0-9a-fA-F]{2}){5}|(:[0-9a-fA-F]{2}){7}|(:[0-9a-fA-F]{2}){19}|"
             "(-[0-9a-fA-F]{2}){5}|(-[0-9a-fA-F]{2}){7}|(-[0-9a-fA-F]{2}){19})$">(text) ||
         fits<
             "^[0-9a-fA-F]{4}((\\.[0-9a-fA-F]{4}){2}|(\\.[0-9a-fA-F]{4}){3}|"
             "(\\.[0-9a-fA-F]{4}){9})$">(text);
}

bool is_base64(std::string_view text) {
  return fits<"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$">(
      text);
}

bool is_uuid(std::string_view text) {
  return fits<"(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$">(text);
}
bool is_uuid3(std::string_view text) {
  return fits<"(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$">(text);
}
bool is_uuid4(std::string_view text) {
  return fits<"(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$">(
      text);
}
bool is_uuid5(std::string_view text) {
  return fits<"(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$">(
      text);
}

bool is_short_name(std::string_view text) {
  return text.size() <= 63 && fits<"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$">(text);
}
bool is_long_name(std::string_view text) {
  return text.size() <= 253 &&
         fits<"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$">(text);
}

struct Format {
  std::string_view name;  // without '-', as upstream normalises it
  bool (*matches)(std::string_view text);
};

const std::vector<Format>& formats() {
  using Text = std::string_view;
  static const std::vector<Format> kFormats{
      {"bsonobjectid", [](Text t) { return fits<"^[0-9a-fA-F]{24}$">(t); }},
      {"uri", is_uri},
      {"email", is_email},
      {"hostname", is_hostname},
      {"ipv4", [](Text t) { return parse_ip(t).valid && t.find('.') != Text::npos; }},
      {"ipv6", [](Text t) { return parse_ip(t).valid && t.find(':') != Text::npos; }},
      {"cidr", is_cidr},
      {"mac", is_mac},
      {"uuid", is_uuid},
      {"uuid3", is_uuid3},
      {"uuid4", is_uuid4},
      {"uuid5", is_uuid5},
      {"isbn", [](Text t) { return is_isbn10(t) || is_isbn13(t); }},
      {"isbn10", is_isbn10},
      {"isbn13", is_isbn13},
      {"creditcard", is_credit_card},
      {"ssn", [](Text t) { return fits<"^\\d{3}[- ]?\\d{2}[- ]?\\d{4}$">(t); }},
      {"hexcolor", [](Text t) { return fits<"^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$">(t); }},
      {"rgbcolor", is_rgb_color},
      {"byte", is_base64},
      {"password", [](Text) { return true; }},
      {"date", is_date},
      {"duration", is_duration},
      {"datetime", is_date_time},
      {"k8sshortname", is_short_name},
      {"k8slongname", is_long_name},
  };
  return kFormats;
}

const Format* find_format(std::string_view name) {
  const std::string plain = without(name, "-");
  for (const Format& format : formats()) {
    if (format.name == plain) return &format;
  }
  return nullptr;
}

}  // namespace

bool is_text_format(std::string_view format) { return find_format(format) != nullptr; }

bool is_supported_format(std::string_view type, std::string_view format) {
  if (type.empty() || type == "string") return is_text_format(format);
  if (type == "integer") return format == "int32" || format == "int64";
  if (type == "number") return format == "float" || format == "double";
  return false;
}

bool matches_format(std::string_view format, std::string_view text) {
  const Format* found = find_format(format);
  return found == nullptr || found->matches(text);
}

}  // namespace orrery::api
