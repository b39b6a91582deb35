#include "core/api/values/int_or_string.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/api/values/quoted.h"

namespace orrery::api {
namespace {

struct Atoi {
  std::int64_t value;
  const char* problem;  // strconv's word, or null
};

/// strconv.Atoi: an optional sign and digits.
Atoi atoi(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return {0, "invalid syntax"};
  }
  std::string signed_text(negative ? "-" : "");
  signed_text += text;
  std::int64_t value = 0;
  const auto result =
      std::from_chars(signed_text.data(), signed_text.data() + signed_text.size(), value);
  if (result.ec != std::errc{}) return {negative ? INT64_MIN : INT64_MAX, "value out of range"};
  return {value, nullptr};
}

}  // namespace

IntOrString IntOrString::parse(std::string_view text) {
  const Atoi number = atoi(text);
  if (number.problem || number.value > INT32_MAX || number.value < INT32_MIN) {
    return IntOrString(text);
  }
  return IntOrString(static_cast<std::int32_t>(number.value));
}

std::int64_t IntOrString::int_value() const { return is_text_ ? atoi(text()).value : number_; }

std::string IntOrString::to_string() const {
  return is_text_ ? std::string(text()) : std::to_string(number_);
}

Result<int> scaled_value_from_int_or_percent(const IntOrString& value, int total, bool round_up) {
  if (!value.is_text()) return static_cast<int>(value.int_value());
  std::string_view text = value.text();
  if (!text.ends_with('%')) {
    return bad_request("invalid value for IntOrString: invalid type: string is not a percentage");
  }
  text.remove_suffix(1);
  const Atoi percent = atoi(text);
  if (percent.problem) {
    return bad_request(
        fmt::format("invalid value for IntOrString: invalid value {}: strconv.Atoi: parsing {}: {}",
                    quoted(value.text()), quoted(text), percent.problem));
  }
  const double exact = static_cast<double>(percent.value) * static_cast<double>(total) / 100;
  const double rounded = round_up ? std::ceil(exact) : std::floor(exact);
  return static_cast<int>(
      std::clamp(rounded, static_cast<double>(INT32_MIN), static_cast<double>(INT32_MAX)));
}

}  // namespace orrery::api
