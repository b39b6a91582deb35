// Placer: one scheduling cycle: which node a pod goes to, or why none. Two paths that give the same
// answer: the plain one runs every plugin over the nodes of the window, as upstream; the fast one
// asks the pod's equivalence class. Changes nothing but its own memory and the next start index.
#pragma once

#include <memory>
#include <vector>

#include "core/scheduler/equivalence.h"
#include "core/scheduler/host_selection.h"

namespace orrery::scheduler {

class ExtenderChain;
class NominatedFilter;

struct Placement {
  enum class Kind : std::uint8_t { kPlaced, kUnschedulable, kError };
  Kind kind = Kind::kError;
  NodeSlot node = kNoNode;
  std::int64_t score = -1;     // total of the chosen node; -1 if it was the only feasible one
  std::int64_t evaluated = 0;  // nodes looked at
  std::int64_t feasible = 0;   // of them fit
  std::uint64_t class_id = 0;  // 0: plain path
  std::shared_ptr<const Diagnosis> diagnosis;  // kUnschedulable
  /// kUnschedulable: the nodes where removing pods may help, in scan order; only made if the
  /// profile has PostFilter plugins.
  std::vector<NodeSlot> removable;
  std::string error;                           // kError
  /// What plugins noted, for the extension points that follow; null if none did.
  std::unique_ptr<CycleState> state;

  /// The answer of a cluster without nodes.
  static Placement no_nodes();
  /// A plugin failed.
  static Placement failed(const Verdict& verdict);
};

class Placer {
 public:
  /// `tie_break`: the stream for random ties.
  Placer(SchedulerCache& cache, RandomStream& tie_break) : cache_(cache), ties_(tie_break) {}

  Placement place(const Framework& framework, const Ref<const api::Pod>& pod);
  Placement place_plain(const Framework& framework, const Ref<const api::Pod>& pod);

  void use_fast_path(bool on) { fast_ = on; }
  /// Asks these after the plugins; null: nobody. They outlive the placer's use.
  void use_extenders(const ExtenderChain* extenders) { extenders_ = extenders; }
  /// Where the next scan starts (nextStartNodeIndex).
  std::int64_t next_start() const { return next_start_; }
  /// What the next ties are drawn from; copy it to see a draw before it is made.
  const RandomStream& tie_break() const { return ties_; }
  /// How many feasible nodes a scan over so many nodes looks for.
  static std::int64_t wanted(const Framework& framework, std::size_t nodes);
  const EquivalenceCache& classes() const { return classes_; }

 private:
  Placement place_by_class(const Framework& framework, EquivalenceClass& cls,
                           const Ref<const api::Pod>& pod);
  Placement place_remembered(const Framework& framework, EquivalenceClass& cls);
  void explain_rejections(const Framework& framework, EquivalenceClass& cls,
                          const CycleState& state, NominatedFilter& nominated,
                          Placement& placement) const;
  void advance(std::int64_t processed);
  std::vector<NodeSlot> slots_of(const std::vector<Symbol>& names) const;
  Verdict search(const Framework& framework, const CycleState& state,
                 const Ref<const api::Pod>& pod, std::span<const NodeSlot> nodes,
                 Placement& placement, Diagnosis& diagnosis, std::vector<NodeSlot>& feasible);
  bool fits_nominated(const Framework& framework, const Ref<const api::Pod>& pod,
                      Placement& placement);

  SchedulerCache& cache_;
  RandomStream& ties_;
  EquivalenceCache classes_;
  std::int64_t next_start_ = 0;
  bool fast_ = true;
  // Memory of place_by_class(), used again for each pod.
  EquivalenceClass::Picked picked_;
  std::vector<std::int64_t> totals_;
  std::vector<std::int64_t> scratch_;
  const ExtenderChain* extenders_ = nullptr;
};

/// The verdict for nodes that PreFilter left out.
Verdict left_out(const Framework& framework, std::uint64_t narrowed_by);

}  // namespace orrery::scheduler
