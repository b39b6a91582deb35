// Commands on files: ls, cat, touch, mkdir, rm, rmdir, mv, cp, tar, pwd.
#include <fmt/format.h>

#include <array>

#include "sim/pod_console/command.h"
#include "sim/pod_console/tar_archive.h"

namespace orrery::sim {
namespace {

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string long_line(const std::string& name, const File& file) {
  return fmt::format("{}    1 root     root     {:>9} Jan  1 00:00 {}\n",
                     file.directory   ? "drwxr-xr-x"
                     : file.read_only ? "-r--r--r--"
                                      : "-rw-r--r--",
                     file.directory ? 4096 : file.content.size(), name);
}

int run_ls(Process& p) {
  const Options options = read_options(p.args);
  std::vector<std::string> paths = options.rest;
  if (paths.empty()) paths.push_back(".");
  int code = 0;
  const auto show = [&](const std::string& name, const File& file) {
    p.out += options.has('l') ? long_line(name, file) : name + "\n";
  };
  for (const std::string& given : paths) {
    const std::string path = p.path(given);
    const File* file = p.scene.files.find(path);
    if (!file) {
      code = p.fail(given + ": No such file or directory");
      continue;
    }
    if (!file->directory || options.has('d')) {
      show(given, *file);
      continue;
    }
    if (paths.size() > 1) p.out += given + ":\n";
    if (options.has('a')) p.out += options.has('l') ? "" : ".\n..\n";
    for (const std::string& name : p.scene.files.list(path)) {
      if (name.starts_with('.') && !options.has('a') && !options.has('A')) continue;
      show(name, *p.scene.files.find(FileTree::resolve(path, name)));
    }
  }
  return code;
}

int run_cat(Process& p) {
  std::vector<std::pair<std::string, std::string>> inputs;
  const bool good = read_inputs(p, read_options(p.args).rest, inputs);
  for (const auto& [name, content] : inputs) p.out += content;
  return good ? 0 : 1;
}

int run_touch(Process& p) {
  int code = 0;
  for (const std::string& name : read_options(p.args).rest) {
    if (p.scene.files.find(p.path(name))) continue;
    const std::string error = p.scene.files.write(p.path(name), {}, true);
    if (!error.empty()) code = p.fail(name + ": " + error);
  }
  return code;
}

int run_mkdir(Process& p) {
  const Options options = read_options(p.args, "m");
  if (options.rest.empty()) return p.fail("missing operand");
  int code = 0;
  for (const std::string& name : options.rest) {
    const std::string error = p.scene.files.make_directory(p.path(name), options.has('p'));
    if (!error.empty()) code = p.fail(fmt::format("can't create directory '{}': {}", name, error));
  }
  return code;
}

int run_rm(Process& p) {
  const Options options = read_options(p.args);
  const bool recursive = options.has('r') || options.has('R');
  int code = 0;
  for (const std::string& name : options.rest) {
    if (!p.scene.files.find(p.path(name)) && options.has('f')) continue;
    const std::string error = p.scene.files.remove(p.path(name), recursive);
    if (!error.empty()) code = p.fail(fmt::format("can't remove '{}': {}", name, error));
  }
  return code;
}

int run_rmdir(Process& p) {
  int code = 0;
  for (const std::string& name : read_options(p.args).rest) {
    const std::string path = p.path(name);
    const std::string error = !p.scene.files.is_directory(path) ? "No such file or directory"
                              : !p.scene.files.list(path).empty()
                                  ? "Directory not empty"
                                  : p.scene.files.remove(path, true);
    if (!error.empty()) code = p.fail(fmt::format("'{}': {}", name, error));
  }
  return code;
}

/// Where `from` goes: into `to` if that is a directory.
std::string destination(Process& p, const std::string& from, const std::string& to) {
  const std::string path = p.path(to);
  return p.scene.files.is_directory(path) ? FileTree::resolve(path, last_part(p.path(from))) : path;
}

int run_mv(Process& p) {
  std::vector<std::string> paths = read_options(p.args).rest;
  if (paths.size() < 2) return p.fail("missing file operand");
  const std::string to = paths.back();
  paths.pop_back();
  int code = 0;
  for (const std::string& from : paths) {
    const std::string error = p.scene.files.move(p.path(from), destination(p, from, to));
    if (!error.empty()) code = p.fail(fmt::format("can't rename '{}': {}", from, error));
  }
  return code;
}

std::string copy(Process& p, const std::string& from, const std::string& to, bool recursive) {
  FileTree& files = p.scene.files;
  const std::string source = p.path(from), target = destination(p, from, to);
  const File* file = files.find(source);
  if (!file) return "No such file or directory";
  if (!file->directory) return files.write(target, std::string(file->content), false);
  if (!recursive) return "omitting directory";
  for (const std::string& path : files.below(source)) {
    const File copied = *files.find(path);
    const std::string there = target + path.substr(source.size());
    const std::string error = copied.directory ? files.make_directory(there, true)
                                               : files.write(there, copied.content, false);
    if (!error.empty()) return error;
  }
  return {};
}

int run_cp(Process& p) {
  const Options options = read_options(p.args);
  std::vector<std::string> paths = options.rest;
  if (paths.size() < 2) return p.fail("missing file operand");
  const std::string to = paths.back();
  paths.pop_back();
  const bool recursive = options.has('r') || options.has('R') || options.has('a');
  int code = 0;
  for (const std::string& from : paths) {
    const std::string error = copy(p, from, to, recursive);
    if (!error.empty()) code = p.fail(fmt::format("can't copy '{}': {}", from, error));
  }
  return code;
}

int run_pwd(Process& p) {
  p.out += p.directory + "\n";
  return 0;
}

struct TarCall {
  char mode = 0;
  std::string file = "-", directory;
  bool verbose = false;
  std::vector<std::string> paths;
};

TarCall read_tar_call(const Process& p) {
  TarCall call;
  call.directory = p.directory;
  for (std::size_t i = 1; i < p.args.size(); ++i) {
    const std::string& arg = p.args[i];
    const auto value = [&] { return i + 1 < p.args.size() ? p.args[++i] : std::string(); };
    if (arg == "-C") {
      call.directory = FileTree::resolve(call.directory, value());
    } else if (i == 1 || (arg.size() > 1 && arg[0] == '-' && arg[1] != '-')) {
      for (const char c : arg) {
        if (c == 'x' || c == 'c' || c == 't') call.mode = c;
        if (c == 'v') call.verbose = true;
        if (c == 'f') call.file = value();
      }
    } else if (!arg.starts_with("--")) {
      call.paths.push_back(arg);
    }
  }
  return call;
}

int create_tar(Process& p, const TarCall& call) {
  std::vector<TarEntry> entries;
  int code = 0;
  for (const std::string& given : call.paths) {
    const std::string root = FileTree::resolve(call.directory, given);
    const std::vector<std::string> found = p.scene.files.below(root);
    if (found.empty()) {
      code = p.fail(given + ": Cannot stat: No such file or directory", 2);
    }
    std::string name = given;  // as GNU tar: the leading / goes
    while (name.starts_with('/')) name.erase(0, 1);
    while (name.ends_with('/')) name.pop_back();
    if (name.empty()) name = ".";
    for (const std::string& path : found) {
      const File& file = *p.scene.files.find(path);
      const std::string rest = root == "/" ? (path == "/" ? "" : path) : path.substr(root.size());
      entries.push_back({name + rest, file.directory, file.content});
      if (call.verbose) p.err += entries.back().name + "\n";
    }
  }
  const auto mtime =
      std::chrono::duration_cast<std::chrono::seconds>(p.scene.now.time_since_epoch());
  const std::string archive = write_tar(entries, mtime.count());
  if (call.file == "-") {
    p.out += archive;
  } else if (const std::string error = p.scene.files.write(p.path(call.file), archive, false);
             !error.empty()) {
    return p.fail(call.file + ": " + error, 2);
  }
  return code;
}

int extract_tar(Process& p, const TarCall& call, const std::string& archive) {
  if (!p.scene.files.is_directory(call.directory)) {
    return p.fail(call.directory + ": Cannot open: No such file or directory", 2);
  }
  std::vector<TarEntry> entries;
  const bool whole = read_tar(archive, entries);
  int code = 0;
  for (const TarEntry& entry : entries) {
    if (call.verbose || call.mode == 't') p.out += entry.name + "\n";
    if (call.mode == 't') continue;
    std::string name = entry.name;
    while (name.starts_with('/')) name.erase(0, 1);
    if (("/" + name + "/").find("/../") != std::string::npos) {
      code = p.fail(name + ": Member name contains '..'", 2);
      continue;
    }
    const std::string path = FileTree::resolve(call.directory, name);
    FileTree& files = p.scene.files;
    std::string error =
        files.make_directory(path.substr(0, std::max<std::size_t>(1, path.rfind('/'))), true);
    if (error.empty()) {
      error = entry.directory ? files.make_directory(path, true)
                              : files.write(path, entry.content, false);
    }
    if (!error.empty()) code = p.fail(name + ": Cannot open: " + error, 2);
  }
  return whole ? code : p.fail("Unexpected EOF in archive", 2);
}

constexpr std::array<Command, 10> kCommands = {{{"ls", run_ls},
                                                {"cat", run_cat, StdinUse::kWithoutFiles},
                                                {"touch", run_touch},
                                                {"mkdir", run_mkdir},
                                                {"rm", run_rm},
                                                {"rmdir", run_rmdir},
                                                {"mv", run_mv},
                                                {"cp", run_cp},
                                                {"pwd", run_pwd},
                                                {"tar", run_tar, StdinUse::kWithoutFiles}}};

}  // namespace

int run_tar(Process& p) {
  const TarCall call = read_tar_call(p);
  if (call.mode == 'c') return create_tar(p, call);
  if (call.mode == 0) return p.fail("must specify one of -c, -x, -t");
  if (call.file == "-") return extract_tar(p, call, p.input);
  const File* file = p.scene.files.find(p.path(call.file));
  if (!file) return p.fail(call.file + ": Cannot open: No such file or directory", 2);
  return extract_tar(p, call, std::string(file->content));
}

std::span<const Command> file_commands() { return kCommands; }

}  // namespace orrery::sim
