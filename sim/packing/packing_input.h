// What packing experiments are made of: the nodes and pods of openb-shaped CSV files as API
// objects, read once and shared by all runs. Called by `orrery bench packing` and by tests.
#pragma once

#include <string>
#include <vector>

#include "core/api/node.h"
#include "core/api/pod.h"
#include "core/base/result.h"
#include "core/scheduler/research/typical_pods.h"
#include "sim/scenario/trace_import.h"

namespace orrery::sim {

/// What the nodes have, or pods ask for, in all.
struct PackingAmounts {
  std::int64_t cpu_milli = 0;
  std::int64_t memory_bytes = 0;
  std::int64_t gpu_milli = 0;
};

struct PackingPod {
  std::string name;
  scheduler::PodShape shape;
  std::int64_t memory_bytes = 0;
  api::Shared<api::PodSpec> spec;  // shared by all pods that ask for the same
  std::int64_t gpu_milli() const { return std::int64_t{shape.gpu_milli} * shape.gpus; }
};

struct PackingInput {
  std::vector<TraceNode> nodes;  // in the order of the file
  std::vector<PackingPod> pods;  // by name
  PackingAmounts capacity;
  std::vector<scheduler::TypicalPod> typical_pods;

  /// Fails with `file:line:column: column name: what` for each error, and if no node has a GPU or
  /// no pod asks for one.
  static Result<PackingInput> read(const std::string& nodes_file, const std::string& pods_file);
};

/// A Node of this trace node, under another name.
Ref<const api::Node> make_packing_node(const TraceNode& node, const std::string& name);

}  // namespace orrery::sim
