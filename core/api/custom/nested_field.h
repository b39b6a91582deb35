// Fields of an object by a simple path (".spec.size"), with the errors of upstream's
// unstructured.NestedInt64 and NestedString. Scale and its checks use it.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::api {

struct NestedField {
  bool found = false;
  std::int64_t integer = 0;
  std::string text;
  std::string error;  // ".spec.size accessor error: x is of the type string, expected int64"
};

NestedField nested_integer(const nlohmann::json& object, std::string_view path);
NestedField nested_text(const nlohmann::json& object, std::string_view path);
/// ".spec.size" -> {"spec", "size"}
std::vector<std::string> path_steps(std::string_view path);

}  // namespace orrery::api
