#include "sim/scenario/csv_reader.h"

#include <fmt/format.h>

#include <charconv>

namespace orrery::sim {
namespace {

class Scanner {
 public:
  Scanner(std::string_view text, InputErrors& errors) : text_(text), errors_(errors) {
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
  }

  bool at_end() const { return at_ >= text_.size(); }

  // One record; empty lines give no cells.
  std::vector<CsvCell> record() {
    std::vector<CsvCell> cells;
    if (take_line_end()) return cells;
    while (true) {
      cells.push_back(cell());
      if (at_end() || take_line_end()) return cells;
      step();  // the comma
      if (at_end()) {
        cells.push_back({"", line_, column_});
        return cells;
      }
    }
  }

 private:
  char here() const { return text_[at_]; }
  bool line_end_here() const {
    return here() == '\n' || (here() == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n');
  }
  void step() {
    if (here() == '\n') {
      ++line_;
      column_ = 0;
    }
    ++column_;
    ++at_;
  }
  bool take_line_end() {
    if (at_end() || !line_end_here()) return false;
    if (here() == '\r') step();
    step();
    return true;
  }

  CsvCell cell() {
    CsvCell out{"", line_, column_};
    if (!at_end() && here() == '"') {
      quoted(out);
    } else {
      while (!at_end() && here() != ',' && !line_end_here()) take(out);
    }
    return out;
  }

  void quoted(CsvCell& out) {
    step();
    bool closed = false;
    while (!at_end() && !closed) {
      if (here() != '"') {
        take(out);
        continue;
      }
      step();
      closed = at_end() || here() != '"';
      if (!closed) take(out);
    }
    if (!closed) errors_.add({out.line, out.column, "", "the quoted field has no closing quote"});
    if (at_end() || here() == ',' || line_end_here()) return;
    errors_.add(
        {line_, column_, "", "text after a closing quote: double quotes inside a quoted field"});
    while (!at_end() && here() != ',' && !line_end_here()) step();
  }

  void take(CsvCell& out) {
    out.text += here();
    step();
  }

  std::string_view text_;
  InputErrors& errors_;
  std::size_t at_ = 0;
  int line_ = 1, column_ = 1;
};

}  // namespace

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i] == name) return i;
  }
  return std::nullopt;
}

CsvTable read_csv(std::string_view text, InputErrors& errors) {
  CsvTable out;
  Scanner scanner(text, errors);
  while (!scanner.at_end()) {
    std::vector<CsvCell> cells = scanner.record();
    if (cells.empty()) continue;
    if (out.header.empty()) {
      for (const CsvCell& cell : cells) out.header.push_back(cell.text);
    } else if (cells.size() != out.header.size()) {
      errors.add(
          {cells.front().line, 1, "",
           fmt::format("has {} fields, the header has {}", cells.size(), out.header.size())});
    } else {
      out.rows.push_back(std::move(cells));
    }
  }
  if (out.header.empty()) errors.add(1, "", "is empty: a header line with column names is needed");
  return out;
}

std::int64_t csv_integer(const CsvCell& cell, std::string_view column, InputErrors& errors) {
  std::int64_t value = 0;
  const char* last = cell.text.data() + cell.text.size();
  const auto r = std::from_chars(cell.text.data(), last, value);
  const bool is_signed = cell.text.starts_with('-');  // -0, too
  if (cell.text.empty() || r.ec != std::errc() || r.ptr != last || is_signed) {
    errors.add({cell.line, cell.column, std::string(column),
                fmt::format("must be an integer, 0 or more, got \"{}\"", cell.text)});
    return 0;
  }
  return value;
}

}  // namespace orrery::sim
