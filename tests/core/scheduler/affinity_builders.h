// Short ways to write affinity between pods in tests.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "tests/core/scheduler/builders.h"

namespace orrery::scheduler::test {

using Pairs = std::vector<std::pair<std::string, std::string>>;

inline api::Labels make_labels(const Pairs& pairs) {
  api::Labels labels;
  for (const auto& [key, value] : pairs) labels.set(Symbol(key), Symbol(value));
  return labels;
}

inline api::Shared<api::LabelSelector> select(const Pairs& pairs) {
  api::LabelSelector selector;
  for (const auto& [key, value] : pairs) {
    selector.match_labels.emplace_back(Symbol(key), Symbol(value));
  }
  return api::Shared<api::LabelSelector>(std::move(selector));
}

/// Pods labelled `app` in the same domain of `key`.
inline api::PodAffinityTerm near(const std::string& app, const std::string& key) {
  api::PodAffinityTerm term;
  term.label_selector = select({{"app", app}});
  term.topology_key = Symbol(key);
  return term;
}

struct Wishes {
  std::vector<api::PodAffinityTerm> affinity;
  std::vector<api::PodAffinityTerm> anti_affinity;
  std::vector<std::pair<std::int32_t, api::PodAffinityTerm>> preferred;
  std::vector<std::pair<std::int32_t, api::PodAffinityTerm>> preferred_anti;
};

inline api::Shared<api::Affinity> make_affinity(const Wishes& wishes) {
  const auto side = [](const auto& required, const auto& preferred) {
    if (required.empty() && preferred.empty()) return api::Shared<api::PodAffinity>();
    api::PodAffinity out;
    out.required = required;
    for (const auto& [weight, term] : preferred) out.preferred.edit().push_back({weight, term});
    return api::Shared<api::PodAffinity>(std::move(out));
  };
  api::Affinity affinity;
  affinity.pod_affinity = side(wishes.affinity, wishes.preferred);
  affinity.pod_anti_affinity = side(wishes.anti_affinity, wishes.preferred_anti);
  return api::Shared<api::Affinity>(std::move(affinity));
}

/// A pod with these labels; `wishes` as its affinity.
inline Ref<api::Pod> make_pod(const std::string& name, const Pairs& labels, const Wishes& wishes,
                              const std::string& ns = "default") {
  api::PodSpec spec = make_spec({});
  spec.affinity = make_affinity(wishes);
  Ref<api::Pod> pod = make_pod(name, api::Shared<api::PodSpec>(std::move(spec)));
  pod->meta.labels = make_labels(labels);
  pod->meta.namespace_ = Symbol(ns);
  return pod;
}

inline Ref<api::Namespace> make_namespace(const std::string& name, const Pairs& labels) {
  auto ns = make_ref<api::Namespace>();
  ns->meta.name = Text(name);
  ns->meta.labels = make_labels(labels);
  return ns;
}

}  // namespace orrery::scheduler::test
