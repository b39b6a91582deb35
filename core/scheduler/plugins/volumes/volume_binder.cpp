#include "core/scheduler/plugins/volumes/volume_binder.h"

#include "core/client/typed_client.h"
#include "core/scheduler/cache.h"
#include "core/scheduler/volumes/claims.h"

namespace orrery::scheduler {
namespace {

constexpr Duration kLookPeriod = std::chrono::seconds(1);  // as BindPodVolumes polls

api::ObjectReference reference_to(const api::PersistentVolumeClaim& claim) {
  static const Symbol kV1{"v1"};
  static const Symbol kClaim{"PersistentVolumeClaim"};
  api::ObjectReference out;
  out.api_version = kV1;
  out.kind = kClaim;
  out.namespace_ = claim.meta.namespace_;
  out.name = claim.meta.name;
  out.uid = claim.meta.uid;
  out.resource_version = claim.meta.resource_version;
  return out;
}

/// GetBindVolumeToClaim: the same object if nothing has to change.
Ref<const api::PersistentVolume> bound_to(const Ref<const api::PersistentVolume>& volume,
                                          const api::PersistentVolumeClaim& claim) {
  const api::ObjectReference* ref = volume->spec.claim_ref.get();
  const bool was_bound = is_bound_to(*volume, claim);
  if (was_bound && ref->uid == claim.meta.uid) return volume;
  Ref<api::PersistentVolume> out = copy_of(volume);
  out->spec.claim_ref = reference_to(claim);
  if (!was_bound && !api::find(out->meta.annotations, kBoundByController)) {
    api::set(out->meta.annotations, kBoundByController, "yes");
  }
  return out;
}

std::string affinity_error(const api::PersistentVolume& volume, const NodeInfo& node) {
  return "pv \"" + volume.meta.name.str() + "\" node affinity doesn't match node \"" +
         node.name().str() + "\": no matching NodeSelectorTerms";
}

}  // namespace

VolumeBinder::~VolumeBinder() {
  *alive_ = false;
  for (auto& [uid, entry] : pods_) env_.loop.cancel(entry.timer);
}

void VolumeBinder::assume(const api::Pod& pod, Symbol node, FoundVolumes found) {
  revert(pod);
  Entry& entry = pods_[pod.meta.uid];
  entry.node = node;
  entry.number = ++numbers_;
  for (FoundVolumes::Binding& binding : found.bindings) {
    Ref<const api::PersistentVolume> changed = bound_to(binding.volume, *binding.claim);
    entry.is_mine.push_back(!(changed == binding.volume));
    if (entry.is_mine.back()) assumed_.assume(changed);
    entry.bindings.push_back({std::move(changed), std::move(binding.claim)});
  }
  for (const auto& claim : found.provisions) {
    Ref<api::PersistentVolumeClaim> changed = copy_of(claim);
    api::set(changed->meta.annotations, kSelectedNode, node.view());
    assumed_.assume(Ref<const api::PersistentVolumeClaim>(changed));
    entry.provisions.push_back(std::move(changed));
  }
}

void VolumeBinder::forget(const Entry& entry) {
  for (std::size_t i = 0; i < entry.bindings.size(); ++i) {
    if (entry.is_mine[i]) assumed_.forget(*entry.bindings[i].volume);
  }
  for (const auto& claim : entry.provisions) assumed_.forget(*claim);
}

void VolumeBinder::revert(const api::Pod& pod) {
  const auto found = pods_.find(pod.meta.uid);
  if (found == pods_.end()) return;
  env_.loop.cancel(found->second.timer);
  forget(found->second);
  pods_.erase(found);
}

VolumeBinder::Entry* VolumeBinder::find(const Uid& uid, std::uint64_t number) {
  const auto found = pods_.find(uid);
  return found != pods_.end() && found->second.number == number ? &found->second : nullptr;
}

bool VolumeBinder::bind(const api::Pod& pod, Completion done) {
  if (pods_.empty()) return false;
  const auto found = pods_.find(pod.meta.uid);
  if (found == pods_.end()) return false;
  found->second.done = done;
  write_next(found->first, found->second);
  return true;
}

/// Volumes first, then claims (bindAPIUpdate).
void VolumeBinder::write_next(const Uid& uid, Entry& entry) {
  if (entry.written < entry.bindings.size()) {
    Ref<const api::PersistentVolume>& volume = entry.bindings[entry.written].volume;
    return write<api::PersistentVolume>(uid, entry, volume, volume);
  }
  const std::size_t claim = entry.written - entry.bindings.size();
  if (claim < entry.provisions.size()) {
    return write<api::PersistentVolumeClaim>(uid, entry, entry.provisions[claim],
                                             entry.provisions[claim]);
  }
  entry.deadline = env_.now() + timeout_;
  look_later(uid, entry);
}

template <class T>
void VolumeBinder::write(const Uid& uid, const Entry& entry, Ref<const T> object,
                         Ref<const T>& written) {
  // `written` stays where it is: the entry is found again before it is touched.
  Ref<const T>* place = &written;
  update<T>(client_, std::move(object),
            [this, alive = alive_, uid, number = entry.number, place](Result<Ref<const T>> result) {
              if (!*alive) return;
              Entry* known = find(uid, number);
              if (!known) return;  // taken back meanwhile
              if (!result.ok()) return finish(uid, std::string(result.status().message()));
              if (*result) *place = *result;  // its revision tells old news from new
              ++known->written;
              write_next(uid, *known);
            });
}

void VolumeBinder::look_later(const Uid& uid, Entry& entry) {
  entry.timer =
      env_.loop.after(kLookPeriod, [this, alive = alive_, uid, number = entry.number] {
        if (!*alive) return;
        if (Entry* known = find(uid, number)) look(uid, *known);
      });
}

void VolumeBinder::look(const Uid& uid, Entry& entry) {
  std::string error;
  switch (check(entry, error)) {
    case State::kBound:
      return finish(uid, {});
    case State::kFailed:
      return finish(uid, "binding volumes: " + error);
    case State::kWaiting:
      if (env_.now() >= entry.deadline) {
        return finish(uid, "binding volumes: context deadline exceeded");
      }
      return look_later(uid, entry);
  }
}

void VolumeBinder::finish(const Uid& uid, const std::string& error) {
  const auto found = pods_.find(uid);
  const Completion done = *found->second.done;
  if (error.empty()) {
    // Informers know what was assumed by now.
    forget(found->second);
    pods_.erase(found);
    return done({});
  }
  // Unreserve takes back the rest.
  done({Code::kError}, "running PreBind plugin \"VolumeBinding\": " + error);
}

/// checkBindings, on what informers told.
VolumeBinder::State VolumeBinder::check(const Entry& entry, std::string& error) const {
  const NodeSlot slot = cache_.find_node(entry.node);
  if (slot == kNoNode || !cache_.table().row(slot).node) {
    error = "failed to get node \"" + entry.node.str() + "\": " +
            not_found_text("node", entry.node.view());
    return State::kFailed;
  }
  const NodeInfo node = cache_.node(slot);
  for (const FoundVolumes::Binding& binding : entry.bindings) {
    const State state = check_binding(binding, node, error);
    if (state != State::kBound) return state;
  }
  for (const auto& claim : entry.provisions) {
    const State state = check_provision(*claim, node, error);
    if (state != State::kBound) return state;
  }
  return State::kBound;
}

VolumeBinder::State VolumeBinder::check_binding(const FoundVolumes::Binding& binding,
                                                const NodeInfo& node, std::string& error) const {
  const auto* volume = cache_.objects().find<api::PersistentVolume>(
      Watched::kPersistentVolume, Symbol(), binding.volume->meta.name.view());
  const auto* claim = cache_.objects().find<api::PersistentVolumeClaim>(
      Watched::kPersistentVolumeClaim, binding.claim->meta.namespace_,
      binding.claim->meta.name.view());
  if (!volume || !claim) {
    error = "failed to check binding: could not find " +
            (volume ? "v1.PersistentVolumeClaim \"" + api::key_of(*binding.claim)
                    : "v1.PersistentVolume \"" + binding.volume->meta.name.str()) +
            "\": object not found";
    return State::kFailed;
  }
  if (binding.volume->meta.resource_version > volume->meta.resource_version) {
    return State::kWaiting;
  }
  if (!reaches(bound_volume(Ref<const api::PersistentVolume>(volume)), node, cache_.volumes())) {
    error = affinity_error(*volume, node);
    return State::kFailed;
  }
  if (!volume->spec.claim_ref || volume->spec.claim_ref->uid.empty()) {
    error = "ClaimRef got reset for pv \"" + volume->meta.name.str() + "\"";
    return State::kFailed;
  }
  return is_fully_bound(*claim) ? State::kBound : State::kWaiting;
}

VolumeBinder::State VolumeBinder::check_provision(const api::PersistentVolumeClaim& wanted,
                                                  const NodeInfo& node,
                                                  std::string& error) const {
  const auto* claim = cache_.objects().find<api::PersistentVolumeClaim>(
      Watched::kPersistentVolumeClaim, wanted.meta.namespace_, wanted.meta.name.view());
  if (!claim) {
    error = "failed to check provisioning pvc: could not find v1.PersistentVolumeClaim \"" +
            api::key_of(wanted) + "\": object not found";
    return State::kFailed;
  }
  if (wanted.meta.resource_version > claim->meta.resource_version) return State::kWaiting;
  const Text* selected = api::find(claim->meta.annotations, kSelectedNode);
  if (!selected || *selected != node.name().view()) {
    error = claim->meta.annotations.empty()
                ? "selectedNode annotation reset for PVC \"" + claim->meta.name.str() + "\""
                : "provisioning failed for PVC \"" + claim->meta.name.str() + "\"";
    return State::kFailed;
  }
  if (!claim->spec.volume_name.empty()) {
    const auto* volume = cache_.objects().find<api::PersistentVolume>(
        Watched::kPersistentVolume, Symbol(), claim->spec.volume_name.view());
    if (!volume) return State::kWaiting;
    if (!reaches(bound_volume(Ref<const api::PersistentVolume>(volume)), node, cache_.volumes())) {
      error = affinity_error(*volume, node);
      return State::kFailed;
    }
  }
  return is_fully_bound(*claim) ? State::kBound : State::kWaiting;
}

}  // namespace orrery::scheduler
