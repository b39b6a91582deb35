// check_manifests: everything that is wrong with a run's manifests, found before the run starts:
// kinds that the API does not have, unknown fields, wrong types, failed validation; each with file
// and line.
#pragma once

#include <string>
#include <vector>

#include "core/api/kind_registry.h"
#include "core/api/schema/api_table.h"
#include "sim/scenario/manifest_reader.h"

namespace orrery::sim {

/// One line an error, `shop/cart.yaml:31: document 2, Deployment "cart": spec.replicas: WHAT`.
std::vector<std::string> check_manifests(const api::Kinds& kinds, const api::ApiTable& table,
                                         const std::vector<ManifestDocument>& documents);

/// Every kind of the table that has no struct, so that it can be stored.
void add_table_kinds(api::Kinds& kinds, const api::ApiTable& table);

}  // namespace orrery::sim
