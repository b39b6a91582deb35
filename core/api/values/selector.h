// Label selectors: LabelSelector is the API type, Selector what it compiles to. Controllers,
// services, the scheduler and list requests compile once and ask often; matching matchLabels costs
// a few integer comparisons. A Selector without requirements matches everything; nothing() stands
// for an absent one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/values/labels.h"
#include "core/base/result.h"
#include "core/base/symbol.h"

namespace orrery::api {

/// metav1.LabelSelectorRequirement.
struct LabelSelectorRequirement {
  Symbol key;
  Symbol operator_;  // In, NotIn, Exists, DoesNotExist
  std::vector<Symbol> values;
  bool operator==(const LabelSelectorRequirement&) const = default;
};

/// metav1.LabelSelector.
struct LabelSelector {
  std::vector<std::pair<Symbol, Symbol>> match_labels;  // sorted by key
  std::vector<LabelSelectorRequirement> match_expressions;
  bool empty() const { return match_labels.empty() && match_expressions.empty(); }
  bool operator==(const LabelSelector&) const = default;
};

class Selector {
 public:
  enum class Operator : std::uint8_t {
    kEquals,        // =
    kDoubleEquals,  // == (differs in to_string only)
    kNotEquals,
    kIn,
    kNotIn,
    kExists,
    kDoesNotExist,
    kGreaterThan,
    kLessThan,
  };

  struct Requirement {
    Symbol key;
    Operator op = Operator::kEquals;
    std::vector<Symbol> values;
    std::int64_t bound = 0;  // of kGreaterThan and kLessThan

    bool matches(const Labels& labels) const;
    /// key=value, key==value or key in (value): the value, for an index by it.
    std::optional<Symbol> required_value() const;
    bool operator==(const Requirement&) const = default;
  };

  Selector() = default;  // everything
  static Selector everything() { return {}; }
  static Selector nothing();
  /// Sorted by key, as upstream's Add does.
  explicit Selector(std::vector<Requirement> requirements);

  /// metav1.LabelSelectorAsSelector of a selector that is there; upstream's error texts.
  static Result<Selector> from(const LabelSelector& selector);
  /// matchExpressions of a node selector term: Gt and Lt, too; none at all match nothing.
  static Result<Selector> from_node_expressions(
      const std::vector<LabelSelectorRequirement>& expressions);
  /// A map such as spec.selector of a Service, not validated: all of these, or everything if empty.
  static Selector from_set(const std::vector<std::pair<Symbol, Symbol>>& labels);
  /// labels.Parse, the syntax of kubectl -l: `a=1,b!=2,c in (x,y),d,!e,f>3`, upstream's error
  /// texts.
  static Result<Selector> parse(std::string_view text);

  bool matches(const Labels& labels) const {
    for (const Requirement& r : requirements_) {
      if (!r.matches(labels)) return false;
    }
    return !nothing_;
  }
  bool is_everything() const { return requirements_.empty() && !nothing_; }
  bool is_nothing() const { return nothing_; }
  const std::vector<Requirement>& requirements() const { return requirements_; }
  /// The value that labels must have under `key`, if there is only one: RequiresExactMatch.
  std::optional<Symbol> required_value(Symbol key) const;
  std::string to_string() const;
  bool operator==(const Selector&) const = default;

 private:
  std::vector<Requirement> requirements_;
  bool nothing_ = false;
};

/// labels.NewRequirement: checks key, values and their number.
Result<Selector::Requirement> make_requirement(Symbol key, Selector::Operator op,
                                               std::vector<Symbol> values);

}  // namespace orrery::api
