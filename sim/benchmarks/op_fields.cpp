#include "sim/benchmarks/op_fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/input_files.h"

namespace orrery::sim {

OpFields::OpFields(const Tree& map, std::string where, InputErrors& errors)
    : map_(map), where_(std::move(where)), errors_(errors) {
  if (!map_.is_map()) {
    errors_.add(map_.line, where_, fmt::format("must be a map of fields, got {}", shown(map_)));
  }
}

void OpFields::error(const Tree& at, std::string_view field, std::string what) {
  errors_.add(at.line, field.empty() ? where_ : fmt::format("{}.{}", where_, field),
              std::move(what));
}

const Tree* OpFields::take(std::string_view name) {
  taken_.push_back(name);
  const Tree* found = map_.find(name);
  return found && !found->is_null() ? found : nullptr;
}

std::string OpFields::text_of(const Tree& value, std::string_view field) {
  if (value.is_text()) return value.text;
  error(value, field, fmt::format("must be text, got {}", shown(value)));
  return "";
}

std::string OpFields::text(std::string_view name) {
  const Tree* value = take(name);
  return value ? text_of(*value, name) : "";
}

bool OpFields::flag(std::string_view name) {
  const Tree* value = take(name);
  if (!value) return false;
  if (value->kind == Tree::Kind::kBool) return value->boolean;
  error(*value, name, fmt::format("must be true or false, got {}", shown(*value)));
  return false;
}

std::optional<std::int64_t> OpFields::maybe_integer(std::string_view name) {
  const Tree* value = take(name);
  if (!value) return std::nullopt;
  if (value->kind == Tree::Kind::kInt && value->integer >= 0) return value->integer;
  error(*value, name, fmt::format("must be an integer of 0 or more, got {}", shown(*value)));
  return std::nullopt;
}

std::int64_t OpFields::integer(std::string_view name, std::int64_t otherwise) {
  return maybe_integer(name).value_or(otherwise);
}

Duration OpFields::duration(std::string_view name) {
  const Tree* value = take(name);
  if (!value) return {};
  const std::string text = text_of(*value, name);
  if (text.empty()) return {};
  const Result<Duration> parsed = parse_duration(text);
  if (parsed.ok()) return parsed.value_or({});
  error(*value, name, fmt::format("must be a duration such as 10s, got \"{}\"", text));
  return {};
}

std::string OpFields::parameter(std::string_view name) {
  const Tree* value = take(name);
  if (!value) return "";
  const std::string text = text_of(*value, name);
  if (text.size() > 1 && text.front() == '$') return text.substr(1);
  error(*value, name, fmt::format("must name a parameter such as $initNodes, got \"{}\"", text));
  return "";
}

std::vector<std::string> OpFields::texts(std::string_view name) {
  std::vector<std::string> out;
  const Tree* value = take(name);
  if (!value) return out;
  if (!value->is_list()) {
    error(*value, name, fmt::format("must be a list of texts, got {}", shown(*value)));
    return out;
  }
  for (const Tree& item : value->items) out.push_back(text_of(item, name));
  return out;
}

std::vector<TreeMember> OpFields::members(std::string_view name) {
  const Tree* value = take(name);
  if (!value) return {};
  if (value->is_map()) return value->members;
  error(*value, name, fmt::format("must be a map, got {}", shown(*value)));
  return {};
}

TextPairs OpFields::pairs(std::string_view name) {
  TextPairs out;
  for (const TreeMember& m : members(name)) out.emplace_back(m.name, text_of(m.value, name));
  return out;
}

std::string OpFields::path_of(const std::string& text) const {
  return text.empty() ? "" : beside(errors_.file(), text);
}

std::string OpFields::path(std::string_view name) { return path_of(text(name)); }

std::vector<std::string> OpFields::paths(std::string_view name) {
  std::vector<std::string> out = texts(name);
  for (std::string& one : out) one = path_of(one);
  return out;
}

void OpFields::finish() {
  for (const TreeMember& m : map_.members) {
    if (std::find(taken_.begin(), taken_.end(), m.name) != taken_.end()) continue;
    const std::string_view near = nearest_name(m.name, taken_);
    error(m.value, m.name,
          near.empty() ? "unknown field" : fmt::format("unknown field; did you mean {}?", near));
  }
}

}  // namespace orrery::sim
