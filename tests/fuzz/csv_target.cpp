#include <fmt/format.h>

#include "sim/scenario/csv_reader.h"
#include "tests/fuzz/targets.h"

namespace orrery::fuzz {
namespace {

using sim::CsvTable;
using sim::InputErrors;

std::string quoted_cell(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string written(const CsvTable& table) {
  std::string out;
  for (const std::string& name : table.header) {
    out += (&name == table.header.data() ? "" : ",") + quoted_cell(name);
  }
  out += '\n';
  for (const auto& row : table.rows) {
    for (const sim::CsvCell& cell : row) {
      out += (&cell == row.data() ? "" : ",") + quoted_cell(cell.text);
    }
    out += '\n';
  }
  return out;
}

void demand_same(const CsvTable& a, const CsvTable& b) {
  demand(a.header == b.header, "the header reads the same");
  demand(a.rows.size() == b.rows.size(), "there are as many rows",
         fmt::format("{} and {}", a.rows.size(), b.rows.size()));
  for (std::size_t i = 0; i < a.rows.size(); ++i) {
    for (std::size_t j = 0; j < a.header.size(); ++j) {
      const std::string &x = a.rows[i][j].text, &y = b.rows[i][j].text;
      demand(x == y, "a cell reads the same", fmt::format("row {}, {} and {}", i, x, y));
    }
  }
}

}  // namespace

void csv(std::string_view input) {
  InputErrors errors("fuzz.csv");
  const CsvTable table = sim::read_csv(input, errors);
  int line = 1;
  for (const auto& row : table.rows) {
    demand(row.size() == table.header.size(), "a row is as long as the header");
    for (const sim::CsvCell& cell : row) {
      demand(cell.line >= line && cell.column >= 1, "places rise", fmt::format("{}", cell.line));
      line = cell.line;
      InputErrors ignored("fuzz.csv");
      const std::int64_t number = csv_integer(cell, "c", ignored);
      demand(number >= 0, "numbers are 0 or more", cell.text);
      if (ignored.empty() && !cell.text.starts_with('0')) {
        demand(std::to_string(number) == cell.text, "a number is what is written", cell.text);
      }
    }
  }
  (void)errors.lines();
  if (!errors.empty()) return;
  InputErrors again("fuzz.csv");
  const CsvTable copy = sim::read_csv(written(table), again);
  demand(again.empty(), "what was written can be read", again.status().message());
  demand_same(table, copy);
}

}  // namespace orrery::fuzz
