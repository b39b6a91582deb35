// The managers of one object: metadata.managedFields decoded, one entry for each manager,
// operation, version and subresource. Updates and applies change it and write it back in upstream's
// order.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/managed/field_set.h"
#include "core/base/result.h"

namespace orrery::api::managed {

struct Manager {
  std::string name;
  std::string api_version;
  std::string subresource;  // "": the main resource
  std::string time;         // RFC 3339, "" = none
  bool applied = false;     // operation Apply, else Update
  FieldSet fields;

  /// Upstream's identity of an entry; an applier is the same in every version.
  bool is_same(const Manager& other) const;
  /// `"kubectl" with subresource "status" using v1`: as conflicts print it.
  std::string print() const;
};

using Managers = std::vector<Manager>;

/// BadRequest for entries that upstream does not decode. Of two entries of one identity the last
/// counts.
Result<Managers> decode_managers(const nlohmann::json& entries);
/// The entries, sorted as upstream sorts them; null when there are none.
nlohmann::json encode_managers(Managers managers);

Manager* find_manager(Managers& managers, const Manager& same);
void drop_empty(Managers& managers);

/// At most this many Update entries stay; the oldest are united as "ancient-changes".
inline constexpr std::size_t kUpdateManagersMax = 10;
void cap_update_managers(Managers& managers);

/// metadata.managedFields, or null.
const nlohmann::json& managed_fields_of(const nlohmann::json& object);

}  // namespace orrery::api::managed
