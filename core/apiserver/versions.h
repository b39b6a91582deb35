// Versions: resources that are stored in another group or version than they are asked for in:
// events.k8s.io/v1 and core Events are one, autoscaling/v1 reads autoscaling/v2's objects.
// Documents are converted on the way in and out.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace orrery::apiserver {

struct VersionRow {
  std::string_view group, version, kind;    // asked for
  std::string_view hub_group, hub_version;  // stored; the kind's name is the same
  void (*to_hub)(nlohmann::json& document);
  void (*from_hub)(nlohmann::json& document);
};

/// Null: it is stored as it is asked for.
const VersionRow* version_row(std::string_view group, std::string_view version,
                              std::string_view kind);

}  // namespace orrery::apiserver
