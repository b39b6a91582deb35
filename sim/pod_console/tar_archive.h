// Tar archives (ustar), as `kubectl cp` sends and reads them: regular files and directories, long
// names by prefix, GNU 'L' entries and pax `path`. Pure; called by the command `tar`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace orrery::sim {

struct TarEntry {
  std::string name;  // relative or absolute, as stored
  bool directory = false;
  std::string content;
};

/// The archive, with its two empty blocks at the end. `mtime`: seconds since 1970, of all entries.
std::string write_tar(const std::vector<TarEntry>& entries, long mtime);

/// The entries of an archive; false where it is broken or cut (`entries` then holds what came
/// before). Entries of other types (links, devices) are left out.
bool read_tar(std::string_view archive, std::vector<TarEntry>& entries);

/// True once the archive's end has been seen: what comes behind it is not needed.
bool is_whole_tar(std::string_view so_far);

}  // namespace orrery::sim
