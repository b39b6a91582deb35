#include "sim/scenario/input_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace orrery::sim {
namespace {

namespace fs = std::filesystem;
constexpr std::uintmax_t kFileBytesMax = 1ull << 30;

bool is_manifest_name(const fs::path& path) {
  const std::string extension = path.extension().string();
  return !path.filename().string().starts_with(".") &&
         (extension == ".yaml" || extension == ".yml" || extension == ".json");
}

}  // namespace

Result<std::string> read_text_file(const std::string& file) {
  std::error_code error;
  if (!fs::exists(file, error)) {
    return Status(Reason::kNotFound, fmt::format("{}: no such file", file));
  }
  if (fs::is_directory(file, error)) {
    return bad_request(fmt::format("{}: is a folder, not a file", file));
  }
  if (const auto size = fs::file_size(file, error); !error && size > kFileBytesMax) {
    return bad_request(fmt::format("{}: is larger than 1 GiB: split it", file));
  }
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || in.bad()) return bad_request(fmt::format("{}: cannot be read: check its mode", file));
  return std::move(text).str();
}

Status write_text_file(const std::string& file, std::string_view text) {
  std::error_code error;
  if (const fs::path folder = fs::path(file).parent_path(); !folder.empty()) {
    fs::create_directories(folder, error);
  }
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) return bad_request(fmt::format("{}: cannot be written: check folder and disk", file));
  return {};
}

bool is_file(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

bool is_folder(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

std::string beside(const std::string& file, const std::string& path) {
  if (fs::path(path).is_absolute()) return path;
  return (fs::path(file).parent_path() / path).lexically_normal().string();
}

Result<std::vector<std::string>> manifest_files(const std::string& path) {
  if (is_file(path)) return std::vector<std::string>{path};
  if (!is_folder(path)) {
    return Status(Reason::kNotFound, fmt::format("{}: no such file or folder", path));
  }
  std::vector<std::string> out;
  std::error_code error;
  for (fs::recursive_directory_iterator it(path, error), end; !error && it != end;
       it.increment(error)) {
    if (it->is_regular_file(error) && is_manifest_name(it->path())) {
      out.push_back(it->path().string());
    }
  }
  if (error) return bad_request(fmt::format("{}: cannot be listed: {}", path, error.message()));
  if (out.empty()) {
    return Status(Reason::kNotFound, fmt::format("{}: holds no .yaml, .yml or .json file", path));
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace orrery::sim
