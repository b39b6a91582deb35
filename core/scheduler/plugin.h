// The extension points of the scheduling framework (upstream's
// pkg/scheduler/framework/interface.go). A plugin derives from Plugin and from the interfaces of
// the points that it serves; a profile enables it by name. Everything a plugin needs comes in by
// its factory; plugins keep per-cycle data in CycleState.
//
//   PreEnqueue -> QueueSort -> PreFilter -> Filter -> (PostFilter) -> PreScore -> Score
//     -> normalize -> Reserve -> Permit -> PreBind -> Bind -> PostBind
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/time.h"
#include "core/scheduler/cluster_event.h"
#include "core/scheduler/cycle_state.h"
#include "core/scheduler/node_info.h"
#include "core/scheduler/signature.h"

namespace orrery::scheduler {

class SchedulerCache;

/// fwk.Code of upstream.
enum class Code : std::uint8_t {
  kSuccess,
  kError,                         // something broke: try again with back-off
  kUnschedulable,                 // not now; removing pods may help
  kUnschedulableAndUnresolvable,  // not now; removing pods will not help
  kWait,                          // Permit: later
  kSkip,                          // nothing to do for this pod
};

/// "Unschedulable" and so on.
std::string_view to_string(Code code);

/// What an extension point answers (fwk.Status). Reasons are for people: "Insufficient cpu".
struct Verdict {
  Code code = Code::kSuccess;
  std::vector<Symbol> reasons;
  int plugin = -1;  // number of the plugin in its framework, set by the framework

  bool ok() const { return code == Code::kSuccess; }
  bool rejects() const {
    return code == Code::kUnschedulable || code == Code::kUnschedulableAndUnresolvable;
  }
  bool operator==(const Verdict&) const = default;
};

inline constexpr std::int64_t kScoreMax = 100;

class Plugin {
 public:
  virtual ~Plugin() = default;
  virtual std::string_view name() const = 0;

  /// Events that may make a pod schedulable that this plugin rejected (EventsToRegister).
  virtual EventMask events() const { return events::kAll; }
  /// Whether this event, one of events(), makes another try worth it (QueueingHintFn).
  virtual bool is_worth_retrying(const ClusterEvent&, const api::Pod&) const { return true; }

  /// False: filter or score read more than the pod and one node (spreading, affinity between pods,
  /// volumes). They are then asked anew for every pod, after the remembered verdicts of the others;
  /// pre_filter should be cheap. sign() and epoch() are not called.
  virtual bool is_node_local() const { return true; }
  /// Adds all that filter and score read of this pod. False: they read more than the pod, the node
  /// and epoch(), so nothing may be remembered for pods like this.
  virtual bool sign(const api::Pod&, Signature&) { return false; }
  /// Changes with anything but the pod and the node that filter and score read.
  virtual std::uint64_t epoch(const CycleState&) const { return 0; }
};

class PreEnqueuePlugin {
 public:
  virtual ~PreEnqueuePlugin() = default;
  virtual Verdict pre_enqueue(const api::Pod& pod) const = 0;
};

/// Lower keys are scheduled first; of equal keys the pod that came first.
struct SortKey {
  std::int64_t first = 0;
  std::int64_t second = 0;
  auto operator<=>(const SortKey&) const = default;
};

class QueueSortPlugin {
 public:
  virtual ~QueueSortPlugin() = default;
  /// `queued`: when the pod entered the queue (again).
  virtual SortKey sort_key(const api::Pod& pod, Time queued) const = 0;
};

/// The nodes that PreFilter leaves; absent = all. Sorted by text.
using NodeNames = std::optional<std::vector<Symbol>>;

class PreFilterPlugin {
 public:
  virtual ~PreFilterPlugin() = default;
  /// May narrow `nodes`. Skip: filter() need not be called for this pod.
  virtual Verdict pre_filter(CycleState& state, const api::Pod& pod, NodeNames& nodes) = 0;
};

class FilterPlugin {
 public:
  virtual ~FilterPlugin() = default;
  virtual Verdict filter(const CycleState& state, const api::Pod& pod,
                         const NodeInfo& node) const = 0;
  /// True: what other pods are on the node can only speak against it, and only those on the node
  /// itself are looked at. Preemption then need not ask again for every set of victims.
  virtual bool only_crowds() const { return false; }
  /// Nodes outside of these are turned down for sure; null: any node may pass. For pods that need
  /// what few nodes have, so that the others need not be judged one by one.
  virtual const std::vector<NodeSlot>* only_nodes(const CycleState&, const api::Pod&) const {
    return nullptr;
  }
  /// filter().ok(), for plugins that know it without making the words.
  virtual bool passes(const CycleState& state, const api::Pod& pod, const NodeInfo& node) const {
    return filter(state, pod, node).ok();
  }
};

class Framework;

/// A cycle that found no node.
struct FailedCycle {
  const Framework& framework;
  /// Nodes turned down as Unschedulable, in scan order: removing pods may help there.
  std::span<const NodeSlot> removable;
  std::int64_t nodes_total = 0;
};

class PostFilterPlugin {
 public:
  virtual ~PostFilterPlugin() = default;
  struct Outcome {
    Verdict verdict;  // ok: the pod may fit on `nominated` once its victims are gone
    Symbol nominated_node;
    bool clears_nomination = false;  // not ok: the pod has no node to wait for (any more)
  };
  /// The message of a verdict that is not ok becomes part of the pod's FitError.
  virtual Outcome post_filter(const Ref<const api::Pod>& pod, const FailedCycle& cycle) = 0;
  /// What post_filter would answer now, without acting: for explanations. A plugin that only acts
  /// and never finds a way has nothing to say.
  virtual Outcome preview(const Ref<const api::Pod>&, const FailedCycle&) {
    return {{Code::kUnschedulable, {}}, {}};
  }
};

class PreScorePlugin {
 public:
  virtual ~PreScorePlugin() = default;
  /// Skip: score() is not called and adds nothing.
  virtual Verdict pre_score(CycleState& state, const api::Pod& pod,
                            std::span<const NodeSlot> feasible) = 0;
  /// False: after this pod's pre_filter it is known that pre_score will answer Skip.
  virtual bool may_score(const CycleState&, const api::Pod&) const { return true; }
};

class ScorePlugin {
 public:
  virtual ~ScorePlugin() = default;
  virtual std::int64_t score(const CycleState& state, const api::Pod& pod,
                             const NodeInfo& node) const = 0;
  /// The same for many nodes; `out` has one place for each. For plugins with a faster loop.
  virtual void score_many(const CycleState& state, const api::Pod& pod,
                          const SchedulerCache& cache, std::span<const NodeSlot> nodes,
                          std::span<std::int64_t> out) const;
  /// True if normalize() changes scores (NormalizeScore).
  virtual bool normalizes() const { return false; }
  /// From raw scores of all feasible nodes to 0..kScoreMax. Equal raw scores must become equal.
  virtual void normalize(std::span<std::int64_t>) const {}
  /// normalize() with the nodes that the scores are of; what the framework calls. Override it
  /// where equal raw scores may become different.
  virtual void normalize_nodes(const CycleState&, std::span<const NodeSlot>,
                               std::span<std::int64_t> scores) const {
    normalize(scores);
  }
};

/// Chooses GPU devices inside the chosen node: the first Score plugin of a profile that is one;
/// without one the tightest fit is taken.
class DevicePlugin {
 public:
  virtual ~DevicePlugin() = default;
  /// 0: no opinion, or the pod asks for no GPU.
  virtual DeviceMask devices_for(const api::Pod& pod, const NodeInfo& node) const = 0;
};

class ReservePlugin {
 public:
  virtual ~ReservePlugin() = default;
  virtual Verdict reserve(CycleState& state, const api::Pod& pod, const NodeInfo& node) = 0;
  /// Called for all reserve plugins, in reverse, when anything later fails. Must be idempotent.
  virtual void unreserve(CycleState& state, const api::Pod& pod, Symbol node) = 0;
};

class PermitPlugin {
 public:
  virtual ~PermitPlugin() = default;
  /// Wait: hold the pod for at most `timeout`.
  virtual Verdict permit(CycleState& state, const api::Pod& pod, Symbol node,
                         Duration& timeout) = 0;
};

/// Takes the outcome of what a plugin started.
class Completer {
 public:
  /// `message` is for people; empty if the verdict is ok.
  virtual void complete(std::uint64_t id, Verdict verdict, std::string message) = 0;

 protected:
  ~Completer() = default;
};

/// Names one pending call; small, so that it rides in callbacks. Call it once, never before the
/// extension point has returned.
struct Completion {
  Completer* target;
  std::uint64_t id;
  void operator()(Verdict verdict, std::string message = {}) const {
    target->complete(id, std::move(verdict), std::move(message));
  }
};

class PreBindPlugin {
 public:
  virtual ~PreBindPlugin() = default;
  /// False: nothing to do, `done` is not called. Otherwise `done` is called once, later.
  virtual bool pre_bind(CycleState& state, const Ref<const api::Pod>& pod, Symbol node,
                        Completion done) = 0;
};

class BindPlugin {
 public:
  virtual ~BindPlugin() = default;
  /// False: not mine, the next bind plugin is asked. Otherwise `done` is called once, later.
  virtual bool bind(CycleState& state, const Ref<const api::Pod>& pod, Symbol node,
                    Completion done) = 0;
};

class PostBindPlugin {
 public:
  virtual ~PostBindPlugin() = default;
  virtual void post_bind(CycleState& state, const api::Pod& pod, Symbol node) = 0;
};

}  // namespace orrery::scheduler
