#include "core/scheduler/research/fragmentation.h"

#include <algorithm>
#include <cmath>

#include "core/base/check.h"
#include "core/base/random.h"
#include "core/scheduler/gpu.h"

namespace orrery::scheduler {

bool Fragmentation::Demand::admits(Symbol model) const {
  return models.empty() || std::find(models.begin(), models.end(), model) != models.end();
}

Fragmentation::Fragmentation(std::span<const TypicalPod> typical) {
  std::vector<TypicalPod> with_gpu;
  for (const TypicalPod& pod : typical) {
    weight_ += pod.count;
    if (pod.shape.gpus == 0) continue;
    with_gpu.push_back(pod);
    const PodShape& s = pod.shape;
    const bool known = std::any_of(demands_.begin(), demands_.end(), [&](const Demand& d) {
      return d.milli == s.gpu_milli && d.count == s.gpus && d.models == s.models;
    });
    if (!known) demands_.push_back({s.gpu_milli, s.gpus, s.models});
  }
  std::stable_sort(demands_.begin(), demands_.end(),
                   [](const Demand& a, const Demand& b) { return a.milli > b.milli; });
  std::stable_sort(with_gpu.begin(), with_gpu.end(), [](const TypicalPod& a, const TypicalPod& b) {
    return a.shape.cpu_milli < b.shape.cpu_milli;
  });
  for (const TypicalPod& pod : with_gpu) {
    if (cpu_.empty() || cpu_.back() != pod.shape.cpu_milli) {
      cpu_.push_back(pod.shape.cpu_milli);
      terms_end_.push_back(terms_.size());
    }
    const auto demand = std::find_if(demands_.begin(), demands_.end(), [&](const Demand& d) {
      return d.milli == pod.shape.gpu_milli && d.count == pod.shape.gpus &&
             d.models == pod.shape.models;
    });
    terms_.push_back({static_cast<std::size_t>(demand - demands_.begin()), pod.count});
    terms_end_.back() = terms_.size();
  }
  // The score is at least s where less / 1000 >= log(s / (100 - s)).
  for (int s = 1; s <= 99; ++s) {
    const double odds = static_cast<double>(s) / static_cast<double>(100 - s);
    const double least = static_cast<double>(weight_) * 1000.0 * exact_log(odds);
    score_at_[static_cast<std::size_t>(s - 1)] = static_cast<std::int64_t>(std::ceil(least));
  }
}

std::size_t Fragmentation::step_of(std::int64_t cpu_free) const {
  return static_cast<std::size_t>(std::upper_bound(cpu_.begin(), cpu_.end(), cpu_free) -
                                  cpu_.begin());
}

void Fragmentation::tabulate(Symbol model, std::span<const std::int32_t> free,
                             std::span<std::int64_t> out) const {
  CHECK(out.size() == steps() && free.size() <= kGpuDevicesMax);
  std::array<std::int32_t, kGpuDevicesMax> sorted;
  std::size_t n = 0;
  std::int64_t idle = 0;
  for (const std::int32_t f : free) {
    if (f <= 0) continue;
    idle += f;
    std::size_t at = n++;
    for (; at > 0 && sorted[at - 1] < f; --at) sorted[at] = sorted[at - 1];
    sorted[at] = f;
  }
  // What each demand can use: all that is free on devices with enough for it.
  std::array<std::int64_t, 128> few;
  std::vector<std::int64_t> many;
  if (demands_.size() > few.size()) many.resize(demands_.size());
  std::int64_t* usable = many.empty() ? few.data() : many.data();
  std::size_t enough = 0;
  std::int64_t sum = 0;
  for (std::size_t d = 0; d < demands_.size(); ++d) {
    const Demand& demand = demands_[d];
    for (; enough < n && sorted[enough] >= demand.milli; ++enough) sum += sorted[enough];
    const bool fits = enough >= static_cast<std::size_t>(demand.count) && demand.admits(model);
    usable[d] = fits ? sum : 0;
  }
  std::int64_t fragments = weight_ * idle;
  out[0] = fragments;
  std::size_t term = 0;
  for (std::size_t c = 0; c < cpu_.size(); ++c) {
    for (; term < terms_end_[c]; ++term) {
      fragments -= terms_[term].count * usable[terms_[term].demand];
    }
    out[c + 1] = fragments;
  }
}

std::int64_t Fragmentation::amount(Symbol model, std::int64_t cpu_free,
                                   std::span<const std::int32_t> free) const {
  std::vector<std::int64_t> table(steps());
  tabulate(model, free, table);
  return table[step_of(cpu_free)];
}

std::int64_t Fragmentation::score(std::int64_t before, std::int64_t after) const {
  return std::upper_bound(score_at_.begin(), score_at_.end(), before - after) - score_at_.begin();
}

}  // namespace orrery::scheduler
