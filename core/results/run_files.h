// RunFiles: the output folder of a run: manifest.json, series.csv, placement.csv, events.ndjson,
// digest, summary.json. Rows go out as they come, so that a long run needs no memory for them.
// docs/output.md documents the formats.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace orrery::results {

/// A text file that is written once, from start to end.
class TextFile {
 public:
  static Result<TextFile> create(const std::string& path);
  void write(std::string_view text);
  /// Flushes and closes; an error if anything could not be written (disk full).
  Status close();
  const std::string& path() const { return path_; }

 private:
  struct Closer {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Closer> file_;
  bool failed_ = false;
};

/// Creates the folder and its parents.
Status make_folder(const std::string& path);
/// Writes a whole file.
Status write_file(const std::string& path, std::string_view text);

/// series.csv and placement.csv: one row a sample, columns fixed at the start.
class CsvFile {
 public:
  static Result<CsvFile> create(const std::string& path, const std::vector<std::string>& columns);
  void row(const std::vector<std::string>& cells);
  Status close() { return file_.close(); }

 private:
  explicit CsvFile(TextFile file) : file_(std::move(file)) {}
  TextFile file_;
};

/// A number for a cell: no more digits than it needs.
std::string cell(double value);

/// events.ndjson: one JSON object a line; past `max` lines events are only counted.
class EventFile {
 public:
  static Result<EventFile> create(const std::string& path, std::uint64_t max);
  void event(double seconds, std::string_view kind, std::string_view what, std::string_view object,
             std::string_view message);
  std::uint64_t left_out() const { return left_out_; }
  Status close() { return file_.close(); }

 private:
  EventFile(TextFile file, std::uint64_t max) : file_(std::move(file)), max_(max) {}
  TextFile file_;
  std::uint64_t max_, written_ = 0, left_out_ = 0;
};

}  // namespace orrery::results
