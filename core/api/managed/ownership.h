// What a write may own at all. Fields that the server sets (names, uid, revisions) have no owner,
// and neither have fields that the write's endpoint puts back: status on the main resource, spec on
// /status (upstream's stripMeta and GetResetFields).
#pragma once

#include <cstddef>
#include <string_view>

#include "core/api/managed/compare.h"
#include "core/api/managed/field_set.h"
#include "core/api/schema/api_table.h"
#include "core/base/time.h"

namespace orrery::api::managed {

/// One write. The type's own row says group, version and kind.
struct Write {
  const ApiTable& table;
  std::size_t type;                   // row of the object's type
  std::string_view api_version;       // of the request, e.g. "apps/v1"
  std::string_view manager;           // field manager; "" = "unknown"
  std::string_view subresource = {};  // "status", ...; "" = the main resource
  Time now = {};                      // becomes the entry's time
  bool custom_resource = false;
};

/// Takes out what the endpoint resets. In a status endpoint of a custom resource: metadata, spec.
void drop_reset_fields(const Write& write, FieldSet& set);
void drop_reset_fields(const Write& write, Comparison& changes);

/// Takes out what nobody owns.
void strip_server_fields(FieldSet& set);

}  // namespace orrery::api::managed
