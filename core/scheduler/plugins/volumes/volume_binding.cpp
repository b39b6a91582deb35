#include "core/scheduler/plugins/volumes/volume_binding.h"

#include "core/scheduler/cache.h"
#include "core/scheduler/volumes/claims.h"

namespace orrery::scheduler {
namespace {

const api::Dynamic& dynamic(const api::Object& object) {
  return static_cast<const api::Dynamic&>(object);
}

bool topologies_changed(const api::StorageClass& a, const api::StorageClass& b) {
  const auto key = [](const api::StorageClass& c) {
    std::string text;
    for (const TopologyTerm& term : allowed_topologies(c)) {
      text += '|';
      for (const auto& r : term.requirements) {
        text += r.key.str() + "=";
        for (const Symbol v : r.values) text += v.str() + ",";
      }
    }
    return text;
  };
  return key(a) != key(b);
}

bool capacity_grew(const api::Object* old, const api::Object& now) {
  if (!old) return true;
  const auto before = read_capacity(dynamic(*old)).limit;
  const auto after = read_capacity(dynamic(now)).limit;
  return after && (!before || *after > *before);
}

}  // namespace

VolumeBinding::VolumeBinding(const VolumeBindingArgs& args, const PluginContext& context)
    : cache_(context.cache),
      assumed_(context.cache.objects()),
      index_(context.cache.objects(), assumed_),
      reader_(context.cache.objects(), context.cache.volumes(), assumed_),
      binder_(context.env, context.client, context.cache, assumed_,
              std::chrono::seconds(args.bind_timeout_seconds)) {}

bool VolumeBinding::is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const {
  if (event.kinds & (events::kNodeAdd | events::kNodeLabel)) return true;
  if (!event.object) return false;  // nothing gets better by a deletion
  if (event.kinds & events::kPersistentVolumeClaim) {
    return concerns_claim(event, pod, true, false);
  }
  if (event.kinds & events::kStorageClass) {
    return !event.old_object ||
           topologies_changed(static_cast<const api::StorageClass&>(*event.old_object),
                              static_cast<const api::StorageClass&>(*event.object));
  }
  if (event.kinds & events::kCsiNode) {
    return !event.old_object || read_csi_node(dynamic(*event.old_object)).migrated !=
                                    read_csi_node(dynamic(*event.object)).migrated;
  }
  if (event.kinds & events::kCsiDriver) {
    return event.old_object && tracks_capacity(dynamic(*event.old_object)) &&
           !tracks_capacity(dynamic(*event.object));
  }
  if (event.kinds & events::kCsiStorageCapacity) {
    return capacity_grew(event.old_object, *event.object);
  }
  return true;
}

Verdict VolumeBinding::pre_filter(CycleState& state, const api::Pod& pod, NodeNames&) {
  const Ref<const PodVolumes> volumes = cache_.volumes().volumes_of(pod);
  if (!volumes || volumes->claims.empty()) return {Code::kSkip};
  auto claims = std::make_unique<PodClaims>();
  Verdict verdict = reader_.read(pod, *claims);
  if (!verdict.ok()) return verdict;
  if (!claims->unbound.empty()) index_.refresh();
  state.put(this, std::move(claims));
  return {};
}

Verdict VolumeBinding::filter(const CycleState& state, const api::Pod&,
                              const NodeInfo& node) const {
  const PodClaims& claims = *state.get<PodClaims>(this);
  if (claims.is_anywhere) return {};
  return find_volumes(claims, node, {cache_.volumes(), index_}).verdict;
}

Verdict VolumeBinding::reserve(CycleState& state, const api::Pod& pod, const NodeInfo& node) {
  const PodClaims* claims = state.get<PodClaims>(this);
  PodClaims own;
  if (!claims) {
    const Verdict verdict = reader_.read(pod, own);
    if (verdict.code == Code::kSkip) return {};
    if (!verdict.ok()) return verdict;
    claims = &own;
  }
  if (claims->unbound.empty()) return {};
  index_.refresh();
  FoundVolumes found = find_volumes(*claims, node, {cache_.volumes(), index_});
  if (!found.verdict.ok()) return found.verdict;
  binder_.assume(pod, node.name(), std::move(found));
  return {};
}

void VolumeBinding::unreserve(CycleState&, const api::Pod& pod, Symbol) { binder_.revert(pod); }

bool VolumeBinding::pre_bind(CycleState&, const Ref<const api::Pod>& pod, Symbol,
                             Completion done) {
  return binder_.bind(*pod, done);
}

}  // namespace orrery::scheduler
