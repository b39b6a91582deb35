// Availability: how many replicas the workloads (Deployments, StatefulSets, DaemonSets, bare
// ReplicaSets) want and how many are available, followed change by change. Time to heal and the
// `available` expectations are read from it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/api/object.h"

namespace orrery::sim {

class Availability {
 public:
  struct Count {
    std::int64_t wanted = 0;
    std::int64_t available = 0;
    bool settled = true;        // the controller has seen the newest spec
    bool was_complete = false;  // all replicas were available once
    std::int64_t missing() const { return wanted > available ? wanted - available : 0; }
  };

  /// `now` null: the object was deleted. Other kinds are ignored.
  void on_change(const api::Object* before, const api::Object* now);

  std::int64_t wanted() const { return wanted_; }
  std::int64_t available() const { return available_; }
  std::int64_t missing() const { return missing_; }
  /// The same for workloads that were complete once: what an outage takes, not what is still
  /// starting.
  std::int64_t missing_since_complete() const { return missing_since_complete_; }
  /// Every workload has all its replicas available, and its controller has seen the newest spec.
  bool is_all_available() const { return missing_ == 0 && unsettled_ == 0; }
  /// "all", or the workloads of this name in any namespace. Null if there is none.
  const Count* find(std::string_view name) const;
  /// "shop/cart: 2 of 3" for up to `max` workloads that miss some.
  std::string describe_missing(std::size_t max) const;
  std::size_t workloads() const { return counts_.size(); }

 private:
  void put(const std::string& key, const Count* count);
  std::map<std::string, Count> counts_;  // "namespace/Kind/name"
  std::int64_t wanted_ = 0, available_ = 0, missing_ = 0, unsettled_ = 0;
  std::int64_t missing_since_complete_ = 0;
};

}  // namespace orrery::sim
