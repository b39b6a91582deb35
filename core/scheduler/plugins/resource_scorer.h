// ResourceScorer: the three scoring strategies of NodeResourcesFit over amounts requested (with the
// pod) and allocatable, in upstream's integer arithmetic (noderesources/*_allocated.go).
#pragma once

#include <span>
#include <vector>

#include "core/scheduler/profile.h"
#include "core/scheduler/resource_names.h"

namespace orrery::scheduler {

/// A profile scores over at most this many resources.
inline constexpr std::size_t kScoredResourcesMax = 16;

struct ScoredResource {
  ResourceIndex index = 0;
  std::int64_t weight = 1;
};

class ResourceScorer {
 public:
  ResourceScorer(const NodeResourcesFitArgs& args, std::vector<ScoredResource> resources);
  std::span<const ScoredResource> resources() const { return resources_; }
  /// By resource; resources with allocatable 0 do not count. 0..100.
  std::int64_t score(std::span<const std::int64_t> requested,
                     std::span<const std::int64_t> allocatable) const;

 private:
  std::int64_t one(std::int64_t requested, std::int64_t capacity) const;
  std::int64_t shape(std::int64_t utilization) const;

  ScoringStrategy strategy_;
  std::vector<ScoredResource> resources_;
  std::vector<ShapePoint> shape_;  // scores in 0..100
};

/// BadRequest if there are none, too many, or weights or shape points out of range.
Status check_resources(const std::vector<ResourceWeight>& resources);
Status check_shape(const std::vector<ShapePoint>& shape);
std::vector<ScoredResource> resolve(const std::vector<ResourceWeight>& resources,
                                    ResourceNames& names);

}  // namespace orrery::scheduler
