#include "core/api/custom/selectable_path.h"

#include <algorithm>
#include <utility>

#include "core/api/checks/json_view.h"

namespace orrery::api {
namespace {

// "." "[" "]" for themselves, a quoted text or the text up to the next of them.
std::string_view take_token(std::string_view& rest) {
  std::size_t size = 0;
  if (rest.starts_with('\'')) {
    size = 1;
    while (size < rest.size() && !(rest[size] == '\'' && rest[size - 1] != '\\')) ++size;
    size = std::min(size + 1, rest.size());
  } else {
    size = std::max<std::size_t>(std::min(rest.find_first_of(".[]"), rest.size()), 1);
  }
  const std::string_view token = rest.substr(0, size);
  rest.remove_prefix(size);
  return token;
}

}  // namespace

FieldPathTarget resolve_field_path(std::string_view path, const Json& schema, bool brackets) {
  FieldPathTarget out;
  out.schema = &schema;
  const auto fail = [&](std::string why) {
    out.error = std::move(why);
    return out;
  };
  while (!path.empty()) {
    const std::string_view token = take_token(path);
    if (token != "." && token != "[") return fail("expected [ or . but got: " + std::string(token));
    if (token == "[" && !brackets) return fail("array notation is not allowed");
    if (path.empty()) return fail("unexpected end of JSON path");
    std::string_view name = take_token(path);
    if (token == "[") {
      if (name.size() < 2 || !name.starts_with('\'') || !name.ends_with('\'')) {
        return fail("expected single quoted string but got " + std::string(name));
      }
      name = name.substr(1, name.size() - 2);
      if (path.empty()) return fail("unexpected end of JSON path");
      const std::string_view close = take_token(path);
      if (close != "]") return fail("expected ] but got " + std::string(close));
    }
    const std::string key(name);
    const Json* next = nullptr;
    if (!object(*out.schema, "properties").empty()) {
      next = member(object(*out.schema, "properties"), key.c_str());
    } else if (has(*out.schema, "additionalProperties")) {
      next = member(*out.schema, "additionalProperties");
      if (!next->is_object()) next = nullptr;
    }
    if (!next) return fail("does not refer to a valid field");
    out.schema = next;
    if (out.first.empty()) out.first = key;
    out.path.append(out.path.empty() ? "" : ".").append(key);
  }
  return out;
}

}  // namespace orrery::api
