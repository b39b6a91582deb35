// PodGroups: the pods on nodes, grouped by what selectors can see of them (namespace, labels,
// whether they are being deleted), and for each query in use the matching pods by node and by
// domain. A pod that comes or goes updates only the queries that match it.
//
//     pod -> group -> queries that match it -> SlotCounts -> Tallies
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/scheduler/cluster_objects.h"
#include "core/scheduler/topology/pod_query.h"
#include "core/scheduler/topology/tally.h"

namespace orrery::scheduler {

/// A group's number; means something while a pod of the group is on a node.
using GroupId = std::uint32_t;

class PodGroups {
 public:
  PodGroups(const NodeTable& table, const TopologyKeys& keys, const ClusterObjects& objects)
      : keys_(keys), objects_(objects), coverages_(table, keys) {}
  ~PodGroups();
  PodGroups(const PodGroups&) = delete;
  PodGroups& operator=(const PodGroups&) = delete;

  /// A query in use: its matching pods by node.
  struct Query {
    PodQuery what;
    SlotCounts counts;
    std::vector<Tally*> tallies;
    std::string identity;
  };
  using QueryRef = std::shared_ptr<const Query>;
  using TallyRef = std::shared_ptr<const Tally>;

  /// Counts the pods that match, from now on until the last reference is gone. The same query
  /// asked for twice is counted once. References must not outlive this object.
  QueryRef query(PodQuery what);
  /// The same by domain of `key`; keeps its query. `identity`: equal texts mean equal filters.
  TallyRef tally(const QueryRef& query, KeyId key, NodeFilter filter = {},
                 const std::string& identity = {});

  /// The pod's group, made if need be; counts one pod on a node into it.
  GroupId add(const api::Pod& pod, NodeSlot slot);
  void remove(GroupId group, NodeSlot slot);
  /// Whether a pod in place of `old` would be in the same group.
  static bool same_group(const api::Pod& a, const api::Pod& b) {
    return a.meta.is_being_deleted() == b.meta.is_being_deleted() &&
           a.meta.namespace_ == b.meta.namespace_ && a.meta.labels == b.meta.labels;
  }

  /// A node is about to change, or has changed (TopologyKeys first).
  void withdraw(NodeSlot slot);
  void deposit(NodeSlot slot);
  /// The labels of this namespace changed.
  void on_namespace(Symbol ns);

  std::size_t group_count() const { return by_content_.size(); }
  std::size_t query_count() const { return queries_.size(); }
  std::size_t tally_count() const { return all_tallies_.size(); }
  std::size_t coverage_count() const { return coverages_.size(); }

 private:
  struct Group {
    Symbol ns;
    api::LabelSet labels;
    bool is_terminating = false;
    SlotCounts pods;
    std::vector<Query*> queries;  // that match
    std::uint64_t hash = 0;
    std::uint32_t position = 0;  // in its namespace's list
  };

  GroupId group_of(const api::Pod& pod);
  void drop(GroupId id);
  bool matches(const PodQuery& what, const Group& group) const;
  void attach(Query& query, GroupId id);
  void detach(Query& query, GroupId id);
  void count(Query& query, const Group& group, std::int32_t sign);
  template <class F>
  void for_groups_of(const PodQuery& what, F&& visit) const;
  void forget(Query* query);
  void forget(Query* query, Tally* tally);

  const TopologyKeys& keys_;
  const ClusterObjects& objects_;
  Coverages coverages_;
  std::vector<Group> groups_;
  std::vector<GroupId> free_;
  std::unordered_multimap<std::uint64_t, GroupId> by_content_;               // lookup only
  std::unordered_map<std::uint32_t, std::vector<GroupId>> by_namespace_;     // lookup only
  std::unordered_map<std::string, std::weak_ptr<const Query>> queries_;      // lookup only
  std::unordered_map<std::string, std::weak_ptr<const Tally>> tallies_;      // lookup only
  std::vector<Tally*> all_tallies_;
  SelectorIndex<Query> index_;
};

}  // namespace orrery::scheduler
