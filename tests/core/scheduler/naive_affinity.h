// Affinity between pods computed from scratch, term by term and pod by pod, with nothing shared
// with the scheduler: what InterPodAffinity's answers are compared with.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/api/node.h"
#include "core/api/pod.h"

namespace orrery::scheduler::test {

struct NaiveCluster {
  std::map<std::string, Ref<const api::Node>> nodes;
  std::map<std::string, Ref<const api::Pod>> pods;  // on nodes, some of them unknown
  std::map<std::string, Ref<const api::Namespace>> namespaces;

  enum class Answer { kFits, kAffinity, kAntiAffinity, kExisting };

  Answer filter(const api::Pod& pod, const api::Node& node) const;
  bool skips_filter(const api::Pod& pod) const;
  /// The node's raw score; absent if the plugin skips scoring.
  std::optional<std::int64_t> score(const api::Pod& pod, const api::Node& node,
                                    std::int64_t hard_weight, bool ignores_preferred) const;

 private:
  bool incoming_matches(const api::PodAffinityTerm& term, const api::Pod& owner,
                        const api::Pod& other) const;
  bool existing_matches(const api::PodAffinityTerm& term, const api::Pod& owner,
                        const api::Pod& other) const;
  bool meets_all(const api::Pod& owner, const api::Pod& other) const;
};

}  // namespace orrery::scheduler::test
