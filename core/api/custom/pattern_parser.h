// PatternParser: the text of a regular expression as a tree, which regular_expression.cpp turns
// into a program. Only this folder's compiler calls it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orrery::api {

using RuneRanges = std::vector<std::pair<char32_t, char32_t>>;

struct PatternNode {
  enum class Kind : std::uint8_t { kEmpty, kSet, kSequence, kChoice, kRepeat, kAssert };
  Kind kind = Kind::kEmpty;
  RuneRanges set;         // kSet: sorted, without overlap
  char assertion = 0;     // kAssert: '^' '$' text, '<' '>' line, 'b' 'B' word boundaries
  int min = 0, max = -1;  // kRepeat; -1: no end
  std::vector<PatternNode> children;
};

class PatternParser {
 public:
  explicit PatternParser(std::string_view pattern) : pattern_(pattern), rest_(pattern) {}

  /// False where the pattern is wrong; error() says why.
  bool parse(PatternNode& out);
  const std::string& error() const { return error_; }

 private:
  struct Flags {
    bool fold = false, lines = false, dot_all = false;
  };
  bool parse_choice(PatternNode& out, int depth);
  bool parse_sequence(PatternNode& out, int depth);
  bool parse_atom(PatternNode& out, int depth);
  bool parse_group(PatternNode& out, int depth);
  bool parse_flags(bool& is_group);
  bool parse_repeats(PatternNode& node);
  bool parse_count(int& min, int& max, bool& is_count);
  bool parse_escape(PatternNode& out);
  bool parse_escaped_rune(char32_t& rune, std::string_view whole);
  bool parse_class(PatternNode& out);
  bool parse_class_item(RuneRanges& ranges, std::string_view whole);
  bool parse_class_rune(char32_t& rune, std::string_view whole);
  /// \d \s \w \pL and their negations; false where the text is none of them.
  bool take_named_class(RuneRanges& ranges);
  bool take_posix_class(RuneRanges& ranges);
  void set_of(PatternNode& out, RuneRanges ranges, bool negated);
  char32_t take_rune();
  bool fail(std::string_view code, std::string_view part);

  std::string_view pattern_, rest_;
  Flags flags_;
  std::string error_;
};

/// Sorted, without overlap; with the other case of ASCII letters where `fold`.
RuneRanges normalized(RuneRanges ranges, bool fold);
RuneRanges complement(const RuneRanges& ranges);
/// The rune at the front of a text, and its bytes: U+FFFD and 1 where it is not UTF-8.
std::pair<char32_t, std::size_t> front_rune(std::string_view text);

}  // namespace orrery::api
