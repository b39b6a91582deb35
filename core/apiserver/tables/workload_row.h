// The rows of deployments and replica sets, from a document or from the typed struct (upstream:
// printDeployment, printReplicaSet). Views in the facts live as long as the object.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/api/apps.h"
#include "core/apiserver/tables/row_cells.h"

namespace orrery::apiserver {

struct WorkloadFacts {
  std::string_view name;
  Time created_at;
  std::int64_t desired = 0, replicas = 0, updated = 0, ready = 0, available = 0;
  std::string container_names, images;
  std::optional<std::string> selector;  // as a query; null where it is not valid
};

WorkloadFacts workload_facts(const nlohmann::json& object);
WorkloadFacts workload_facts(const api::Deployment& object);
WorkloadFacts workload_facts(const api::ReplicaSet& object);
void print_deployment(const WorkloadFacts& facts, Time now, RowCells& cells);
void print_replica_set(const WorkloadFacts& facts, Time now, RowCells& cells);

}  // namespace orrery::apiserver
