#include "core/scheduler/plugins/volumes/volume_zone.h"

#include <algorithm>
#include <array>

#include "core/scheduler/cache.h"
#include "core/scheduler/volumes/claims.h"

namespace orrery::scheduler {
namespace {

/// A label of a volume: the node must have one of the values.
struct Topology {
  Symbol key;
  Symbol stable_key;  // asked for if the node does not have the beta label
  std::vector<Symbol> values;
  bool operator==(const Topology&) const = default;
};

struct State final : CycleData {
  std::vector<Topology> topologies;
};

struct TopologyKey {
  Symbol key;
  Symbol stable_key;
};

const std::array<TopologyKey, 4>& topology_keys() {
  static const Symbol kZone{"topology.kubernetes.io/zone"};
  static const Symbol kRegion{"topology.kubernetes.io/region"};
  static const std::array<TopologyKey, 4> kKeys{
      {{Symbol("failure-domain.beta.kubernetes.io/zone"), kZone},
       {Symbol("failure-domain.beta.kubernetes.io/region"), kRegion},
       {kZone, kZone},
       {kRegion, kRegion}}};
  return kKeys;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// LabelZonesToSet: a__b; empty if one of them is empty.
std::vector<Symbol> zones_of(std::string_view label) {
  std::vector<Symbol> out;
  for (std::size_t from = 0;;) {
    const std::size_t to = label.find("__", from);
    const std::string_view zone = trim(label.substr(from, to - from));
    if (zone.empty()) return {};
    out.emplace_back(zone);
    if (to == std::string_view::npos) break;
    from = to + 2;
  }
  std::sort(out.begin(), out.end());
  return out;
}

void add_topologies(const api::PersistentVolume& volume, std::vector<Topology>& out) {
  if (volume.meta.labels.empty()) return;
  for (const TopologyKey& key : topology_keys()) {
    const Symbol* label = volume.meta.labels->find(key.key);
    if (!label) continue;
    std::vector<Symbol> zones = zones_of(label->view());
    if (!zones.empty()) out.push_back({key.key, key.stable_key, std::move(zones)});
  }
}

/// A claim without a volume: fine if its class waits for the first consumer (kSkip).
Verdict check_unbound(const api::PersistentVolumeClaim& claim, const ClusterObjects& objects) {
  const Symbol name = class_of(claim);
  if (name.empty()) {
    return unresolvable("PersistentVolumeClaim had no pv name and storageClass name");
  }
  const auto* cls = objects.find<api::StorageClass>(Watched::kStorageClass, {}, name.view());
  if (!cls) return unresolvable(not_found_text("storageclass.storage.k8s.io", name.view()));
  if (!cls->volume_binding_mode) {
    return unresolvable("VolumeBindingMode not set for StorageClass \"" + name.str() + "\"");
  }
  if (*cls->volume_binding_mode == "WaitForFirstConsumer") return {Code::kSkip};
  return unresolvable("PersistentVolume had no name");
}

/// getPVbyPod.
Verdict read(const api::Pod& pod, const SchedulerCache& cache, std::vector<Topology>& out) {
  const Ref<const PodVolumes> volumes = cache.volumes().volumes_of(pod);
  if (!volumes) return {};
  for (const ClaimUse& use : volumes->claims) {
    if (use.is_ephemeral) continue;
    if (use.name.empty()) return unresolvable("PersistentVolumeClaim had no name");
    const auto* claim = cache.objects().find<api::PersistentVolumeClaim>(
        Watched::kPersistentVolumeClaim, pod.meta.namespace_, use.name.view());
    if (!claim) return unresolvable(not_found_text("persistentvolumeclaim", use.name.view()));
    if (claim->spec.volume_name.empty()) {
      Verdict verdict = check_unbound(*claim, cache.objects());
      if (verdict.code == Code::kSkip) continue;
      return verdict;
    }
    const auto* volume = cache.objects().find<api::PersistentVolume>(
        Watched::kPersistentVolume, {}, claim->spec.volume_name.view());
    if (!volume) {
      return unresolvable(not_found_text("persistentvolume", claim->spec.volume_name.view()));
    }
    add_topologies(*volume, out);
  }
  return {};
}

}  // namespace

bool VolumeZone::is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const {
  if (event.kinds & (events::kNodeAdd | events::kNodeLabel)) return true;
  if (!event.object) return false;
  if (event.kinds & events::kPersistentVolumeClaim) {
    return concerns_claim(event, pod, false, false);
  }
  if (event.kinds & events::kStorageClass) {
    const auto& cls = static_cast<const api::StorageClass&>(*event.object);
    return !event.old_object && cls.volume_binding_mode &&
           *cls.volume_binding_mode == "WaitForFirstConsumer";
  }
  if (!event.old_object) return true;
  std::vector<Topology> before, after;
  add_topologies(static_cast<const api::PersistentVolume&>(*event.old_object), before);
  add_topologies(static_cast<const api::PersistentVolume&>(*event.object), after);
  return before != after;
}

Verdict VolumeZone::pre_filter(CycleState& state, const api::Pod& pod, NodeNames&) {
  if (!pod.spec || pod.spec->volumes.empty()) return {Code::kSkip};
  std::vector<Topology> topologies;
  Verdict verdict = read(pod, cache_, topologies);
  if (!verdict.ok()) return verdict;
  if (topologies.empty()) return {Code::kSkip};
  auto kept = std::make_unique<State>();
  kept->topologies = std::move(topologies);
  state.put(this, std::move(kept));
  return {};
}

Verdict VolumeZone::filter(const CycleState& state, const api::Pod&, const NodeInfo& node) const {
  static const Symbol kReason{"node(s) had no available volume zone"};
  const api::Labels& labels = node.labels();
  const auto& keys = topology_keys();
  // A cluster of one zone may have no such labels at all.
  if (std::none_of(keys.begin(), keys.end(), [&](const auto& k) { return labels.has(k.key); })) {
    return {};
  }
  for (const Topology& topology : state.get<State>(this)->topologies) {
    const Symbol* value = labels.find(topology.key);
    if (!value) value = labels.find(topology.stable_key);
    const auto& wanted = topology.values;
    if (!value || std::find(wanted.begin(), wanted.end(), *value) == wanted.end()) {
      return {Code::kUnschedulableAndUnresolvable, {kReason}};
    }
  }
  return {};
}

}  // namespace orrery::scheduler
