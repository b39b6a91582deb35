// RequestsData: a pod's requests as plugins keep them for a cycle, and how they enter a signature.
#pragma once

#include "core/scheduler/cycle_state.h"
#include "core/scheduler/pod_requests.h"
#include "core/scheduler/signature.h"

namespace orrery::scheduler {

struct RequestsData final : CycleData {
  explicit RequestsData(Ref<const PodRequests> r) : requests(std::move(r)) {}
  Ref<const PodRequests> requests;
};

inline void sign_requests(const PodRequests& requests, Signature& signature) {
  for (const std::int64_t amount : requests.base) signature.add(amount);
  signature.add(requests.nonzero_cpu);
  signature.add(requests.nonzero_memory);
  signature.add(requests.scored_cpu);
  signature.add(requests.scored_memory);
  signature.add(static_cast<std::int64_t>(requests.extended.size()));
  for (const auto& [index, amount] : requests.extended) {
    signature.add(static_cast<std::int64_t>(index));
    signature.add(amount);
  }
}

}  // namespace orrery::scheduler
