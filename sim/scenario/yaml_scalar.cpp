#include "sim/scenario/yaml_scalar.h"

#include <array>

#include "core/api/yaml/yaml_scalar.h"

namespace orrery::sim {

bool is_true_or_false(std::string_view scalar) {
  constexpr std::array<std::string_view, 6> kWords{"true",  "True",  "TRUE",
                                                   "false", "False", "FALSE"};
  for (const std::string_view word : kWords) {
    if (word == scalar) return true;
  }
  return false;
}

Tree resolve_plain_scalar(std::string_view scalar) {
  using Kind = api::YamlScalar::Kind;
  const api::YamlScalar value = api::resolve_yaml_scalar(scalar);
  Tree out;
  switch (value.kind) {
    case Kind::kNull:
      out.kind = Tree::Kind::kNull;
      break;
    case Kind::kBool:
      out = Tree::of_bool(value.boolean);
      break;
    case Kind::kInt:
    case Kind::kUint:
      out = Tree::of_int(value.integer);
      if (value.kind == Kind::kUint) out.kind = Tree::Kind::kUint;
      break;
    case Kind::kReal:
      out = Tree::of_real(value.real);
      break;
    case Kind::kText:
    case Kind::kNotFinite:
      out = Tree::of_text(scalar);
      break;
  }
  out.text = scalar;
  return out;
}

}  // namespace orrery::sim
