// What PodTopologySpread knows of a pod before it looks at nodes: its constraints, explicit or
// default, with their counts. Remembered for all pods of one template, because finding it compiles
// selectors and asks Services, while scheduling a pod should cost less than a microsecond here.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/scheduler/cache.h"
#include "core/scheduler/plugins/pod_topology_spread_constraints.h"
#include "core/scheduler/plugins/pod_topology_spread_defaults.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

struct SpreadOfPod final : RefCounted {
  std::vector<SpreadConstraint> hard;  // DoNotSchedule
  std::vector<SpreadConstraint> soft;  // ScheduleAnyway
  std::string hard_error;              // not empty: a selector cannot be compiled
  std::string soft_error;
  /// Scoring leaves out nodes that lack one of the keys. False only for the system's defaults.
  bool needs_all_keys = true;
  bool counts_hard = false;  // start_counting() was called
  bool counts_soft = false;
};

class SpreadMemo {
 public:
  SpreadMemo(SchedulerCache& cache, PodTopologySpreadArgs args);

  /// Cheap answers without a look-up: false is certain.
  bool may_have_hard(const api::Pod& pod) const { return may_have(pod, kHard); }
  bool may_have_soft(const api::Pod& pod) const { return may_have(pod, kSoft); }
  Ref<SpreadOfPod> of(const api::Pod& pod);
  /// The same, with live counts in `hard` or in `soft`.
  Ref<SpreadOfPod> counting_hard(const api::Pod& pod);
  Ref<SpreadOfPod> counting_soft(const api::Pod& pod);

  std::size_t size() const { return young_.size() + old_.size(); }
  /// Entries, of which those not asked for go first when there are more.
  static constexpr std::size_t kEntriesMax = 16'384;

 private:
  enum Action { kHard, kSoft };
  /// Holds what it was made from, so that an address of a spec means that spec.
  struct Entry {
    api::Shared<api::PodSpec> spec;
    api::LabelSet labels;
    Symbol ns;
    api::OwnerReference owner;  // the controller, if default constraints may apply
    bool has_owner = false;
    bool is_default = false;
    DefaultSelectorInputs inputs;
    Ref<SpreadOfPod> spread;
  };
  using Entries = std::unordered_map<std::uint64_t, Entry>;  // lookup only

  bool may_have(const api::Pod& pod, Action action) const;
  static bool is_of(const Entry& entry, const api::Pod& pod, const api::OwnerReference* owner);
  Entry make(const api::Pod& pod, const api::OwnerReference* owner) const;
  Ref<SpreadOfPod> resolve(const api::Pod& pod, bool is_default) const;
  Entry& keep(std::uint64_t hash, Entry entry);
  void start_counting_hard(SpreadOfPod& spread, const api::Pod& pod);
  void start_counting_soft(SpreadOfPod& spread, const api::Pod& pod);

  SchedulerCache& cache_;
  bool system_defaulting_;
  api::List<api::TopologySpreadConstraint> defaults_;
  Entries young_;
  Entries old_;
};

}  // namespace orrery::scheduler
