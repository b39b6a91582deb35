// What the targets of API objects share: the API table and all its kinds, made once.
#pragma once

#include <string_view>

#include "core/api/kind_registry.h"
#include "core/api/object.h"
#include "core/api/schema/api_table.h"

namespace orrery::fuzz {

const api::ApiTable& api_table();
/// The typed kinds and every other one of the table.
const api::Kinds& api_kinds();
/// The row of this kind in the table, -1 where there is none or it is not a kind one can store.
int storable_type(std::string_view api_version, std::string_view kind);

}  // namespace orrery::fuzz
