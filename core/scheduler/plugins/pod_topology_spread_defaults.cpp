#include "core/scheduler/plugins/pod_topology_spread_defaults.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/api/apps.h"
#include "core/api/service.h"

namespace orrery::scheduler {
namespace {

using Pairs = std::vector<std::pair<Symbol, Symbol>>;

/// The kind of the pod's controller if it is one that selects pods; kCount otherwise.
Watched kind_of(const api::OwnerReference* owner) {
  static const Symbol kApps{"apps/v1"}, kCore{"v1"};
  static const Symbol kReplicaSet{"ReplicaSet"}, kStatefulSet{"StatefulSet"};
  static const Symbol kReplicationController{"ReplicationController"};
  if (!owner) return Watched::kCount;
  if (owner->api_version == kApps && owner->kind == kReplicaSet) return Watched::kReplicaSet;
  if (owner->api_version == kApps && owner->kind == kStatefulSet) return Watched::kStatefulSet;
  if (owner->api_version == kCore && owner->kind == kReplicationController) {
    return Watched::kReplicationController;
  }
  return Watched::kCount;
}

/// spec.selector of the pod's ReplicaSet or StatefulSet; null if it is not known.
const api::Shared<api::LabelSelector>* selector_of_owner(const ClusterObjects& objects,
                                                         Watched kind, Symbol ns,
                                                         const Text& name) {
  if (kind == Watched::kReplicaSet) {
    const auto* found = objects.find<api::ReplicaSet>(kind, ns, name.view());
    return found ? &found->spec.selector : nullptr;
  }
  const auto* found = objects.find<api::StatefulSet>(kind, ns, name.view());
  return found ? &found->spec.selector : nullptr;
}

void merge(Pairs& into, Symbol key, Symbol value) {
  for (auto& [known, old] : into) {
    if (known == key) {
      old = value;
      return;
    }
  }
  into.emplace_back(key, value);
}

void merge_services(const ClusterObjects& objects, const api::Pod& pod, Pairs& into) {
  objects.for_each_in<api::Service>(
      Watched::kService, pod.meta.namespace_, [&](const api::Service& service) {
        const std::vector<api::Labels::Entry>& wanted = service.spec.selector->entries();
        const bool selects = std::all_of(wanted.begin(), wanted.end(), [&](const auto& entry) {
          const Symbol* value = pod.meta.labels->find(entry.first);
          return value && *value == entry.second;
        });
        if (!selects) return;
        for (const auto& [key, value] : wanted) merge(into, key, value);
      });
}

void merge_controller(const ClusterObjects& objects, Symbol ns, const Text& name, Pairs& into) {
  const auto* found = objects.find<api::Dynamic>(Watched::kReplicationController, ns, name.view());
  if (!found || !found->body) return;
  const nlohmann::json& body = found->body.json();
  const auto spec = body.find("spec");
  if (spec == body.end() || !spec->is_object()) return;
  const auto selector = spec->find("selector");
  if (selector == spec->end() || !selector->is_object()) return;
  for (const auto& [key, value] : selector->items()) {
    if (value.is_string()) merge(into, Symbol(key), Symbol(value.get_ref<const std::string&>()));
  }
}

}  // namespace

std::vector<api::Selector> default_selectors(const ClusterObjects& objects, const api::Pod& pod) {
  // What selects one pod agrees on its labels, so merging never loses a value.
  Pairs labels;
  merge_services(objects, pod, labels);
  const api::OwnerReference* owner = api::controller_of(pod.meta);
  const Watched kind = kind_of(owner);
  if (kind == Watched::kReplicationController) {
    merge_controller(objects, pod.meta.namespace_, owner->name, labels);
  }
  std::vector<api::Selector> selectors;
  if (!labels.empty()) selectors.push_back(api::Selector::from_set(labels));
  if (kind != Watched::kReplicaSet && kind != Watched::kStatefulSet) return selectors;
  const auto* of_owner = selector_of_owner(objects, kind, pod.meta.namespace_, owner->name);
  if (!of_owner || !*of_owner) return selectors;
  auto compiled = api::Selector::from(**of_owner);
  if (compiled.ok() && !compiled->is_everything()) selectors.push_back(std::move(*compiled));
  return selectors;
}

DefaultSelectorInputs::DefaultSelectorInputs(const ClusterObjects& objects, const api::Pod& pod)
    : services_(objects.version(Watched::kService)) {
  const api::OwnerReference* owner = api::controller_of(pod.meta);
  owner_kind_ = kind_of(owner);
  if (owner_kind_ == Watched::kCount) return;
  owners_ = objects.version(owner_kind_);
  if (owner_kind_ == Watched::kReplicationController) return;
  const auto* found = selector_of_owner(objects, owner_kind_, pod.meta.namespace_, owner->name);
  has_owner_ = found != nullptr;
  if (found) selector_ = *found;
}

bool DefaultSelectorInputs::still_hold(const ClusterObjects& objects, const api::Pod& pod) {
  if (services_ != objects.version(Watched::kService)) return false;
  if (owner_kind_ == Watched::kCount) return true;
  const std::uint64_t now = objects.version(owner_kind_);
  if (owners_ == now) return true;
  // Most changes are of a status, or of another object.
  if (owner_kind_ == Watched::kReplicationController) return false;
  const api::OwnerReference* owner = api::controller_of(pod.meta);
  const auto* found = selector_of_owner(objects, owner_kind_, pod.meta.namespace_, owner->name);
  if ((found != nullptr) != has_owner_ || (found && !(*found == selector_))) return false;
  owners_ = now;
  return true;
}

}  // namespace orrery::scheduler
