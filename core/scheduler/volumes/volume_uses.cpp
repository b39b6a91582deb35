#include "core/scheduler/volumes/volume_uses.h"

#include <algorithm>

#include "core/scheduler/volumes/claims.h"

namespace orrery::scheduler {
namespace {

// Direct-mapped: a miss reads the list again, well under a microsecond a volume.
constexpr std::size_t kMemoSize = 256;

}  // namespace

void NodeVolumes::count(const CountedVolume& volume, std::int32_t pods, std::int32_t attachments) {
  auto use = std::find_if(uses.begin(), uses.end(),
                          [&](const Use& u) { return u.volume.id == volume.id; });
  if (use == uses.end()) {
    uses.push_back({volume});
    use = uses.end() - 1;
    auto driver = std::find_if(counts.begin(), counts.end(), [&](const DriverCount& c) {
      return c.driver == volume.driver;
    });
    if (driver == counts.end()) driver = counts.insert(counts.end(), {volume.driver, 0});
    ++driver->volumes;
  }
  use->pods += static_cast<std::uint32_t>(pods);
  use->attachments += static_cast<std::uint32_t>(attachments);
  if (use->pods != 0 || use->attachments != 0) return;
  for (DriverCount& c : counts) {
    if (c.driver == use->volume.driver) --c.volumes;
  }
  *use = uses.back();
  uses.pop_back();
}

Ref<const PodVolumes> VolumeUses::volumes_of(const api::Pod& pod) const {
  if (!pod.spec || pod.spec->volumes.empty()) return nullptr;
  const api::List<api::Volume>& list = pod.spec->volumes;
  if (memo_.empty()) memo_.resize(kMemoSize);
  VolumesMemo& memo =
      memo_[mix64(reinterpret_cast<std::uintptr_t>(list.identity())) & (kMemoSize - 1)];
  if (!memo.list.same(list)) memo = {list, read_volumes(list)};
  return memo.volumes;
}

NodeVolumes& VolumeUses::of_node(Symbol name) {
  std::unique_ptr<NodeVolumes>& volumes = nodes_[name.id()];
  if (!volumes) {
    volumes = std::make_unique<NodeVolumes>();
    slots_.clear();
  }
  return *volumes;
}

NodeVolumes& VolumeUses::of_slot(NodeSlot slot) { return of_node(table_.row(slot).name); }

const NodeVolumes* VolumeUses::on_node(NodeSlot slot) const {
  const auto index = static_cast<std::size_t>(slot);
  if (index >= slots_.size()) slots_.resize(table_.slots());
  SlotMemo& memo = slots_[index];
  const Symbol name = table_.row(slot).name;
  if (memo.name != name) {
    const auto found = nodes_.find(name.id());
    memo = {name, found == nodes_.end() ? nullptr : found->second.get()};
  }
  return memo.volumes;
}

void VolumeUses::add(const api::Pod& pod, NodeSlot slot) {
  const Ref<const PodVolumes> volumes = volumes_of(pod);
  if (!volumes) return;
  NodeVolumes& node = of_slot(slot);
  for (const ClaimUse& use : volumes->claims) {
    Claim& claim = claims_[claim_number(pod.meta.namespace_, claim_name(pod, use))];
    ++claim.pods;
    auto on = std::find_if(claim.nodes.begin(), claim.nodes.end(),
                           [&](const auto& e) { return e.first == &node; });
    if (on == claim.nodes.end()) on = claim.nodes.insert(claim.nodes.end(), {&node, 0});
    ++on->second;
    if (claim.volume.counts()) node.count(claim.volume, 1, 0);
  }
  for (const CsiSource& source : volumes->in_tree) node.count(volume_of(source), 1, 0);
  if (!volumes->disks.empty()) node.disks.push_back({pod.meta.uid, volumes});
}

void VolumeUses::remove(const api::Pod& pod, NodeSlot slot) {
  const Ref<const PodVolumes> volumes = volumes_of(pod);
  if (!volumes) return;
  NodeVolumes& node = of_slot(slot);
  for (const ClaimUse& use : volumes->claims) {
    const std::uint32_t number = claim_number(pod.meta.namespace_, claim_name(pod, use));
    Claim& claim = claims_[number];
    if (claim.volume.counts()) node.count(claim.volume, -1, 0);
    for (auto& [where, count] : claim.nodes) {
      if (where == &node) --count;
    }
    std::erase_if(claim.nodes, [](const auto& e) { return e.second == 0; });
    if (--claim.pods == 0) drop_claim(number);
  }
  for (const CsiSource& source : volumes->in_tree) node.count(volume_of(source), -1, 0);
  if (!volumes->disks.empty()) {
    std::erase_if(node.disks, [&](const auto& d) { return d.pod == pod.meta.uid; });
  }
}

std::uint32_t VolumeUses::users(Symbol ns, std::string_view claim) const {
  const auto found = by_name_.find(Key{ns.id(), claim});
  return found == by_name_.end() ? 0 : claims_[found->second].pods;
}

std::uint32_t VolumeUses::claim_number(Symbol ns, const Text& name) {
  const auto found = by_name_.find(Key{ns.id(), name.view()});
  if (found != by_name_.end()) return found->second;
  std::uint32_t number;
  if (free_claims_.empty()) {
    number = static_cast<std::uint32_t>(claims_.size());
    claims_.emplace_back();
  } else {
    number = free_claims_.back();
    free_claims_.pop_back();
  }
  Claim& claim = claims_[number];
  claim.ns = ns;
  claim.name = name;
  by_name_.emplace(StoredKey{ns.id(), name}, number);
  resolve(number);
  return number;
}

void VolumeUses::drop_claim(std::uint32_t number) {
  Claim& claim = claims_[number];
  if (const auto users = by_pv_.find(Key{0, claim.pv.view()}); users != by_pv_.end()) {
    std::erase(users->second, number);
    if (users->second.empty()) by_pv_.erase(users);
  }
  by_name_.erase(by_name_.find(Key{claim.ns.id(), claim.name.view()}));
  claim = Claim{};
  free_claims_.push_back(number);
}

/// Finds out anew what the claim stands for, and moves its uses there.
void VolumeUses::resolve(std::uint32_t number) {
  Claim& claim = claims_[number];
  const auto* object = objects_.find<api::PersistentVolumeClaim>(Watched::kPersistentVolumeClaim,
                                                                 claim.ns, claim.name.view());
  const CountedVolume volume = object ? volume_of(*object) : CountedVolume{};
  const Text pv = object ? object->spec.volume_name : Text();
  if (pv != claim.pv) {
    if (const auto users = by_pv_.find(Key{0, claim.pv.view()}); users != by_pv_.end()) {
      std::erase(users->second, number);
      if (users->second.empty()) by_pv_.erase(users);
    }
    claim.pv = pv;
    if (!pv.empty()) by_pv_[StoredKey{0, pv}].push_back(number);
  }
  if (volume == claim.volume) return;
  for (const auto& [node, count] : claim.nodes) {
    const auto pods = static_cast<std::int32_t>(count);
    if (claim.volume.counts()) node->count(claim.volume, -pods, 0);
    if (volume.counts()) node->count(volume, pods, 0);
  }
  claim.volume = volume;
}

CountedVolume VolumeUses::counted(Symbol driver, std::string_view handle, Symbol plugin,
                                  std::string_view scope) {
  if (driver.empty() || handle.empty()) return {};
  const std::uint64_t key = std::uint64_t{driver.id()} << 32 | plugin.id();
  const auto [known, is_new] =
      driver_numbers_.emplace(key, static_cast<std::uint32_t>(drivers_.size()));
  if (is_new) drivers_.push_back({driver, plugin});
  const std::uint64_t seed = hash_text(scope, hash_text(driver.view()));
  return {hash_text(handle, seed), known->second};
}

CountedVolume VolumeUses::volume_of(const CsiSource& source) {
  const InTreePlugin* plugin =
      source.plugin.empty() ? nullptr : in_tree_plugin(source.plugin.view());
  if (plugin && !plugin->counts) return {};
  return counted(source.driver, source.handle.view(), source.plugin, {});
}

CountedVolume VolumeUses::volume_of(const api::PersistentVolumeClaim& claim) {
  if (claim.spec.volume_name.empty()) return volume_by_class(claim);
  const auto* volume = objects_.find<api::PersistentVolume>(Watched::kPersistentVolume, Symbol(),
                                                            claim.spec.volume_name.view());
  if (!volume) return volume_by_class(claim);
  const std::optional<CsiSource> source = csi_source(*volume);
  return source ? volume_of(*source) : CountedVolume{};
}

/// getCSIDriverInfoFromSC: a volume that is still to be made counts for its class's provisioner.
CountedVolume VolumeUses::volume_by_class(const api::PersistentVolumeClaim& claim) {
  const Symbol name = class_of(claim);
  if (name.empty()) return {};
  const auto* object =
      objects_.find<api::StorageClass>(Watched::kStorageClass, Symbol(), name.view());
  if (!object) return {};
  const std::string handle = api::key_of(claim);
  const InTreePlugin* plugin = in_tree_plugin(object->provisioner.view());
  if (!plugin) return counted(object->provisioner, handle, Symbol(), "claim");
  if (!plugin->counts) return {};
  return counted(Symbol(plugin->driver), handle, Symbol(plugin->name), "claim");
}

void VolumeUses::resolve(Attached& attached, const Text& pv) {
  CountedVolume volume;
  const auto* object =
      objects_.find<api::PersistentVolume>(Watched::kPersistentVolume, Symbol(), pv.view());
  if (object) {
    const std::optional<CsiSource> source = csi_source(*object);
    if (source && source->plugin.empty()) {
      volume = counted(attached.attacher, source->handle.view(), Symbol(), {});
    }
  }
  if (volume == attached.volume) return;
  if (attached.volume.counts()) attached.node->count(attached.volume, 0, -1);
  if (volume.counts()) attached.node->count(volume, 0, 1);
  attached.volume = volume;
}

void VolumeUses::on_attachment(const api::ObjectRef& old, const api::ObjectRef& now) {
  if (old) {
    const Attachment read = read_attachment(static_cast<const api::Dynamic&>(*old));
    const auto known = attachments_.find({read.volume, old->meta.name});
    if (known != attachments_.end()) {
      Attached& gone = known->second;
      if (gone.volume.counts()) gone.node->count(gone.volume, 0, -1);
      attachments_.erase(known);
    }
  }
  if (!now) return;
  const Attachment read = read_attachment(static_cast<const api::Dynamic&>(*now));
  if (read.attacher.empty() || read.volume.empty() || read.node.empty()) return;
  Attached& attached = attachments_[{read.volume, now->meta.name}];
  attached.node = &of_node(read.node);
  attached.attacher = read.attacher;
  resolve(attached, read.volume);
}

void VolumeUses::on_volume(const Text& name) {
  if (const auto users = by_pv_.find(Key{0, name.view()}); users != by_pv_.end()) {
    const std::vector<std::uint32_t> numbers = users->second;
    for (const std::uint32_t number : numbers) resolve(number);
  }
  auto it = attachments_.lower_bound({name, Text()});
  for (; it != attachments_.end() && it->first.first == name; ++it) resolve(it->second, name);
}

void VolumeUses::on_object(Watched kind, const api::ObjectRef& old, const api::ObjectRef& now) {
  const api::Object* object = now ? now.get() : old.get();
  if (!object) return;
  switch (kind) {
    case Watched::kPersistentVolumeClaim: {
      const auto found =
          by_name_.find(Key{object->meta.namespace_.id(), object->meta.name.view()});
      if (found != by_name_.end()) resolve(found->second);
      return;
    }
    case Watched::kPersistentVolume:
      return on_volume(object->meta.name);
    case Watched::kStorageClass:
      for (std::uint32_t i = 0; i < claims_.size(); ++i) {
        if (claims_[i].pods > 0) resolve(i);
      }
      return;
    case Watched::kCsiNode:
      of_node(Symbol(object->meta.name.view())).csi =
          now ? read_csi_node(static_cast<const api::Dynamic&>(*now)) : CsiNode{};
      return;
    case Watched::kVolumeAttachment:
      return on_attachment(old, now);
    default:
      return;
  }
}

}  // namespace orrery::scheduler
