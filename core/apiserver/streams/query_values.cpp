#include "core/apiserver/streams/query_values.h"

#include <charconv>

#include "core/api/values/quoted.h"

namespace orrery::apiserver {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<std::string> unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
      if (low < 0) {
        return bad_request("invalid URL escape " + api::quoted(text.substr(i, 3)));
      }
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool equal_fold(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

}  // namespace

Result<QueryValues> QueryValues::parse(std::string_view query) {
  QueryValues out;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query = end == query.npos ? std::string_view() : query.substr(end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    Result<std::string> name = unescape(pair.substr(0, equals));
    if (!name.ok()) return name.status();
    Result<std::string> value =
        unescape(equals == pair.npos ? std::string_view() : pair.substr(equals + 1));
    if (!value.ok()) return value.status();
    out.values_.emplace_back(*std::move(name), *std::move(value));
  }
  return out;
}

const std::string* QueryValues::find(std::string_view name) const {
  for (const auto& [key, value] : values_) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string_view QueryValues::first(std::string_view name) const {
  const std::string* value = find(name);
  return value ? std::string_view(*value) : std::string_view();
}

std::vector<std::string> QueryValues::all(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& [key, value] : values_) {
    if (key == name) out.push_back(value);
  }
  return out;
}

bool QueryValues::flag(std::string_view name) const {
  const std::string* value = find(name);
  return value && *value != "0" && !equal_fold(*value, "false");
}

Result<std::optional<std::int64_t>> QueryValues::number(std::string_view name) const {
  const std::string* value = find(name);
  if (!value) return std::optional<std::int64_t>();
  Result<std::int64_t> parsed = parse_go_int(*value, 64);
  if (!parsed.ok()) return parsed.status();
  return std::optional<std::int64_t>(*parsed);
}

Result<std::int64_t> parse_go_int(std::string_view text, int bits) {
  const std::string prefix = "strconv.ParseInt: parsing " + api::quoted(text) + ": ";
  std::string_view digits = text;
  if (digits.starts_with('+')) {
    digits.remove_prefix(1);
    if (digits.starts_with('-')) return bad_request(prefix + "invalid syntax");
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size() || error == std::errc::invalid_argument) {
    return bad_request(prefix + "invalid syntax");
  }
  const std::int64_t limit = bits == 64 ? INT64_MAX : (std::int64_t{1} << (bits - 1)) - 1;
  if (error == std::errc::result_out_of_range || value > limit || value < -limit - 1) {
    return bad_request(prefix + "value out of range");
  }
  return value;
}

}  // namespace orrery::apiserver
