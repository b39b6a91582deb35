#include "core/base/time.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

namespace orrery {
namespace {

// Whole years that 64 bits of nanoseconds can hold.
constexpr int kYearMin = 1678;
constexpr int kYearMax = 2261;

struct Civil {
  int year;
  unsigned month, day;
  int hour, minute, second;
  int nanos;
};

Civil civil_of(Time t) {
  using namespace std::chrono;
  const auto since = t.time_since_epoch();
  const auto day_count = floor<days>(since);
  const year_month_day ymd{sys_days{day_count}};
  const auto rest = since - day_count;
  const auto whole = duration_cast<std::chrono::seconds>(rest);
  const auto s = static_cast<int>(whole.count());
  return {int(ymd.year()),
          unsigned(ymd.month()),
          unsigned(ymd.day()),
          s / 3600,
          s / 60 % 60,
          s % 60,
          static_cast<int>((rest - whole).count())};
}

bool read_digits(std::string_view text, std::size_t at, std::size_t count, int& out) {
  if (at + count > text.size()) return false;
  const auto* first = text.data() + at;
  const auto r = std::from_chars(first, first + count, out);
  return r.ec == std::errc() && r.ptr == first + count && *first != '-';
}

Status bad_time(std::string_view text) {
  return bad_request(fmt::format(
      "parsing time \"{}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{}\" as \"2006\"", text,
      text));
}

// Parses "Z" or "+07:00" at `at`; seconds east of UTC.
bool read_offset(std::string_view text, std::size_t at, int& offset_seconds) {
  if (at + 1 == text.size() && text[at] == 'Z') {
    offset_seconds = 0;
    return true;
  }
  int hours = 0, minutes = 0;
  if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':' ||
      !read_digits(text, at + 1, 2, hours) || !read_digits(text, at + 4, 2, minutes)) {
    return false;
  }
  if (hours > 24 || minutes > 59) return false;
  offset_seconds = (hours * 60 + minutes) * 60 * (text[at] == '-' ? -1 : 1);
  return true;
}

struct Unit {
  std::string_view name;
  std::uint64_t nanos;
};
constexpr Unit kUnits[] = {{"ns", 1},
                           {"us", 1'000},
                           {"\xc2\xb5s", 1'000},  // U+00B5, the micro sign
                           {"\xce\xbcs", 1'000},  // U+03BC, the Greek letter
                           {"ms", 1'000'000},
                           {"s", 1'000'000'000},
                           {"m", 60'000'000'000},
                           {"h", 3'600'000'000'000}};

constexpr std::uint64_t kHalf = std::uint64_t{1} << 63;  // one past the largest duration

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Cuts the leading digits off `rest` into `value`. False on more than 63 bits.
bool take_digits(std::string_view& rest, std::uint64_t& value) {
  for (value = 0; !rest.empty() && is_digit(rest.front()); rest.remove_prefix(1)) {
    const auto digit = static_cast<std::uint64_t>(rest.front() - '0');
    if (value > kHalf / 10 || value * 10 + digit > kHalf) return false;
    value = value * 10 + digit;
  }
  return true;
}

struct Fraction {
  double value = 0;
  double scale = 1;
};

// Cuts the digits after the point off `rest`; those past 63 bits are dropped.
Fraction take_fraction(std::string_view& rest) {
  std::uint64_t value = 0;
  double scale = 1;
  for (; !rest.empty() && is_digit(rest.front()); rest.remove_prefix(1)) {
    if (value > kHalf / 10 - 1) continue;
    value = value * 10 + static_cast<std::uint64_t>(rest.front() - '0');
    scale *= 10;
  }
  return {static_cast<double>(value), scale};
}

Status bad_duration(std::string_view why, std::string_view text) {
  return bad_request(fmt::format("time: {} duration \"{}\"", why, text));
}

// Cuts one "1.5h" off `rest` and adds its nanoseconds to `total`.
Status take_term(std::string_view& rest, std::string_view text, std::uint64_t& total) {
  const std::size_t before = rest.size();
  std::uint64_t whole = 0;
  if (!take_digits(rest, whole)) return bad_duration("invalid", text);
  std::size_t digits = before - rest.size();
  Fraction fraction;
  if (!rest.empty() && rest.front() == '.') {
    rest.remove_prefix(1);
    const std::size_t at = rest.size();
    fraction = take_fraction(rest);
    digits += at - rest.size();
  }
  if (digits == 0) return bad_duration("invalid", text);
  std::size_t length = 0;
  while (length < rest.size() && rest[length] != '.' && !is_digit(rest[length])) ++length;
  const std::string_view name = rest.substr(0, length);
  rest.remove_prefix(length);
  if (name.empty()) return bad_duration("missing unit in", text);
  for (const Unit& unit : kUnits) {
    if (unit.name != name) continue;
    if (whole > kHalf / unit.nanos) return bad_duration("invalid", text);
    const auto part = static_cast<std::uint64_t>(
        fraction.value * (static_cast<double>(unit.nanos) / fraction.scale));
    total += whole * unit.nanos + part;
    return total > kHalf ? bad_duration("invalid", text) : Status();
  }
  return bad_duration(fmt::format("unknown unit \"{}\" in", name), text);
}

}  // namespace

std::string format_rfc3339(Time t) {
  const Civil c = civil_of(t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour,
                     c.minute, c.second);
}

std::string format_rfc3339_micro(Time t) {
  const Civil c = civil_of(t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", c.year, c.month, c.day, c.hour,
                     c.minute, c.second, c.nanos / 1000);
}

Result<Time> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
  const bool shape = text.size() >= 20 && text[4] == '-' && text[7] == '-' && text[10] == 'T' &&
                     text[13] == ':' && text[16] == ':';
  if (!shape || !read_digits(text, 0, 4, y) || !read_digits(text, 5, 2, mo) ||
      !read_digits(text, 8, 2, d) || !read_digits(text, 11, 2, h) ||
      !read_digits(text, 14, 2, mi) || !read_digits(text, 17, 2, s)) {
    return bad_time(text);
  }
  const year_month_day date{year{y}, month{unsigned(mo)}, day{unsigned(d)}};
  if (!date.ok() || h > 23 || mi > 59 || s > 59) return bad_time(text);
  std::size_t at = 19;
  std::int64_t nanos = 0;
  if (text[at] == '.') {
    if (at + 1 >= text.size() || !is_digit(text[at + 1])) return bad_time(text);
    std::int64_t scale = 100'000'000;
    for (++at; at < text.size() && is_digit(text[at]); ++at, scale /= 10) {
      nanos += (text[at] - '0') * scale;
    }
  }
  int offset = 0;
  if (!read_offset(text, at, offset)) return bad_time(text);
  if (y == 1 && mo == 1 && d == 1 && h + mi + s + offset == 0) return Time{};  // Go's zero time
  if (y < kYearMin || y > kYearMax) {
    return bad_request(fmt::format("parsing time \"{}\": the year must lie from {} to {}", text,
                                   kYearMin, kYearMax));
  }
  const auto since =
      sys_days{date}.time_since_epoch() + hours{h} + minutes{mi} + std::chrono::seconds{s - offset};
  return Time{Duration{since} + Duration{nanos}};
}

Result<Duration> parse_duration(std::string_view text) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return Duration{0};
  if (rest.empty()) return bad_duration("invalid", text);
  std::uint64_t total = 0;
  while (!rest.empty()) {
    if (Status status = take_term(rest, text, total); !status.ok()) return status;
  }
  if (!negative && total == kHalf) return bad_duration("invalid", text);
  return Duration{static_cast<std::int64_t>(negative ? 0 - total : total)};
}

std::string format_duration(Duration d) {
  if (d.count() == 0) return "0s";
  const std::string sign = d.count() < 0 ? "-" : "";
  const auto bits = static_cast<std::uint64_t>(d.count());
  const std::uint64_t n = d.count() < 0 ? 0 - bits : bits;  // the smallest has no positive twin
  const auto with_fraction = [](std::uint64_t value, std::uint64_t unit) {
    std::string out = fmt::format("{}", value / unit);
    if (const std::uint64_t rest = value % unit; rest != 0) {
      const int width = unit == 1'000'000'000 ? 9 : unit == 1'000'000 ? 6 : 3;
      std::string digits = fmt::format("{:0{}}", rest, width);
      digits.erase(digits.find_last_not_of('0') + 1);
      out += "." + digits;
    }
    return out;
  };
  if (n < 1'000) return fmt::format("{}{}ns", sign, n);
  if (n < 1'000'000) return sign + with_fraction(n, 1'000) + "\xc2\xb5s";
  if (n < 1'000'000'000) return sign + with_fraction(n, 1'000'000) + "ms";
  const std::uint64_t minutes = n / 60'000'000'000;
  const std::string secs = with_fraction(n % 60'000'000'000, 1'000'000'000) + "s";
  if (minutes == 0) return sign + secs;
  if (minutes < 60) return fmt::format("{}{}m{}", sign, minutes, secs);
  return fmt::format("{}{}h{}m{}", sign, minutes / 60, minutes % 60, secs);
}

}  // namespace orrery
