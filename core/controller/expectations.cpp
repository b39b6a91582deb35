#include "core/controller/expectations.h"

namespace orrery::controller {

void Expectations::expect_creations(const ObjectKey& owner, int count, Time now) {
  Open& open = open_[owner];
  open.creations = count;
  open.deletions.clear();
  open.since = now;
}

void Expectations::expect_deletions(const ObjectKey& owner, const std::vector<Uid>& objects,
                                    Time now) {
  Open& open = open_[owner];
  open.creations = 0;
  open.deletions.clear();
  open.deletions.insert(objects.begin(), objects.end());
  open.since = now;
}

void Expectations::creation_observed(const ObjectKey& owner) {
  const auto it = open_.find(owner);
  if (it != open_.end()) --it->second.creations;
}

void Expectations::deletion_observed(const ObjectKey& owner, const Uid& object) {
  const auto it = open_.find(owner);
  if (it != open_.end()) it->second.deletions.erase(object);
}

bool Expectations::satisfied(const ObjectKey& owner, Time now) const {
  const auto it = open_.find(owner);
  if (it == open_.end()) return true;
  const Open& open = it->second;
  if (open.creations <= 0 && open.deletions.empty()) return true;
  return now - open.since > kTimeout;
}

}  // namespace orrery::controller
