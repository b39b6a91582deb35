#include "core/scheduler/topology/carried_terms.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/scheduler/signature.h"

namespace orrery::scheduler {
namespace {

/// The pod's affinity if it says anything of other pods.
const api::Shared<api::Affinity>* terms_of(const api::Pod& pod) {
  if (!pod.spec || !pod.spec->affinity) return nullptr;
  const api::Affinity& affinity = *pod.spec->affinity;
  return affinity.pod_affinity || affinity.pod_anti_affinity ? &pod.spec->affinity : nullptr;
}

}  // namespace

std::size_t CarriedTerms::KeyHash::operator()(const Key& key) const {
  return mix64(reinterpret_cast<std::uintptr_t>(key.affinity) ^ std::uint64_t{key.ns} << 40);
}

bool CarriedTerms::same_terms(const api::Pod& a, const api::Pod& b) {
  const auto* x = terms_of(a);
  const auto* y = terms_of(b);
  return !x || !y ? x == y : x->same(*y);
}

CarriedTerm* CarriedTerms::intern(TermKind kind, std::int32_t weight,
                                  const api::PodAffinityTerm& term, Symbol ns) {
  PodQuery what = query_of(term, ns);
  Signature head;
  head.add(static_cast<std::int64_t>(kind));
  head.add(weight);
  head.add(term.topology_key);
  std::string identity = head.bytes() + what.identity();
  auto& known = by_identity_[identity];
  if (!known) {
    known = std::make_unique<CarriedTerm>(
        CarriedTerm{kind, weight, std::move(what), {}, nullptr, identity, 0});
    known->tally = std::make_unique<Tally>(
        keys_, coverages_.of(keys_.of(term.topology_key), {}, {}), known->counts);
    terms_.push_back(known.get());
    index_.insert(known->what, known.get());
    ++version_;
  }
  ++known->sets;
  return known.get();
}

std::vector<CarriedTerm*> CarriedTerms::resolve(const api::Affinity& affinity, Symbol ns) {
  std::vector<CarriedTerm*> terms;
  const auto read = [&](const api::Shared<api::PodAffinity>& side, TermKind required,
                        TermKind preferred) {
    if (!side) return;
    for (const auto& term : side->required) terms.push_back(intern(required, 0, term, ns));
    for (const auto& weighted : side->preferred) {
      terms.push_back(intern(preferred, weighted.weight, weighted.pod_affinity_term, ns));
    }
  };
  read(affinity.pod_affinity, TermKind::kRequiredAffinity, TermKind::kPreferredAffinity);
  read(affinity.pod_anti_affinity, TermKind::kRequiredAntiAffinity,
       TermKind::kPreferredAntiAffinity);
  return terms;
}

void CarriedTerms::add(const api::Pod& pod, NodeSlot slot) {
  const auto* affinity = terms_of(pod);
  if (!affinity) return;
  const Symbol ns = pod.meta.namespace_;
  const auto [at, is_new] = sets_.try_emplace(Key{affinity->identity(), ns.id()});
  TermSet& set = at->second;
  if (is_new) {
    set.affinity = *affinity;
    set.terms = resolve(**affinity, ns);
  }
  ++set.pods;
  for (CarriedTerm* term : set.terms) {
    term->counts.add(slot, 1);
    term->tally->add(slot, 1);
  }
}

void CarriedTerms::remove(const api::Pod& pod, NodeSlot slot) {
  const auto* affinity = terms_of(pod);
  if (!affinity) return;
  const auto at = sets_.find(Key{affinity->identity(), pod.meta.namespace_.id()});
  TermSet& set = at->second;
  for (CarriedTerm* term : set.terms) {
    term->counts.add(slot, -1);
    term->tally->add(slot, -1);
  }
  if (--set.pods > 0) return;
  for (CarriedTerm* term : set.terms) release(term);
  sets_.erase(at);
}

/// One set less names this term; without any it is forgotten.
void CarriedTerms::release(CarriedTerm* term) {
  if (--term->sets > 0) return;
  std::erase(terms_, term);
  index_.erase(term->what, term);
  by_identity_.erase(std::string(term->identity));
  ++version_;
}

void CarriedTerms::withdraw(NodeSlot slot) {
  for (CarriedTerm* term : terms_) term->tally->withdraw(slot);
  coverages_.withdraw(slot);
}

void CarriedTerms::deposit(NodeSlot slot) {
  coverages_.deposit(slot);
  for (CarriedTerm* term : terms_) term->tally->deposit(slot);
}

}  // namespace orrery::scheduler
