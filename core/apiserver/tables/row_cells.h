// RowCells: takes the cells of one table row, in column order, and writes them as JSON. Row
// printers call it; one call a cell.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace orrery::apiserver {

class RowCells {
 public:
  /// Writes `[` and what follows to `out`, which outlives this.
  explicit RowCells(std::string& out) : out_(out) { out_ += '['; }
  RowCells(const RowCells&) = delete;
  RowCells& operator=(const RowCells&) = delete;

  void text(std::string_view value);
  void integer(std::int64_t value);
  void number(double value);
  void flag(bool value);
  /// A cell without a value: JSON null.
  void none();
  /// The row stands for a pod that has ended: its phase becomes the row's Completed condition.
  void complete(std::string_view phase) { completed_ = phase; }

  /// Writes `]` and, of a pod that has ended, the row's conditions.
  void close();
  std::size_t count() const { return count_; }

 private:
  void next();

  std::string& out_;
  std::size_t count_ = 0;
  std::string_view completed_;
};

}  // namespace orrery::apiserver
