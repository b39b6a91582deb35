#include "core/scheduler/plugins/volumes/pod_claims.h"

#include <algorithm>

#include "core/scheduler/plugins/node_selector.h"
#include "core/scheduler/volumes/claims.h"

namespace orrery::scheduler {
namespace {

struct Reasons {
  Symbol affinity{"node(s) didn't match PersistentVolume's node affinity"};
  Symbol binding{"node(s) didn't find available persistent volumes to bind"};
  Symbol space{"node(s) did not have enough free storage"};
  Symbol missing{"node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"};
};
const Reasons& reasons() {
  static const Reasons kReasons;
  return kReasons;
}

/// checkBoundClaims: stops at the first volume that is missing or out of reach.
Symbol check_bound(const PodClaims& claims, const NodeInfo& node, const VolumeUses& uses) {
  for (const PodClaims::Bound& bound : claims.bound) {
    if (!bound.volume) return reasons().missing;
    if (!reaches(bound, node, uses)) return reasons().affinity;
  }
  return {};
}

/// Binds or provisions all unbound claims; returns what is in the way, or the empty symbol.
Symbol find_unbound(const PodClaims& claims, const NodeInfo& node, const VolumeIndex& index,
                    FoundVolumes& out) {
  const auto& unbound = claims.unbound;
  for (const PodClaims::Unbound& claim : unbound) {
    if (claim.selected_node && *claim.selected_node != node.name()) return reasons().binding;
  }
  std::vector<const PodClaims::Unbound*> to_provision;
  for (const PodClaims::Unbound& claim : unbound) {
    if (claim.selected_node) to_provision.push_back(&claim);
  }
  std::vector<Ref<const api::PersistentVolume>> taken;
  for (const PodClaims::Unbound& claim : unbound) {
    if (claim.selected_node) continue;
    if (!claim.demand.error.empty()) {
      out.verdict = {Code::kError, {Symbol(claim.demand.error)}};
      return {};
    }
    Ref<const api::PersistentVolume> volume = index.find(claim.demand, node.node(), taken);
    if (!volume) {
      to_provision.push_back(&claim);
      continue;
    }
    taken.push_back(volume);
    out.bindings.push_back({std::move(volume), claim.demand.claim});
  }
  for (const PodClaims::Unbound* claim : to_provision) {
    if (!claim->provisioning.error.empty()) {
      out.verdict = {Code::kError, {Symbol(claim->provisioning.error)}};
      return {};
    }
    switch (check(claim->provisioning, node.node())) {
      case Provisioning::kNoMatch:
        return reasons().binding;
      case Provisioning::kNotEnoughSpace:
        return reasons().space;
      case Provisioning::kPossible:
        out.provisions.push_back(claim->demand.claim);
    }
  }
  return {};
}

}  // namespace

bool reaches(const PodClaims::Bound& bound, const NodeInfo& node, const VolumeUses& uses) {
  const api::Shared<api::NodeSelector>* required = &bound.volume->spec.node_affinity_required;
  if (!bound.plugin.empty()) {
    const NodeVolumes* volumes = uses.on_node(node.slot());
    if (volumes && volumes->is_migrated(bound.plugin)) required = &bound.translated;
  }
  return !*required || matches(**required, node.node());
}

PodClaims::Bound bound_volume(Ref<const api::PersistentVolume> volume) {
  PodClaims::Bound out;
  out.volume = std::move(volume);
  if (!out.volume) return out;
  const std::optional<CsiSource> source = csi_source(*out.volume);
  const InTreePlugin* plugin =
      source && !source->plugin.empty() ? in_tree_plugin(source->plugin.view()) : nullptr;
  // isCSIMigrationOnForPlugin knows the same plugins as the attach limits do.
  if (plugin && plugin->counts) {
    out.translated = translated_affinity(*out.volume, *plugin);
    if (out.translated || out.volume->spec.node_affinity_required) out.plugin = source->plugin;
  }
  return out;
}

/// podHasPVCs: the claim as informers know it can be used.
Verdict PodClaimsReader::check_claim(const api::Pod& pod, const ClaimUse& use,
                                     const Text& name) const {
  static const Symbol kLost{"Lost"};
  const auto* claim = objects_.find<api::PersistentVolumeClaim>(
      Watched::kPersistentVolumeClaim, pod.meta.namespace_, name.view());
  if (!claim) {
    return unresolvable(use.is_ephemeral ? "waiting for ephemeral volume controller to create the "
                                           "persistentvolumeclaim \"" +
                                               name.str() + "\""
                                         : not_found_text("persistentvolumeclaim", name.view()));
  }
  const std::string quoted = claim->phase == kLost || claim->meta.is_being_deleted()
                                 ? "persistentvolumeclaim \"" + name.str() + "\""
                                 : std::string();
  if (claim->phase == kLost) {
    return unresolvable(quoted + " bound to non-existent persistentvolume \"" +
                        claim->spec.volume_name.str() + "\"");
  }
  if (claim->meta.is_being_deleted()) return unresolvable(quoted + " is being deleted");
  if (use.is_ephemeral) {
    const std::string error = ownership_error(pod, *claim);
    if (!error.empty()) return unresolvable(error);
  }
  return {};
}

void PodClaimsReader::add_bound(const api::PersistentVolumeClaim& claim, PodClaims& out) const {
  out.bound.push_back(bound_volume(assumed_.volume(claim.spec.volume_name.view())));
}

void PodClaimsReader::add_unbound(Ref<const api::PersistentVolumeClaim> claim, PodClaims& out) {
  PodClaims::Unbound unbound{VolumeDemand(claim), {}, {}};
  unbound.provisioning = provisioner_.demand_of(*claim, unbound.demand.storage_class);
  if (const Text* node = api::find(claim->meta.annotations, kSelectedNode)) {
    unbound.selected_node = Symbol(node->view());
  }
  out.unbound.push_back(std::move(unbound));
}

Verdict PodClaimsReader::read(const api::Pod& pod, PodClaims& out) {
  static const Symbol kImmediate{"pod has unbound immediate PersistentVolumeClaims"};
  const Ref<const PodVolumes> volumes = uses_.volumes_of(pod);
  if (!volumes || volumes->claims.empty()) return {Code::kSkip};
  for (const ClaimUse& use : volumes->claims) {
    if (Verdict v = check_claim(pod, use, claim_name(pod, use)); !v.ok()) return v;
  }
  bool has_immediate = false;
  for (const ClaimUse& use : volumes->claims) {
    Ref<const api::PersistentVolumeClaim> claim =
        assumed_.claim(pod.meta.namespace_, claim_name(pod, use).view());
    if (is_fully_bound(*claim)) {
      add_bound(*claim, out);
      continue;
    }
    // IsDelayBindingMode
    const Symbol name = class_of(*claim);
    const auto* cls =
        name.empty() ? nullptr
                     : objects_.find<api::StorageClass>(Watched::kStorageClass, {}, name.view());
    if (cls && !cls->volume_binding_mode) {
      return {Code::kError,
              {Symbol("VolumeBindingMode not set for StorageClass \"" + name.str() + "\"")}};
    }
    if (cls && *cls->volume_binding_mode == "WaitForFirstConsumer" &&
        claim->spec.volume_name.empty()) {
      add_unbound(std::move(claim), out);
    } else {
      has_immediate = true;
    }
  }
  if (has_immediate) return {Code::kUnschedulableAndUnresolvable, {kImmediate}};
  std::stable_sort(out.unbound.begin(), out.unbound.end(), [](const auto& a, const auto& b) {
    return a.demand.size.cmp(b.demand.size) < 0;
  });
  out.is_anywhere =
      out.unbound.empty() &&
      std::all_of(out.bound.begin(), out.bound.end(), [](const PodClaims::Bound& b) {
        return b.volume && b.plugin.empty() && !b.volume->spec.node_affinity_required;
      });
  return {};
}

FoundVolumes find_volumes(const PodClaims& claims, const NodeInfo& node,
                          const VolumeSources& sources) {
  FoundVolumes out;
  const Symbol bound = check_bound(claims, node, sources.uses);
  const Symbol unbound =
      claims.unbound.empty() ? Symbol() : find_unbound(claims, node, sources.index, out);
  if (!out.verdict.ok() || (bound.empty() && unbound.empty())) return out;
  out.verdict.code = Code::kUnschedulableAndUnresolvable;
  for (const Symbol reason : {bound, unbound}) {
    if (!reason.empty()) out.verdict.reasons.push_back(reason);
  }
  // Upstream names missing volumes last.
  if (bound == reasons().missing) {
    std::reverse(out.verdict.reasons.begin(), out.verdict.reasons.end());
  }
  return out;
}

}  // namespace orrery::scheduler
