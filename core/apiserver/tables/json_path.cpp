#include "core/apiserver/tables/json_path.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace orrery::apiserver {

using Json = nlohmann::json;
using Found = std::vector<const Json*>;

/// Walks a document step by step; each step maps the values found so far to the next ones. False:
/// the document's shape does not allow the step.
class JsonPathWalk {
 public:
  using Step = JsonPath::Step;
  using Kind = JsonPath::StepKind;
  using Compare = JsonPath::Compare;

  static bool walk(const JsonPath::Steps& steps, Found& values) {
    for (const Step& step : steps) {
      Found next;
      if (!take(step, values, next)) return false;
      values = std::move(next);
    }
    return true;
  }

 private:
  static bool take(const Step& step, const Found& from, Found& to) {
    if (step.kind == Kind::kUnion) {
      for (const JsonPath::Steps& branch : step.branches) {
        Found some = from;
        if (!walk(branch, some)) return false;
        to.insert(to.end(), some.begin(), some.end());
      }
      return true;
    }
    for (const Json* value : from) {
      if (!take_one(step, *value, to)) return false;
    }
    return true;
  }

  static bool take_one(const Step& step, const Json& value, Found& to) {
    if (step.kind == Kind::kFilter) return take_filtered(step, value, to);
    if (value.is_null()) return true;
    switch (step.kind) {
      case Kind::kField:
        if (value.is_object()) {
          if (const auto it = value.find(step.field); it != value.end()) to.push_back(&*it);
        }
        return true;
      case Kind::kSlice:
        return take_slice(step, value, to);
      case Kind::kAll:
        take_all(value, to);
        return true;
      default:
        take_recursive(value, to);
        return true;
    }
  }

  static void take_all(const Json& value, Found& to) {
    if (!value.is_structured()) return;
    for (const Json& child : value) to.push_back(&child);
  }

  /// Every object and list below and at `value`, those without members left out.
  static void take_recursive(const Json& value, Found& to) {
    if (!value.is_structured() || value.empty()) return;
    to.push_back(&value);
    for (const Json& child : value) take_recursive(child, to);
  }

  static bool take_slice(const Step& step, const Json& value, Found& to) {
    if (!value.is_array()) return false;
    const auto size = static_cast<std::int64_t>(value.size());
    std::int64_t first = step.first.value_or(0);
    if (first < 0) first += size;
    std::int64_t last = step.is_index ? first + 1 : step.last.value_or(size);
    if (last < 0) last += size;
    if (first == last) return true;
    if (first < 0 || first >= size || last > size || first > last) return false;
    for (std::int64_t i = first; i < last; i += step.stride) {
      to.push_back(&value[static_cast<std::size_t>(i)]);
    }
    return true;
  }

  static bool take_filtered(const Step& step, const Json& value, Found& to) {
    if (!value.is_array()) return false;
    const Json right_literal =
        step.sides[1].literal.empty() ? Json() : Json::parse(step.sides[1].literal, nullptr, false);
    const Json left_literal =
        step.sides[0].literal.empty() ? Json() : Json::parse(step.sides[0].literal, nullptr, false);
    for (const Json& element : value) {
      Found left, right;
      const bool is_found = read_side(step.sides[0], left_literal, element, left);
      if (step.compare == Compare::kExists) {
        if (!left.empty()) to.push_back(&element);
        continue;
      }
      if (!is_found || left.size() > 1) return false;
      if (left.empty()) continue;
      if (!read_side(step.sides[1], right_literal, element, right) || right.size() > 1) {
        return false;
      }
      if (right.empty()) continue;
      const std::optional<bool> passes = compare(step.compare, *left[0], *right[0]);
      if (!passes) return false;
      if (*passes) to.push_back(&element);
    }
    return true;
  }

  static bool read_side(const JsonPath::Operand& side, const Json& literal, const Json& element,
                        Found& out) {
    if (!side.literal.empty()) {
      out = {&literal};
      return true;
    }
    out = {&element};
    if (walk(side.path, out)) return true;
    out.clear();
    return false;
  }

  /// Null for values of kinds that Go's templates do not compare.
  static std::optional<bool> compare(Compare how, const Json& a, const Json& b) {
    const bool is_same_kind = (a.is_string() && b.is_string()) ||
                              (a.is_boolean() && b.is_boolean()) ||
                              (a.is_number_float() && b.is_number_float()) ||
                              (a.is_number_integer() && b.is_number_integer());
    if (!is_same_kind) return std::nullopt;
    if (how == Compare::kEqual) return a == b;
    if (how == Compare::kNotEqual) return a != b;
    if (a.is_boolean()) return std::nullopt;
    if (how == Compare::kLess) return a < b;
    if (how == Compare::kLessEqual) return a <= b;
    return how == Compare::kGreater ? a > b : a >= b;
  }
};

std::optional<Found> JsonPath::find(const Json& document) const {
  Found values = {&document};
  if (!JsonPathWalk::walk(steps_, values)) return std::nullopt;
  return values;
}

}  // namespace orrery::apiserver
