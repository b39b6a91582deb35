// The list rules of strategic merge patch: which element is which (by merge key, or by value where
// there is none) and in what order merged elements stand. Only strategic_merge.cpp calls it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/base/result.h"

namespace orrery::api {

/// The element whose `key` has this value, or null.
nlohmann::json* find_by_key(nlohmann::json& list, const std::string& key,
                            const nlohmann::json& value);

/// `map: map[...] does not contain declared merge key: name`
Status no_merge_key(const nlohmann::json& map, const std::string& key);

/// All elements must be maps, or all scalars of one type; lists of lists are not supported.
Status check_same_element_types(const nlohmann::json& a, const nlohmann::json& b);

/// `patch` must list its elements in the order of `order`, and no others ($setElementOrder).
Status check_element_order(const nlohmann::json& patch, const nlohmann::json& order,
                           const std::string& merge_key);

/// The scalars of both, each once.
nlohmann::json unique_elements(const nlohmann::json& a, const nlohmann::json& b);
/// The scalars of `list` that are not in `removed`.
nlohmann::json without_elements(const nlohmann::json& list, const nlohmann::json& removed);

/// Orders `merged`: elements named in `wanted` as there, the others as in `server`; where both
/// kinds meet, the server's order decides if it knows both, else the wanted one goes first.
Result<nlohmann::json> order_elements(const nlohmann::json& merged, const nlohmann::json& wanted,
                                      const nlohmann::json& server, const std::string& merge_key);

}  // namespace orrery::api
