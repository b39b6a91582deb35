#include "core/scheduler/volumes/volume_index.h"

#include <algorithm>

#include "core/scheduler/plugins/node_selector.h"
#include "core/scheduler/volumes/claims.h"

namespace orrery::scheduler {
namespace {

Symbol mode_of(const std::optional<Symbol>& mode) {
  static const Symbol kFilesystem{"Filesystem"};
  return mode.value_or(kFilesystem);
}

api::Quantity storage_in(const api::ResourceList& list) {
  static const Symbol kStorage{"storage"};
  const api::Quantity* amount = list.find(kStorage);
  return amount ? *amount : api::Quantity();
}

bool has_modes(const api::PersistentVolumeClaim& claim, const api::PersistentVolume& volume) {
  const auto& have = volume.spec.access_modes;
  return std::all_of(claim.spec.access_modes.begin(), claim.spec.access_modes.end(),
                     [&](Symbol mode) {
                       return std::find(have.begin(), have.end(), mode) != have.end();
                     });
}

}  // namespace

bool reaches(const api::PersistentVolume& volume, const api::Node& node) {
  const api::NodeSelector* required = volume.spec.node_affinity_required.get();
  return !required || matches(*required, node);
}

VolumeDemand::VolumeDemand(const Ref<const api::PersistentVolumeClaim>& c)
    : claim(c),
      storage_class(class_of(*c)),
      size(storage_in(c->spec.resources.requests)),
      mode(mode_of(c->spec.volume_mode)),
      attributes_class(scheduler::attributes_class(c->spec.extra)) {
  if (!c->spec.selector) return;
  auto made = api::Selector::from(*c->spec.selector);
  if (made.ok()) {
    selector = std::move(*made);
  } else {
    error = "error creating internal label selector for claim: " + api::key_of(*c) + ": " +
            std::string(made.status().message());
  }
}

VolumeIndex::Candidate::Candidate(Ref<const api::PersistentVolume> v)
    : volume(std::move(v)),
      capacity(storage_in(volume->spec.capacity)),
      mode(mode_of(volume->spec.volume_mode)),
      attributes_class(scheduler::attributes_class(volume->spec.extra)) {}

void VolumeIndex::refresh() {
  static const Symbol kAvailable{"Available"};
  const std::uint64_t version = objects_.version(Watched::kPersistentVolume);
  if (is_made_ && version == objects_version_) return;
  is_made_ = true;
  objects_version_ = version;
  classes_.clear();
  claimed_.clear();
  objects_.for_each<api::PersistentVolume>(
      Watched::kPersistentVolume, [&](const api::PersistentVolume& known) {
        Candidate candidate{Ref<const api::PersistentVolume>(&known)};
        const api::PersistentVolume& volume = *candidate.volume;
        if (const api::ObjectReference* ref = volume.spec.claim_ref.get()) {
          claimed_[{ref->namespace_, ref->name}].push_back(std::move(candidate));
        } else if (volume.phase == kAvailable && !volume.meta.is_being_deleted()) {
          classes_[class_of(volume)].free.push_back(std::move(candidate));
        }
      });
  const auto by_name = [](const Candidate& a, const Candidate& b) {
    return a.volume->meta.name < b.volume->meta.name;
  };
  for (auto& [claim, volumes] : claimed_) std::sort(volumes.begin(), volumes.end(), by_name);
  for (auto& [name, cls] : classes_) {
    std::sort(cls.free.begin(), cls.free.end(), [&](const Candidate& a, const Candidate& b) {
      const int order = a.capacity.cmp(b.capacity);
      return order != 0 ? order < 0 : by_name(a, b);
    });
    for (std::size_t i = 0; i < cls.free.size(); ++i) {
      cls.by_node.add(cls.free[i].volume->spec.node_affinity_required.get(),
                      static_cast<std::uint32_t>(i));
    }
  }
}

/// What is asked of free volumes and of those that name the claim alike.
bool VolumeIndex::fits(const Candidate& candidate, const VolumeDemand& demand) {
  return candidate.capacity.cmp(demand.size) >= 0 && candidate.mode == demand.mode &&
         candidate.attributes_class == demand.attributes_class &&
         !candidate.volume->meta.is_being_deleted();
}

namespace {

bool is_among(const api::PersistentVolume& volume,
              std::span<const Ref<const api::PersistentVolume>> taken) {
  return std::any_of(taken.begin(), taken.end(),
                     [&](const auto& t) { return t->meta.name == volume.meta.name; });
}

}  // namespace

Ref<const api::PersistentVolume> VolumeIndex::claimed(
    const VolumeDemand& demand, std::span<const Ref<const api::PersistentVolume>> taken) const {
  const api::PersistentVolumeClaim& claim = *demand.claim;
  const auto known = claimed_.find({claim.meta.namespace_, claim.meta.name});
  if (known != claimed_.end()) {
    for (const Candidate& c : known->second) {
      if (!is_bound_to(*c.volume, claim) || !fits(c, demand)) continue;
      if (!is_among(*c.volume, taken)) return assumed_.newest(*c.volume);
    }
  }
  const Ref<const api::PersistentVolume> assumed = assumed_.volume_for(claim);
  if (!assumed || is_among(*assumed, taken) || !is_bound_to(*assumed, claim)) return {};
  return fits(Candidate(assumed), demand) ? assumed : Ref<const api::PersistentVolume>();
}

Ref<const api::PersistentVolume> VolumeIndex::find(
    const VolumeDemand& demand, const api::Node& node,
    std::span<const Ref<const api::PersistentVolume>> taken) const {
  const api::PersistentVolumeClaim& claim = *demand.claim;
  if (Ref<const api::PersistentVolume> volume = claimed(demand, taken)) {
    // Bound by hand, or by a pod before: this node or none.
    return reaches(*volume, node) ? volume : Ref<const api::PersistentVolume>();
  }
  const auto cls = classes_.find(demand.storage_class);
  if (cls == classes_.end()) return {};
  const std::vector<Candidate>& free = cls->second.free;
  std::size_t best = free.size();
  cls->second.by_node.for_each_list(*node.meta.labels, [&](std::span<const std::uint32_t> list) {
    for (const std::uint32_t i : list) {
      if (i >= best) return;
      const Candidate& c = free[i];
      if (!fits(c, demand) || is_among(*c.volume, taken) || !has_modes(claim, *c.volume)) continue;
      if (demand.selector && !demand.selector->matches(*c.volume->meta.labels)) continue;
      if (!reaches(*c.volume, node)) continue;
      if (assumed_.newest(*c.volume)->spec.claim_ref) continue;  // given to another claim
      best = i;
      return;
    }
  });
  return best < free.size() ? free[best].volume : Ref<const api::PersistentVolume>();
}

}  // namespace orrery::scheduler
