// The small decisions of actions, expectations and models: amounts, comparisons, patterns.
#include <algorithm>

#include "sim/scenario/action_spec.h"
#include "sim/scenario/model_spec.h"

namespace orrery::sim {

std::int64_t Amount::of(std::int64_t total) const {
  const std::int64_t wanted = is_percent ? (total * value + 99) / 100 : value;
  return std::min(wanted, total);
}

bool Comparison::holds(std::int64_t actual) const {
  switch (op) {
    case Op::kEqual:
      return actual == value;
    case Op::kNotEqual:
      return actual != value;
    case Op::kLess:
      return actual < value;
    case Op::kLessEqual:
      return actual <= value;
    case Op::kGreater:
      return actual > value;
    case Op::kGreaterEqual:
      return actual >= value;
  }
  return false;
}

bool matches_pattern(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace orrery::sim
