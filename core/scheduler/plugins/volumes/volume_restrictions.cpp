#include "core/scheduler/plugins/volumes/volume_restrictions.h"

#include <algorithm>

#include "core/scheduler/cache.h"
#include "core/scheduler/volumes/claims.h"

namespace orrery::scheduler {
namespace {

struct State final : CycleData {
  Ref<const PodVolumes> volumes;
  std::vector<Text> single_pod_claims;  // ReadWriteOncePod
};

bool have_overlap(const std::vector<Text>& a, const std::vector<Text>& b) {
  return std::any_of(a.begin(), a.end(), [&](const Text& t) {
    return std::find(b.begin(), b.end(), t) != b.end();
  });
}

/// isVolumeConflict.
bool conflict(const InlineDisk& a, const InlineDisk& b) {
  if (a.kind != b.kind || a.id != b.id) return false;
  switch (a.kind) {
    case InlineDisk::Kind::kAws:
      return true;
    case InlineDisk::Kind::kRbd:
      if (a.pool != b.pool || !have_overlap(a.monitors, b.monitors)) return false;
      break;
    case InlineDisk::Kind::kGce:
    case InlineDisk::Kind::kIscsi:
      break;
  }
  return !(a.is_read_only && b.is_read_only);
}

bool conflict(const PodVolumes& a, const PodVolumes& b) {
  for (const InlineDisk& disk : a.disks) {
    for (const InlineDisk& other : b.disks) {
      if (conflict(disk, other)) return true;
    }
  }
  return false;
}

bool share_claim(const PodVolumes& a, const PodVolumes& b) {
  return std::any_of(a.claims.begin(), a.claims.end(), [&](const ClaimUse& use) {
    return !use.is_ephemeral &&
           std::any_of(b.claims.begin(), b.claims.end(), [&](const ClaimUse& other) {
             return !other.is_ephemeral && other.name == use.name;
           });
  });
}

bool is_single_pod(const api::PersistentVolumeClaim& claim) {
  static const Symbol kMode{"ReadWriteOncePod"};
  const auto& modes = claim.spec.access_modes;
  return std::find(modes.begin(), modes.end(), kMode) != modes.end();
}

}  // namespace

bool VolumeRestrictions::is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const {
  if (event.kinds & events::kPersistentVolumeClaim) {
    return concerns_claim(event, pod, false, true);
  }
  if (!(event.kinds & events::kAssignedPodDelete) || !event.old_pod) return true;
  if (event.old_pod->meta.namespace_ != pod.meta.namespace_) return false;
  const Ref<const PodVolumes> mine = cache_.volumes().volumes_of(pod);
  const Ref<const PodVolumes> theirs = cache_.volumes().volumes_of(*event.old_pod);
  return mine && theirs && (conflict(*mine, *theirs) || share_claim(*mine, *theirs));
}

Verdict VolumeRestrictions::pre_filter(CycleState& state, const api::Pod& pod, NodeNames&) {
  const Ref<const PodVolumes> volumes = cache_.volumes().volumes_of(pod);
  if (!volumes) return {Code::kSkip};
  std::vector<Text> claims;
  bool in_use = false;
  for (const ClaimUse& use : volumes->claims) {
    if (use.is_ephemeral) continue;
    const auto* claim = cache_.objects().find<api::PersistentVolumeClaim>(
        Watched::kPersistentVolumeClaim, pod.meta.namespace_, use.name.view());
    if (!claim) return unresolvable(not_found_text("persistentvolumeclaim", use.name.view()));
    if (!is_single_pod(*claim)) continue;
    claims.push_back(use.name);
    in_use = in_use || cache_.volumes().users(pod.meta.namespace_, use.name.view()) > 0;
  }
  if (volumes->disks.empty() && !in_use) return {Code::kSkip};
  auto kept = std::make_unique<State>();
  kept->volumes = volumes;
  if (in_use) kept->single_pod_claims = std::move(claims);
  state.put(this, std::move(kept));
  return {};
}

Verdict VolumeRestrictions::filter(const CycleState& state, const api::Pod& pod,
                                   const NodeInfo& node) const {
  static const Symbol kDisk{"node(s) had no available disk"};
  static const Symbol kInUse{
      "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already "
      "in-use by another pod"};
  const State& kept = *state.get<State>(this);
  if (!kept.volumes->disks.empty()) {
    if (const NodeVolumes* volumes = cache_.volumes().on_node(node.slot())) {
      for (const NodeVolumes::PodDisks& other : volumes->disks) {
        if (conflict(*kept.volumes, *other.volumes)) return {Code::kUnschedulable, {kDisk}};
      }
    }
  }
  for (const Text& claim : kept.single_pod_claims) {
    if (cache_.volumes().users(pod.meta.namespace_, claim.view()) > 0) {
      return {Code::kUnschedulable, {kInUse}};
    }
  }
  return {};
}

}  // namespace orrery::scheduler
