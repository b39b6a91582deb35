// EquivalenceClass: verdict and score of every node for pods that are alike to all node-local
// plugins, kept up to date by the cache's change log: only nodes that changed since the last visit
// are judged again, by the same plugins. Nodes stand in scan order, in chunks with a summary each,
// so a window of thousands of nodes costs a few dozen steps. Gives the integers and the choice of
// the plain path.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "core/base/random.h"
#include "core/scheduler/cache.h"
#include "core/scheduler/fit_error.h"
#include "core/scheduler/framework.h"

namespace orrery::scheduler {

class EquivalenceClass {
 public:
  EquivalenceClass(std::uint64_t id, const Framework& framework, Ref<const api::Pod> pod);

  std::uint64_t id() const { return id_; }
  /// False: PreFilter narrows or rejects such pods, so they take the plain path.
  bool is_usable() const { return usable_; }

  /// Notes what changed. Call before the functions below, after cache.refresh_order().
  void refresh(const SchedulerCache& cache);

  /// A run of nodes in scan order, ending where the last wanted feasible node is.
  struct Window {
    std::int64_t start = 0;
    std::int64_t processed = 0;
    std::int64_t feasible = 0;
    std::int64_t best = -1;  // of the totals without plugins that normalise
    std::int64_t ties = 0;
  };
  /// Scans from `start` until `wanted` feasible nodes are found.
  Window scan(const SchedulerCache& cache, std::int64_t start, std::int64_t wanted);

  struct Choice {
    NodeSlot node = kNoNode;
    std::int64_t score = 0;
  };
  /// The node to take of a window with at least one feasible node.
  Choice choose(const SchedulerCache& cache, const Window& window, TieBreak rule,
                RandomStream& stream);
  /// The nodes of a window that also pass what this class does not know.
  struct Picked {
    std::int64_t processed = 0;
    std::vector<NodeSlot> nodes;
    std::vector<std::int64_t> positions;
  };
  /// Scans from `start` until `wanted` nodes are found that fit and are accepted; fills `picked`,
  /// whose memory is used again. `accepts`: empty = every node.
  void pick(const SchedulerCache& cache, std::int64_t start, std::int64_t wanted,
            const std::function<bool(NodeSlot)>& accepts, Picked& picked);
  /// Fills `sums`: weight x normalised score of the plugins that this class knows, added up.
  void totals(std::span<const std::int64_t> positions, std::vector<std::int64_t>& sums) const;
  /// By code of the rejection: the nodes that were turned down, in scan order; only after a scan
  /// that saw all.
  std::vector<NodeSlot> rejected(const SchedulerCache& cache, Code code) const;

  /// Why no node fits; only after a scan that found none. Shared until a node changes.
  std::shared_ptr<const Diagnosis> diagnosis(const SchedulerCache& cache);

  /// The verdict of one node, judged now if need be: its base total, or the rejection.
  const Verdict* rejection(const SchedulerCache& cache, NodeSlot slot);

  std::size_t bytes() const {
    return static_cast<std::size_t>(total_.size()) * 4 * (1 + normalized_.size());
  }
  std::uint64_t last_used = 0;

 private:
  static constexpr std::int64_t kChunk = 64;
  static constexpr std::int32_t kUnknown = -1;  // <= -2: rejected by verdicts_[-2 - total]
  static constexpr std::int32_t kElsewhere = -2;  // rejected for sure, words not known yet
  struct Chunk {
    std::int32_t best = -1;
    std::int16_t feasible = 0;
    std::int16_t ties = 0;
    bool stale = true;
  };
  /// A plugin that normalises: raw scores by position, made when the first is not 0.
  struct Normalized {
    Framework::Scorer scorer;
    std::int64_t constant = 0;  // what it adds while all raw scores are 0
    Eigen::ArrayXi raw;
  };

  void reset(const SchedulerCache& cache);
  void settle(const SchedulerCache& cache);
  void fill(const SchedulerCache& cache, std::int64_t chunk);
  std::int32_t judge(const SchedulerCache& cache, std::int64_t position);
  bool has_raw_scores() const;
  template <class F, class G>
  void walk(std::int64_t start, std::int64_t count, F&& on_chunk, G&& on_node) const;
  Choice choose_by_normalizing(const SchedulerCache& cache, const Window& window, TieBreak rule,
                               RandomStream& stream);

  std::uint64_t id_;
  const Framework& framework_;
  Ref<const api::Pod> pod_;
  CycleState state_;
  bool usable_ = false;
  std::vector<Framework::Scorer> direct_;  // plugins whose score needs no normalising
  std::vector<Normalized> normalized_;
  Eigen::ArrayXi total_;
  std::vector<Chunk> chunks_;
  std::vector<Verdict> verdicts_;
  std::shared_ptr<const Diagnosis> diagnosis_;
  std::uint64_t order_generation_ = 0;
  std::uint64_t epoch_ = 0;
  std::uint64_t seen_ = 0;  // changes of the cache
};

}  // namespace orrery::scheduler
