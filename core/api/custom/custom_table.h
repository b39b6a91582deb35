// The API table of one CRD as text (see core/api/schema/README.md): a package a served version, a
// type for the object, its list and each inner object, one resource row. With it everything that
// is driven by the table works on custom resources. CustomResource parses it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace orrery::api {

/// `built_in_text`: the text of the built-in table, from which the types of metadata, lists and
/// Scale are copied. `definition` has passed the checks of CRDs.
std::string custom_table_text(const nlohmann::json& definition, std::string_view built_in_text);

/// "example.com", "v1", "Foo" -> "com.example.v1.Foo", the name of the schema in OpenAPI.
std::string custom_model_name(std::string_view group, std::string_view version,
                              std::string_view kind);

}  // namespace orrery::api
