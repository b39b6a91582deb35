#include <algorithm>

#include "sim/pod_console/shell.h"

namespace orrery::sim {
namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The end of a name or a special parameter that starts at `at`.
std::size_t end_of_name(std::string_view text, std::size_t at) {
  if (at < text.size() && !is_name(text[at])) {
    return std::string_view("?$#@*").find(text[at]) != std::string_view::npos ? at + 1 : at;
  }
  while (at < text.size() && is_name(text[at])) ++at;
  return at;
}

bool matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    pattern.remove_prefix(1);
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (matches(pattern, text.substr(i))) return true;
    }
    return false;
  }
  if (text.empty() || (pattern[0] != '?' && pattern[0] != text[0])) return false;
  return matches(pattern.substr(1), text.substr(1));
}

/// + - * / % and brackets over whole numbers, wrapping round.
class Sum {
 public:
  Sum(std::string_view text, int depth) : text_(text), depth_(depth) {}
  std::int64_t whole() { return terms(); }

 private:
  char peek() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  std::int64_t terms() {
    std::uint64_t value = static_cast<std::uint64_t>(factors());
    for (char c = peek(); c == '+' || c == '-'; c = peek()) {
      ++at_;
      const auto right = static_cast<std::uint64_t>(factors());
      value = c == '+' ? value + right : value - right;
    }
    return static_cast<std::int64_t>(value);
  }
  std::int64_t factors() {
    std::int64_t value = one();
    for (char c = peek(); c == '*' || c == '/' || c == '%'; c = peek()) {
      ++at_;
      const std::int64_t right = one();
      if (c == '*') {
        value = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) *
                                          static_cast<std::uint64_t>(right));
      } else if (right == 0 || right == -1) {  // -1: INT64_MIN has no counterpart
        value = right == 0 || c == '%'
                    ? 0
                    : static_cast<std::int64_t>(-static_cast<std::uint64_t>(value));
      } else {
        value = c == '/' ? value / right : value % right;
      }
    }
    return value;
  }
  std::int64_t one() {
    const char c = peek();
    if (c == '-' || c == '(') {
      ++at_;
      if (++depth_ > kScriptDepthMax) return 0;
      const std::int64_t value = c == '-' ? one() : terms();
      if (c == '(' && peek() == ')') ++at_;
      return c == '-' ? static_cast<std::int64_t>(-static_cast<std::uint64_t>(value)) : value;
    }
    std::uint64_t value = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      value = value * 10 + static_cast<std::uint64_t>(text_[at_++] - '0');
    }
    return static_cast<std::int64_t>(value);
  }
  std::string_view text_;
  std::size_t at_ = 0;
  int depth_;
};

}  // namespace

std::string Shell::variable(std::string_view name) const {
  if (name == "?") return std::to_string(last_code_);
  if (name == "$") return "7";
  if (name == "#") return std::to_string(parameters_.size() - 1);
  if (name == "@" || name == "*") {
    std::string out;
    for (std::size_t i = 1; i < parameters_.size(); ++i) out += (i > 1 ? " " : "") + parameters_[i];
    return out;
  }
  if (name.size() == 1 && name[0] >= '0' && name[0] <= '9') {
    const auto index = static_cast<std::size_t>(name[0] - '0');
    return index < parameters_.size() ? parameters_[index] : "";
  }
  const auto it = variables_.find(std::string(name));
  return it == variables_.end() ? "" : it->second;
}

/// What stands in ${...}: NAME, NAME:-default, #NAME.
std::string Shell::parameter(std::string_view inside) const {
  if (inside.size() > 1 && inside[0] == '#') {
    return std::to_string(variable(inside.substr(1)).size());
  }
  const std::size_t end = end_of_name(inside, 0);
  const std::string value = variable(inside.substr(0, end));
  std::string_view rest = inside.substr(end);
  if (rest.starts_with(':')) rest.remove_prefix(1);
  if (rest.starts_with('-') && value.empty()) return std::string(rest.substr(1));
  if (rest.starts_with('+')) return value.empty() ? "" : std::string(rest.substr(1));
  return value;
}

std::string Shell::arithmetic(std::string_view expression) const {
  std::string plain;
  for (std::size_t i = 0; i < expression.size();) {
    const char c = expression[i];
    if (c == '$' || (is_name(c) && (c < '0' || c > '9'))) {
      const std::size_t start = c == '$' ? i + 1 : i;
      const std::size_t end = end_of_name(expression, start);
      const std::string value = variable(expression.substr(start, end - start));
      plain += value.empty() ? "0" : value;
      i = std::max(end, i + 1);
    } else {
      plain += expression[i++];
    }
  }
  return std::to_string(Sum(plain, 0).whole());
}

void Shell::glob(const std::string& pattern, Words& out) const {
  constexpr std::size_t kStarsMax = 4;  // matching is exponential in them
  const auto stars = static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '*'));
  const std::size_t slash = pattern.rfind('/');
  const std::string folder = slash == pattern.npos ? "" : pattern.substr(0, slash + 1);
  const std::string last = pattern.substr(folder.size());
  const std::size_t before = out.size();
  if (stars <= kStarsMax && folder.find_first_of("*?") == folder.npos) {
    const std::string path = FileTree::resolve(directory_, folder.empty() ? "." : folder);
    for (const std::string& name : scene_.files.list(path)) {
      if (name[0] != '.' && matches(last, name)) out.push_back(folder + name);
    }
  }
  if (out.size() == before) out.push_back(pattern);
}

Script Shell::substitute(const std::string& script, ShellIo io, std::string& out) {
  const ParsedScript parsed = parse_script(script);
  if (!parsed.root) {
    err_.write(
        "sh: " + (parsed.error.empty() ? "syntax error: unexpected end of file" : parsed.error) +
        "\n");
    co_return 2;
  }
  TextOutput text;
  io.out = &text;
  last_code_ = co_await run_subshell(*parsed.root, io);
  while (text.text.ends_with('\n')) text.text.pop_back();
  out += text.text;
  co_return 0;
}

// What `$` or a backquote at `at` stands for; `at` moves behind it.
Script Shell::expand_dollar(const std::string& word, std::size_t& at, ShellIo io,
                            std::string& value) {
  const bool backquote = word[at] == '`';
  const char next = at + 1 < word.size() ? word[at + 1] : '\0';
  if (!backquote && next != '(' && next != '{') {
    const std::size_t end = end_of_name(word, at + 1);
    value = end > at + 1 ? variable(std::string_view(word).substr(at + 1, end - at - 1)) : "$";
    at = end;
    co_return 0;
  }
  const std::size_t end = std::min(end_of_expansion(word, at), word.size());
  const std::size_t skip = backquote ? 1 : 2;
  const std::string inside =
      end > at + skip ? word.substr(at + skip, end - at - skip - 1) : std::string();
  at = end;
  if (!backquote && next == '{') {
    value = parameter(inside);
  } else if (!backquote && inside.size() > 1 && inside[0] == '(' && inside.back() == ')') {
    value = arithmetic(std::string_view(inside).substr(1, inside.size() - 2));
  } else {
    co_await substitute(inside, io, value);
  }
  co_return 0;
}

// Adds the fields that a word gives: none, one, or several where an unquoted value has blanks.
Script Shell::expand(const std::string& word, ShellIo io, Words& out) {
  std::string field;
  bool exists = false, quoted = false, pattern = false;
  const auto end_field = [&] {
    if (exists && pattern) {
      glob(field, out);
    } else if (exists) {
      out.push_back(field);
    }
    field.clear();
    exists = pattern = false;
  };
  const auto add_value = [&](const std::string& value) {
    for (const char c : value) {
      if (!quoted && (c == ' ' || c == '\n' || c == '\t')) {
        end_field();
      } else {
        field += c;
        exists = true;
      }
    }
  };
  for (std::size_t i = 0; i < word.size();) {
    const char c = word[i];
    if (c == '"') {
      quoted = !quoted;
      exists = true;
      ++i;
    } else if (c == '\'' && !quoted) {
      const std::size_t end = std::min(word.find('\'', i + 1), word.size());
      field += word.substr(i + 1, end - i - 1);
      exists = true;
      i = end + 1;
    } else if (c == '\\' && i + 1 < word.size()) {
      const char next = word[i + 1];
      if (quoted && std::string_view("\"\\$`").find(next) == std::string_view::npos) field += c;
      if (next != '\n') field += next;
      exists = true;
      i += 2;
    } else if (c == '`' || c == '$') {
      std::string value;
      co_await expand_dollar(word, i, io, value);
      add_value(value);
    } else {
      if (!quoted && (c == '*' || c == '?')) pattern = true;
      field += c;
      exists = true;
      ++i;
    }
  }
  end_field();
  co_return 0;
}

Script Shell::expand_one(const std::string& word, ShellIo io, std::string& out) {
  Words fields;
  co_await expand(word, io, fields);
  for (std::size_t i = 0; i < fields.size(); ++i) out += (i > 0 ? " " : "") + fields[i];
  co_return 0;
}

}  // namespace orrery::sim
