#include "sim/benchmarks/pod_counter.h"

#include <algorithm>

#include "core/base/hash.h"

namespace orrery::sim {
namespace {

bool has_labels(const api::Pod& pod, const TextPairs& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& pair) {
    const Symbol* value = pod.meta.labels->find(Symbol(pair.first));
    return value && *value == pair.second;
  });
}

}  // namespace

PodCounter::PodCounter(Informers& informers) : informer_(informers.get<api::Pod>()) {
  informer_.on_change([this](const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
    on_change(old, now);
  });
}

void PodCounter::on_change(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
  if (!now || now->node_name.empty() || (old && !old->node_name.empty())) return;
  ++bound_;
  ++bound_in_[now->meta.namespace_.id()];
  digest_ = hash_text(now->meta.name.view(), hash_text(now->node_name.view(), digest_));
  const bool is_watched =
      std::find(watched_in_.begin(), watched_in_.end(), now->meta.namespace_) != watched_in_.end();
  if (is_watched && has_labels(*now, watched_labels_)) ++watched_;
  if (on_bound_) on_bound_(*now);
}

std::uint64_t PodCounter::bound_in(Symbol name_space) const {
  const auto found = bound_in_.find(name_space.id());
  return found == bound_in_.end() ? 0 : found->second;
}

void PodCounter::watch(std::vector<Symbol> name_spaces, TextPairs labels) {
  watched_in_ = std::move(name_spaces);
  watched_labels_ = std::move(labels);
  watched_ = 0;
}

PodCounter::Stages PodCounter::stages(Symbol name_space, const TextPairs& labels) const {
  Stages out;
  informer_.for_each([&](const api::Pod& pod) {
    if (!(pod.meta.namespace_ == name_space) || !has_labels(pod, labels)) return;
    if (!pod.node_name.empty()) {
      ++out.scheduled;
      ++out.attempted;
      return;
    }
    const bool is_gated = pod.spec && !pod.spec->scheduling_gates.empty();
    if (is_gated || api::find_condition(pod.status, "PodScheduled")) ++out.attempted;
    if (!out.pending || pod.meta.name < out.pending->meta.name) {
      out.pending = Ref<const api::Pod>(&pod);
    }
  });
  return out;
}

std::vector<Ref<const api::Pod>> PodCounter::pods(Symbol name_space,
                                                  const TextPairs& labels) const {
  std::vector<Ref<const api::Pod>> out;
  for (Ref<const api::Pod>& pod : informer_.sorted()) {
    if (pod->meta.namespace_ == name_space && has_labels(*pod, labels)) out.push_back(pod);
  }
  return out;
}

}  // namespace orrery::sim
