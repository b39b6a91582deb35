// One row a kind: which functions default, prepare and check its objects. A kind without a row gets
// the metadata checks only.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "core/api/checks/field_error.h"

namespace orrery::api {

struct KindChecks {
  using Change = void (*)(nlohmann::json& object);
  using Check = void (*)(FieldErrors&, const nlohmann::json& object);
  using UpdateCheck = void (*)(FieldErrors&, const nlohmann::json& now, const nlohmann::json& old);

  std::string_view group;
  std::string_view kind;
  Change defaults = nullptr;
  Change prepare = nullptr;
  Check create = nullptr;
  UpdateCheck update = nullptr;         // null: metadata only, then `create`
  UpdateCheck status_update = nullptr;  // null: metadata only
  std::string_view new_status = {};  // JSON of a created object's status; "" leaves what was sent
  bool generation = false;           // counts changes of the spec
  bool update_skips_create = false;  // `update` is all there is
};

/// Null for kinds without a row.
const KindChecks* kind_checks(std::string_view group, std::string_view kind);

}  // namespace orrery::api
