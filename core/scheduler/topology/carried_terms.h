// CarriedTerms: the affinity terms of the pods on nodes, equal terms counted together: how many
// pods with such a term stand on each node and in each domain of its topology key. An incoming pod
// finds the terms that mean it without looking at the pods that carry them.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/scheduler/cluster_objects.h"
#include "core/scheduler/topology/pod_query.h"
#include "core/scheduler/topology/tally.h"

namespace orrery::scheduler {

enum class TermKind : std::uint8_t {
  kRequiredAffinity,
  kRequiredAntiAffinity,
  kPreferredAffinity,
  kPreferredAntiAffinity,
};

/// One term, carried by `counts.total()` pods.
struct CarriedTerm {
  TermKind kind;
  std::int32_t weight;  // of a preferred term; 0 otherwise
  PodQuery what;
  SlotCounts counts;  // carriers by node
  std::unique_ptr<Tally> tally;
  std::string identity;
  std::size_t sets = 0;  // that name it
};

class CarriedTerms {
 public:
  CarriedTerms(const NodeTable& table, TopologyKeys& keys, const ClusterObjects& objects)
      : keys_(keys), objects_(objects), coverages_(table, keys) {}

  /// A pod with terms came to a node, or leaves it. Other pods cost one look.
  void add(const api::Pod& pod, NodeSlot slot);
  void remove(const api::Pod& pod, NodeSlot slot);
  /// Whether a pod in place of `old` carries the same terms by the same memory.
  static bool same_terms(const api::Pod& a, const api::Pod& b);

  /// The terms, each carried by a pod somewhere, that match this pod: F(const CarriedTerm&).
  template <class F>
  void for_each_matching(const api::Pod& pod, F&& visit) const {
    if (terms_.empty()) return;
    const auto* ns =
        objects_.find<api::Object>(Watched::kNamespace, Symbol(), pod.meta.namespace_.view());
    index_.for_candidates(*pod.meta.labels, [&](const CarriedTerm& term) {
      if (term.what.matches(pod.meta.namespace_, ns ? &*ns->meta.labels : nullptr,
                            *pod.meta.labels, pod.meta.is_being_deleted())) {
        visit(term);
      }
    });
  }
  /// Changes with the set of terms (not with their counts): remembered matches are void then.
  std::uint64_t version() const { return version_; }

  void withdraw(NodeSlot slot);
  void deposit(NodeSlot slot);

 private:
  /// The terms of one affinity in one namespace, shared by the pods of a template.
  struct TermSet {
    api::Shared<api::Affinity> affinity;  // held, so that its address means this value
    std::vector<CarriedTerm*> terms;
    std::size_t pods = 0;
  };
  struct Key {
    const void* affinity;
    std::uint32_t ns;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  std::vector<CarriedTerm*> resolve(const api::Affinity& affinity, Symbol ns);
  CarriedTerm* intern(TermKind kind, std::int32_t weight, const api::PodAffinityTerm& term,
                      Symbol ns);
  void release(CarriedTerm* term);

  TopologyKeys& keys_;
  const ClusterObjects& objects_;
  Coverages coverages_;
  std::unordered_map<Key, TermSet, KeyHash> sets_;                            // lookup only
  std::unordered_map<std::string, std::unique_ptr<CarriedTerm>> by_identity_;  // lookup only
  std::vector<CarriedTerm*> terms_;
  SelectorIndex<CarriedTerm> index_;
  std::uint64_t version_ = 0;
};

}  // namespace orrery::scheduler
