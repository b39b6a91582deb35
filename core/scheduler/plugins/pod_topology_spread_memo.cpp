#include "core/scheduler/plugins/pod_topology_spread_memo.h"

#include <algorithm>
#include <utility>

#include "core/base/hash.h"

namespace orrery::scheduler {
namespace {

Symbol text_of(bool hard) {
  static const Symbol kDoNotSchedule{"DoNotSchedule"};
  static const Symbol kScheduleAnyway{"ScheduleAnyway"};
  return hard ? kDoNotSchedule : kScheduleAnyway;
}

/// systemDefaultConstraints.
std::vector<api::TopologySpreadConstraint> system_defaults() {
  std::vector<api::TopologySpreadConstraint> defaults(2);
  defaults[0].max_skew = 3;
  defaults[0].topology_key = Symbol("kubernetes.io/hostname");
  defaults[1].max_skew = 5;
  defaults[1].topology_key = Symbol("topology.kubernetes.io/zone");
  for (auto& constraint : defaults) constraint.when_unsatisfiable = text_of(false);
  return defaults;
}

bool is_explicit(const api::Pod& pod) {
  return pod.spec && !pod.spec->topology_spread_constraints.empty();
}

std::uint64_t hash_of(const api::Pod& pod, const api::OwnerReference* owner) {
  std::uint64_t h = mix64(reinterpret_cast<std::uintptr_t>(pod.spec.identity()) ^
                          std::uint64_t{pod.meta.namespace_.id()} << 40);
  for (const auto& [key, value] : pod.meta.labels->entries()) {
    h = mix64(h ^ (std::uint64_t{key.id()} << 32 | value.id()));
  }
  return owner ? h ^ owner->uid.hash() : h;
}

}  // namespace

SpreadMemo::SpreadMemo(SchedulerCache& cache, PodTopologySpreadArgs args)
    : cache_(cache),
      system_defaulting_(args.system_defaulting),
      defaults_(args.system_defaulting ? system_defaults() : std::move(args.default_constraints)) {}

bool SpreadMemo::may_have(const api::Pod& pod, Action action) const {
  const Symbol wanted = text_of(action == kHard);
  const auto& constraints = is_explicit(pod) ? pod.spec->topology_spread_constraints : defaults_;
  return std::any_of(constraints.begin(), constraints.end(),
                     [&](const auto& c) { return c.when_unsatisfiable == wanted; });
}

bool SpreadMemo::is_of(const Entry& entry, const api::Pod& pod, const api::OwnerReference* owner) {
  if (!entry.spec.same(pod.spec) || entry.ns != pod.meta.namespace_ ||
      entry.has_owner != (owner != nullptr) || !(entry.labels == pod.meta.labels)) {
    return false;
  }
  return !owner ||
         (entry.owner.uid == owner->uid && entry.owner.name == owner->name &&
          entry.owner.kind == owner->kind && entry.owner.api_version == owner->api_version);
}

Ref<SpreadOfPod> SpreadMemo::resolve(const api::Pod& pod, bool is_default) const {
  Ref<SpreadOfPod> spread = make_ref<SpreadOfPod>();
  spread->needs_all_keys = !is_default || !system_defaulting_;
  const auto& constraints = is_default ? defaults_ : pod.spec->topology_spread_constraints;
  auto hard = compile_constraints(constraints, pod, text_of(true));
  if (hard.ok()) {
    spread->hard = std::move(*hard);
  } else {
    spread->hard_error = hard.status().message();
  }
  auto soft = compile_constraints(constraints, pod, text_of(false));
  if (soft.ok()) {
    spread->soft = std::move(*soft);
  } else {
    spread->soft_error = soft.status().message();
  }
  if (!is_default) return spread;
  const std::vector<api::Selector> selectors = default_selectors(cache_.objects(), pod);
  for (auto* list : {&spread->hard, &spread->soft}) {
    if (selectors.empty()) list->clear();
    for (SpreadConstraint& constraint : *list) {
      constraint.selectors = selectors;
      constraint.matches_self = constraint.matches(*pod.meta.labels);
    }
  }
  return spread;
}

SpreadMemo::Entry SpreadMemo::make(const api::Pod& pod, const api::OwnerReference* owner) const {
  Entry entry;
  entry.spec = pod.spec;
  entry.labels = pod.meta.labels;
  entry.ns = pod.meta.namespace_;
  entry.has_owner = owner != nullptr;
  if (owner) entry.owner = *owner;
  entry.is_default = !is_explicit(pod);
  if (entry.is_default) entry.inputs = DefaultSelectorInputs(cache_.objects(), pod);
  entry.spread = resolve(pod, entry.is_default);
  return entry;
}

/// What was not asked for since the last time that half of the room was full is forgotten.
SpreadMemo::Entry& SpreadMemo::keep(std::uint64_t hash, Entry entry) {
  if (young_.size() >= kEntriesMax / 2) old_ = std::exchange(young_, {});
  return young_[hash] = std::move(entry);
}

Ref<SpreadOfPod> SpreadMemo::of(const api::Pod& pod) {
  const api::OwnerReference* owner = is_explicit(pod) ? nullptr : api::controller_of(pod.meta);
  const std::uint64_t hash = hash_of(pod, owner);
  Entry* entry = nullptr;
  if (const auto found = young_.find(hash); found != young_.end()) {
    entry = &found->second;
  } else if (const auto older = old_.find(hash); older != old_.end()) {
    Entry moved = std::move(older->second);
    old_.erase(older);
    entry = &keep(hash, std::move(moved));
  }
  if (entry && !is_of(*entry, pod, owner)) entry = nullptr;
  if (!entry || (entry->is_default && !entry->inputs.still_hold(cache_.objects(), pod))) {
    // The counts of what is replaced are let go only after the new ones are found.
    const Ref<SpreadOfPod> before = entry ? entry->spread : Ref<SpreadOfPod>();
    Entry made = make(pod, owner);
    if (before && before->counts_hard) start_counting_hard(*made.spread, pod);
    if (before && before->counts_soft) start_counting_soft(*made.spread, pod);
    entry = &keep(hash, std::move(made));
  }
  return entry->spread;
}

void SpreadMemo::start_counting_hard(SpreadOfPod& spread, const api::Pod& pod) {
  if (std::exchange(spread.counts_hard, true)) return;
  start_counting(spread.hard, pod, cache_.topology_keys(), cache_.pod_groups(), true, false);
}

void SpreadMemo::start_counting_soft(SpreadOfPod& spread, const api::Pod& pod) {
  if (std::exchange(spread.counts_soft, true)) return;
  start_counting(spread.soft, pod, cache_.topology_keys(), cache_.pod_groups(),
                 spread.needs_all_keys, true);
}

Ref<SpreadOfPod> SpreadMemo::counting_hard(const api::Pod& pod) {
  Ref<SpreadOfPod> spread = of(pod);
  start_counting_hard(*spread, pod);
  return spread;
}

Ref<SpreadOfPod> SpreadMemo::counting_soft(const api::Pod& pod) {
  Ref<SpreadOfPod> spread = of(pod);
  start_counting_soft(*spread, pod);
  return spread;
}

}  // namespace orrery::scheduler
