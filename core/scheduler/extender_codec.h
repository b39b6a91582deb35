// The JSON of the scheduler extender protocol (upstream's k8s.io/kube-scheduler/extender/v1): what
// is sent, and what comes back. Field names are sent as Go writes them and read in any case, as Go
// reads them. Called by the extender chain only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/api/kind_registry.h"
#include "core/api/node.h"
#include "core/api/pod.h"
#include "core/base/result.h"

namespace orrery::scheduler {

/// ExtenderArgs: the pod and the nodes, in full or (nodeCacheCapable) their names.
std::string encode_extender_args(const api::Kinds& kinds, const api::Pod& pod,
                                 std::span<const api::Node* const> nodes, bool names_only);

/// ExtenderFilterResult.
struct ExtenderFilterResult {
  std::optional<std::vector<std::string>> nodes;       // names of Nodes.items
  std::optional<std::vector<std::string>> node_names;  // NodeNames
  std::map<std::string, std::string> failed, failed_and_unresolvable;
  std::string error;
};
Result<ExtenderFilterResult> decode_filter_result(const std::string& body);

/// HostPriorityList.
struct HostPriority {
  std::string host;
  std::int64_t score = 0;
};
Result<std::vector<HostPriority>> decode_priorities(const std::string& body);

/// Victims of one node, for ExtenderPreemptionArgs.
struct ExtenderVictims {
  std::string node;
  std::vector<const api::Pod*> pods;
  std::int64_t pdb_violations = 0;
};
std::string encode_preemption_args(const api::Kinds& kinds, const api::Pod& pod,
                                   std::span<const ExtenderVictims> victims, bool uids_only);

/// ExtenderPreemptionResult, by node name.
struct MetaVictims {
  std::vector<std::string> uids;
  std::int64_t pdb_violations = 0;
};
Result<std::map<std::string, MetaVictims>> decode_preemption_result(const std::string& body);

std::string encode_binding_args(const api::Pod& pod, const std::string& node);
/// ExtenderBindingResult.Error; empty: bound.
Result<std::string> decode_binding_result(const std::string& body);

}  // namespace orrery::scheduler
