#include "sim/scenario/field_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace orrery::sim {
namespace {

const FieldRow* find_row(const TypeTable& table, std::string_view name) {
  const auto it = std::find_if(table.rows.begin(), table.rows.end(),
                               [name](const FieldRow& row) { return row.name == name; });
  return it == table.rows.end() ? nullptr : &*it;
}

std::vector<std::string_view> names_of(const TypeTable& table) {
  std::vector<std::string_view> out;
  for (const FieldRow& row : table.rows) out.push_back(row.name);
  return out;
}

std::string unknown_field(const TypeTable& table, std::string_view name) {
  const auto known = names_of(table);
  const std::string_view near = nearest_name(name, known);
  if (!near.empty()) return fmt::format("unknown field, did you mean \"{}\"?", near);
  return fmt::format("unknown field, known here: {}", fmt::join(known, ", "));
}

}  // namespace

void FieldReader::mismatch(const Tree& at, std::string_view expected) {
  std::string what = fmt::format("must be {}, got {}", expected, shown(at));
  if (at.is_null()) what += " (leave the field out for its default)";
  error(at, std::move(what));
}

void read_fields(FieldReader& reader, const Tree& tree, void* object, const TypeTable& table) {
  if (!tree.is_map()) {
    if (table.read_short && table.read_short(reader, tree, object)) return;
    return reader.mismatch(
        tree, fmt::format("{}a map with {}",
                          table.short_form.empty() ? "" : std::string(table.short_form) + " or ",
                          fmt::join(names_of(table), ", ")));
  }
  for (const auto& [name, value] : tree.members) {
    const FieldReader::Scope scope(reader, name);
    if (const FieldRow* row = find_row(table, name)) {
      row->read(reader, value, object);
    } else {
      reader.error(value, unknown_field(table, name));
    }
  }
  for (const FieldRow& row : table.rows) {
    if (row.required && !tree.find(row.name)) {
      reader.error(tree, row.name, fmt::format("required: {}", row.doc));
    }
  }
  if (table.check) table.check(reader, tree, object);
}

Tree write_fields(const void* object, const TypeTable& table) {
  Tree out = Tree::map();
  for (const FieldRow& row : table.rows) {
    Tree value = row.write(object);
    if (value.is_null()) continue;
    if (table.sparse && !row.required && value == table.write_blank(row)) continue;
    out.add(row.name, std::move(value));
  }
  return out;
}

}  // namespace orrery::sim
