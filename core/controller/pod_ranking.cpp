#include "core/controller/pod_ranking.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>

namespace orrery::controller {
namespace {

constexpr std::size_t kGoInsertionSortMax = 12;  // sort.Sort: longer inputs are partitioned

int phase_ordinal(const api::Pod& pod) {
  const std::string_view phase = pod.status.phase.view();
  if (phase == "Unknown") return 1;
  if (phase == "Running") return 2;
  return 0;  // Pending; others read as Go's zero value
}

Time ready_since(const api::Pod& pod) {
  const api::PodCondition* ready = api::find_condition(pod.status, "Ready");
  return ready && ready->status == "True" ? ready->last_transition_time : Time{};
}

int age_bucket(Time since, Time now) {
  const auto age = (now - since).count();
  return age > 0 ? static_cast<int>(std::bit_width(static_cast<std::uint64_t>(age))) - 1 : -1;
}

// afterOrZero: a time not set counts as the latest.
bool after_or_zero(Time a, Time b) {
  if (!is_set(a) || !is_set(b)) return !is_set(a);
  return a > b;
}

bool younger(Time a, Time b, const api::Pod& pod_a, const api::Pod& pod_b, Time now) {
  if (!is_set(now) || !is_set(a) || !is_set(b)) return after_or_zero(a, b);
  const int difference = age_bucket(a, now) - age_bucket(b, now);
  return difference == 0 ? pod_a.meta.uid < pod_b.meta.uid : difference < 0;
}

struct Restarts {
  std::int32_t regular = 0;
  std::int32_t sidecar = 0;
};

bool is_sidecar(const api::Pod& pod, Symbol container) {
  if (!pod.spec) return false;
  for (const api::Container& c : pod.spec->init_containers) {
    if (c.name == container) return c.restart_policy == "Always";
  }
  return false;
}

Restarts most_restarts(const api::Pod& pod) {
  Restarts out;
  for (const api::ContainerStatus& c : pod.status.container_statuses) {
    out.regular = std::max(out.regular, c.restart_count);
  }
  for (const api::ContainerStatus& c : pod.status.init_container_statuses) {
    if (is_sidecar(pod, c.name)) out.sidecar = std::max(out.sidecar, c.restart_count);
  }
  return out;
}

std::optional<bool> by_restarts(const api::Pod& a, const api::Pod& b) {
  const Restarts ra = most_restarts(a);
  const Restarts rb = most_restarts(b);
  if (ra.regular != rb.regular) return ra.regular > rb.regular;
  if (ra.sidecar != rb.sidecar) return ra.sidecar > rb.sidecar;
  return std::nullopt;
}

}  // namespace

std::int32_t deletion_cost(const api::Pod& pod) {
  const Text* text = api::find(pod.meta.annotations, "controller.kubernetes.io/pod-deletion-cost");
  if (!text) return 0;
  const std::string_view v = text->view();
  const bool plain = !v.empty() && (v[0] == '-' || v == "0" || (v[0] >= '1' && v[0] <= '9'));
  std::int32_t cost = 0;
  const auto [end, error] = std::from_chars(v.data(), v.data() + v.size(), cost);
  return plain && error == std::errc{} && end == v.data() + v.size() ? cost : 0;
}

bool deleted_before(const RankedPod& a, const RankedPod& b, Time now) {
  const api::Pod& pa = *a.pod;
  const api::Pod& pb = *b.pod;
  if (pa.node_name.empty() != pb.node_name.empty()) return pa.node_name.empty();
  if (phase_ordinal(pa) != phase_ordinal(pb)) return phase_ordinal(pa) < phase_ordinal(pb);
  const bool ready_a = api::is_ready(pa);
  if (ready_a != api::is_ready(pb)) return !ready_a;
  const std::int32_t cost_a = deletion_cost(pa);
  const std::int32_t cost_b = deletion_cost(pb);
  if (cost_a != cost_b) return cost_a < cost_b;
  if (a.rank != b.rank) return a.rank > b.rank;
  if (ready_a) {
    const Time ta = ready_since(pa);
    const Time tb = ready_since(pb);
    if (ta != tb) return younger(ta, tb, pa, pb, now);
  }
  if (const std::optional<bool> more = by_restarts(pa, pb)) return *more;
  const Time ca = pa.meta.creation_timestamp;
  const Time cb = pb.meta.creation_timestamp;
  return ca != cb && younger(ca, cb, pa, pb, now);
}

void sort_for_deletion(std::vector<RankedPod>& pods, Time now) {
  const auto before = [now](const RankedPod& a, const RankedPod& b) {
    return deleted_before(a, b, now);
  };
  if (pods.size() > kGoInsertionSortMax) {
    std::stable_sort(pods.begin(), pods.end(), before);
    return;
  }
  for (std::size_t i = 1; i < pods.size(); ++i) {
    for (std::size_t j = i; j > 0 && before(pods[j], pods[j - 1]); --j) {
      std::swap(pods[j], pods[j - 1]);
    }
  }
}

}  // namespace orrery::controller
