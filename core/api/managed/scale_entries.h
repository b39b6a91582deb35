// managedFields between an object and its scale subresource: a Scale has one field, spec.replicas,
// which stands for the parent's replicas field. The API server's scale endpoint calls it around the
// write of the Scale.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::api::managed {

/// The replicas field of the parent in each of its versions, e.g. {"apps/v1", {"spec",
/// "replicas"}}. No names: that version has no scale. Entries of other versions are dropped.
using ReplicasPaths = std::map<std::string, std::vector<std::string>, std::less<>>;

/// The managers of the Scale: those of the parent that own its replicas field. Null: none.
nlohmann::json to_scale_managers(const nlohmann::json& parent_entries,
                                 const ReplicasPaths& replicas);

/// The parent's managers after the Scale was written: who lost spec.replicas of the Scale loses the
/// parent's field, who won it gains it in version `api_version`.
nlohmann::json to_parent_managers(const nlohmann::json& parent_entries,
                                  const nlohmann::json& scale_entries,
                                  std::string_view api_version, const ReplicasPaths& replicas);

}  // namespace orrery::api::managed
