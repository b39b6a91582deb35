// The row of a pod: one summary of the containers' states (upstream: printPod). PodFacts is what
// the summary reads, taken from a document or from the typed struct, so that both give the same
// row. Views in it live as long as the pod they were taken from.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

#include "core/api/pod.h"
#include "core/apiserver/tables/row_cells.h"

namespace orrery::apiserver {

struct ContainerFacts {
  using Kind = api::ContainerState::Kind;
  Kind state = Kind::kNone;
  std::string_view reason;  // of the state
  std::int32_t exit_code = 0;
  std::int32_t signal = 0;
  std::int32_t restart_count = 0;
  Time last_finished_at;    // of the run before this one
  bool is_sidecar = false;  // an init container with restartPolicy Always
  bool is_started = false;
  bool is_ready = false;
};

struct PodFacts {
  std::string_view name, phase, reason, ip, node, nominated_node;
  Time created_at;
  bool is_being_deleted = false;
  bool is_gated = false;        // condition PodScheduled says SchedulingGated
  bool is_initialized = false;  // condition Initialized is True
  bool is_ready = false;        // condition Ready is True
  std::size_t container_count = 0;
  std::size_t init_container_count = 0;
  std::size_t sidecar_count = 0;
  std::size_t gate_count = 0;
  std::size_t gates_open = 0;  // readiness gates whose condition is True
  std::vector<ContainerFacts> init_containers;
  std::vector<ContainerFacts> containers;
};

PodFacts pod_facts(const nlohmann::json& pod);
PodFacts pod_facts(const api::Pod& pod);
void print_pod(const PodFacts& pod, Time now, RowCells& cells);

}  // namespace orrery::apiserver
