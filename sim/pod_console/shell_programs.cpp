#include <algorithm>

#include "sim/pod_console/shell.h"
#include "sim/pod_console/tar_archive.h"

namespace orrery::sim {
namespace {

constexpr int kNotFound = 127;

int number_of(const std::string& text, int otherwise) {
  int value = 0;
  if (text.empty() || text.size() > 9) return otherwise;
  for (const char c : text) {
    if (c < '0' || c > '9') return otherwise;
    value = value * 10 + (c - '0');
  }
  return value;
}

/// `1`, `0.5`, `2m`: as Go reads them, with seconds as the unit where none is given.
std::optional<Duration> sleep_duration(const std::string& text) {
  const bool unit = !text.empty() && text.back() >= 'a' && text.back() <= 'z';
  if (text == "infinity" || text == "inf") return std::chrono::hours(24 * 365);
  if (text.ends_with('d')) {
    const Result<Duration> days = parse_duration(text.substr(0, text.size() - 1) + "h");
    if (!days.ok() || *days > std::chrono::hours(24 * 365)) return std::nullopt;
    return *days * 24;
  }
  const Result<Duration> parsed = parse_duration(unit ? text : text + "s");
  if (!parsed.ok() || *parsed < 0ns) return std::nullopt;
  return *parsed;
}

}  // namespace

// A command of a script: what changes the shell itself first, then programs.
Script Shell::run_words(Words words, ShellIo io) {
  int code = 0;
  if (run_builtin(words, io, code)) co_return code;
  if (words[0] == "read") {
    code = co_await run_read(std::move(words), io);
    co_return code;
  }
  if (words[0] == "exec" || words[0] == "command" || words[0] == "eval") {
    const bool leave = words[0] == "exec", eval = words[0] == "eval";
    words.erase(words.begin());
    if (words.empty()) co_return 0;
    if (eval) {
      std::string text;
      for (const std::string& word : words) text += word + " ";
      code = co_await run_text(std::move(text), io);
    } else {
      code = co_await run_program(std::move(words), io);
    }
    if (leave) {
      exiting_ = true;
      last_code_ = code;
    }
    co_return code;
  }
  code = co_await run_program(std::move(words), io);
  co_return code;
}

bool Shell::run_builtin(const Words& words, ShellIo io, int& code) {
  const std::string& name = words[0];
  code = 0;
  if (name == "cd") {
    code = change_directory(words, io);
  } else if (name == "exit" || name == "return") {
    code = words.size() > 1 ? number_of(words[1], 2) & 255 : last_code_;
    exiting_ = true;
    last_code_ = code;
  } else if (name == "break") {
    leaving_loops_ = words.size() > 1 ? std::max(1, number_of(words[1], 1)) : 1;
  } else if (name == "continue") {
    next_turn_ = true;
  } else if (name == "export" || name == "local" || name == "readonly") {
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::size_t equals = words[i].find('=');
      if (equals != std::string::npos) {
        variables_[words[i].substr(0, equals)] = words[i].substr(equals + 1);
      }
    }
  } else if (name == "unset") {
    for (std::size_t i = 1; i < words.size(); ++i) variables_.erase(words[i]);
  } else if (name == "shift") {
    if (parameters_.size() > 1) parameters_.erase(parameters_.begin() + 1);
  } else if (name != ":" && name != "set" && name != "trap" && name != "wait") {
    return false;
  }
  return true;
}

int Shell::change_directory(const Words& words, ShellIo io) {
  const std::string target = words.size() > 1 ? words[1] : "/root";
  const std::string path = FileTree::resolve(directory_, target);
  if (!scene_.files.is_directory(path)) {
    io.err->write("sh: cd: can't cd to " + target + ": No such file or directory\n");
    return 2;
  }
  directory_ = path;
  variables_["PWD"] = path;
  return 0;
}

Script Shell::run_program(Words words, ShellIo io) {
  std::string name = words[0];
  if (is_waiting_command(name)) {
    int code = 0;
    if (name.ends_with("sleep")) {
      code = co_await run_sleep(std::move(words), io);
    } else {
      code = co_await run_sh(std::move(words), io);
    }
    co_return code;
  }
  const Command* command = find_command(name);
  if (!command) {
    io.err->write("sh: 1: " + name + ": not found\n");
    co_return kNotFound;
  }
  if (command->name == "cat" && io.in == &input_ && reads_stdin(*command, words) &&
      words.size() == 1) {
    const int code = co_await run_cat(io);
    co_return code;
  }
  const int code = co_await run_command(*command, std::move(words), io);
  co_return code;
}

Script Shell::run_command(const Command& command, Words words, ShellIo io) {
  Process process{scene_, std::move(words), {}, {}, {}, {}, {}};
  if (reads_stdin(command, process.args)) {
    ShellInput& in = *io.in;
    while (!in.eof && !interrupted_ && !(command.run == run_tar && is_whole_tar(in.buffer))) {
      co_await wait_input();
    }
    process.input = std::exchange(in.buffer, {});
    if (in.tty) in.eof = false;
  }
  if (interrupted_) co_return 130;
  scene_.now = loop_.now();
  process.environment = variables_;
  process.directory = directory_;
  const int code = command.run(process);
  if (!process.out.empty()) io.out->write(process.out);
  if (!process.err.empty()) io.err->write(process.err);
  if (scene_.kill_container) {
    exiting_ = true;
    last_code_ = scene_.kill_code;
    co_return scene_.kill_code;
  }
  co_return code;
}

Script Shell::run_sleep(Words words, ShellIo io) {
  Duration total{};
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto one = sleep_duration(words[i]);
    if (!one) {
      io.err->write("sleep: invalid number '" + words[i] + "'\n");
      co_return 1;
    }
    total += *one;
  }
  if (words.size() < 2) {
    io.err->write("sleep: missing operand\n");
    co_return 1;
  }
  co_await wait_for(total);
  co_return interrupted_ ? 130 : 0;
}

// Copies stdin as it comes.
Script Shell::run_cat(ShellIo io) {
  ShellInput& in = *io.in;
  for (;;) {
    if (!in.buffer.empty()) {
      const std::string bytes = std::exchange(in.buffer, {});
      io.out->write(bytes);
    }
    if (in.eof || interrupted_) break;
    co_await wait_input();
  }
  if (in.tty) in.eof = false;
  co_return 0;
}

/// A line without its end; 1 where there is none any more.
Script Shell::read_line(ShellInput& in, std::string& line) {
  std::size_t end = in.buffer.find('\n');
  while (end == in.buffer.npos && !in.eof && !interrupted_) {
    co_await wait_input();
    end = in.buffer.find('\n');
  }
  if (end == in.buffer.npos && (in.buffer.empty() || interrupted_)) co_return 1;
  line = in.buffer.substr(0, end);
  in.buffer.erase(0, end == in.buffer.npos ? end : end + 1);
  co_return 0;
}

Script Shell::run_read(Words words, ShellIo io) {
  if (words.size() > 1 && words[1] == "-r") words.erase(words.begin() + 1);
  std::string line;
  const int code = co_await read_line(*io.in, line);
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t start = std::min(line.find_first_not_of(" \t"), line.size());
    line.erase(0, start);
    const std::size_t end =
        i + 1 == words.size() ? line.size() : std::min(line.find_first_of(" \t"), line.size());
    variables_[words[i]] = line.substr(0, end);
    line.erase(0, end);
  }
  co_return code;
}

Script Shell::run_text(std::string text, ShellIo io) {
  const ParsedScript parsed = parse_script(text);
  if (!parsed.root) {
    io.err->write(
        "sh: " + (parsed.error.empty() ? "syntax error: unexpected end of file" : parsed.error) +
        "\n");
    co_return 2;
  }
  const int code = co_await run_node(*parsed.root, io);
  co_return code;
}

// sh, sh -c TEXT [NAME ARGS...], sh FILE
Script Shell::run_sh(Words words, ShellIo io) {
  if (depth_ >= kScriptDepthMax) {
    io.err->write("sh: too many nested shells\n");
    co_return 1;
  }
  ++depth_;
  const auto variables = variables_;
  const Words parameters = parameters_;
  const std::string directory = directory_;
  std::string text;
  bool interactive = true;
  std::size_t i = 1;
  for (; i < words.size() && words[i].size() > 1 && words[i][0] == '-'; ++i) {
    if (words[i].find('c') == std::string::npos || words[i][1] == '-') continue;
    interactive = false;
    text = i + 1 < words.size() ? words[++i] : "";
    ++i;
    break;
  }
  int code = 0;
  if (interactive && i < words.size()) {
    const File* file = scene_.files.find(FileTree::resolve(directory_, words[i]));
    if (!file) io.err->write("sh: can't open '" + words[i] + "': No such file or directory\n");
    if (!file) code = 2;
    text = file ? file->content : "";
    interactive = false;
  }
  parameters_ = {"sh"};
  if (i < words.size())
    parameters_.assign(words.begin() + static_cast<std::ptrdiff_t>(i), words.end());
  if (code == 0 && interactive) {
    code = co_await run_interactive(io);
  } else if (code == 0) {
    code = co_await run_text(std::move(text), io);
  }
  if (exiting_) code = last_code_;
  if (!scene_.kill_container) exiting_ = false;
  --depth_;
  variables_ = variables;
  parameters_ = parameters;
  directory_ = directory;
  co_return code;
}

Script Shell::run_interactive(ShellIo io) {
  std::string pending;
  const bool prompts = tty_ && io.in == &input_;
  while (!exiting_) {
    if (prompts) io.out->write(pending.empty() ? directory_ + " # " : "> ");
    std::string line;
    const int ended = co_await read_line(*io.in, line);
    if (interrupted_ && prompts) {
      interrupted_ = false;
      pending.clear();
      continue;
    }
    if (ended != 0) break;
    pending += line + "\n";
    const ParsedScript parsed = parse_script(pending);
    if (parsed.incomplete && pending.size() < kScriptBytesMax) continue;
    pending.clear();
    if (!parsed.root) {
      io.err->write("sh: " + parsed.error + "\n");
      last_code_ = 2;
      continue;
    }
    last_code_ = co_await run_node(*parsed.root, io);
    leaving_loops_ = 0;
    next_turn_ = false;
    if (interrupted_ && prompts) {
      interrupted_ = false;
      last_code_ = 130;
    }
  }
  co_return last_code_;
}

}  // namespace orrery::sim
