// JSONPath as client-go's jsonpath reads it, for the printer columns of custom resources:
// .spec.a, ['x'], [0], [-1], [1:3], [*], .*, ..name, ['a','b'], [?(@.type=="Ready")]. Parsed once a
// column, asked once an object; a found value points into the document.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace orrery::apiserver {

class JsonPath {
 public:
  /// A path as in a CustomResourceDefinition, without braces. BadRequest says where it breaks off.
  static Result<JsonPath> parse(std::string_view text);

  /// The values found, in document order; null where the path asks for what the document's shape
  /// does not allow (an index of an object, a filter that compares text with a number).
  std::optional<std::vector<const nlohmann::json*>> find(const nlohmann::json& document) const;

 private:
  friend class JsonPathParser;
  friend class JsonPathWalk;
  struct Step;
  using Steps = std::vector<Step>;
  enum class StepKind : std::uint8_t { kField, kSlice, kAll, kRecursive, kUnion, kFilter };
  enum class Compare : std::uint8_t {
    kExists,
    kEqual,
    kNotEqual,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual
  };
  /// One side of a filter: a path from the element, or a literal.
  struct Operand {
    Steps path;
    std::string literal;  // JSON text, "" = the path counts
  };
  struct Step {
    StepKind kind = StepKind::kField;
    std::string field;
    std::optional<std::int64_t> first, last;  // kSlice: [first, last)
    std::int64_t stride = 1;
    bool is_index = false;        // kSlice of one element
    std::vector<Steps> branches;  // kUnion
    Compare compare = Compare::kExists;
    std::vector<Operand> sides;  // kFilter: left, right
  };

  Steps steps_;
};

}  // namespace orrery::apiserver
