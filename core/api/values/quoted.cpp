#include "core/api/values/quoted.h"

#include <fmt/format.h>

#include "core/api/values/utf8.h"

namespace orrery::api {
namespace {

void append_ascii(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\a':
      out += "\\a";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\v':
      out += "\\v";
      return;
    default:
      break;
  }
  if (c < 0x20 || c == 0x7f) {
    out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
  } else {
    out.push_back(c);
  }
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t n = utf8_sequence_length(text);
    const auto first = static_cast<unsigned char>(text[0]);
    if (n == 0) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(first));
    } else if (n == 1) {
      append_ascii(out, text[0]);
    } else if (first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa1) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(text[1])));
    } else {
      out += text.substr(0, n);
    }
    text.remove_prefix(n ? n : 1);
  }
  return out += '"';
}

}  // namespace orrery::api
