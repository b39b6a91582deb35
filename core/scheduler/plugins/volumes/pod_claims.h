// PodClaims: a pod's claims as VolumeBinding sees them, read once a pod: volumes of bound claims,
// and for each unbound claim what it would take to bind or provision it. find_volumes() then
// answers for one node (FindPodVolumes of upstream's volume binder).
#pragma once

#include <vector>

#include "core/scheduler/cycle_state.h"
#include "core/scheduler/plugin.h"
#include "core/scheduler/volumes/provisioning.h"
#include "core/scheduler/volumes/volume_index.h"
#include "core/scheduler/volumes/volume_uses.h"

namespace orrery::scheduler {

struct PodClaims final : CycleData {
  struct Bound {
    Ref<const api::PersistentVolume> volume;  // null: there is none of that name
    Symbol plugin;                            // in-tree plugin that a CSI driver replaces, or empty
    api::Shared<api::NodeSelector> translated;
  };
  struct Unbound {
    VolumeDemand demand;
    ProvisioningDemand provisioning;
    std::optional<Symbol> selected_node;  // a volume is being made there
  };
  std::vector<Bound> bound;
  std::vector<Unbound> unbound;  // WaitForFirstConsumer; from small to large
  bool is_anywhere = false;      // no node can be wrong
};

/// What find_volumes() needs besides the claims; outlives the call.
struct VolumeSources {
  const VolumeUses& uses;
  const VolumeIndex& index;
};

/// What one node can do for the pod.
struct FoundVolumes {
  struct Binding {
    Ref<const api::PersistentVolume> volume;
    Ref<const api::PersistentVolumeClaim> claim;
  };
  std::vector<Binding> bindings;
  std::vector<Ref<const api::PersistentVolumeClaim>> provisions;
  Verdict verdict;  // ok: the two lists are complete
};

class PodClaimsReader {
 public:
  PodClaimsReader(const ClusterObjects& objects, const VolumeUses& uses,
                  const AssumedVolumes& assumed)
      : objects_(objects), uses_(uses), assumed_(assumed), provisioner_(objects) {}

  /// Skip if the pod has no claims.
  Verdict read(const api::Pod& pod, PodClaims& out);

 private:
  Verdict check_claim(const api::Pod& pod, const ClaimUse& use, const Text& name) const;
  void add_bound(const api::PersistentVolumeClaim& claim, PodClaims& out) const;
  void add_unbound(Ref<const api::PersistentVolumeClaim> claim, PodClaims& out);

  const ClusterObjects& objects_;
  const VolumeUses& uses_;
  const AssumedVolumes& assumed_;
  Provisioner provisioner_;
};

FoundVolumes find_volumes(const PodClaims& claims, const NodeInfo& node,
                          const VolumeSources& sources);

/// Whether the volume's node affinity, translated if its plugin migrated on the node, lets it be
/// used there.
bool reaches(const PodClaims::Bound& bound, const NodeInfo& node, const VolumeUses& uses);
PodClaims::Bound bound_volume(Ref<const api::PersistentVolume> volume);

}  // namespace orrery::scheduler
