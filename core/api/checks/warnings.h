// Warnings of a write that is taken: upstream's WarningsOnCreate and WarningsOnUpdate, in its words
// and order. The API server sends each in a Warning header.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::api {

using WarningTexts = std::vector<std::string>;

/// `object` is defaulted and validated.
WarningTexts warnings_on_create(std::string_view group, std::string_view kind,
                                const nlohmann::json& object);
/// What the old object was warned of is not repeated.
WarningTexts warnings_on_update(std::string_view group, std::string_view kind,
                                const nlohmann::json& now, const nlohmann::json& old);

}  // namespace orrery::api
