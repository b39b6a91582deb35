#include "core/scheduler/plugins/inter_pod_affinity_terms.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace orrery::scheduler {
namespace {

/// The pod's affinity if it says anything of other pods.
const api::Shared<api::Affinity>* terms_of(const api::Pod& pod) {
  if (!pod.spec || !pod.spec->affinity) return nullptr;
  const api::Affinity& affinity = *pod.spec->affinity;
  return affinity.pod_affinity || affinity.pod_anti_affinity ? &pod.spec->affinity : nullptr;
}

bool selects_namespaces(const api::PodAffinityTerm& term) {
  return term.namespace_selector && !term.namespace_selector->empty();
}

bool selects_namespaces(const api::Shared<api::PodAffinity>& side) {
  if (!side) return false;
  return std::any_of(side->required.begin(), side->required.end(),
                     [](const auto& term) { return selects_namespaces(term); }) ||
         std::any_of(side->preferred.begin(), side->preferred.end(), [](const auto& weighted) {
           return selects_namespaces(weighted.pod_affinity_term);
         });
}

/// A term of an incoming pod: its namespace selector is replaced by the names of the known
/// namespaces that it selects, unless it selects all (mergeAffinityTermNamespacesIfNotEmpty).
PodQuery spelled_out(PodQuery what, const ClusterObjects& objects) {
  if (!what.namespace_selector || what.namespace_selector->is_everything()) return what;
  objects.for_each<api::Object>(Watched::kNamespace, [&](const api::Object& ns) {
    if (what.namespace_selector->matches(*ns.meta.labels)) {
      what.namespaces.emplace_back(ns.meta.name.view());
    }
  });
  what.namespace_selector.reset();
  std::sort(what.namespaces.begin(), what.namespaces.end());
  what.namespaces.erase(std::unique(what.namespaces.begin(), what.namespaces.end()),
                        what.namespaces.end());
  return what;
}

/// The pods that match all of these terms.
PodQuery all_of(const api::List<api::PodAffinityTerm>& terms, Symbol ns,
                const ClusterObjects& objects) {
  PodQuery all;
  std::optional<std::vector<Symbol>> names;  // absent: every namespace
  for (const api::PodAffinityTerm& term : terms) {
    PodQuery what = spelled_out(query_of(term, ns), objects);
    all.selectors.push_back(std::move(what.selectors.front()));
    if (what.namespace_selector) continue;
    if (names) {
      std::vector<Symbol> both;
      std::set_intersection(names->begin(), names->end(), what.namespaces.begin(),
                            what.namespaces.end(), std::back_inserter(both));
      names = std::move(both);
    } else {
      names = std::move(what.namespaces);
    }
  }
  if (names) {
    all.namespaces = std::move(*names);
  } else {
    all.namespace_selector = api::Selector::everything();
  }
  return all;
}

}  // namespace

PodGroups::TallyRef AffinityTerms::tally(const api::PodAffinityTerm& term, Symbol ns) {
  return cache_.pod_groups().tally(
      cache_.pod_groups().query(spelled_out(query_of(term, ns), cache_.objects())),
      cache_.topology_keys().of(term.topology_key));
}

std::shared_ptr<const OwnTerms> AffinityTerms::compile(const api::Affinity& affinity, Symbol ns) {
  auto own = std::make_shared<OwnTerms>();
  if (const auto& side = affinity.pod_affinity) {
    if (!side->required.empty()) {
      own->all_required = all_of(side->required, ns, cache_.objects());
      const PodGroups::QueryRef query = cache_.pod_groups().query(own->all_required);
      for (const api::PodAffinityTerm& term : side->required) {
        own->required_queries.push_back(query_of(term, ns));
        auto by_key =
            cache_.pod_groups().tally(query, cache_.topology_keys().of(term.topology_key));
        if (std::find(own->required.begin(), own->required.end(), by_key) == own->required.end()) {
          own->required.push_back(std::move(by_key));
        }
      }
    }
    for (const api::WeightedPodAffinityTerm& weighted : side->preferred) {
      own->preferred.push_back({tally(weighted.pod_affinity_term, ns), weighted.weight});
    }
  }
  if (const auto& side = affinity.pod_anti_affinity) {
    for (const api::PodAffinityTerm& term : side->required) {
      own->required_anti_queries.push_back(query_of(term, ns));
      own->required_anti.push_back(tally(term, ns));
    }
    for (const api::WeightedPodAffinityTerm& weighted : side->preferred) {
      own->preferred.push_back({tally(weighted.pod_affinity_term, ns), -weighted.weight});
    }
  }
  return own;
}

/// Compiled, or taken over from an equal one of late: pods written one by one share no memory.
AffinityTerms::Own AffinityTerms::read(const api::Shared<api::Affinity>& affinity, Symbol ns) {
  for (const Own& known : newest_) {
    if (known.terms && known.ns == ns && known.affinity == affinity &&
        (!known.selects_namespaces || known.namespaces == namespaces())) {
      return {affinity, ns, known.terms, known.selects_namespaces, known.namespaces};
    }
  }
  const bool selects =
      selects_namespaces(affinity->pod_affinity) || selects_namespaces(affinity->pod_anti_affinity);
  const Own made{affinity, ns, compile(*affinity, ns), selects, namespaces()};
  newest_[newest_at_++ % newest_.size()] = made;
  return made;
}

std::shared_ptr<const OwnTerms> AffinityTerms::own(const api::Pod& pod) {
  const api::Shared<api::Affinity>* affinity = terms_of(pod);
  if (!affinity) return nullptr;
  const Symbol ns = pod.meta.namespace_;
  Own* known = own_.find(affinity->identity(), ns);
  if (!known) {
    const std::size_t node_bytes = 12 * std::max<std::size_t>(1, cache_.table().slots());
    own_.set_half_max(std::clamp(kTallyBytesMax / node_bytes, kOwnMin, kOwnMax));
    known = &own_.put(affinity->identity(), ns, read(*affinity, ns));
  } else if (known->selects_namespaces && known->namespaces != namespaces()) {
    known->namespaces = namespaces();
    known->terms = compile(**affinity, ns);
  }
  return known->terms;
}

std::shared_ptr<const CarriedMatches> AffinityTerms::collect(const api::Pod& pod) {
  CarriedMatches found;
  found.version = cache_.carried_terms().version();
  cache_.carried_terms().for_each_matching(pod, [&](const CarriedTerm& term) {
    switch (term.kind) {
      case TermKind::kRequiredAntiAffinity:
        found.required_anti.push_back(term.tally.get());
        return;
      case TermKind::kRequiredAffinity:
        if (hard_weight_ > 0) found.scored.push_back({term.tally.get(), hard_weight_});
        return;
      case TermKind::kPreferredAffinity:
        found.scored.push_back({term.tally.get(), term.weight});
        return;
      case TermKind::kPreferredAntiAffinity:
        found.scored.push_back({term.tally.get(), -term.weight});
        return;
    }
  });
  if (found.required_anti.empty() && found.scored.empty()) {
    if (!nothing_ || nothing_->version != found.version) {
      nothing_ = std::make_shared<CarriedMatches>(std::move(found));
    }
    return nothing_;
  }
  return std::make_shared<CarriedMatches>(std::move(found));
}

std::shared_ptr<const CarriedMatches> AffinityTerms::matches(const api::Pod& pod) {
  const Symbol ns = pod.meta.namespace_;
  Matches& known =
      matches_[hash_of(pod.meta.labels.identity(), ns.id()) & (kMatchesMax - 1)];
  if (!known.terms || !known.labels.same(pod.meta.labels) || known.ns != ns) {
    known = {pod.meta.labels, ns, namespaces(), collect(pod)};
  } else if (known.terms->version != cache_.carried_terms().version() ||
             known.namespaces != namespaces()) {
    known.namespaces = namespaces();
    known.terms = collect(pod);
  }
  return known.terms;
}

}  // namespace orrery::scheduler
