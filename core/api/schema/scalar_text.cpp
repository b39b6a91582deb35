#include "core/api/schema/scalar_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/api/values/quantity.h"

namespace orrery::api {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads a time by the elements of Go's layout and words the first failure as time.Parse does.
class TimeReader {
 public:
  TimeReader(std::string_view text, bool micro) : text_(text), rest_(text), micro_(micro) {}

  std::string error() {
    if (!year() || !literal("-") || !number("01", month_, 1, 12, "month") || !literal("-") ||
        !day() || !literal("T") || !number("15", unused_, 0, 23, "hour") || !literal(":") ||
        !number("04", unused_, 0, 59, "minute") || !literal(":") ||
        !number("05", unused_, 0, 59, "second") || !fraction() || !zone()) {
      return error_;
    }
    if (!rest_.empty()) return fail(fmt::format(": extra text: {}", quoted(rest_))), error_;
    if (day_ < 1 || day_ > days_in_month()) return fail(": day out of range"), error_;
    return {};
  }

 private:
  static std::string quoted(std::string_view text) { return fmt::format("\"{}\"", text); }

  bool fail(std::string_view why) {
    error_ = fmt::format("parsing time {}{}", quoted(text_), why);
    return false;
  }
  bool cannot_parse(std::string_view element) {
    const char* layout = micro_ ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
    error_ = fmt::format("parsing time {} as \"{}\": cannot parse {} as \"{}\"", quoted(text_),
                         layout, quoted(rest_), element);
    return false;
  }

  bool literal(std::string_view text) {
    if (!rest_.starts_with(text)) return cannot_parse(text);
    rest_.remove_prefix(text.size());
    return true;
  }

  bool digits(std::size_t count, std::string_view element, int& out) {
    if (rest_.size() < count ||
        !std::all_of(rest_.begin(), rest_.begin() + static_cast<long>(count), is_digit)) {
      return cannot_parse(element);
    }
    out = 0;
    for (const char c : rest_.substr(0, count)) out = out * 10 + (c - '0');
    rest_.remove_prefix(count);
    return true;
  }

  bool year() { return digits(4, "2006", year_); }
  bool day() { return digits(2, "02", day_); }

  bool number(std::string_view element, int& out, int low, int high, std::string_view name) {
    // Go reads an hour of one digit too ("15" is lenient); the others need both.
    if (element == "15" && rest_.size() >= 2 && is_digit(rest_[0]) && !is_digit(rest_[1])) {
      return digits(1, element, out);
    }
    if (!digits(2, element, out)) return false;
    if (out < low || out > high) return fail(fmt::format(": {} out of range", name));
    return true;
  }

  bool fraction() {
    if (micro_) {
      const bool good = rest_.size() >= 7 && rest_[0] == '.' &&
                        std::all_of(rest_.begin() + 1, rest_.begin() + 7, is_digit);
      if (!good) return cannot_parse(".000000");
      rest_.remove_prefix(7);
      return true;
    }
    if (rest_.size() < 2 || (rest_[0] != '.' && rest_[0] != ',') || !is_digit(rest_[1]))
      return true;
    std::size_t end = 1;
    while (end < rest_.size() && is_digit(rest_[end])) ++end;
    rest_.remove_prefix(end);
    return true;
  }

  bool zone() {
    if (rest_.starts_with("Z")) {
      rest_.remove_prefix(1);
      return true;
    }
    const bool good = rest_.size() >= 6 && (rest_[0] == '+' || rest_[0] == '-') &&
                      is_digit(rest_[1]) && is_digit(rest_[2]) && rest_[3] == ':' &&
                      is_digit(rest_[4]) && is_digit(rest_[5]);
    if (!good) return cannot_parse("Z07:00");
    const int hours = (rest_[1] - '0') * 10 + (rest_[2] - '0');
    const int minutes = (rest_[4] - '0') * 10 + (rest_[5] - '0');
    if (hours > 24) return fail(": time zone offset hour out of range");
    if (minutes > 60) return fail(": time zone offset minute out of range");
    rest_.remove_prefix(6);
    return true;
  }

  int days_in_month() const {
    static constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year_ % 4 == 0 && (year_ % 100 != 0 || year_ % 400 == 0);
    return month_ == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month_ - 1)];
  }

  std::string_view text_, rest_;
  bool micro_;
  int year_ = 0, month_ = 0, day_ = 0, unused_ = 0;
  std::string error_;
};

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

}  // namespace

std::string time_text_error(std::string_view text, bool micro) {
  return TimeReader(text, micro).error();
}

std::string quantity_text_error(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  const auto quantity = Quantity::parse(text);
  return quantity.ok() ? std::string{} : quantity.status().message();
}

std::string base64_text_error(std::string_view text) {
  const auto corrupt = [](std::size_t at) {
    return fmt::format("illegal base64 data at input byte {}", at);
  };
  const auto skip_newlines = [&](std::size_t at) {
    while (at < text.size() && (text[at] == '\n' || text[at] == '\r')) ++at;
    return at;
  };
  std::size_t at = 0;
  std::size_t in_quantum = 0;
  for (at = skip_newlines(at); at < text.size(); at = skip_newlines(at)) {
    const char c = text[at++];
    if (base64_digit(c) >= 0) {
      in_quantum = (in_quantum + 1) % 4;
      continue;
    }
    if (c != '=' || in_quantum < 2) return corrupt(at - 1);
    if (in_quantum == 2) {
      at = skip_newlines(at);
      if (at == text.size()) return corrupt(text.size());
      if (text[at] != '=') return corrupt(at - 1);
      ++at;
    }
    at = skip_newlines(at);
    return at < text.size() ? corrupt(at) : std::string{};
  }
  return in_quantum == 0 ? std::string{} : corrupt(text.size() - in_quantum);
}

}  // namespace orrery::api
