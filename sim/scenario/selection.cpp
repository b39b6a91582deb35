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

}  // namespace orrery::sim
