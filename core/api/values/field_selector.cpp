#include "core/api/values/field_selector.h"

#include <fmt/format.h>

#include <algorithm>

namespace orrery::api {
namespace {

std::vector<std::string_view> split_terms(std::string_view text) {
  std::vector<std::string_view> terms;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == ',') {
      terms.push_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  terms.push_back(text.substr(start));
  return terms;
}

bool is_special(char c) { return c == '\\' || c == ',' || c == '='; }

/// The escaped character with its continuation bytes, for the message.
std::string_view whole_character(std::string_view text) {
  std::size_t n = 1;
  while (n < text.size() && (static_cast<unsigned char>(text[n]) & 0xc0) == 0x80) ++n;
  return text.substr(0, n);
}

Result<std::string> unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      if (i + 1 == text.size() || !is_special(text[i + 1])) {
        return bad_request(fmt::format("invalid field selector: invalid escape sequence: \\{}",
                                       whole_character(text.substr(i + 1))));
      }
      ++i;
    } else if (is_special(text[i])) {
      return bad_request(
          fmt::format("invalid field selector: unescaped character in value: {}", int{text[i]}));
    }
    out.push_back(text[i]);
  }
  return out;
}

}  // namespace

Result<FieldSelector> FieldSelector::parse(std::string_view text) {
  FieldSelector out;
  std::vector<std::string_view> terms = split_terms(text);
  std::sort(terms.begin(), terms.end());
  for (const std::string_view term : terms) {
    if (term.empty()) continue;
    std::size_t at = 0;
    while (at < term.size() && term[at] != '=' && term.substr(at, 2) != "!=") ++at;
    if (at == term.size()) {
      return bad_request(fmt::format("invalid selector: '{}'; can't understand '{}'", text, term));
    }
    const bool negated = term[at] == '!';
    const std::size_t length = negated || term.substr(at, 2) == "==" ? 2 : 1;
    Result<std::string> value = unescape(term.substr(at + length));
    if (!value.ok()) return value.status();
    out.requirements_.push_back({std::string(term.substr(0, at)), *std::move(value), negated});
  }
  return out;
}

const std::string* FieldSelector::required_value(std::string_view field) const {
  for (const Requirement& r : requirements_) {
    if (!r.negated && r.field == field) return &r.value;
  }
  return nullptr;
}

std::string FieldSelector::to_string() const {
  std::string out;
  for (const Requirement& r : requirements_) {
    if (!out.empty()) out += ',';
    out += r.field;
    out += r.negated ? "!=" : "=";
    for (const char c : r.value) {
      if (is_special(c)) out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace orrery::api
