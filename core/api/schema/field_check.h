// Checking one value of any type of the table; check_fields (schema_walk.h) is the entry for whole
// objects. Only this folder calls it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/api/schema/api_table.h"
#include "core/api/schema/schema_walk.h"

namespace orrery::api {

/// All faults of `value` as this type, in the order of its keys.
std::vector<FieldFault> check_value(const ApiTable& table, TypeUse use,
                                    const nlohmann::json& value);

/// The type as Go prints it: "[]v1.Container", "map[string]string", "int32". Named string types are
/// not in the table and come out as "string".
std::string go_type(const ApiTable& table, TypeUse use);

/// The use of row `type` of types().
inline TypeUse struct_use(std::size_t type) {
  return {Shape::kStruct, static_cast<std::uint16_t>(type)};
}

}  // namespace orrery::api
