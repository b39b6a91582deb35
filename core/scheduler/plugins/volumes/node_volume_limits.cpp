#include "core/scheduler/plugins/volumes/node_volume_limits.h"

#include <algorithm>

#include "core/scheduler/cache.h"
#include "core/scheduler/volumes/claims.h"

namespace orrery::scheduler {
namespace {

struct State final : CycleData {
  Verdict failure;                     // of the claims: true on every node
  std::vector<CountedVolume> volumes;  // each once
};

bool takes_slots(const PodVolumes& volumes) {
  return !volumes.claims.empty() || volumes.has_migratable;
}

/// A driver's volumes on the node, in-tree ones included where they migrated.
std::int64_t attached(const NodeVolumes& node, const VolumeUses& uses, Symbol driver) {
  std::int64_t sum = 0;
  for (const NodeVolumes::DriverCount& count : node.counts) {
    const VolumeUses::Driver& known = uses.driver(count.driver);
    if (known.name == driver && (known.plugin.empty() || node.is_migrated(known.plugin))) {
      sum += count.volumes;
    }
  }
  return sum;
}

Verdict add_claim(const api::Pod& pod, const ClaimUse& use, SchedulerCache& cache, State& out) {
  const Text name = claim_name(pod, use);
  if (name.empty()) return {Code::kError, {Symbol("PersistentVolumeClaim had no name")}};
  const auto* claim = cache.objects().find<api::PersistentVolumeClaim>(
      Watched::kPersistentVolumeClaim, pod.meta.namespace_, name.view());
  if (!claim) {
    return unresolvable("looking up PVC " + pod.meta.namespace_.str() + "/" + name.str() + ": " +
                        not_found_text("persistentvolumeclaim", name.view()));
  }
  if (use.is_ephemeral) {
    const std::string error = ownership_error(pod, *claim);
    if (!error.empty()) return {Code::kError, {Symbol(error)}};
  }
  out.volumes.push_back(cache.volumes().volume_of(*claim));
  return {};
}

bool limit_grew(const CsiNode& old, const CsiNode& now) {
  return std::any_of(now.limits.begin(), now.limits.end(), [&](const CsiNode::Limit& limit) {
    const auto before = std::find_if(old.limits.begin(), old.limits.end(),
                                     [&](const auto& l) { return l.driver == limit.driver; });
    return before == old.limits.end() || before->count < limit.count;
  });
}

}  // namespace

bool NodeVolumeLimits::is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const {
  if (event.kinds & events::kPersistentVolumeClaim) {
    return concerns_claim(event, pod, true, true);
  }
  if (event.kinds & events::kVolumeAttachment) return !event.object;
  if (event.kinds & events::kCsiNode) {
    if (!event.object || !event.old_object) return event.object != nullptr;
    return limit_grew(read_csi_node(static_cast<const api::Dynamic&>(*event.old_object)),
                      read_csi_node(static_cast<const api::Dynamic&>(*event.object)));
  }
  if (!(event.kinds & events::kAssignedPodDelete) || !event.old_pod) return true;
  const Ref<const PodVolumes> volumes = cache_.volumes().volumes_of(*event.old_pod);
  return volumes && takes_slots(*volumes);
}

Verdict NodeVolumeLimits::pre_filter(CycleState& state, const api::Pod& pod, NodeNames&) {
  const Ref<const PodVolumes> volumes = cache_.volumes().volumes_of(pod);
  if (!volumes || !takes_slots(*volumes)) return {Code::kSkip};
  auto kept = std::make_unique<State>();
  for (const ClaimUse& use : volumes->claims) {
    kept->failure = add_claim(pod, use, cache_, *kept);
    if (!kept->failure.ok()) break;
  }
  for (const CsiSource& source : volumes->in_tree) {
    kept->volumes.push_back(cache_.volumes().volume_of(source));
  }
  std::erase_if(kept->volumes, [](const CountedVolume& v) { return !v.counts(); });
  for (std::size_t i = 0; i < kept->volumes.size(); ++i) {
    const auto from = kept->volumes.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    kept->volumes.erase(std::remove(from, kept->volumes.end(), kept->volumes[i]),
                        kept->volumes.end());
  }
  state.put(this, std::move(kept));
  return {};
}

Verdict NodeVolumeLimits::filter(const CycleState& state, const api::Pod&,
                                 const NodeInfo& node) const {
  static const Symbol kFull{"node(s) exceed max volume count"};
  const State& kept = *state.get<State>(this);
  if (!kept.failure.ok()) return kept.failure;
  if (kept.volumes.empty()) return {};
  const VolumeUses& uses = cache_.volumes();
  const NodeVolumes* volumes = uses.on_node(node.slot());
  if (!volumes) return {};
  for (const CsiNode::Limit& limit : volumes->csi.limits) {
    std::int64_t wanted = 0;
    for (const CountedVolume& volume : kept.volumes) {
      const VolumeUses::Driver& driver = uses.driver(volume.driver);
      if (driver.name != limit.driver) continue;
      if (!driver.plugin.empty() && !volumes->is_migrated(driver.plugin)) continue;
      if (!volumes->has(volume)) ++wanted;
    }
    if (wanted > 0 && attached(*volumes, uses, limit.driver) + wanted > limit.count) {
      return {Code::kUnschedulable, {kFull}};
    }
  }
  return {};
}

}  // namespace orrery::scheduler
