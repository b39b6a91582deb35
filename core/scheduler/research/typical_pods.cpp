#include "core/scheduler/research/typical_pods.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace orrery::scheduler {
namespace {

bool is_smaller(const PodShape& a, const PodShape& b) {
  const auto key = [](const PodShape& s) { return std::tie(s.cpu_milli, s.gpu_milli, s.gpus); };
  if (key(a) != key(b)) return key(a) < key(b);
  return std::lexicographical_compare(a.models.begin(), a.models.end(), b.models.begin(),
                                      b.models.end());
}

}  // namespace

std::vector<TypicalPod> typical_pods(std::span<const PodShape> pods, std::int64_t percent) {
  std::map<PodShape, std::int64_t, decltype(&is_smaller)> counts(&is_smaller);
  for (const PodShape& pod : pods) ++counts[pod];
  std::vector<TypicalPod> all;
  for (const auto& [shape, count] : counts) all.push_back({shape, count});
  std::sort(all.begin(), all.end(), [](const TypicalPod& a, const TypicalPod& b) {
    return a.count != b.count ? a.count > b.count : is_smaller(b.shape, a.shape);
  });
  const std::int64_t wanted = static_cast<std::int64_t>(pods.size()) * percent;
  std::int64_t covered = 0;
  std::size_t kept = 0;
  while (kept < all.size() && covered * 100 < wanted) covered += all[kept++].count;
  all.resize(kept);
  return all;
}

}  // namespace orrery::scheduler
