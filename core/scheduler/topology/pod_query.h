// PodQuery: which pods a constraint or an affinity term counts: by namespace, namespace labels and
// pod labels. SelectorIndex finds, for one pod, the queries that may match it without asking all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/api/pod.h"
#include "core/api/values/selector.h"

namespace orrery::scheduler {

struct PodQuery {
  std::vector<Symbol> namespaces;                   // sorted by text
  std::optional<api::Selector> namespace_selector;  // these namespaces, too, by their labels
  std::vector<api::Selector> selectors;             // of the pod's labels; all must match
  bool skips_terminating = false;                   // pods with a deletionTimestamp do not count

  /// `ns_labels`: null if the namespace is not known.
  bool matches(Symbol ns, const api::Labels* ns_labels, const api::Labels& labels,
               bool is_terminating) const;
  /// Equal texts mean equal queries. Symbols enter by id: lookup only.
  std::string identity() const;
};

/// The pods that an affinity term of a pod in namespace `ns` means. A term whose selector cannot
/// be compiled matches nothing.
PodQuery query_of(const api::PodAffinityTerm& term, Symbol ns);
/// LabelSelectorAsSelector: absent or wrong selectors match nothing.
api::Selector selector_of(const api::Shared<api::LabelSelector>& selector);

/// Things with a PodQuery, by one label value that a pod must have.
template <class T>
class SelectorIndex {
 public:
  void insert(const PodQuery& query, T* item) { bucket_of(query).push_back(item); }
  void erase(const PodQuery& query, T* item) { std::erase(bucket_of(query), item); }
  template <class F>  // F(T&): all that may match these labels, in order of insertion by bucket
  void for_candidates(const api::Labels& labels, F&& visit) const {
    for (T* item : others_) visit(*item);
    for (const auto& [key, value] : labels.entries()) {
      const auto found = buckets_.find(pair_of(key, value));
      if (found == buckets_.end()) continue;
      for (T* item : found->second) visit(*item);
    }
  }

 private:
  static std::uint64_t pair_of(Symbol key, Symbol value) {
    return std::uint64_t{key.id()} << 32 | value.id();
  }
  std::vector<T*>& bucket_of(const PodQuery& query) {
    for (const api::Selector& selector : query.selectors) {
      for (const api::Selector::Requirement& r : selector.requirements()) {
        if (const auto value = r.required_value()) return buckets_[pair_of(r.key, *value)];
      }
    }
    return others_;
  }
  std::unordered_map<std::uint64_t, std::vector<T*>> buckets_;  // lookup only
  std::vector<T*> others_;
};

}  // namespace orrery::scheduler
