// The internal form: how upstream prints an object's Go struct in some errors, with Go field names
// in Go order and every unset field as its zero value: {"Name":"a","ResourceClaimName":null}. Also
// the diff of two such forms that pod and claim updates answer with.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace orrery::api {

/// `type` names a row of the table in internal_types.h. Null prints "null".
std::string internal_text(std::string_view type, const nlohmann::json* value);
/// The same over several lines, indented by one space.
std::string internal_lines(std::string_view type, const nlohmann::json* value);
/// A pod spec in the shape the internal type has: host namespaces stand in the security context.
nlohmann::json internal_pod_spec(const nlohmann::json& spec);
/// Unified diff of two texts, three lines of context, no file header; "" where they are equal.
std::string line_diff(std::string_view old_text, std::string_view new_text);

}  // namespace orrery::api
