// A JSON value as Go's fmt prints it with %v ("map[spec:map[replicas:x]]"): several of upstream's
// error texts quote values so. Used by the patches.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace orrery::api {

/// %v of a decoded JSON value: keys in order, no quotes.
std::string go_print(const nlohmann::json& value);

/// %T of a decoded JSON value: "map[string]interface {}", "[]interface {}", "string", ...
std::string go_type_of(const nlohmann::json& value);

/// reflect.Kind of a decoded JSON value: "map", "slice", "string", "int64", "float64", "bool".
std::string go_kind_of(const nlohmann::json& value);

/// The JSON type in encoding/json's errors: "object", "array", "string", "number", "bool".
std::string go_json_type_of(const nlohmann::json& value);

/// A floating-point number as %v and json.Marshal-like texts have it: 1.5, 1000, 1e+21.
std::string go_float(double number);

}  // namespace orrery::api
