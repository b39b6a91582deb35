#include "sim/pod_console/command.h"

#include <algorithm>
#include <array>

namespace orrery::sim {

int Process::fail(std::string_view text, int code) {
  err += args[0] + ": " + std::string(text) + "\n";
  return code;
}

const Command* find_command(std::string_view name) {
  if (const std::size_t slash = name.rfind('/'); slash != name.npos) {
    const std::string_view folder = name.substr(0, slash);
    if (folder != "/bin" && folder != "/usr/bin" && folder != "/sbin" && folder != "/usr/sbin") {
      return nullptr;
    }
    name.remove_prefix(slash + 1);
  }
  for (const auto commands :
       {file_commands(), text_commands(), system_commands(), web_commands()}) {
    for (const Command& command : commands) {
      if (command.name == name) return &command;
    }
  }
  return nullptr;
}

bool is_waiting_command(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kNames = {"sh", "bash", "ash", "sleep"};
  for (const std::string_view folder : {"/bin/", "/usr/bin/"}) {
    if (name.starts_with(folder)) name.remove_prefix(folder.size());
  }
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool reads_stdin(const Command& command, const std::vector<std::string>& args) {
  if (command.reads != StdinUse::kWithoutFiles) return command.reads == StdinUse::kAlways;
  if (command.name == "tar") {  // `x` from `-` or from nowhere
    const bool extract = args.size() > 1 && args[1].find('x') != std::string::npos;
    const auto file = std::find(args.begin(), args.end(), "-");
    return extract && (file != args.end() || args[1].find('f') == std::string::npos);
  }
  std::size_t operands = command.name == "grep" ? 1 : 0;
  for (std::size_t i = 1; i < args.size(); ++i) {
    if (args[i] == "-n" && command.name != "grep" && command.name != "cat") {
      ++i;  // head -n 5
    } else if (args[i] == "-") {
      return true;
    } else if (args[i] == "-e" && command.name == "grep") {
      ++i;
      operands = 0;
    } else if (!args[i].starts_with('-')) {
      if (operands == 0) return false;
      --operands;
    }
  }
  return true;
}

Options read_options(const std::vector<std::string>& args, std::string_view with_value) {
  Options out;
  bool flags = true;
  for (std::size_t i = 1; i < args.size(); ++i) {
    const std::string& arg = args[i];
    if (!flags || arg.size() < 2 || arg[0] != '-') {
      out.rest.push_back(arg);
    } else if (arg == "--") {
      flags = false;
    } else if (arg[1] != '-') {
      for (std::size_t k = 1; k < arg.size(); ++k) {
        std::string& value = out.flags[arg[k]];
        if (with_value.find(arg[k]) == with_value.npos) continue;
        value = arg.substr(k + 1);
        if (value.empty() && i + 1 < args.size()) value = args[++i];
        break;
      }
    }
  }
  return out;
}

bool read_inputs(Process& p, const std::vector<std::string>& files,
                 std::vector<std::pair<std::string, std::string>>& out) {
  bool good = true;
  if (files.empty()) out.emplace_back("-", p.input);
  for (const std::string& name : files) {
    if (name == "-") {
      out.emplace_back(name, p.input);
      continue;
    }
    const File* file = p.scene.files.find(p.path(name));
    if (!file || file->directory) {
      p.fail(name + (file ? ": Is a directory" : ": No such file or directory"));
      good = false;
    } else {
      out.emplace_back(name, file->content);
    }
  }
  return good;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace orrery::sim
