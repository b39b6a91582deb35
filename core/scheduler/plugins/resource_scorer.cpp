#include "core/scheduler/plugins/resource_scorer.h"

#include <algorithm>

namespace orrery::scheduler {

ResourceScorer::ResourceScorer(const NodeResourcesFitArgs& args,
                               std::vector<ScoredResource> resources)
    : strategy_(args.strategy), resources_(std::move(resources)), shape_(args.shape) {
  for (ShapePoint& point : shape_) point.score *= 10;  // MaxCustomPriorityScore is 10
}

std::int64_t ResourceScorer::shape(std::int64_t utilization) const {
  for (std::size_t i = 0; i < shape_.size(); ++i) {
    if (utilization > shape_[i].utilization) continue;
    if (i == 0) return shape_[0].score;
    const ShapePoint& a = shape_[i - 1];
    const ShapePoint& b = shape_[i];
    return a.score +
           (b.score - a.score) * (utilization - a.utilization) / (b.utilization - a.utilization);
  }
  return shape_.empty() ? 0 : shape_.back().score;
}

std::int64_t ResourceScorer::one(std::int64_t requested, std::int64_t capacity) const {
  switch (strategy_) {
    case ScoringStrategy::kLeastAllocated:
      return requested > capacity ? 0 : (capacity - requested) * 100 / capacity;
    case ScoringStrategy::kMostAllocated:
      return std::min(requested, capacity) * 100 / capacity;
    case ScoringStrategy::kRequestedToCapacityRatio:
      return shape(requested > capacity ? 100 : requested * 100 / capacity);
  }
  return 0;
}

std::int64_t ResourceScorer::score(std::span<const std::int64_t> requested,
                                   std::span<const std::int64_t> allocatable) const {
  const bool by_shape = strategy_ == ScoringStrategy::kRequestedToCapacityRatio;
  std::int64_t sum = 0;
  std::int64_t weights = 0;
  for (std::size_t i = 0; i < resources_.size(); ++i) {
    if (allocatable[i] == 0) continue;
    const std::int64_t s = one(requested[i], allocatable[i]);
    if (by_shape && s <= 0) continue;  // such resources are left out of the mean
    sum += s * resources_[i].weight;
    weights += resources_[i].weight;
  }
  if (weights == 0) return 0;
  return by_shape ? (2 * sum + weights) / (2 * weights) : sum / weights;  // by shape: rounded
}

Status check_resources(const std::vector<ResourceWeight>& resources) {
  if (resources.empty() || resources.size() > kScoredResourcesMax) {
    return bad_request("resources: 1 to 16 resources are allowed");
  }
  for (const ResourceWeight& r : resources) {
    if (r.weight < 1 || r.weight > 100) {
      return bad_request("resource weight of " + r.name.str() + " not in valid range [1, 100]");
    }
  }
  return {};
}

Status check_shape(const std::vector<ShapePoint>& shape) {
  if (shape.empty()) return bad_request("at least one point must be specified in shape");
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i].utilization < 0 || shape[i].utilization > 100 || shape[i].score < 0 ||
        shape[i].score > 10) {
      return bad_request("shape: utilization must be in 0..100 and score in 0..10");
    }
    if (i > 0 && shape[i].utilization <= shape[i - 1].utilization) {
      return bad_request("shape: utilization values must be sorted in increasing order");
    }
  }
  return {};
}

std::vector<ScoredResource> resolve(const std::vector<ResourceWeight>& resources,
                                    ResourceNames& names) {
  std::vector<ScoredResource> resolved;
  for (const ResourceWeight& r : resources) resolved.push_back({names.index_of(r.name), r.weight});
  return resolved;
}

}  // namespace orrery::scheduler
