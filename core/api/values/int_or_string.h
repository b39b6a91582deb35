// IntOrString: intstr.IntOrString, a port number or port name, a count or a percentage.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/text.h"

namespace orrery::api {

class IntOrString {
 public:
  IntOrString() = default;  // the number 0
  IntOrString(std::int32_t number) : number_(number) {}
  explicit IntOrString(std::string_view text) : text_(text), is_text_(true) {}
  /// intstr.Parse: a number if the text is one that fits, otherwise the text.
  static IntOrString parse(std::string_view text);

  bool is_text() const { return is_text_; }
  /// The text, or "" of a number.
  std::string_view text() const { return text_.view(); }
  /// IntValue: the number, or the one the text spells, or 0.
  std::int64_t int_value() const;
  /// The text, or the number's digits.
  std::string to_string() const;
  bool operator==(const IntOrString&) const = default;

 private:
  Text text_;
  std::int32_t number_ = 0;
  bool is_text_ = false;
};

/// intstr.GetScaledValueFromIntOrPercent: a number as it is, "25%" of `total` rounded up or down.
/// BadRequest with upstream's text for other texts. Results beyond int are cut to int's range.
Result<int> scaled_value_from_int_or_percent(const IntOrString& value, int total, bool round_up);

}  // namespace orrery::api
