#include "core/results/run_files.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace orrery::results {
namespace {

Status cannot(std::string_view verb, const std::string& path, std::string_view why) {
  return internal_error(fmt::format("{}: cannot {}: {}", path, verb, why));
}

}  // namespace

Result<TextFile> TextFile::create(const std::string& path) {
  TextFile file;
  file.path_ = path;
  file.file_.reset(std::fopen(path.c_str(), "w"));
  if (!file.file_) return cannot("create", path, std::strerror(errno));
  return file;
}

void TextFile::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) failed_ = true;
}

Status TextFile::close() {
  if (!file_) return Status();
  const bool flushed = std::fflush(file_.get()) == 0;
  file_.reset();
  return failed_ || !flushed ? cannot("write", path_, std::strerror(errno)) : Status();
}

Status make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  return error ? cannot("create folder", path, error.message()) : Status();
}

Status write_file(const std::string& path, std::string_view text) {
  Result<TextFile> file = TextFile::create(path);
  if (!file.ok()) return file.status();
  file->write(text);
  return file->close();
}

Result<CsvFile> CsvFile::create(const std::string& path, const std::vector<std::string>& columns) {
  Result<TextFile> file = TextFile::create(path);
  if (!file.ok()) return file.status();
  CsvFile csv(std::move(*file));
  csv.row(columns);
  return csv;
}

void CsvFile::row(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& c : cells) {
    if (!line.empty()) line += ',';
    line += c;
  }
  file_.write(line + '\n');
}

std::string cell(double value) { return fmt::format("{:.6g}", value); }

Result<EventFile> EventFile::create(const std::string& path, std::uint64_t max) {
  Result<TextFile> file = TextFile::create(path);
  if (!file.ok()) return file.status();
  return EventFile(std::move(*file), max);
}

void EventFile::event(double seconds, std::string_view kind, std::string_view what,
                      std::string_view object, std::string_view message) {
  if (written_ == max_) {
    ++left_out_;
    return;
  }
  ++written_;
  const nlohmann::json line = {
      {"t", seconds}, {"kind", kind}, {"what", what}, {"object", object}, {"message", message}};
  file_.write(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
}

}  // namespace orrery::results
