// FileTree: the files of one container, in memory. Called by the shell's commands. Paths are
// absolute and normal (resolve() makes them so). Rule: the whole tree holds at most kBytesMax and
// kFilesMax; writes past that fail as on a full disk.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::sim {

struct File {
  bool directory = false;
  bool read_only = false;  // mounted from a ConfigMap, a Secret, ...
  std::string content;
};

class FileTree {
 public:
  static constexpr std::size_t kBytesMax = 16 << 20;
  static constexpr std::size_t kFilesMax = 10000;

  FileTree();
  static std::string resolve(std::string_view directory, std::string_view path);

  const File* find(std::string_view path) const;
  bool is_directory(std::string_view path) const;
  /// The names in a directory, sorted.
  std::vector<std::string> list(std::string_view directory) const;
  /// All paths at and below, sorted: a directory before what is in it.
  std::vector<std::string> below(std::string_view path) const;

  // Each answers "" or why not, as strerror() says it.
  std::string write(std::string_view path, std::string_view content, bool append);
  std::string make_directory(std::string_view path, bool parents);
  std::string remove(std::string_view path, bool recursive);
  std::string move(std::string_view from, std::string_view to);

  /// Puts a read-only file and its parents there; for mounts.
  void mount(std::string_view path, std::string_view content);
  void unmount_all();

 private:
  std::string check_parent(std::string_view path) const;

  std::map<std::string, File, std::less<>> files_;  // "/" is there, too
  std::size_t bytes_ = 0;
};

}  // namespace orrery::sim
