// What one document changes in another, as three field sets (typed.Compare): fields that came,
// fields whose value changed, fields that went. Updates and applies decide ownership by it.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>

#include "core/api/managed/field_set.h"
#include "core/api/schema/api_table.h"

namespace orrery::api::managed {

struct Comparison {
  FieldSet added, modified, removed;
  /// Added or modified: what the writer of the new document owns.
  FieldSet written() const { return union_of(added, modified); }
};

Comparison compare(const ApiTable& table, std::size_t type, const nlohmann::json& before,
                   const nlohmann::json& after);

}  // namespace orrery::api::managed
