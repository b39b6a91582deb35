// Tree and Scenario to and from nlohmann/json.
#include <nlohmann/json.hpp>

#include "sim/scenario/scenario_reader.h"
#include "sim/scenario/tree.h"

namespace orrery::sim {

using Json = nlohmann::json;

Json to_json(const Tree& value) {
  switch (value.kind) {
    case Tree::Kind::kNull:
      return nullptr;
    case Tree::Kind::kBool:
      return value.boolean;
    case Tree::Kind::kInt:
      return value.integer;
    case Tree::Kind::kUint:
      return static_cast<std::uint64_t>(value.integer);
    case Tree::Kind::kFloat:
      return value.real;
    case Tree::Kind::kText:
      return value.text;
    case Tree::Kind::kList: {
      Json out = Json::array();
      for (const Tree& item : value.items) out.push_back(to_json(item));
      return out;
    }
    case Tree::Kind::kMap: {
      Json out = Json::object();
      for (const auto& [name, member] : value.members) out[name] = to_json(member);
      return out;
    }
  }
  return nullptr;
}

Tree tree_of(const Json& value) {
  if (value.is_boolean()) return Tree::of_bool(value.get<bool>());
  if (value.is_number_unsigned()) {
    Tree t = Tree::of_int(static_cast<std::int64_t>(value.get<std::uint64_t>()));
    if (value.get<std::uint64_t>() >> 63 != 0) t.kind = Tree::Kind::kUint;
    return t;
  }
  if (value.is_number_integer()) return Tree::of_int(value.get<std::int64_t>());
  if (value.is_number_float()) return Tree::of_real(value.get<double>());
  if (value.is_string()) return Tree::of_text(value.get_ref<const std::string&>());
  if (value.is_array()) {
    Tree out = Tree::list();
    for (const Json& item : value) out.items.push_back(tree_of(item));
    return out;
  }
  Tree out;
  if (!value.is_object()) return out;
  out = Tree::map();
  for (const auto& [name, member] : value.items()) out.add(name, tree_of(member));
  return out;
}

Json to_json(const Scenario& scenario) { return to_json(to_tree(scenario)); }

}  // namespace orrery::sim
