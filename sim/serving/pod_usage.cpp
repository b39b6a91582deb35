#include "sim/serving/pod_usage.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/base/pattern.h"

namespace orrery::sim {
namespace {

// A container without a model uses 40 to 60 % of its CPU request, another share each minute, and
// 70 % of its memory request; without a request, as little as a small idle process.
constexpr std::int64_t kIdleMilli = 5;
constexpr std::int64_t kIdleBytes = 24 << 20;
constexpr std::int64_t kCpuPercentMin = 40, kCpuPercentRange = 21, kMemoryPercent = 70;
// kubelet, container runtime and kernel.
constexpr std::int64_t kSystemMilli = 60;
constexpr std::int64_t kSystemBytes = 350ll << 20;

bool matches(const BehaviourMatch& match, const api::Pod& pod, const api::Container& c) {
  if (!match.container.empty() && !(c.name == match.container)) return false;
  if (!match.name_space.empty() && !(pod.meta.namespace_ == match.name_space)) return false;
  if (!match.image.empty() && !matches_pattern(match.image, c.image.view())) return false;
  return std::all_of(match.labels.begin(), match.labels.end(), [&](const auto& label) {
    return pod.meta.labels->get(Symbol(label.first)) == label.second;
  });
}

std::int64_t requested(const api::Container& c, const char* resource, bool milli) {
  const api::Quantity* q = c.resources.requests.find(Symbol(resource));
  if (!q) return 0;
  return milli ? q->milli_value() : q->value();
}

std::int64_t percent_of_minute(const api::Pod& pod, Symbol container, Time now) {
  const auto minute = std::chrono::floor<std::chrono::minutes>(now.time_since_epoch()).count();
  const std::string text = pod.meta.uid.str() + container.str() + std::to_string(minute);
  return kCpuPercentMin +
         static_cast<std::int64_t>(hash_text(text) % static_cast<std::uint64_t>(kCpuPercentRange));
}

}  // namespace

Usage PodUsage::of_container(const api::Pod& pod, const api::Container& c, Time now) const {
  const std::int64_t cpu = requested(c, "cpu", true), memory = requested(c, "memory", false);
  Usage usage;
  usage.cpu_milli = cpu == 0 ? kIdleMilli : cpu * percent_of_minute(pod, c.name, now) / 100;
  usage.memory_bytes = memory == 0 ? kIdleBytes : memory / 100 * kMemoryPercent;
  for (const Behaviour& b : behaviours_) {
    if (!b.usage || !matches(b.match, pod, c)) continue;
    if (b.usage->cpu) usage.cpu_milli = b.usage->cpu->milli;
    if (b.usage->memory) usage.memory_bytes = b.usage->memory->bytes;
    break;
  }
  return usage;
}

std::vector<PodUsage::OfContainer> PodUsage::of(const api::Pod& pod, Time now) const {
  std::vector<OfContainer> all;
  const auto add = [&](const api::List<api::Container>& containers,
                       const api::List<api::ContainerStatus>& statuses) {
    for (const api::Container& c : containers) {
      const bool runs =
          std::any_of(statuses.begin(), statuses.end(), [&](const api::ContainerStatus& s) {
            return s.name == c.name && s.state.kind == api::ContainerState::Kind::kRunning;
          });
      if (runs) all.push_back({c.name, of_container(pod, c, now)});
    }
  };
  add(pod.spec->init_containers, pod.status.init_container_statuses);
  add(pod.spec->containers, pod.status.container_statuses);
  return all;
}

Usage PodUsage::of_system(const api::Node&) { return {kSystemMilli, kSystemBytes}; }

}  // namespace orrery::sim
