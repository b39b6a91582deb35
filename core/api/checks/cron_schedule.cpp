#include "core/api/checks/cron_schedule.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <span>
#include <vector>

#include "core/api/values/quoted.h"

namespace orrery::api {
namespace {

using Texts = std::vector<std::string_view>;

struct Bounds {
  int low, high;
  std::span<const std::string_view> names;  // of low, low + 1, ...
};

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kDays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
const std::array<Bounds, 5>& fields() {
  static const std::array<Bounds, 5> kFields{
      {{0, 59, {}}, {0, 23, {}}, {1, 31, {}}, {1, 12, kMonths}, {0, 6, kDays}}};
  return kFields;
}

Texts split(std::string_view text, char separator) {
  Texts out;
  while (true) {
    const std::size_t at = text.find(separator);
    out.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 1);
  }
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

Texts words(std::string_view text) {
  Texts out;
  while (true) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    if (text.empty()) return out;
    std::size_t n = 0;
    while (n < text.size() && !is_space(text[n])) ++n;
    out.push_back(text.substr(0, n));
    text.remove_prefix(n);
  }
}

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// strconv.Atoi, with the parser's words around its error.
std::string parse_number(std::string_view text, std::int64_t& value) {
  std::string_view digits = text;
  if (digits.starts_with('+') && digits.size() > 1 && digits[1] != '-') digits.remove_prefix(1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const std::string shown(text);
  const bool whole = end == digits.data() + digits.size() && !digits.empty();
  if (whole && error == std::errc::result_out_of_range) {
    return "failed to parse int from " + shown + ": strconv.Atoi: parsing " + quoted(text) +
           ": value out of range";
  }
  if (!whole || error != std::errc()) {
    return "failed to parse int from " + shown + ": strconv.Atoi: parsing " + quoted(text) +
           ": invalid syntax";
  }
  if (value < 0) return "negative number (" + std::to_string(value) + ") not allowed: " + shown;
  return {};
}

std::string parse_number_or_name(std::string_view text, const Bounds& bounds, std::int64_t& value) {
  const std::string name = lowered(text);
  for (std::size_t i = 0; i < bounds.names.size(); ++i) {
    if (bounds.names[i] != name) continue;
    value = bounds.low + static_cast<int>(i);
    return {};
  }
  return parse_number(text, value);
}

std::string limits_error(std::int64_t start, std::int64_t end, std::int64_t step,
                         const Bounds& bounds, const std::string& shown) {
  const auto number = [](std::int64_t n) { return "(" + std::to_string(n) + ")"; };
  if (start < bounds.low) {
    return "beginning of range " + number(start) + " below minimum " + number(bounds.low) + ": " +
           shown;
  }
  if (end > bounds.high) {
    return "end of range " + number(end) + " above maximum " + number(bounds.high) + ": " + shown;
  }
  if (start > end) {
    return "beginning of range " + number(start) + " beyond end of range " + number(end) + ": " +
           shown;
  }
  if (step == 0) return "step of range should be a positive number: " + shown;
  return {};
}

// "3", "*/5", "1-10/2", "mon-fri"
std::string range_error(std::string_view text, const Bounds& bounds) {
  const std::string shown(text);
  const Texts range_and_step = split(text, '/');
  const Texts low_and_high = split(range_and_step[0], '-');
  std::int64_t start = bounds.low, end = bounds.high, step = 1;
  std::string error;
  if (low_and_high[0] != "*" && low_and_high[0] != "?") {
    error = parse_number_or_name(low_and_high[0], bounds, start);
    if (!error.empty()) return error;
    if (low_and_high.size() > 2) return "too many hyphens: " + shown;
    end = start;
    if (low_and_high.size() == 2) error = parse_number_or_name(low_and_high[1], bounds, end);
    if (!error.empty()) return error;
  }
  if (range_and_step.size() > 2) return "too many slashes: " + shown;
  if (range_and_step.size() == 2) {
    error = parse_number(range_and_step[1], step);
    if (!error.empty()) return error;
    if (low_and_high.size() == 1) end = bounds.high;
  }
  return limits_error(start, end, step, bounds, shown);
}

std::string field_error(std::string_view field, const Bounds& bounds) {
  for (const std::string_view part : split(field, ',')) {
    if (part.empty()) continue;
    std::string error = range_error(part, bounds);
    if (!error.empty()) return error;
  }
  return {};
}

// time.ParseDuration: "1h30m", "-1.5h", "0".
std::string duration_error(std::string_view text) {
  const std::string invalid = "time: invalid duration " + quoted(text);
  std::string_view rest = text;
  if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return {};
  if (rest.empty()) return invalid;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  while (!rest.empty()) {
    std::size_t digits = 0;
    bool any = false;
    bool point = false;
    for (; digits < rest.size(); ++digits) {
      if (is_digit(rest[digits])) {
        any = true;
      } else if (rest[digits] != '.' || point) {
        break;
      } else {
        point = true;
      }
    }
    if (!any) return invalid;
    rest.remove_prefix(digits);
    std::size_t letters = 0;
    while (letters < rest.size() && rest[letters] != '.' && !is_digit(rest[letters])) ++letters;
    if (letters == 0) return "time: missing unit in duration " + quoted(text);
    const std::string_view unit = rest.substr(0, letters);
    bool known = false;
    for (const char* name : {"ns", "us", "µs", "μs", "ms", "s", "m", "h"}) {
      known = known || unit == name;
    }
    if (!known) return "time: unknown unit " + quoted(unit) + " in duration " + quoted(text);
    rest.remove_prefix(letters);
  }
  return {};
}

std::string descriptor_error(std::string_view text) {
  for (const char* name :
       {"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"}) {
    if (text == name) return {};
  }
  constexpr std::string_view kEvery = "@every ";
  if (!text.starts_with(kEvery)) return "unrecognized descriptor: " + std::string(text);
  const std::string error = duration_error(text.substr(kEvery.size()));
  if (error.empty()) return {};
  return "failed to parse duration " + std::string(text) + ": " + error;
}

}  // namespace

std::string cron_schedule_error(std::string_view schedule) {
  if (schedule.empty()) return "empty spec string";
  if (schedule.starts_with("TZ=") || schedule.starts_with("CRON_TZ=")) {
    const std::size_t space = schedule.find(' ');
    if (space == std::string_view::npos) return "expected a schedule after the time zone";
    schedule.remove_prefix(space);
    while (!schedule.empty() && is_space(schedule.front())) schedule.remove_prefix(1);
  }
  if (schedule.starts_with('@')) return descriptor_error(schedule);
  const Texts given = words(schedule);
  if (given.size() != fields().size()) {
    std::string list;
    for (const std::string_view word : given) list.append(list.empty() ? "" : " ").append(word);
    return "expected exactly 5 fields, found " + std::to_string(given.size()) + ": [" + list + "]";
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    std::string error = field_error(given[i], fields()[i]);
    if (!error.empty()) return error;
  }
  return {};
}

}  // namespace orrery::api
