#include "sim/scenario/scenario_reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "sim/scenario/action_rules.h"
#include "sim/scenario/scenario_table.h"

namespace orrery::sim {
namespace {

// All tables that can be reached, parents before children, each once.
void collect(const TypeTable& table, std::vector<const TypeTable*>& out) {
  if (std::find(out.begin(), out.end(), &table) != out.end()) return;
  out.push_back(&table);
  for (const FieldRow& row : table.rows) {
    if (const TypeTable* inner = row.inner()) collect(*inner, out);
  }
}

std::string default_text(const TypeTable& table, const FieldRow& row) {
  if (row.required) return "required";
  const Tree value = table.write_blank(row);
  if (value.is_null()) return "";
  if (value.is_map() && row.inner()) return "";  // its own table says
  if (value.is_text() && value.text.empty()) return "";
  return fmt::format("`{}`", value.is_text() ? value.text : to_json_text(value));
}

std::string section(const TypeTable& table) {
  std::string out = fmt::format("### {}\n{}", table.name, table.doc);
  if (!table.short_form.empty()) out += fmt::format(" Short form: {}.", table.short_form);
  out += "\n\n| field | type | default | meaning |\n|---|---|---|---|\n";
  for (const FieldRow& row : table.rows) {
    out += fmt::format("| `{}` | {} | {} | {} |\n", row.name, row.type, default_text(table, row),
                       row.doc);
  }
  return out + "\n";
}

std::string rule_lines(bool is_fault) {
  std::string out =
      fmt::format("| {} | needs | may have | what it does | example |\n|---|---|---|---|---|\n",
                  is_fault ? "fault" : "verb");
  for (const ActionRule& rule : action_rules()) {
    if (rule.is_fault != is_fault) continue;
    std::vector<std::string> needs;
    if (!rule.one_of.empty()) needs.push_back(fmt::format("{}", fmt::join(rule.one_of, " or ")));
    for (const std::string_view name : rule.required) needs.emplace_back(name);
    out += fmt::format("| `{}` | {} | {} | {} | `{}` |\n", rule.verb, fmt::join(needs, ", "),
                       fmt::join(rule.optional, ", "), rule.doc, rule.example);
  }
  return out + "\n";
}

}  // namespace

std::string scenario_reference() {
  std::vector<const TypeTable*> tables;
  collect(spec_table(), tables);
  std::string out;
  for (const TypeTable* table : tables) out += section(*table);
  out += "### Verbs\n\n" + rule_lines(false);
  out += "### Faults\n\n" + rule_lines(true);
  return out;
}

}  // namespace orrery::sim
