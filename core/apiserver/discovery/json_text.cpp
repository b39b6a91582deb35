#include "core/apiserver/discovery/json_text.h"

#include <fmt/format.h>

#include <utility>

namespace orrery::apiserver {

void JsonText::separate() {
  if (needs_comma_) text_.push_back(',');
  needs_comma_ = true;
}

void JsonText::open(char bracket) {
  separate();
  text_.push_back(bracket);
  needs_comma_ = false;
}

void JsonText::close(char bracket) {
  text_.push_back(bracket);
  needs_comma_ = true;
}

void JsonText::key(std::string_view name) {
  separate();
  quote(name);
  text_.push_back(':');
  needs_comma_ = false;
}

void JsonText::string(std::string_view value) {
  separate();
  quote(value);
}

void JsonText::raw(std::string_view json) {
  separate();
  text_.append(json);
}

void JsonText::strings(std::string_view name, const std::vector<std::string_view>& values) {
  begin_array(name);
  for (const std::string_view value : values) string(value);
  end_array();
}

void JsonText::quote(std::string_view text) {
  text_.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      text_.push_back('\\');
      text_.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(text_), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      text_.push_back(c);
    }
  }
  text_.push_back('"');
}

std::string JsonText::take() {
  needs_comma_ = false;
  return std::exchange(text_, {});
}

}  // namespace orrery::apiserver
