// FieldSelector: the fieldSelector of lists and watches, "spec.nodeName=n0,status.phase!=Failed".
// Which fields a kind offers is the caller's business: check requirements() before matching.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace orrery::api {

class FieldSelector {
 public:
  struct Requirement {
    std::string field;
    std::string value;
    bool negated = false;  // !=
    bool operator==(const Requirement&) const = default;
  };

  FieldSelector() = default;  // everything
  /// fields.ParseSelector, with its error texts. Terms come out in the order of their text; a
  /// backslash escapes comma, equals sign and backslash in a value.
  static Result<FieldSelector> parse(std::string_view text);

  /// `get(field)` answers something that converts to optional<string_view or string>; an absent
  /// field reads as "".
  template <class Get>
  bool matches(Get&& get) const {
    for (const Requirement& r : requirements_) {
      const auto given = get(std::string_view(r.field));
      if (((given ? std::string_view(*given) : std::string_view()) == r.value) == r.negated) {
        return false;
      }
    }
    return true;
  }
  bool empty() const { return requirements_.empty(); }
  const std::vector<Requirement>& requirements() const { return requirements_; }
  /// The value that `field` must have, or null: RequiresExactMatch.
  const std::string* required_value(std::string_view field) const;
  std::string to_string() const;

 private:
  std::vector<Requirement> requirements_;
};

}  // namespace orrery::api
