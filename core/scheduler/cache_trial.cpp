#include "core/scheduler/cache_trial.h"

#include <algorithm>

namespace orrery::scheduler {

NodeTrial::NodeTrial(SchedulerCache& cache, NodeSlot slot) : cache_(cache), slot_(slot) {
  pods_ = row().pods;
  ports_ = row().ports;
  if (row().gpu) gpu_ = std::make_unique<GpuNode>(*row().gpu);
}

NodeTrial::~NodeTrial() {
  for (const std::uint32_t number : added_) {
    take_out(number);
    cache_.pods_.erase(number);
  }
  while (!removed_.empty()) restore(removed_.back());
  row().pods = std::move(pods_);
  row().ports = std::move(ports_);
  row().gpu = std::move(gpu_);
  for (std::size_t i = 0; i < row().pods.size(); ++i) {
    cache_.pods_[row().pods[i]].position = static_cast<std::uint32_t>(i);
  }
}

void NodeTrial::take_out(std::uint32_t number) {
  std::erase(row().pods, number);
  cache_.count_out(number);
  if (row().gpu && cache_.pods_[number].requests->gpu.count > 0) row().gpu->release(number);
}

void NodeTrial::insert(std::uint32_t number) {
  row().pods.push_back(number);
  cache_.count_in(number, slot_);
}

void NodeTrial::remove(std::uint32_t number) {
  take_out(number);
  removed_.push_back(number);
}

void NodeTrial::restore(std::uint32_t number) {
  insert(number);
  std::erase(removed_, number);
  if (!gpu_) return;
  for (const GpuNode::Share& share : gpu_->shares) {
    if (share.pod == number) row().gpu->take(share);
  }
}

void NodeTrial::add(const Ref<const api::Pod>& pod) {
  const std::uint32_t number = cache_.pods_.insert(pod);
  PodRecord& record = cache_.pods_[number];
  record.requests = cache_.memo_.of(*pod);
  record.node = slot_;
  insert(number);
  added_.push_back(number);
  const GpuDemand& demand = record.requests->gpu;
  if (demand.count > 0 && row().gpu) {
    row().gpu->take({number, demand.milli, force_devices(*row().gpu, demand)});
  }
}

}  // namespace orrery::scheduler
