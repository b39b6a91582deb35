// RegularExpression: the regular expressions of schemas' `pattern`, in Go's syntax (RE2) and with
// its matching in time linear in the text. The schema compiler makes them, validation matches.
// Left out: case folding and \p{..} classes beyond ASCII are coarse (see README.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace orrery::api {

class RegularExpression {
 public:
  /// Compiles the pattern. BadRequest with the words of Go's regexp.Compile: "error parsing regexp:
  /// missing closing ]: `[a`".
  static Result<RegularExpression> compile(std::string_view pattern);

  /// Whether any part of the text matches (Go's MatchString).
  bool matches(std::string_view text) const;

 private:
  friend class PatternCompiler;
  friend class PatternSearch;

  struct Range {
    char32_t first, last;
  };
  using Set = std::vector<Range>;
  enum class Assertion : std::uint8_t {
    kTextBegin,
    kTextEnd,
    kLineBegin,
    kLineEnd,
    kWordBoundary,
    kNoWordBoundary,
  };
  enum class Op : std::uint8_t { kSet, kSplit, kJump, kAssert, kMatch };
  /// kSet: `x` = index of sets_; kSplit: goes on at x and at y; kJump: at x; kAssert: x =
  /// Assertion.
  struct Step {
    Op op;
    std::uint32_t x = 0, y = 0;
  };

  RegularExpression() = default;

  std::vector<Step> program_;
  std::vector<Set> sets_;
};

}  // namespace orrery::api
