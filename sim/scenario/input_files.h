// Input files from the disk: whole text of a file, and what a path given in a scenario stands for.
// All input of a run is read before it starts; nothing here is called while virtual time runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace orrery::sim {

/// The file's bytes. NotFound or BadRequest names the file and the reason; at most 1 GiB.
Result<std::string> read_text_file(const std::string& file);
/// False with BadRequest naming the file where it cannot be written.
Status write_text_file(const std::string& file, std::string_view text);

bool is_file(const std::string& path);
bool is_folder(const std::string& path);
/// `path` as seen from the folder of `file`; an absolute path stays as it is.
std::string beside(const std::string& file, const std::string& path);
/// The file itself, or the .yaml, .yml and .json files below a folder (and its folders), sorted by
/// path. Hidden files are left out. NotFound where there is nothing.
Result<std::vector<std::string>> manifest_files(const std::string& path);

}  // namespace orrery::sim
