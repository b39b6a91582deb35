// node_health: what a node's conditions mean: the taints it should bear, how its zone is doing, and
// how fast nodes of a zone may be tainted for eviction. Pure; NodeLifecycleController writes what
// comes out.
#pragma once

#include <optional>
#include <string>

#include "core/api/node.h"

namespace orrery::controller {

inline constexpr std::string_view kTaintNotReady = "node.kubernetes.io/not-ready";
inline constexpr std::string_view kTaintUnreachable = "node.kubernetes.io/unreachable";

enum class ZoneState { kNormal, kPartialDisruption, kFullDisruption };

struct ZoneCount {
  int total = 0;
  int not_ready = 0;
  bool operator==(const ZoneCount&) const = default;
};

/// The flags of kube-controller-manager, with its defaults.
struct EvictionRates {
  double normal = 0.1;                    // --node-eviction-rate, nodes a second
  double secondary = 0.01;                // --secondary-node-eviction-rate
  int large_cluster_size_threshold = 50;  // --large-cluster-size-threshold
  double unhealthy_zone_threshold = 0.55;
};

/// ComputeZoneState.
ZoneState zone_state(const ZoneCount& zone, const EvictionRates& rates);
/// Nodes a second that may be tainted in a zone of this state (setLimiterInZone); 0 = none.
double eviction_rate(ZoneState state, int zone_size, const EvictionRates& rates);

/// Status of condition Ready; "" where there is none.
Symbol ready_status(const api::Node& node);
/// GetZoneKey: region and zone labels.
std::string zone_of(const api::Node& node);

/// The node's taints with those NoSchedule taints that follow from conditions and
/// spec.unschedulable brought up to date (doNoScheduleTaintingPass).
api::List<api::Taint> with_condition_taints(const api::Node& node, Time now);
/// The taint that evicts from a node of this Ready status (NoExecute not-ready or unreachable), or
/// "".
std::string_view eviction_taint(Symbol ready);
bool has_eviction_taint(const api::List<api::Taint>& taints);
/// Taints with exactly this eviction taint; with none if `key` is "".
api::List<api::Taint> with_eviction_taint(const api::List<api::Taint>& taints, std::string_view key,
                                          Time now);
/// All conditions that a silent kubelet owns set to Unknown; true if any changed.
bool set_conditions_unknown(api::Node& node, Time now);

}  // namespace orrery::controller
