// Expectations: what a controller has asked for and not yet seen in its cache, by key of the owner.
// While they are open the controller must not create or delete again: its cache lags behind its own
// writes. Upstream: ControllerExpectations and UIDTrackingControllerExpectations.
#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/time.h"
#include "core/base/uid.h"
#include "core/client/object_key.h"

namespace orrery::controller {

class Expectations {
 public:
  /// ExpectationsTimeout: after it the cache is believed again, whatever was expected.
  static constexpr Duration kTimeout = 5min;

  void expect_creations(const ObjectKey& owner, int count, Time now);
  void expect_deletions(const ObjectKey& owner, const std::vector<Uid>& objects, Time now);
  /// Seen in the cache, or known never to come (the write failed).
  void creation_observed(const ObjectKey& owner);
  void deletion_observed(const ObjectKey& owner, const Uid& object);
  /// True if nothing is open, or what is open is older than kTimeout.
  bool satisfied(const ObjectKey& owner, Time now) const;
  void forget(const ObjectKey& owner) { open_.erase(owner); }

 private:
  struct UidHash {
    std::size_t operator()(const Uid& uid) const { return uid.hash(); }
  };
  struct Open {
    int creations = 0;
    std::unordered_set<Uid, UidHash> deletions;  // lookup only
    Time since;
  };
  std::unordered_map<ObjectKey, Open, ObjectKeyHash> open_;  // lookup only
};

}  // namespace orrery::controller
