// The shell's grammar: text to a tree of commands. Words keep their quotes and `$` until they are
// expanded. Called by Shell; pure.
//
//     list: and_or { ; and_or }   and_or: pipeline { && || pipeline }   pipeline: [!] command { | }
//     command: simple | if | while | until | for | { list } | ( list )
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::sim {

struct Redirect {
  int from = 1;  // 0, 1, 2
  enum class Kind : std::uint8_t { kRead, kWrite, kAppend, kDuplicate } kind = Kind::kWrite;
  std::string target;  // a word; a digit for kDuplicate
};

struct ShellNode {
  enum class Kind : std::uint8_t {
    kList,
    kAnd,
    kOr,
    kNot,
    kPipe,
    kSimple,
    kIf,
    kWhile,
    kUntil,
    kFor,
    kGroup,
    kSubshell
  };
  Kind kind = Kind::kSimple;
  std::vector<std::string> words;  // kSimple: all of it; kFor: the name, then what it runs over
  std::vector<Redirect> redirects;
  std::vector<std::unique_ptr<ShellNode>> children;  // kIf: condition, body, ..., [else body]
};

struct ParsedScript {
  std::unique_ptr<ShellNode> root;  // null: see below
  bool incomplete = false;          // more lines are needed
  std::string error;                // `syntax error: unexpected "fi"`
};

/// Scripts are at most kScriptBytesMax long and kScriptDepthMax deep.
inline constexpr std::size_t kScriptBytesMax = 64 << 10;
inline constexpr int kScriptDepthMax = 50;
ParsedScript parse_script(std::string_view text);

/// The end of `$(...)`, `${...}` or backquotes that start at `at`; npos if it never comes.
std::size_t end_of_expansion(std::string_view text, std::size_t at);

}  // namespace orrery::sim
