// PodRecords: the pods that the scheduler's cache counts on nodes, 32 bytes each besides the object
// that they share with the informer, found by uid. Record numbers are stable while a pod is known.
#pragma once

#include <cstdint>
#include <vector>

#include "core/api/pod.h"
#include "core/scheduler/pod_requests.h"

namespace orrery::scheduler {

/// A node's number in the cache; stable while the node is known. -1 = none.
using NodeSlot = std::int32_t;
inline constexpr NodeSlot kNoNode = -1;

struct PodRecord {
  Ref<const api::Pod> pod;  // null: a free record
  Ref<const PodRequests> requests;
  NodeSlot node = kNoNode;
  std::uint32_t position = 0;  // in the node's list of pods
  std::uint32_t group = 0;     // in PodGroups
  bool assumed = false;        // placed by this scheduler, not yet seen with its nodeName
  bool binding_finished = false;
};

class PodRecords {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  /// The pod's record number, or kNone.
  std::uint32_t find(const Uid& uid) const;
  /// A record for a pod that has none.
  std::uint32_t insert(Ref<const api::Pod> pod);
  void erase(std::uint32_t number);

  PodRecord& operator[](std::uint32_t number) { return records_[number]; }
  const PodRecord& operator[](std::uint32_t number) const { return records_[number]; }
  std::size_t size() const { return size_; }
  /// Bytes held by this table, for memory reports.
  std::size_t bytes() const;

 private:
  void grow();
  std::size_t home_of(const Uid& uid) const { return uid.hash() & (cells_.size() - 1); }

  std::vector<PodRecord> records_;
  std::vector<std::uint32_t> free_;
  std::vector<std::uint32_t> cells_;  // record number + 1; 0 = empty; linear probing
  std::size_t size_ = 0;
};

}  // namespace orrery::scheduler
