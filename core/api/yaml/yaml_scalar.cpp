#include "core/api/yaml/yaml_scalar.h"

#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <string>

namespace orrery::api {
namespace {

constexpr std::array<std::string_view, 11> kTrue{"y",    "Y",    "yes", "Yes", "YES", "true",
                                                 "True", "TRUE", "on",  "On",  "ON"};
constexpr std::array<std::string_view, 11> kFalse{"n",     "N",     "no",  "No",  "NO", "false",
                                                  "False", "FALSE", "off", "Off", "OFF"};
constexpr std::array<std::string_view, 12> kNotFinite{".inf",  ".Inf",  ".INF",  "+.inf",
                                                      "+.Inf", "+.INF", "-.inf", "-.Inf",
                                                      "-.INF", ".nan",  ".NaN",  ".NAN"};
constexpr std::array<std::string_view, 5> kNull{"", "~", "null", "Null", "NULL"};

template <std::size_t N>
bool has(const std::array<std::string_view, N>& words, std::string_view word) {
  for (const std::string_view w : words) {
    if (w == word) return true;
  }
  return false;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Magnitude {
  bool negative = false;
  std::uint64_t value = 0;
};

// Go's strconv.ParseInt with base 0: 0x, 0o, 0b and a leading zero name the base.
std::optional<Magnitude> read_integer(std::string_view plain) {
  Magnitude out;
  if (plain.front() == '+' || plain.front() == '-') {
    out.negative = plain.front() == '-';
    plain.remove_prefix(1);
  }
  int base = 10;
  if (plain.size() > 1 && plain[0] == '0') {
    const char mark = plain[1];
    base = mark == 'x' || mark == 'X' ? 16 : mark == 'b' || mark == 'B' ? 2 : 8;
    plain.remove_prefix(is_digit(mark) ? 1 : 2);
    if (base == 8 && !is_digit(mark) && mark != 'o' && mark != 'O') return std::nullopt;
  }
  if (plain.empty()) return std::nullopt;
  const char* last = plain.data() + plain.size();
  const auto r = std::from_chars(plain.data(), last, out.value, base);
  if (r.ec != std::errc() || r.ptr != last) return std::nullopt;
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (out.negative && out.value > kMost + 1) return std::nullopt;
  return out;
}

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// ^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$
bool is_float(std::string_view text) {
  std::size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const std::size_t whole = skip_digits(text, at);
  const bool has_whole = whole > at;
  at = whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = skip_digits(text, at + 1);
    if (!has_whole && fraction == at + 1) return false;
    at = fraction;
  } else if (!has_whole) {
    return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    const std::size_t exponent = skip_digits(text, at);
    if (exponent == at) return false;
    at = exponent;
  }
  return at == text.size();
}

std::optional<YamlScalar> read_number(std::string_view scalar) {
  using Kind = YamlScalar::Kind;
  const char first = scalar.front();
  if (!is_digit(first) && first != '+' && first != '-' && first != '.') return std::nullopt;
  std::string plain;
  for (const char c : scalar) {
    if (c != '_') plain += c;
  }
  if (plain.empty()) return std::nullopt;
  if (const auto magnitude = read_integer(plain)) {
    const bool past_signed = !magnitude->negative && magnitude->value >> 63 != 0;
    return YamlScalar{.kind = past_signed ? Kind::kUint : Kind::kInt,
                      .integer = static_cast<std::int64_t>(
                          magnitude->negative ? ~magnitude->value + 1 : magnitude->value)};
  }
  if (!is_float(plain)) return std::nullopt;
  if (plain.front() == '+') plain.erase(0, 1);
  YamlScalar out{.kind = Kind::kReal};
  const auto r = std::from_chars(plain.data(), plain.data() + plain.size(), out.real);
  if (r.ec != std::errc()) return std::nullopt;
  return out;
}

}  // namespace

YamlScalar resolve_yaml_scalar(std::string_view scalar) {
  using Kind = YamlScalar::Kind;
  if (has(kNull, scalar)) return {.kind = Kind::kNull};
  if (has(kTrue, scalar)) return {.kind = Kind::kBool, .boolean = true};
  if (has(kFalse, scalar)) return {.kind = Kind::kBool};
  if (has(kNotFinite, scalar)) return {.kind = Kind::kNotFinite};
  return read_number(scalar).value_or(YamlScalar{});
}

}  // namespace orrery::api
