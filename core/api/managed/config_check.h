// Whether an apply configuration fits its type, in structured-merge-diff's words: unknown fields,
// wrong types, elements without keys, keys that stand twice. Upstream answers these with 500.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/api/schema/api_table.h"

namespace orrery::api::managed {

/// `.spec.foo: field not declared in schema`, or "errors:" and one a line; "" if it fits.
/// `allow_repeated`: list elements with equal keys pass, as in stored objects.
std::string config_error(const ApiTable& table, std::size_t type, const nlohmann::json& config,
                         bool allow_repeated = false);

}  // namespace orrery::api::managed
