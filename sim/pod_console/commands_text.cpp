// Commands on text: echo, printf, head, tail, wc, grep, sort, uniq, seq, tee, true, false, test.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "sim/pod_console/command.h"

namespace orrery::sim {
namespace {

constexpr std::int64_t kSeqMax = 100000;  // lines

std::int64_t number_of(std::string_view text, std::int64_t otherwise) {
  std::int64_t value = otherwise;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

std::string escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    const std::size_t at = std::string_view("ntr\\ae0").find(c);
    if (at == std::string_view::npos) {
      (out += '\\') += c;
    } else {
      out += std::string_view("\n\t\r\\\a\033\0", 7)[at];
    }
  }
  return out;
}

int run_echo(Process& p) {
  bool newline = true, escaped = false;
  std::size_t i = 1;
  for (; i < p.args.size() && p.args[i].size() > 1 && p.args[i][0] == '-' &&
         p.args[i].find_first_not_of("neE", 1) == std::string::npos;
       ++i) {
    if (p.args[i].find('n') != std::string::npos) newline = false;
    if (p.args[i].find('e') != std::string::npos) escaped = true;
  }
  for (std::size_t k = i; k < p.args.size(); ++k) {
    if (k > i) p.out += ' ';
    p.out += escaped ? escapes(p.args[k]) : p.args[k];
  }
  if (newline) p.out += '\n';
  return 0;
}

int run_printf(Process& p) {
  if (p.args.size() < 2) return p.fail("usage: printf FORMAT [ARG]...");
  const std::string format = escapes(p.args[1]);
  std::size_t next = 2;
  do {
    for (std::size_t i = 0; i < format.size(); ++i) {
      if (format[i] != '%' || i + 1 == format.size()) {
        p.out += format[i];
      } else if (format[++i] == '%') {
        p.out += '%';
      } else {  // %s, %d
        const std::string arg = next < p.args.size() ? p.args[next++] : "";
        p.out += format[i] == 'd' && arg.empty() ? "0" : arg;
      }
    }
  } while (next > 2 && next < p.args.size());
  return 0;
}

/// -n 5, -n5 and -5; the rest are files.
struct LineCount {
  std::int64_t lines = 10;
  bool bytes = false;
  bool from_start = false;  // tail -n +3
  std::vector<std::string> files;
};

LineCount read_line_count(const Process& p) {
  std::vector<std::string> args = p.args;
  for (std::string& arg : args) {
    if (arg.size() > 1 && arg[0] == '-' && arg[1] >= '0' && arg[1] <= '9') {
      arg.insert(arg.begin() + 1, 'n');
    }
  }
  const Options options = read_options(args, "nc");
  LineCount out;
  for (const char flag : {'n', 'c'}) {
    if (!options.has(flag)) continue;
    const std::string& value = options.flags.at(flag);
    out.lines = std::max<std::int64_t>(0, number_of(value, 10));
    out.from_start = value.starts_with('+');
    out.bytes = flag == 'c';
  }
  out.files = options.rest;
  return out;
}

int run_head(Process& p) {
  const LineCount count = read_line_count(p);
  std::vector<std::pair<std::string, std::string>> inputs;
  const bool good = read_inputs(p, count.files, inputs);
  for (const auto& [name, content] : inputs) {
    if (inputs.size() > 1) p.out.append("==> ").append(name).append(" <==\n");
    if (count.bytes) {
      p.out += content.substr(0, static_cast<std::size_t>(count.lines));
      continue;
    }
    std::size_t at = 0;
    for (std::int64_t i = 0; i < count.lines && at < content.size(); ++i) {
      at = std::min(content.find('\n', at), content.size() - 1) + 1;
    }
    p.out += content.substr(0, at);
  }
  return good ? 0 : 1;
}

int run_tail(Process& p) {
  const LineCount count = read_line_count(p);
  std::vector<std::pair<std::string, std::string>> inputs;
  const bool good = read_inputs(p, count.files, inputs);
  for (const auto& [name, content] : inputs) {
    const auto lines = lines_of(content);
    const auto size = static_cast<std::int64_t>(lines.size());
    const std::int64_t first = count.from_start ? std::max<std::int64_t>(0, count.lines - 1)
                                                : std::max<std::int64_t>(0, size - count.lines);
    if (count.bytes) {
      const auto all = static_cast<std::int64_t>(content.size());
      p.out +=
          content.substr(static_cast<std::size_t>(std::max<std::int64_t>(0, all - count.lines)));
      continue;
    }
    for (std::int64_t i = first; i < size; ++i) {
      p.out += std::string(lines[static_cast<std::size_t>(i)]) + "\n";
    }
  }
  return good ? 0 : 1;
}

int run_wc(Process& p) {
  const Options options = read_options(p.args);
  std::vector<std::pair<std::string, std::string>> inputs;
  const bool good = read_inputs(p, options.rest, inputs);
  const bool all = options.flags.empty();
  for (const auto& [name, content] : inputs) {
    const auto lines = std::count(content.begin(), content.end(), '\n');
    std::size_t words = 0;
    bool in_word = false;
    for (const char c : content) {
      const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
      if (!blank && !in_word) ++words;
      in_word = !blank;
    }
    std::string line;
    const auto add = [&](char flag, std::size_t value) {
      if (all) line += fmt::format("{:>9} ", value);
      if (options.has(flag)) line += fmt::format("{} ", value);
    };
    add('l', static_cast<std::size_t>(lines));
    add('w', words);
    add('c', content.size());
    if (name != "-") {
      line += name;
    } else if (!line.empty()) {
      line.pop_back();
    }
    p.out += line + "\n";
  }
  return good ? 0 : 1;
}

// A small regular expression: literals, `.`, `x*`, `^`, `$`.
bool match_here(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return true;
  if (pattern == "$") return text.empty();
  if (pattern.size() > 1 && pattern[1] == '*') {
    for (std::size_t i = 0;; ++i) {
      if (match_here(pattern.substr(2), text.substr(i))) return true;
      if (i >= text.size() || (pattern[0] != '.' && pattern[0] != text[i])) return false;
    }
  }
  std::size_t used = 1;
  if (pattern[0] == '\\' && pattern.size() > 1) {
    if (text.empty() || text[0] != pattern[1]) return false;
    used = 2;
  } else if (text.empty() || (pattern[0] != '.' && pattern[0] != text[0])) {
    return false;
  }
  return match_here(pattern.substr(used), text.substr(1));
}

bool grep_matches(std::string_view pattern, std::string_view line) {
  if (pattern.starts_with('^')) return match_here(pattern.substr(1), line);
  for (std::size_t i = 0; i <= line.size(); ++i) {
    if (match_here(pattern, line.substr(i))) return true;
  }
  return false;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

bool matches_any(const std::vector<std::string>& patterns, std::string_view line, bool fixed) {
  for (const std::string& pattern : patterns) {
    if (fixed ? line.find(pattern) != line.npos : grep_matches(pattern, line)) return true;
  }
  return false;
}

int run_grep(Process& p) {
  constexpr std::size_t kPatternMax = 200, kStarsMax = 3;  // matching is exponential in the stars
  Options options = read_options(p.args, "e");
  std::vector<std::string> patterns;
  if (options.has('e')) {
    patterns.push_back(options.flags['e']);
  } else if (!options.rest.empty()) {
    patterns.push_back(options.rest.front());
    options.rest.erase(options.rest.begin());
  } else {
    return p.fail("usage: grep [-ivncqEF] PATTERN [FILE]...", 2);
  }
  if (options.has('E')) {  // only alternatives
    const std::string whole = patterns[0];
    patterns.clear();
    for (std::size_t at = 0; at <= whole.size();) {
      const std::size_t bar = std::min(whole.find('|', at), whole.size());
      patterns.push_back(whole.substr(at, bar - at));
      at = bar + 1;
    }
  }
  for (std::string& pattern : patterns) {
    const auto stars = static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '*'));
    if (pattern.size() > kPatternMax || stars > kStarsMax) return p.fail("pattern too complex", 2);
    if (options.has('i')) pattern = lower(pattern);
  }
  std::vector<std::pair<std::string, std::string>> inputs;
  const bool good = read_inputs(p, options.rest, inputs);
  std::int64_t found = 0;
  for (const auto& [name, content] : inputs) {
    std::int64_t number = 0, here = 0;
    for (const std::string_view line : lines_of(content)) {
      ++number;
      const std::string folded = options.has('i') ? lower(line) : std::string(line);
      if (matches_any(patterns, folded, options.has('F')) == options.has('v')) continue;
      ++here;
      if (options.has('c') || options.has('q')) continue;
      if (inputs.size() > 1) p.out += name + ":";
      if (options.has('n')) p.out += fmt::format("{}:", number);
      p.out += std::string(line) + "\n";
    }
    if (options.has('c') && !options.has('q')) p.out += fmt::format("{}\n", here);
    found += here;
  }
  return !good ? 2 : found > 0 ? 0 : 1;
}

int run_sort(Process& p) {
  const Options options = read_options(p.args, "k");
  std::vector<std::pair<std::string, std::string>> inputs;
  const bool good = read_inputs(p, options.rest, inputs);
  std::vector<std::string> lines;
  for (const auto& [name, content] : inputs) {
    for (const std::string_view line : lines_of(content)) lines.emplace_back(line);
  }
  const bool numbers = options.has('n');
  std::stable_sort(lines.begin(), lines.end(), [numbers](const auto& a, const auto& b) {
    return numbers ? number_of(a, 0) < number_of(b, 0) : a < b;
  });
  if (options.has('r')) std::reverse(lines.begin(), lines.end());
  if (options.has('u')) lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  for (const std::string& line : lines) p.out += line + "\n";
  return good ? 0 : 1;
}

int run_uniq(Process& p) {
  const Options options = read_options(p.args);
  std::vector<std::pair<std::string, std::string>> inputs;
  if (!read_inputs(p, options.rest, inputs)) return 1;
  const auto lines = lines_of(inputs[0].second);
  for (std::size_t i = 0; i < lines.size();) {
    std::size_t same = i;
    while (same < lines.size() && lines[same] == lines[i]) ++same;
    if (options.has('c')) p.out += fmt::format("{:>7} ", same - i);
    p.out += std::string(lines[i]) + "\n";
    i = same;
  }
  return 0;
}

int run_seq(Process& p) {
  if (p.args.size() < 2 || p.args.size() > 4) return p.fail("usage: seq [FIRST [STEP]] LAST");
  const std::int64_t first = p.args.size() > 2 ? number_of(p.args[1], 1) : 1;
  const std::int64_t step = p.args.size() > 3 ? number_of(p.args[2], 1) : 1;
  const std::int64_t last = number_of(p.args.back(), 0);
  if (step == 0) return p.fail("invalid step");
  std::int64_t value = first;
  for (std::int64_t i = 0; i < kSeqMax && (step > 0 ? value <= last : value >= last); ++i) {
    p.out += fmt::format("{}\n", value);
    if (__builtin_add_overflow(value, step, &value)) break;
  }
  return 0;
}

int run_tee(Process& p) {
  const Options options = read_options(p.args);
  int code = 0;
  for (const std::string& name : options.rest) {
    const std::string error = p.scene.files.write(p.path(name), p.input, options.has('a'));
    if (!error.empty()) code = p.fail(name + ": " + error);
  }
  p.out += p.input;
  return code;
}

int run_true(Process&) { return 0; }
int run_false(Process&) { return 1; }

bool test_two(Process& p, const std::string& op, const std::string& value) {
  const File* file = p.scene.files.find(p.path(value));
  if (op == "-n") return !value.empty();
  if (op == "-z") return value.empty();
  if (op == "-d") return file && file->directory;
  if (op == "-f") return file && !file->directory;
  if (op == "-s") return file && !file->content.empty();
  if (op == "-e" || op == "-r" || op == "-x") return file != nullptr;
  if (op == "-w") return file && !file->read_only;
  return false;
}

bool test_three(const std::string& a, const std::string& op, const std::string& b) {
  if (op == "=" || op == "==") return a == b;
  if (op == "!=") return a != b;
  const std::int64_t x = number_of(a, 0), y = number_of(b, 0);
  if (op == "-eq") return x == y;
  if (op == "-ne") return x != y;
  if (op == "-lt") return x < y;
  if (op == "-le") return x <= y;
  if (op == "-gt") return x > y;
  if (op == "-ge") return x >= y;
  return false;
}

constexpr std::array<Command, 14> kCommands = {{{"echo", run_echo},
                                                {"printf", run_printf},
                                                {"head", run_head, StdinUse::kWithoutFiles},
                                                {"tail", run_tail, StdinUse::kWithoutFiles},
                                                {"wc", run_wc, StdinUse::kWithoutFiles},
                                                {"grep", run_grep, StdinUse::kWithoutFiles},
                                                {"sort", run_sort, StdinUse::kWithoutFiles},
                                                {"uniq", run_uniq, StdinUse::kWithoutFiles},
                                                {"seq", run_seq},
                                                {"tee", run_tee, StdinUse::kAlways},
                                                {"true", run_true},
                                                {"false", run_false},
                                                {"test", run_test},
                                                {"[", run_test}}};

}  // namespace

int run_test(Process& p) {
  std::vector<std::string> args(p.args.begin() + 1, p.args.end());
  if (p.name() == "[") {
    if (args.empty() || args.back() != "]") return p.fail("missing ]", 2);
    args.pop_back();
  }
  bool negated = false;
  while (!args.empty() && args[0] == "!") {
    negated = !negated;
    args.erase(args.begin());
  }
  bool holds = false;
  if (args.size() == 1) holds = !args[0].empty();
  if (args.size() == 2) holds = test_two(p, args[0], args[1]);
  if (args.size() == 3) holds = test_three(args[0], args[1], args[2]);
  if (args.size() > 3) return p.fail("too many arguments", 2);
  return holds != negated ? 0 : 1;
}

std::span<const Command> text_commands() { return kCommands; }

}  // namespace orrery::sim
