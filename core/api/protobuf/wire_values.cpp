#include "core/api/protobuf/wire_values.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace orrery::api {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> sextets() {
  std::array<std::int8_t, 256> out{};
  for (auto& value : out) value = -1;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    out[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  return out;
}
constexpr std::array<std::int8_t, 256> kSextets = sextets();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes texts from the front; after a fault all else fails too.
class TimeText {
 public:
  explicit TimeText(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int out = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_.empty() || !is_digit(rest_.front())) return fail();
      out = out * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return out;
  }
  void expect(char c) {
    if (!take(c)) fail();
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::int32_t fraction() {
    std::int32_t out = 0;
    int count = 0;
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1), ++count) {
      if (count < 9) out = out * 10 + (rest_.front() - '0');
    }
    if (count == 0) fail();
    for (; count < 9; ++count) out *= 10;
    return out;
  }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  int fail() {
    ok_ = false;
    return 0;
  }
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  TimeText in(text);
  const int year = in.digits(4);
  in.expect('-');
  const int month = in.digits(2);
  in.expect('-');
  const int day = in.digits(2);
  in.expect('T');
  const int hour = in.digits(2);
  in.expect(':');
  const int minute = in.digits(2);
  in.expect(':');
  const int second = in.digits(2);
  Timestamp out;
  if (in.take('.') || in.take(',')) out.nanos = in.fraction();
  int offset = 0;
  if (!in.take('Z')) {
    const int sign = in.take('-') ? -1 : 1;
    if (sign > 0) in.expect('+');
    const int hours = in.digits(2);
    in.expect(':');
    const int minutes = in.digits(2);
    if (hours > 24 || minutes >= 60) return std::nullopt;
    offset = sign * (hours * 3600 + minutes * 60);
  }
  if (!in.ok() || !in.at_end() || hour >= 24 || minute >= 60 || second >= 60) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  out.seconds = days * kDaySeconds + hour * 3600 + minute * 60 + second - offset;
  return out;
}

std::optional<std::string> format_timestamp(Timestamp at, bool micro) {
  constexpr std::int64_t kFirst = -62'167'219'200;  // 0000-01-01
  constexpr std::int64_t kLast = 253'402'300'799;   // 9999-12-31
  if (at.seconds < kFirst || at.seconds > kLast || at.nanos < 0 || at.nanos >= 1'000'000'000) {
    return std::nullopt;
  }
  std::int64_t days = at.seconds / kDaySeconds;
  std::int64_t rest = at.seconds % kDaySeconds;
  if (rest < 0) {
    rest += kDaySeconds;
    --days;
  }
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(days)}}};
  std::string out =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  rest / 3600, rest / 60 % 60, rest % 60);
  if (micro) out += fmt::format(".{:06}", at.nanos / 1000);
  out += 'Z';
  return out;
}

std::string base64_encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view part = bytes.substr(i, 3);
    unsigned bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (k < part.size() ? static_cast<unsigned char>(part[k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= part.size() ? kAlphabet[bits >> (18 - 6 * k) & 63] : '=';
    }
  }
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  unsigned bits = 0;
  int count = 0, padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const int sextet = kSextets[static_cast<unsigned char>(c)];
    if (sextet < 0 || padding > 0) return std::nullopt;
    bits = bits << 6 | static_cast<unsigned>(sextet);
    if (++count % 4 == 0) {
      for (int shift = 16; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift & 0xff);
      bits = 0;
    }
  }
  const int tail = count % 4;
  if (tail == 1 || padding != (tail == 0 ? 0 : 4 - tail)) return std::nullopt;
  if (tail >= 2) out += static_cast<char>((tail == 2 ? bits >> 4 : bits >> 10) & 0xff);
  if (tail == 3) out += static_cast<char>(bits >> 2 & 0xff);
  return out;
}

}  // namespace orrery::api
