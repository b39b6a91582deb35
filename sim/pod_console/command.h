// The commands that the simulated containers have: plain functions over a Process. What has to wait
// (sleep, read, cat from a terminal, sh) is in Shell. Rule: a command ends in one call; what it
// reads from stdin has been gathered before.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "sim/pod_console/file_tree.h"
#include "sim/pod_console/pod_view.h"

namespace orrery::sim {

/// The container that a process is in.
struct ContainerScene {
  PodView& view;
  FileTree& files;
  Ref<const api::Pod> pod;
  Symbol container;
  Time now;
  /// Set by a command that ends the container: `kill 1`.
  bool kill_container = false;
  int kill_code = 0;
};

struct Process {
  ContainerScene& scene;
  std::vector<std::string> args;  // args[0] is the name
  std::map<std::string, std::string> environment;
  std::string directory;
  std::string input;  // all of stdin
  std::string out, err;

  const std::string& name() const { return args[0]; }
  /// Writes `NAME: TEXT` to err; answers `code`.
  int fail(std::string_view text, int code = 1);
  std::string path(std::string_view given) const { return FileTree::resolve(directory, given); }
};

enum class StdinUse { kNever, kWithoutFiles, kAlways };

struct Command {
  std::string_view name;
  int (*run)(Process&);
  StdinUse reads = StdinUse::kNever;
};

/// Null if there is none of this name (a path such as /bin/ls is taken by its last part).
const Command* find_command(std::string_view name);
/// Names that Shell itself knows as programs: sh, bash, ash, sleep.
bool is_waiting_command(std::string_view name);
/// True if the command, called so, reads stdin.
bool reads_stdin(const Command& command, const std::vector<std::string>& args);

std::span<const Command> file_commands();
std::span<const Command> text_commands();
std::span<const Command> system_commands();
std::span<const Command> web_commands();
int run_tar(Process& process);
int run_test(Process& process);

/// Flags of one letter and what is left: `-lah x` gives {l,a,h} and {x}. Letters in `with_value`
/// take the rest of their word or the next word.
struct Options {
  std::map<char, std::string> flags;
  std::vector<std::string> rest;
  bool has(char c) const { return flags.count(c) > 0; }
};
Options read_options(const std::vector<std::string>& args, std::string_view with_value = {});

/// The contents of the files named, or of stdin; false after an error was written.
bool read_inputs(Process& process, const std::vector<std::string>& files,
                 std::vector<std::pair<std::string, std::string>>& out);
std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace orrery::sim
