#include "sim/pod_console/file_tree.h"

namespace orrery::sim {
namespace {

std::string parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 || slash == path.npos ? "/" : std::string(path.substr(0, slash));
}

bool is_below(std::string_view path, std::string_view directory) {
  return directory == "/" ? path.size() > 1
                          : path.size() > directory.size() && path.starts_with(directory) &&
                                path[directory.size()] == '/';
}

}  // namespace

FileTree::FileTree() { files_["/"].directory = true; }

std::string FileTree::resolve(std::string_view directory, std::string_view path) {
  std::string whole(path);
  if (!path.starts_with('/')) whole = std::string(directory) + "/" + whole;
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < whole.size();) {
    const std::size_t slash = std::min(whole.find('/', at), whole.size());
    const std::string part = whole.substr(at, slash - at);
    at = slash + 1;
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  std::string out;
  for (const std::string& part : parts) out += "/" + part;
  return out.empty() ? "/" : out;
}

const File* FileTree::find(std::string_view path) const {
  const auto it = files_.find(path);
  return it == files_.end() ? nullptr : &it->second;
}

bool FileTree::is_directory(std::string_view path) const {
  const File* file = find(path);
  return file && file->directory;
}

std::vector<std::string> FileTree::below(std::string_view path) const {
  std::vector<std::string> out;
  if (find(path)) out.emplace_back(path);
  const std::string prefix = path == "/" ? "/" : std::string(path) + "/";
  for (auto it = files_.lower_bound(prefix); it != files_.end(); ++it) {
    if (!it->first.starts_with(prefix)) break;
    if (is_below(it->first, path)) out.push_back(it->first);
  }
  return out;
}

std::vector<std::string> FileTree::list(std::string_view directory) const {
  std::vector<std::string> out;
  const std::size_t skip = directory == "/" ? 1 : directory.size() + 1;
  for (const std::string& path : below(directory)) {
    if (path.size() <= skip - 1 || path == directory) continue;
    const std::string name = path.substr(skip);
    if (name.find('/') == name.npos) out.push_back(name);
  }
  return out;
}

std::string FileTree::check_parent(std::string_view path) const {
  const File* parent = find(parent_of(path));
  if (!parent) return "No such file or directory";
  return parent->directory ? "" : "Not a directory";
}

std::string FileTree::write(std::string_view path, std::string_view content, bool append) {
  if (is_directory(path)) return "Is a directory";
  if (path == "/dev/null") return {};
  if (const std::string error = check_parent(path); !error.empty()) return error;
  const File* old = find(path);
  if (old && old->read_only) return "Read-only file system";
  const std::size_t kept = old && append ? old->content.size() : 0;
  const std::size_t freed = old ? old->content.size() - kept : 0;
  if (bytes_ - freed + content.size() > kBytesMax || (!old && files_.size() >= kFilesMax)) {
    return "No space left on device";
  }
  File& file = files_[std::string(path)];
  bytes_ = bytes_ - freed + content.size();
  if (!append) file.content.clear();
  file.content += content;
  return {};
}

std::string FileTree::make_directory(std::string_view path, bool parents) {
  if (const File* there = find(path)) {
    return parents && there->directory ? "" : "File exists";
  }
  if (parents) {
    if (const std::string error = make_directory(parent_of(path), true); !error.empty()) {
      return error == "File exists" ? "Not a directory" : error;
    }
  }
  if (const std::string error = check_parent(path); !error.empty()) return error;
  if (files_.size() >= kFilesMax) return "No space left on device";
  files_[std::string(path)].directory = true;
  return {};
}

std::string FileTree::remove(std::string_view path, bool recursive) {
  const File* file = find(path);
  if (!file) return "No such file or directory";
  if (path == "/") return "Device or resource busy";
  if (file->directory && !recursive) return "Is a directory";
  const std::vector<std::string> paths = below(path);
  for (const std::string& one : paths) {
    if (files_.find(one)->second.read_only) return "Read-only file system";
  }
  for (const std::string& one : paths) {
    const auto it = files_.find(one);
    bytes_ -= it->second.content.size();
    files_.erase(it);
  }
  return {};
}

std::string FileTree::move(std::string_view from, std::string_view to) {
  if (!find(from)) return "No such file or directory";
  if (from == to) return {};
  if (from == "/" || is_below(to, from)) return "Invalid argument";
  if (const std::string error = check_parent(to); !error.empty()) return error;
  const File* old = find(to);
  if (old && (old->directory || old->read_only))
    return old->directory ? "File exists" : "Read-only file system";
  const std::vector<std::string> paths = below(from);
  for (const std::string& one : paths) {
    if (files_.find(one)->second.read_only) return "Read-only file system";
  }
  if (old) bytes_ -= old->content.size();
  for (const std::string& one : paths) {
    auto node = files_.extract(files_.find(one));
    node.key() = std::string(to) + one.substr(from.size());
    files_.erase(node.key());
    files_.insert(std::move(node));
  }
  return {};
}

void FileTree::mount(std::string_view path, std::string_view content) {
  const std::string parent = parent_of(path);
  (void)make_directory(parent, true);
  if (is_directory(path) || !is_directory(parent)) return;
  File& file = files_[std::string(path)];
  bytes_ = bytes_ - file.content.size() + content.size();
  file.content = content;
  file.read_only = true;
}

void FileTree::unmount_all() {
  for (auto it = files_.begin(); it != files_.end();) {
    if (!it->second.read_only) {
      ++it;
      continue;
    }
    bytes_ -= it->second.content.size();
    it = files_.erase(it);
  }
}

}  // namespace orrery::sim
