#include "core/api/managed/path_element.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/api/schema/go_print.h"
#include "core/api/values/quoted.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

void append_escaped(std::string& out, unsigned char c) {
  constexpr char kHex[] = "0123456789abcdef";
  out += "\\u00";
  out += kHex[c >> 4];
  out += kHex[c & 15];
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    switch (c) {
      case '"':
      case '\\':
        out += '\\';
        out += c;
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '<':
      case '>':
      case '&':
        append_escaped(out, static_cast<unsigned char>(c));
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          append_escaped(out, static_cast<unsigned char>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

/// value.ToString of upstream: %q texts, plain numbers and bools.
std::string print_value(const Json& value) {
  if (value.is_string()) return api::quoted(value.get_ref<const std::string&>());
  if (value.is_null()) return "null";
  return go_print(value);
}

Json parsed(std::string_view element) {
  return Json::parse(element.substr(2), nullptr, false);
}

int rank(std::string_view element) {
  constexpr std::string_view kOrder = "fkvi";
  return static_cast<int>(kOrder.find(element.front()));
}

long index_of(std::string_view element) {
  long index = 0;
  std::from_chars(element.data() + 2, element.data() + element.size(), index);
  return index;
}

}  // namespace

std::string field_element(std::string_view name) {
  std::string out;
  out.reserve(name.size() + 2);
  out += "f:";
  out += name;
  return out;
}

std::string value_element(const Json& value) {
  std::string out = "v:";
  append_go_json(out, value);
  return out;
}

void append_go_json(std::string& out, const Json& value) {
  if (value.is_string()) {
    append_string(out, value.get_ref<const std::string&>());
  } else if (value.is_object()) {
    out += '{';
    for (const auto& [key, child] : value.items()) {
      if (out.back() != '{') out += ',';
      append_string(out, key);
      out += ':';
      append_go_json(out, child);
    }
    out += '}';
  } else if (value.is_array()) {
    out += '[';
    bool first = true;
    for (const Json& child : value) {
      if (!first) out += ',';
      first = false;
      append_go_json(out, child);
    }
    out += ']';
  } else if (value.is_number_float()) {
    out += go_float(value.get<double>());
  } else {
    out += value.dump();
  }
}

std::optional<std::string> canonical_element(std::string_view text) {
  if (text.size() < 2 || text[1] != ':') return std::nullopt;
  switch (text[0]) {
    case 'f':
      return std::string(text);
    case 'i': {
      int index = 0;
      const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), index);
      if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
      return "i:" + std::to_string(index);
    }
    case 'k':
    case 'v': {
      const Json value = parsed(text);
      if (value.is_discarded() || (text[0] == 'k' && !value.is_object())) return std::nullopt;
      std::string out(text.substr(0, 2));
      append_go_json(out, value);
      return out;
    }
    default:
      return std::string();
  }
}

std::string print_element(std::string_view element) {
  switch (element.front()) {
    case 'f':
      return "." + std::string(element.substr(2));
    case 'i':
      return "[" + std::string(element.substr(2)) + "]";
    case 'v':
      return "[=" + print_value(parsed(element)) + "]";
    default:
      break;
  }
  std::string out = "[";
  const Json keys = parsed(element);
  for (const auto& [name, value] : keys.items()) {
    if (out.size() > 1) out += ',';
    out.append(name).append("=").append(print_value(value));
  }
  return out + "]";
}

bool element_less(std::string_view a, std::string_view b) {
  if (a.front() != b.front()) return rank(a) < rank(b);
  if (a.front() == 'f') return a < b;
  if (a.front() == 'i') return index_of(a) < index_of(b);
  const Json left = parsed(a);
  const Json right = parsed(b);
  if (a.front() == 'v') return left < right;
  // Pairs of name and value, one after the other.
  return std::lexicographical_compare(left.items().begin(), left.items().end(),
                                      right.items().begin(), right.items().end(),
                                      [](const auto& x, const auto& y) {
                                        if (x.key() != y.key()) return x.key() < y.key();
                                        return x.value() < y.value();
                                      });
}

}  // namespace orrery::api::managed
