#include "sim/scenario/tree.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/api/values/utf8.h"

namespace orrery::sim {
namespace {

void write_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void new_line(std::string& out, int indent, int depth) {
  if (indent < 0) return;
  out += '\n';
  out.append(static_cast<std::size_t>(indent * depth), ' ');
}

void write(std::string& out, const Tree& value, int indent, int depth);

void write_list(std::string& out, const Tree& value, int indent, int depth) {
  out += '[';
  bool first = true;
  for (const Tree& item : value.items) {
    if (!first) out += ',';
    first = false;
    new_line(out, indent, depth + 1);
    write(out, item, indent, depth + 1);
  }
  if (!first) new_line(out, indent, depth);
  out += ']';
}

void write_map(std::string& out, const Tree& value, int indent, int depth) {
  out += '{';
  bool first = true;
  for (const auto& [name, member] : value.members) {
    if (!first) out += ',';
    first = false;
    new_line(out, indent, depth + 1);
    write_text(out, name);
    out += indent < 0 ? ":" : ": ";
    write(out, member, indent, depth + 1);
  }
  if (!first) new_line(out, indent, depth);
  out += '}';
}

void write(std::string& out, const Tree& value, int indent, int depth) {
  switch (value.kind) {
    case Tree::Kind::kNull:
      out += "null";
      return;
    case Tree::Kind::kBool:
      out += value.boolean ? "true" : "false";
      return;
    case Tree::Kind::kInt:
      out += fmt::format("{}", value.integer);
      return;
    case Tree::Kind::kUint:
      out += fmt::format("{}", static_cast<std::uint64_t>(value.integer));
      return;
    case Tree::Kind::kFloat:
      out += fmt::format("{}", value.real);
      return;
    case Tree::Kind::kText:
      write_text(out, value.text);
      return;
    case Tree::Kind::kList:
      write_list(out, value, indent, depth);
      return;
    case Tree::Kind::kMap:
      write_map(out, value, indent, depth);
      return;
  }
}

}  // namespace

Tree Tree::of_bool(bool value) {
  Tree t;
  t.kind = Kind::kBool;
  t.boolean = value;
  return t;
}

Tree Tree::of_int(std::int64_t value) {
  Tree t;
  t.kind = Kind::kInt;
  t.integer = value;
  return t;
}

Tree Tree::of_real(double value) {
  constexpr double kExact = 9007199254740992.0;  // 2^53: whole doubles below it are exact integers
  if (std::trunc(value) == value && std::fabs(value) < kExact) {
    return of_int(static_cast<std::int64_t>(value));
  }
  Tree t;
  t.kind = Kind::kFloat;
  t.real = value;
  return t;
}

Tree Tree::of_text(std::string_view value) {
  Tree t;
  t.kind = Kind::kText;
  t.text = value;
  return t;
}

Tree Tree::list() {
  Tree t;
  t.kind = Kind::kList;
  return t;
}

Tree Tree::map() {
  Tree t;
  t.kind = Kind::kMap;
  return t;
}

const Tree* Tree::find(std::string_view name) const {
  for (const auto& [key, value] : members) {
    if (key == name) return &value;
  }
  return nullptr;
}

void Tree::add(std::string_view name, Tree value) {
  members.push_back({std::string(name), std::move(value)});
}

bool Tree::operator==(const Tree& o) const {
  if (kind != o.kind) return false;
  switch (kind) {
    case Kind::kNull:
      return true;
    case Kind::kBool:
      return boolean == o.boolean;
    case Kind::kInt:
    case Kind::kUint:
      return integer == o.integer;
    case Kind::kFloat:
      return real == o.real;
    case Kind::kText:
      return text == o.text;
    case Kind::kList:
      return items == o.items;
    case Kind::kMap:
      return members == o.members;
  }
  return false;
}

std::string shown(const Tree& value) {
  constexpr std::size_t kShownMax = 60;
  switch (value.kind) {
    case Tree::Kind::kNull:
      return "nothing";
    case Tree::Kind::kList:
      return "a list";
    case Tree::Kind::kMap:
      return "a map";
    case Tree::Kind::kText: {
      std::string out;
      write_text(out, api::utf8_prefix(value.text, kShownMax));
      return value.text.size() > kShownMax ? out + "..." : out;
    }
    default:
      return value.text.empty() ? to_json_text(value) : value.text;
  }
}

std::string to_json_text(const Tree& value, int indent) {
  std::string out;
  write(out, value, indent, 0);
  return out;
}

}  // namespace orrery::sim
