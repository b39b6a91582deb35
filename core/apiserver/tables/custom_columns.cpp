#include "core/apiserver/tables/custom_columns.h"

#include <fmt/format.h>

#include "core/api/checks/json_view.h"
#include "core/api/schema/go_print.h"
#include "core/apiserver/tables/age.h"
#include "core/apiserver/tables/json_text.h"
#include "core/apiserver/tables/row_text.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

constexpr const char* kCreationPath = ".metadata.creationTimestamp";

/// json.Marshal: compact, with <, > and & escaped.
std::string go_json(const Json& value) {
  std::string plain, out;
  append_json(plain, value);
  for (const char c : plain) {
    if (c == '<' || c == '>' || c == '&') {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out;
}

void print_text(const Json& value, RowCells& cells) {
  if (value.is_null()) return cells.text("<no value>");
  cells.text(value.is_structured() ? go_json(value) : api::go_print(value));
}

void print_date(std::string_view written, Time now, RowCells& cells) {
  if (written.empty() || written == "null") return cells.text("<unknown>");
  const Result<Time> time = parse_rfc3339(written);
  cells.text(time.ok() ? age_text(*time, now) : "<invalid>");
}

/// A value that is not of the column's type is an empty cell.
void print_value(std::string_view type, const Json& value, Time now, RowCells& cells) {
  if (type == "string") return print_text(value, cells);
  if (type == "integer" && value.is_number()) return cells.integer(as_integer(value));
  if (type == "number" && value.is_number()) return cells.number(value.get<double>());
  if (type == "boolean" && value.is_boolean()) return cells.flag(value.get<bool>());
  if (type == "date" && value.is_string()) return print_date(as_text(value), now, cells);
  cells.none();
}

}  // namespace

CustomColumns::CustomColumns(std::span<const CustomColumn> columns) {
  definitions_.push_back({"Name", "string", "name", std::string(name_description()), 0});
  const CustomColumn age{"Age", "date", "", std::string(creation_description()), 0, kCreationPath};
  if (columns.empty()) columns = {&age, 1};
  for (const CustomColumn& c : columns) {
    Result<JsonPath> path = JsonPath::parse(c.json_path);
    if (!path.ok()) return;
    paths_.push_back(std::move(*path));
    definitions_.push_back({c.name, c.type, c.format, c.description, c.priority});
    if (c.description.empty()) {
      definitions_.back().description =
          "Custom resource definition column (in JSONPath format): " + c.json_path;
    }
  }
}

void CustomColumns::print(const Json& o, Time now, RowCells& cells) const {
  cells.text(name_of(o));
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    const auto found = paths_[i].find(o);
    if (!found || found->empty()) {
      cells.none();
    } else {
      print_value(definitions_[i + 1].type, *found->front(), now, cells);
    }
  }
}

}  // namespace orrery::apiserver
