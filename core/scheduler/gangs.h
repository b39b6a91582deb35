// Gangs: the pods that belong to a PodGroup and how many of each group exist and have a place, for
// scheduling all or nothing. A pod names its group by spec.schedulingGroup.podGroupName
// (scheduling.k8s.io PodGroup) or by the label scheduling.x-k8s.io/pod-group (the coscheduling
// plugin's PodGroup). Pods of no group cost one look.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "core/scheduler/cluster_objects.h"
#include "core/scheduler/pod_records.h"

namespace orrery::scheduler {

/// Namespace and name of a PodGroup; the name is empty for pods without one.
struct GangKey {
  Symbol ns;
  Symbol name;
  bool is_set() const { return !name.empty(); }
  bool operator<(const GangKey& o) const {
    return ns == o.ns ? name < o.name : ns < o.ns;  // by text
  }
};
GangKey gang_of(const api::Pod& pod);
/// spec.schedulingGroup.podGroupName; empty if there is none.
Symbol pod_group_of(const api::PodSpec& spec);

class Gangs {
 public:
  explicit Gangs(const ClusterObjects& objects) : objects_(objects) {}

  /// A pod was created, changed or went away (either may be null). Returns its group.
  GangKey on_pod(const api::Pod* old, const api::Pod* now);
  /// A pod came to a node (1) or left it (-1), really or on trial. `pod_group`: pod_group_of() its
  /// spec.
  void count_placed(const api::Pod& pod, Symbol pod_group, int delta);

  /// Pods that the group needs; 0: no minimum (basic policy); -1: there is no such PodGroup.
  std::int64_t minimum(const GangKey& key) const;
  /// Pods of the group that exist, and those of them on nodes.
  std::int64_t created(const GangKey& key) const;
  std::int64_t placed(const GangKey& key) const;
  /// The group's pods, by uid.
  const std::set<Uid>& pods(const GangKey& key) const;

 private:
  struct Gang {
    std::set<Uid> pods;
    std::int64_t placed = 0;
  };
  const Gang* find(const GangKey& key) const;
  void drop_if_empty(const GangKey& key);

  const ClusterObjects& objects_;
  std::map<GangKey, Gang> gangs_;
};

}  // namespace orrery::scheduler
