#include "core/api/custom/nested_field.h"

#include <fmt/format.h>

#include "core/api/checks/json_view.h"
#include "core/api/schema/go_print.h"

namespace orrery::api {
namespace {

std::string accessor_error(const std::vector<std::string>& steps, std::size_t count,
                           const Json& value, std::string_view expected) {
  std::string path;
  for (std::size_t i = 0; i < count; ++i) path.append(".").append(steps[i]);
  const std::string shown = value.is_null() ? "<nil>" : go_print(value);
  const std::string type = value.is_null() ? "<nil>" : go_type_of(value);
  return fmt::format("{} accessor error: {} is of the type {}, expected {}", path, shown, type,
                     expected);
}

// Null where the path leads nowhere.
const Json* walk(const Json& root, const std::vector<std::string>& steps, std::string& error) {
  const Json* at = &root;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (at->is_null()) return nullptr;
    if (!at->is_object()) {
      error = accessor_error(steps, i + 1, *at, "map[string]interface {}");
      return nullptr;
    }
    const auto it = at->find(steps[i]);
    if (it == at->end()) return nullptr;
    at = &*it;
  }
  return at;
}

}  // namespace

std::vector<std::string> path_steps(std::string_view path) {
  if (path.starts_with('.')) path.remove_prefix(1);
  std::vector<std::string> out;
  for (;;) {
    const std::size_t dot = path.find('.');
    out.emplace_back(path.substr(0, dot));
    if (dot == std::string_view::npos) return out;
    path.remove_prefix(dot + 1);
  }
}

NestedField nested_integer(const Json& root, std::string_view path) {
  NestedField out;
  const std::vector<std::string> steps = path_steps(path);
  const Json* value = walk(root, steps, out.error);
  if (!value) return out;
  out.found = true;
  if (value->is_number_integer()) {
    out.integer = value->get<std::int64_t>();
  } else {
    out.error = accessor_error(steps, steps.size(), *value, "int64");
  }
  return out;
}

NestedField nested_text(const Json& root, std::string_view path) {
  NestedField out;
  const std::vector<std::string> steps = path_steps(path);
  const Json* value = walk(root, steps, out.error);
  if (!value) return out;
  out.found = true;
  if (value->is_string()) {
    out.text = as_text(*value);
  } else {
    out.error = accessor_error(steps, steps.size(), *value, "string");
  }
  return out;
}

}  // namespace orrery::api
