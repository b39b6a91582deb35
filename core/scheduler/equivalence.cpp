#include "core/scheduler/equivalence.h"

#include <algorithm>

#include "core/base/hash.h"

namespace orrery::scheduler {

std::size_t EquivalenceCache::IdentityHash::operator()(const Identity& i) const {
  const auto word = [](const void* p) { return reinterpret_cast<std::uintptr_t>(p); };
  std::uint64_t h = mix64(word(i.spec) + i.namespace_id);
  h = mix64(h ^ word(i.labels) ^ (word(i.annotations) << 1));
  return mix64(h ^ word(i.owners) ^ (word(i.framework) << 1));
}

EquivalenceClass* EquivalenceCache::find(const Framework& framework, const Ref<const api::Pod>& pod,
                                         std::size_t nodes) {
  const api::ObjectMeta& meta = pod->meta;
  const Identity identity{pod->spec.identity(),
                          meta.labels.identity(),
                          meta.annotations.identity(),
                          meta.owner_references.identity(),
                          &framework,
                          meta.namespace_.id()};
  auto known = identities_.find(identity);
  if (known == identities_.end()) {
    if (identities_.size() >= kIdentitiesMax) identities_.clear();
    known = identities_
                .emplace(identity,
                         Known{pod->spec, meta.labels, meta.annotations, meta.owner_references, 0})
                .first;
    known->second.class_id = find_by_signature(framework, pod, nodes);
  }
  if (known->second.class_id == 0) return nullptr;
  auto found = classes_.find(known->second.class_id);
  if (found == classes_.end()) {  // evicted meanwhile
    known->second.class_id = find_by_signature(framework, pod, nodes);
    if (known->second.class_id == 0) return nullptr;
    found = classes_.find(known->second.class_id);
  }
  EquivalenceClass* cls = found->second.get();
  cls->last_used = ++uses_;
  return cls->is_usable() ? cls : nullptr;
}

std::uint64_t EquivalenceCache::find_by_signature(const Framework& framework,
                                                  const Ref<const api::Pod>& pod,
                                                  std::size_t nodes) {
  signature_.clear();
  signature_.add(framework.profile().scheduler_name);
  if (!pod->spec || !framework.sign(*pod, signature_)) return 0;
  const auto known = by_signature_.find(signature_.bytes());
  if (known != by_signature_.end()) return known->second;
  const std::uint64_t id = ++last_id_;
  classes_.emplace(id, std::make_unique<EquivalenceClass>(id, framework, pod));
  by_signature_.emplace(signature_.bytes(), id);
  listed_.push_back({id, signature_.bytes()});
  evict(id, nodes);
  return id;
}

void EquivalenceCache::evict(std::uint64_t keep, std::size_t nodes) {
  const std::size_t most = std::clamp(kBytesMax / (4 * nodes + 1024), std::size_t{4}, kClassesMax);
  if (listed_.size() <= most) return;
  // A quarter at once, so that a stream of different pods pays for the sorting only now and then.
  std::sort(listed_.begin(), listed_.end(), [&](const Listed& a, const Listed& b) {
    if ((a.id == keep) != (b.id == keep)) return a.id == keep;
    return classes_.find(a.id)->second->last_used > classes_.find(b.id)->second->last_used;
  });
  while (listed_.size() > most - most / 4) {
    classes_.erase(listed_.back().id);
    by_signature_.erase(listed_.back().signature);
    listed_.pop_back();
  }
}

}  // namespace orrery::scheduler
