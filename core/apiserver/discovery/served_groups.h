// The catalog as discovery shows it: groups in upstream's order, each with its versions, the
// preferred one first, each with its resources. Discovery and OpenAPI walk it; the views live as
// long as the catalog keeps its generation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/apiserver/catalog.h"

namespace orrery::apiserver {

struct ServedVersion {
  std::string_view name;
  std::vector<const Served*> resources;
};

struct ServedGroup {
  std::string_view name;  // "" = core
  std::vector<ServedVersion> versions;
};

/// Order: built-in groups as in the table; then groups of custom resources, then of other tables
/// (upstream's group priorities 1000 and 100), both by name, their versions newest first.
std::vector<ServedGroup> served_groups(const Catalog& catalog);

/// "apps/v1", "v1".
std::string group_version_text(std::string_view group, std::string_view version);

/// Kubernetes' order of version names, newest first: v10, v2, v1, v2beta1, v1alpha1, other.
bool is_newer_version(std::string_view left, std::string_view right);

}  // namespace orrery::apiserver
