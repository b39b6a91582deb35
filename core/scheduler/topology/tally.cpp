#include "core/scheduler/topology/tally.h"

#include <algorithm>
#include <utility>

namespace orrery::scheduler {

Tally::Tally(const TopologyKeys& keys, std::shared_ptr<const Coverage> coverage,
             const SlotCounts& counts)
    : keys_(keys), coverage_(std::move(coverage)), counts_(counts) {
  counts_.for_each([&](NodeSlot slot, std::int32_t pods) { add(slot, pods); });
}

void Tally::add(NodeSlot slot, std::int32_t delta) {
  if (delta == 0) return;
  const Domain domain = coverage_->of(slot);
  if (domain == kNoDomain) return;
  const std::int32_t now = sums_.add(domain, delta);
  const std::int32_t before = now - delta;
  if (before > 0) {
    --domains_with_[static_cast<std::size_t>(before)];
    --occupied_;
  }
  if (now > 0) {
    const auto n = static_cast<std::size_t>(now);
    if (n >= domains_with_.size()) domains_with_.resize(std::max(n + 1, n * 5 / 4), 0);
    ++domains_with_[n];
    least_ = occupied_++ == 0 ? now : std::min(least_, now);
  }
  while (occupied_ > 0 && domains_with_[static_cast<std::size_t>(least_)] == 0) ++least_;
}

}  // namespace orrery::scheduler
