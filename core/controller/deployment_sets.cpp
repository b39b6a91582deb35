#include "core/controller/deployment_sets.h"

#include <algorithm>
#include <limits>

#include "core/controller/deployment_annotations.h"
#include "core/controller/replicaset_cache.h"

namespace orrery::controller {
namespace {

const Symbol& hash_label() {
  static const Symbol kLabel(kPodTemplateHash);
  return kLabel;
}

api::LabelSet without_hash(const api::LabelSet& labels) {
  if (!labels.has(hash_label())) return labels;
  api::Labels copy = *labels;
  copy.erase(hash_label());
  return api::LabelSet(std::move(copy));
}

}  // namespace

bool same_template(const api::PodTemplateSpec& a, const api::PodTemplateSpec& b) {
  if (!(a.spec == b.spec) || !(a.extra == b.extra)) return false;
  if (!(without_hash(a.metadata.labels) == without_hash(b.metadata.labels))) return false;
  api::ObjectMeta rest = a.metadata;
  rest.labels = b.metadata.labels;
  return rest == b.metadata;
}

api::LabelSet with_hash(const api::LabelSet& labels, Symbol hash) {
  api::Labels copy = *labels;
  copy.set(hash_label(), hash);
  return api::LabelSet(std::move(copy));
}

api::Shared<api::LabelSelector> with_hash(const api::Shared<api::LabelSelector>& selector,
                                          Symbol hash) {
  api::LabelSelector copy = selector ? *selector : api::LabelSelector{};
  auto& all = copy.match_labels;
  const auto at = std::find_if(all.begin(), all.end(), [](const auto& entry) {
    return !(entry.first < hash_label());
  });
  if (at != all.end() && at->first == hash_label()) {
    at->second = hash;
  } else {
    all.insert(at, {hash_label(), hash});
  }
  return api::Shared<api::LabelSelector>(std::move(copy));
}

SetRef find_new_set(const api::Deployment& d, const SetList& sets) {
  for (const SetRef& set : sets) {
    if (same_template(set->spec.template_, d.spec.template_)) return set;
  }
  return nullptr;
}

std::int64_t max_revision(const SetList& sets) {
  std::int64_t out = 0;
  for (const SetRef& set : sets) {
    out = std::max(out, number_annotation(set->meta, kRevision).value_or(0));
  }
  return out;
}

bool is_scaling_event(const api::Deployment& d, const SetList& sets) {
  for (const SetRef& set : active_sets(sets)) {
    const std::optional<std::int32_t> desired = desired_replicas_annotation(*set);
    if (desired && *desired != replicas_of(d)) return true;
  }
  return false;
}

SetRef active_or_latest(const SetRef& new_set, const SetList& old_sets) {
  SetList all = old_sets;
  if (new_set) all.push_back(new_set);
  if (all.empty()) return nullptr;
  const SetList active = active_sets(all);
  if (active.size() == 1) return active.front();
  if (active.size() > 1) return nullptr;
  if (new_set) return new_set;
  return *std::max_element(old_sets.begin(), old_sets.end(), [](const auto& a, const auto& b) {
    return created_before(*a, *b);
  });
}

bool is_saturated(const api::Deployment& d, const SetRef& new_set) {
  return new_set && replicas_of(*new_set) == replicas_of(d) &&
         desired_replicas_annotation(*new_set) == replicas_of(d) &&
         new_set->status.available_replicas == replicas_of(d);
}

SetList sets_to_delete(const api::Deployment& d, const SetList& old_sets) {
  const std::optional<std::int32_t> limit = d.spec.revision_history_limit;
  if (!limit || *limit == std::numeric_limits<std::int32_t>::max()) return {};
  SetList alive;
  for (const SetRef& set : old_sets) {
    if (!set->meta.is_being_deleted()) alive.push_back(set);
  }
  if (alive.size() <= static_cast<std::size_t>(*limit)) return {};
  std::stable_sort(alive.begin(), alive.end(), [](const SetRef& a, const SetRef& b) {
    const std::int64_t ra = number_annotation(a->meta, kRevision).value_or(0);
    const std::int64_t rb = number_annotation(b->meta, kRevision).value_or(0);
    return ra != rb ? ra < rb : created_before(*a, *b);
  });
  alive.resize(alive.size() - static_cast<std::size_t>(*limit));
  std::erase_if(alive, [](const SetRef& set) {
    return set->status.replicas != 0 || replicas_of(*set) != 0 ||
           set->meta.generation > set->status.observed_generation;
  });
  return alive;
}

}  // namespace orrery::controller
