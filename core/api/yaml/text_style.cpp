#include "core/api/yaml/text_style.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>

#include "core/api/values/utf8.h"
#include "core/api/yaml/yaml_scalar.h"

namespace orrery::api {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

std::size_t skip_digits(std::string_view text, std::size_t at, std::size_t most) {
  const std::size_t start = at;
  while (at < text.size() && at - start < most && is_digit(text[at])) ++at;
  return at;
}

// 2006-1-2, alone or with a time behind T, t or a space: go-yaml takes it for a time.
bool is_timestamp(std::string_view text) {
  if (skip_digits(text, 0, 4) != 4 || text.size() < 8 || text[4] != '-') return false;
  std::size_t at = skip_digits(text, 5, 2);
  if (at == 5 || at >= text.size() || text[at] != '-') return false;
  const std::size_t day = at + 1;
  at = skip_digits(text, day, 2);
  if (at == day) return false;
  if (at == text.size()) return true;
  if (text[at] != 'T' && text[at] != 't' && text[at] != ' ') return false;
  const std::size_t hour = at + 1;
  at = skip_digits(text, hour, 2);
  return at > hour && at < text.size() && text[at] == ':';
}

// 1:20, 190:20:30.15: a number to YAML 1.1's base 60.
bool is_base_60(std::string_view text) {
  std::size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  if (at >= text.size() || !is_digit(text[at])) return false;
  while (at < text.size() && (is_digit(text[at]) || text[at] == '_')) ++at;
  bool any = false;
  while (at < text.size() && text[at] == ':') {
    const std::size_t end = skip_digits(text, at + 1, 2);
    if (end == at + 1 || (end == at + 3 && text[at + 1] > '5')) return false;
    at = end;
    any = true;
  }
  if (!any) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    while (at < text.size() && (is_digit(text[at]) || text[at] == '_')) ++at;
  }
  return at == text.size();
}

bool reads_as_text(std::string_view text) {
  return resolve_yaml_scalar(text).kind == YamlScalar::Kind::kText && text != "<<" &&
         !is_timestamp(text) && !is_base_60(text);
}

// Bytes of the printable character at the front; 0 if it needs an escape. A line end counts as
// printable. go-yaml escapes what is outside of the basic plane.
std::size_t printable_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead == '\n' || (lead >= 0x20 && lead < 0x7f)) return 1;
  if (lead < 0x80) return 0;
  const std::size_t size = utf8_sequence_length(text);
  if (size == 0 || size == 4) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  if (lead == 0xc2 && second < 0xa0) return 0;  // C1 controls, NEL
  if (text.substr(0, 2) == "\xe2\x80" && (text[2] == '\xa8' || text[2] == '\xa9')) return 0;
  if (text.substr(0, 3) == "\xef\xbb\xbf" || text.substr(0, 2) == "\xef\xbf") {
    return text.substr(0, 3) == "\xef\xbb\xbf" || static_cast<unsigned char>(text[2]) >= 0xbe
               ? 0
               : size;
  }
  return size;
}

struct Analysis {
  bool plain = true;   // allowed as it is
  bool single = true;  // allowed in single quotes
  bool block = true;   // allowed as a literal block
  bool many_lines = false;
};

bool ends_word(std::string_view text, std::size_t at) {
  return at >= text.size() || text[at] == ' ' || text[at] == '\n' || text[at] == '\t';
}

// What forbids a plain scalar at one character.
bool is_indicator(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (at == 0) {
    if (std::string_view("#,[]{}&*!|>'\"%@`").find(c) != std::string_view::npos) return true;
    if (c == '-' || c == '?') return ends_word(text, at + 1);
  }
  if (c == ':') return ends_word(text, at + 1);
  return c == '#' && at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\n');
}

Analysis analyse(std::string_view text) {
  Analysis out;
  if (text.starts_with("---") || text.starts_with("...")) out.plain = false;
  const auto forbid_all = [&out] { out.plain = out.single = out.block = false; };
  for (std::size_t at = 0; at < text.size();) {
    if (is_indicator(text, at)) out.plain = false;
    const std::size_t size = printable_length(text.substr(at));
    if (size == 0) forbid_all();
    if (text[at] == '\n') {
      out.many_lines = true;
      out.plain = false;
      if (at > 0 && text[at - 1] == ' ') forbid_all();
    }
    if (text[at] == ' ' && at > 0 && text[at - 1] == '\n') out.single = false;
    at += size == 0 ? 1 : size;
  }
  if (text.empty()) return out;
  if (text.front() == ' ' || text.back() == ' ') out.plain = false;
  if (text.back() == ' ') out.block = false;
  return out;
}

std::uint32_t code_point(std::string_view sequence) {
  const auto lead = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return lead;
  std::uint32_t out = lead & (0x7fU >> sequence.size());
  for (const char c : sequence.substr(1)) out = out << 6 | (static_cast<unsigned char>(c) & 0x3fU);
  return out;
}

std::string escape(std::uint32_t code) {
  static constexpr std::pair<std::uint32_t, const char*> kShort[] = {
      {0, "\\0"},     {7, "\\a"},      {8, "\\b"},      {9, "\\t"},  {10, "\\n"},
      {11, "\\v"},    {12, "\\f"},     {13, "\\r"},     {27, "\\e"}, {'"', "\\\""},
      {'\\', "\\\\"}, {0x2028, "\\L"}, {0x2029, "\\P"},  // not \N: yaml-cpp reads it as half a
                                                         // character
  };
  for (const auto& [c, text] : kShort) {
    if (c == code) return text;
  }
  if (code <= 0xff) return fmt::format("\\x{:02X}", code);
  if (code <= 0xffff) return fmt::format("\\u{:04X}", code);
  return fmt::format("\\U{:08X}", code);
}

std::string double_quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t printable = printable_length(text);
    const std::size_t size = std::max<std::size_t>(utf8_sequence_length(text), 1);
    const char c = text[0];
    if (printable == 0 || c == '"' || c == '\\' || c == '\n') {
      out += escape(code_point(text.substr(0, size)));
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return out + "\"";
}

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

std::string block(std::string_view text, int indent) {
  std::string out = "|";
  if (text[0] == ' ' || text[0] == '\n') out += '2';
  const bool ends_line = text.back() == '\n';
  if (!ends_line) {
    out += '-';
  } else if (text.size() == 1 || text[text.size() - 2] == '\n') {
    out += '+';
  }
  if (ends_line) text.remove_suffix(1);
  for (bool more = true; more;) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    out += '\n';
    if (!line.empty()) out.append(static_cast<std::size_t>(indent), ' ').append(line);
    more = end != std::string_view::npos;
    if (more) text.remove_prefix(end + 1);
  }
  return out;
}

std::string in_line(std::string_view text, const Analysis& analysis) {
  if (analysis.many_lines || !reads_as_text(text)) return double_quoted(text);
  if (analysis.plain) return std::string(text);
  return analysis.single ? single_quoted(text) : double_quoted(text);
}

// The number that the digits at `at` write, and where they end.
struct Digits {
  std::size_t end = 0;
  std::uint64_t value = 0;
};

Digits read_digits(std::string_view text, std::size_t at) {
  Digits out{.end = at};
  for (; out.end < text.size() && is_digit(text[out.end]); ++out.end) {
    out.value = out.value * 10 + static_cast<std::uint64_t>(text[out.end] - '0');
  }
  return out;
}

}  // namespace

std::string yaml_text(std::string_view text, int indent) {
  const Analysis analysis = analyse(text);
  if (analysis.many_lines && analysis.block) return block(text, indent);
  return in_line(text, analysis);
}

std::string yaml_key(std::string_view text) { return in_line(text, analyse(text)); }

bool natural_less(std::string_view a, std::string_view b) {
  bool in_digits = false;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (a[i] == b[i]) {
      in_digits = is_digit(a[i]);
      continue;
    }
    const bool letter_a = is_letter(a[i]), letter_b = is_letter(b[i]);
    if (letter_a && letter_b) {
      return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[i]);
    }
    if (letter_a || letter_b) return in_digits ? letter_a : letter_b;
    Digits x = read_digits(a, i), y = read_digits(b, i);
    if (a[i] == '0' || b[i] == '0') {  // zeros count once a digit stands before them
      for (std::size_t k = i; k-- > 0 && is_digit(a[k]);) {
        if (a[k] == '0') continue;
        x.end = skip_digits(a, i, a.size());
        y.end = skip_digits(b, i, b.size());
        if (x.end != y.end) return x.end < y.end;
        break;
      }
    }
    if (x.value != y.value) return x.value < y.value;
    if (x.end != y.end) return x.end < y.end;
    return a[i] < b[i];
  }
  return a.size() < b.size();
}

}  // namespace orrery::api
