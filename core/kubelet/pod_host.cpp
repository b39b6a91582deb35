#include "core/kubelet/pod_host.h"

namespace orrery::kubelet {

std::vector<PodTable::Entry>::const_iterator PodTable::lower(Uid uid) const {
  return std::lower_bound(entries_.begin(), entries_.end(), uid,
                          [](const Entry& e, const Uid& u) { return e.first < u; });
}

PodRecord* PodTable::find(Uid uid) const {
  const auto it = lower(uid);
  return it != entries_.end() && it->first == uid ? it->second.get() : nullptr;
}

PodRecord& PodTable::insert(Uid uid, std::unique_ptr<PodRecord> record) {
  return *entries_.insert(lower(uid), Entry{uid, std::move(record)})->second;
}

void PodTable::erase(Uid uid) {
  const auto it = lower(uid);
  if (it != entries_.end() && it->first == uid) entries_.erase(it);
}

std::vector<Uid> PodTable::uids() const {
  std::vector<Uid> out;
  out.reserve(entries_.size());
  for (const Entry& e : entries_) out.push_back(e.first);
  return out;
}

}  // namespace orrery::kubelet
