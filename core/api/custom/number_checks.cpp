#include "core/api/custom/number_checks.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "core/api/checks/json_view.h"
#include "core/api/schema/go_print.h"

namespace orrery::api {
namespace {

constexpr double kInt64Limit = 9223372036854775808.0;  // 2^63

// The keywords compare integers as integers and everything else as doubles, as upstream does.
struct Number {
  bool is_integer = false;
  std::int64_t integer = 0;
  double real = 0;
};

Number number_of(const Json& value) {
  Number out;
  out.real = value.get<double>();
  const bool too_large = value.is_number_unsigned() &&
                         value.get<std::uint64_t>() >
                             static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  out.is_integer = value.is_number_integer() && !too_large;
  if (out.is_integer) out.integer = value.get<std::int64_t>();
  return out;
}

std::int64_t truncated(double number) {
  if (!(number > -kInt64Limit)) return std::numeric_limits<std::int64_t>::min();
  if (number >= kInt64Limit) return std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(number);
}

// IsValueValidAgainstRange: "" where the number fits type and format.
std::string range_error(const Schema& schema, const Number& number, std::string_view prefix,
                        const std::string& path) {
  if (schema.types.size() != 1) return {};
  const std::string& type = schema.types[0];
  bool fits = true;
  std::string format;
  if (type == "integer") {
    fits = number.is_integer ||
           (std::trunc(number.real) == number.real && std::abs(number.real) < 1e21 &&
            number.real < kInt64Limit && number.real >= -kInt64Limit);
    if (schema.format == "int32" || schema.format == "int64") format = schema.format;
    if (format == "int32") {
      fits = fits && number.real >= std::numeric_limits<std::int32_t>::min() &&
             number.real <= std::numeric_limits<std::int32_t>::max();
    }
  } else if (type == "number") {
    if (schema.format == "float" || schema.format == "double") format = schema.format;
    fits = format != "float" ||
           std::abs(number.real) <= static_cast<double>(std::numeric_limits<float>::max());
  }
  if (fits) return {};
  if (format.empty()) {
    return fmt::format("{} value must be of type {} (default format) in {}", prefix, type, path);
  }
  return fmt::format("{} value must be of type {} with format {} in {}", prefix, type, format,
                     path);
}

class NumberCheck {
 public:
  NumberCheck(const Schema& schema, const Number& number, const std::string& path)
      : schema_(schema), number_(number), path_(path) {}
  std::vector<NumberFault> run() {
    plain(range_error(schema_, number_, "Checked", path_));
    if (schema_.multiple_of) multiple_of(*schema_.multiple_of);
    if (schema_.minimum) bound(*schema_.minimum, "Minimum boundary", false);
    if (schema_.maximum) bound(*schema_.maximum, "Maximum boundary", true);
    return std::move(out_);
  }

 private:
  void plain(std::string text) {
    if (!text.empty()) out_.push_back({std::move(text), false});
  }
  void placed(std::string text) { out_.push_back({std::move(text), true}); }
  static Number limit_of(double limit) {
    Number out;
    out.real = limit;
    return out;
  }
  void multiple_of(double factor);
  void bound(double limit, std::string_view prefix, bool upper);

  const Schema& schema_;
  const Number& number_;
  const std::string& path_;
  std::vector<NumberFault> out_;
};

void NumberCheck::multiple_of(double factor) {
  std::string range = range_error(schema_, limit_of(factor), "MultipleOf", path_);
  const bool as_integer = range.empty() && number_.is_integer;
  plain(std::move(range));
  const double shown = as_integer ? static_cast<double>(truncated(factor)) : factor;
  if (shown <= 0) {
    placed(fmt::format("factor MultipleOf declared for {} must be positive: {}", path_,
                       go_float(shown)));
    return;
  }
  const bool fits = as_integer   ? number_.integer % truncated(factor) == 0
                    : factor < 1 ? is_whole(1 / factor * number_.real)
                                 : is_whole(number_.real / factor);
  if (!fits) placed(fmt::format("{} in body should be a multiple of {}", path_, go_float(shown)));
}

void NumberCheck::bound(double limit, std::string_view prefix, bool upper) {
  std::string range = range_error(schema_, limit_of(limit), prefix, path_);
  const bool as_integer = range.empty() && number_.is_integer;
  plain(std::move(range));
  const bool exclusive = upper ? schema_.exclusive_maximum : schema_.exclusive_minimum;
  int order = 0;  // of the number against the limit
  if (as_integer) {
    const std::int64_t whole = truncated(limit);
    order = number_.integer < whole ? -1 : number_.integer > whole ? 1 : 0;
  } else {
    order = number_.real < limit ? -1 : number_.real > limit ? 1 : 0;
  }
  if (!upper) order = -order;
  if (order < 0 || (order == 0 && !exclusive)) return;
  const std::string shown = as_integer ? std::to_string(truncated(limit)) : go_float(limit);
  const std::string_view relation = upper
                                        ? (exclusive ? "less than" : "less than or equal to")
                                        : (exclusive ? "greater than" : "greater than or equal to");
  placed(fmt::format("{} in body should be {} {}", path_, relation, shown));
}

}  // namespace

bool is_whole(double number) {
  constexpr double kLimit = 9007199254740991.0;  // 2^53 - 1
  constexpr double kEpsilon = 1e-9;
  if (std::isnan(number) || number < -kLimit || number > kLimit) return false;
  const double whole = std::trunc(number);
  if (whole == number) return true;
  if (number == 0 || whole == 0) return false;
  return std::abs(number - whole) / (std::abs(number) + std::abs(whole)) < kEpsilon;
}

std::vector<NumberFault> check_number(const Schema& schema, const Json& value,
                                      const std::string& path) {
  const Number number = number_of(value);
  return NumberCheck(schema, number, path).run();
}

}  // namespace orrery::api
