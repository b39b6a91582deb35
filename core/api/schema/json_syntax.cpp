#include "core/api/schema/json_syntax.h"

#include <fmt/format.h>

#include <vector>

namespace orrery::api {
namespace {

constexpr const char* kEndOfInput = "unexpected end of JSON input";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// The byte as Go prints it between single quotes.
std::string quote_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  switch (c) {
    case '\'':
      return "'\\''";
    case '\\':
      return "'\\\\'";
    case '\n':
      return "'\\n'";
    case '\r':
      return "'\\r'";
    case '\t':
      return "'\\t'";
    default:
      break;
  }
  if (byte < 0x20 || byte == 0x7f) return fmt::format("'\\x{:02x}'", byte);
  if (byte < 0x80) return fmt::format("'{}'", c);
  if (byte < 0xa0) return fmt::format("'\\u{:04x}'", byte);
  return fmt::format("'{}{}'", static_cast<char>(0xc0 | (byte >> 6)),
                     static_cast<char>(0x80 | (byte & 0x3f)));
}

class SyntaxScanner {
 public:
  explicit SyntaxScanner(std::string_view text) : text_(text) {}
  std::string error();

 private:
  bool at_end() const { return at_ == text_.size(); }
  void skip_space() {
    while (!at_end() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  /// Wrong byte (or end of input) at the cursor.
  bool wrong(std::string_view context) {
    error_ = at_end() ? kEndOfInput
                      : fmt::format("invalid character {} {}", quote_char(text_[at_]), context);
    return false;
  }
  bool value();
  bool literal(std::string_view word);
  bool number();
  bool digits(std::string_view context);
  bool string();
  bool escape();
  bool key();
  bool after_value();

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<char> open_;  // '{' or '[' of each container that is open
  bool want_value_ = true;
  std::string error_;
};

std::string SyntaxScanner::error() {
  for (;;) {
    skip_space();
    if (want_value_) {
      if (!value()) return error_;
      continue;
    }
    if (open_.empty()) {
      if (at_end()) return {};
      wrong("after top-level value");
      return error_;
    }
    if (!after_value()) return error_;
  }
}

bool SyntaxScanner::value() {
  if (at_end()) return wrong("");
  const char c = text_[at_];
  if (c == '{' || c == '[') {
    if (open_.size() == kJsonDepthMax) {
      error_ = "exceeded max depth";
      return false;
    }
    ++at_;
    skip_space();
    const char close = c == '{' ? '}' : ']';
    if (!at_end() && text_[at_] == close) {
      ++at_;
      want_value_ = false;
      return true;
    }
    open_.push_back(c);
    return c == '[' || key();
  }
  want_value_ = false;
  if (c == '"') return string();
  if (c == 't') return literal("true");
  if (c == 'f') return literal("false");
  if (c == 'n') return literal("null");
  if (c == '-' || is_digit(c)) return number();
  return wrong("looking for beginning of value");
}

bool SyntaxScanner::key() {
  skip_space();
  if (at_end() || text_[at_] != '"') return wrong("looking for beginning of object key string");
  if (!string()) return false;
  skip_space();
  if (at_end() || text_[at_] != ':') return wrong("after object key");
  ++at_;
  want_value_ = true;
  return true;
}

bool SyntaxScanner::after_value() {
  const bool object = open_.back() == '{';
  if (!at_end() && text_[at_] == ',') {
    ++at_;
    if (object) return key();
    want_value_ = true;
    return true;
  }
  if (!at_end() && text_[at_] == (object ? '}' : ']')) {
    ++at_;
    open_.pop_back();
    return true;
  }
  return wrong(object ? "after object key:value pair" : "after array element");
}

bool SyntaxScanner::literal(std::string_view word) {
  for (std::size_t i = 0; i < word.size(); ++i, ++at_) {
    if (at_end() || text_[at_] != word[i]) {
      return wrong(fmt::format("in literal {} (expecting '{}')", word, word[i]));
    }
  }
  return true;
}

bool SyntaxScanner::digits(std::string_view context) {
  if (at_end() || !is_digit(text_[at_])) return wrong(context);
  while (!at_end() && is_digit(text_[at_])) ++at_;
  return true;
}

bool SyntaxScanner::number() {
  if (text_[at_] == '-') ++at_;
  if (!at_end() && text_[at_] == '0') {
    ++at_;
  } else if (!digits("in numeric literal")) {
    return false;
  }
  if (!at_end() && text_[at_] == '.') {
    ++at_;
    if (!digits("after decimal point in numeric literal")) return false;
  }
  if (!at_end() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    ++at_;
    if (!at_end() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
    return digits("in exponent of numeric literal");
  }
  return true;
}

bool SyntaxScanner::escape() {
  if (at_end()) return wrong("");
  if (text_[at_] != 'u') {
    if (std::string_view("bfnrt\\/\"").find(text_[at_]) == std::string_view::npos) {
      return wrong("in string escape code");
    }
    ++at_;
    return true;
  }
  ++at_;
  for (int i = 0; i < 4; ++i, ++at_) {
    if (at_end() || !is_hex(text_[at_])) return wrong("in \\u hexadecimal character escape");
  }
  return true;
}

bool SyntaxScanner::string() {
  for (++at_; !at_end();) {
    const char c = text_[at_];
    if (c == '"') {
      ++at_;
      return true;
    }
    if (static_cast<unsigned char>(c) < 0x20) return wrong("in string literal");
    ++at_;
    if (c == '\\' && !escape()) return false;
  }
  return wrong("");
}

}  // namespace

std::string json_syntax_error(std::string_view text) { return SyntaxScanner(text).error(); }

}  // namespace orrery::api
