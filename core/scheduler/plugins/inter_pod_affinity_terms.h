// AffinityTerms: what InterPodAffinity must count for one pod, remembered for the pods that look
// like it: the tallies of the pod's own terms, and the terms of existing pods that mean it.
// The plugin calls it; nothing here copies a count, so answers stay right while pods come and go.
//
//   pod.spec.affinity, namespace -> OwnTerms        (tallies of PodGroups)
//   pod.labels, namespace        -> CarriedMatches  (tallies of CarriedTerms, of one version)
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/hash.h"
#include "core/scheduler/cache.h"

namespace orrery::scheduler {

/// The terms of one affinity for an incoming pod of one namespace.
struct OwnTerms {
  struct Preferred {
    PodGroups::TallyRef tally;
    std::int64_t weight;  // negative: anti-affinity
  };
  /// Required affinity: pods that match all of its terms, by each key that a term names.
  PodQuery all_required;
  std::vector<PodGroups::TallyRef> required;
  /// Required anti-affinity: pods that match the term, one tally a term.
  std::vector<PodGroups::TallyRef> required_anti;
  std::vector<Preferred> preferred;
  /// The required terms as written, their namespace selectors not looked up: for queueing hints.
  std::vector<PodQuery> required_queries;
  std::vector<PodQuery> required_anti_queries;

  bool is_filtering() const { return !required.empty() || !required_anti.empty(); }
};

/// Terms of existing pods that match a pod with certain labels. The tallies live only as long as
/// CarriedTerms::version() stays what it was.
struct CarriedMatches {
  struct Scored {
    const Tally* tally;
    std::int64_t weight;
  };
  std::uint64_t version = 0;
  std::vector<const Tally*> required_anti;
  std::vector<Scored> scored;
};

/// For lookup tables: of a part by its address, seen from a namespace.
inline std::uint64_t hash_of(const void* part, std::uint32_t ns) {
  return mix64(reinterpret_cast<std::uintptr_t>(part) ^ std::uint64_t{ns} << 40);
}

/// The entries used last, by address of a shared part and namespace; at least `half_max` of them,
/// at most twice as many.
template <class Value>
class RecentMap {
 public:
  explicit RecentMap(std::size_t half_max) : half_max_(half_max) {}

  /// Null if unknown. Valid until the next call.
  Value* find(const void* part, Symbol ns) {
    const Key key{part, ns.id()};
    if (const auto found = young_.find(key); found != young_.end()) return &found->second;
    const auto found = old_.find(key);
    if (found == old_.end()) return nullptr;
    Value kept = std::move(found->second);
    old_.erase(found);
    return &put(part, ns, std::move(kept));
  }
  Value& put(const void* part, Symbol ns, Value value) {
    if (young_.size() >= half_max_) {
      old_ = std::move(young_);
      young_.clear();
    }
    return young_.insert_or_assign(Key{part, ns.id()}, std::move(value)).first->second;
  }
  void set_half_max(std::size_t n) { half_max_ = n; }

 private:
  struct Key {
    const void* part;
    std::uint32_t ns;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const { return hash_of(key.part, key.ns); }
  };
  using Map = std::unordered_map<Key, Value, KeyHash>;  // lookup only
  std::size_t half_max_;
  Map young_;
  Map old_;
};

class AffinityTerms {
 public:
  AffinityTerms(SchedulerCache& cache, std::int32_t hard_pod_affinity_weight)
      : cache_(cache), hard_weight_(hard_pod_affinity_weight) {}

  /// Null: the pod says nothing of other pods.
  std::shared_ptr<const OwnTerms> own(const api::Pod& pod);
  std::shared_ptr<const CarriedMatches> matches(const api::Pod& pod);

 private:
  struct Own {
    api::Shared<api::Affinity> affinity;  // held, so that its address means this value
    Symbol ns;
    std::shared_ptr<const OwnTerms> terms;
    bool selects_namespaces = false;
    std::uint64_t namespaces = 0;  // version of the namespaces that were selected from
  };
  struct Matches {
    api::LabelSet labels;  // held, likewise
    Symbol ns;
    std::uint64_t namespaces = 0;
    std::shared_ptr<const CarriedMatches> terms;  // null: an empty place
  };
  std::uint64_t namespaces() const { return cache_.objects().version(Watched::kNamespace); }
  Own read(const api::Shared<api::Affinity>& affinity, Symbol ns);
  std::shared_ptr<const OwnTerms> compile(const api::Affinity& affinity, Symbol ns);
  std::shared_ptr<const CarriedMatches> collect(const api::Pod& pod);
  PodGroups::TallyRef tally(const api::PodAffinityTerm& term, Symbol ns);

  SchedulerCache& cache_;
  std::int32_t hard_weight_;
  RecentMap<Own> own_{kOwnMax};
  std::array<Own, 8> newest_;  // of own_: equal ones that do not share memory are found here
  std::size_t newest_at_ = 0;
  // One place for each hash: the newest stays.
  std::vector<Matches> matches_ = std::vector<Matches>(kMatchesMax);
  std::shared_ptr<const CarriedMatches> nothing_;  // shared by all pods that no term means

  // Own terms hold tallies of up to 12 bytes a node: so many of them as stay below kTallyBytesMax.
  static constexpr std::size_t kOwnMax = 1024;
  static constexpr std::size_t kOwnMin = 16;
  static constexpr std::size_t kTallyBytesMax = 64 << 20;
  static constexpr std::size_t kMatchesMax = 4096;  // a power of two
};

}  // namespace orrery::scheduler
