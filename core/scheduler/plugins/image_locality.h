// ImageLocality: prefers nodes that have the pod's images already, weighed by their size and by how
// many of the nodes have them (so that one node with the image does not attract everything).
#pragma once

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

class ImageLocality final : public Plugin, public PreScorePlugin, public ScorePlugin {
 public:
  explicit ImageLocality(SchedulerCache& cache) : cache_(cache) {}
  std::string_view name() const override { return "ImageLocality"; }
  EventMask events() const override { return 0; }
  bool sign(const api::Pod& pod, Signature& signature) override;
  /// Changes when the images' scaled sizes do, unless even all together are too small to count.
  std::uint64_t epoch(const CycleState& state) const override;
  Verdict pre_score(CycleState& state, const api::Pod& pod, std::span<const NodeSlot>) override;
  std::int64_t score(const CycleState& state, const api::Pod& pod,
                     const NodeInfo& node) const override;

 private:
  SchedulerCache& cache_;
};

}  // namespace orrery::scheduler
