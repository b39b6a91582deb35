// Reads CSV (RFC 4180: quoted fields, doubled quotes, line breaks in quotes; LF or CRLF) with a
// header line. Every cell knows its line and column, so that errors point at it. Used by the trace
// importers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/input_error.h"

namespace orrery::sim {

struct CsvCell {
  std::string text;
  int line = 0, column = 0;  // 1-based
};

struct CsvTable {
  std::vector<std::string> header;
  std::vector<std::vector<CsvCell>> rows;  // each as long as the header

  std::optional<std::size_t> column(std::string_view name) const;
};

/// Rows whose number of fields differs from the header's and open quotes are errors.
CsvTable read_csv(std::string_view text, InputErrors& errors);

/// The cell as an integer of at least 0; an error names `column` and the cell's place.
std::int64_t csv_integer(const CsvCell& cell, std::string_view column, InputErrors& errors);

}  // namespace orrery::sim
