// metadata.managedFields as ObjectMeta keeps them: JSON text in a string member of `extra`. As a
// tree they would take more memory than all the rest of a pod. The codec packs and unpacks them, so
// documents have the list; who reads or changes them on an object itself comes here.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/meta.h"

namespace orrery::api {

inline constexpr const char* kManagedFields = "managedFields";

/// The list, or null if there is none.
nlohmann::json managers_of(const ObjectMeta& meta);
/// Null or an empty list: none.
void set_managers(ObjectMeta& meta, const nlohmann::json& managers);

/// From the list to the text, and back; anything else is left as it is.
void pack_managers(nlohmann::json& managers);
void unpack_managers(nlohmann::json& managers);

}  // namespace orrery::api
