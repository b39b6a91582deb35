// Scheduler: kube-scheduler. Watches pods and nodes, takes pending pods of its profiles from the
// queue, finds each a node (Placer), counts it there at once (assume) and binds it through the
// client. Many pods are scheduled in one task of the loop, at one instant; bindings are written
// asynchronously. Make it before the informers start, call start(), keep it as long as the loop
// runs.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/client/event_recorder.h"
#include "core/client/informer.h"
#include "core/scheduler/explain.h"
#include "core/scheduler/extender.h"
#include "core/scheduler/placer.h"
#include "core/scheduler/queue.h"

namespace orrery::api {
class Kinds;
}

namespace orrery::scheduler {

/// Told of each scheduling attempt: for benchmarks, which time it by a clock of their own.
class AttemptObserver {
 public:
  /// A pod was taken from the queue.
  virtual void on_attempt_begin() = 0;
  /// It has its node and its binding is on its way, or it has been turned down.
  virtual void on_attempt_end(Placement::Kind outcome) = 0;

 protected:
  ~AttemptObserver() = default;
};

/// Told of each decision while it is made, for explanations. It only reads: a run that is observed
/// goes as one that is not.
class DecisionObserver {
 public:
  /// The pod is about to be placed: Scheduler::explain_pod() now tells what will be decided.
  virtual void before_decision(const QueuedPod& queued) = 0;
  /// The decision has been made, and nothing has come of it yet.
  virtual void after_decision(const QueuedPod& queued, const Placement& placement) = 0;

 protected:
  ~DecisionObserver() = default;
};

struct SchedulerConfig {
  std::vector<Profile> profiles{default_profile()};
  PluginRegistry registry = built_in_plugins();
  SchedulingQueue::Options queue;
  /// Pods scheduled in one task of the loop before others get their turn.
  std::size_t batch_max = 256;
  /// Virtual time that one attempt takes; 0 = none. Models a scheduler's throughput.
  Duration attempt_duration{};
  /// Programs that are asked over HTTP after the plugins; `http` is needed if there are any.
  std::vector<ExtenderConfig> extenders;
  HttpCaller* http = nullptr;
  /// Off: every pod takes the plain path (for comparisons).
  bool fast_path = true;
  /// Knows the kinds without a type of their own (ReplicationController, CSINode, ...) if the
  /// scheduler is to watch them; null: it does not.
  const api::Kinds* kinds = nullptr;
  /// Null: nobody watches. Outlives the scheduler.
  AttemptObserver* attempt_observer = nullptr;
  /// The same.
  DecisionObserver* decision_observer = nullptr;
};

class Scheduler final : private Completer, private WaitingPods {
 public:
  Scheduler(Env& env, Client& client, Informers& informers, EventRecorder& events,
            SchedulerConfig config);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// BadRequest if a profile is wrong; start() says the same.
  const Status& profiles_status() const { return profiles_status_; }
  /// Begins to schedule once the informers have synced. BadRequest if a profile is wrong.
  Status start();

  /// The decision that an attempt would make for this pod now; a pod that has a node is decided as
  /// if it were pending. BadRequest if no profile is responsible for it.
  Result<Explanation> explain_pod(const Ref<const api::Pod>& pod);
  /// The framework of the profile with this name, or null.
  const Framework* framework(Symbol scheduler_name) const;

  const SchedulerCache& cache() const { return cache_; }
  const SchedulingQueue& queue() const { return queue_; }
  const Placer& placer() const { return placer_; }

  /// Pods that a Permit plugin holds: lets one go on, or turns it away. False if it does not wait.
  bool allow_waiting(const Uid& uid);
  bool reject_waiting(const Uid& uid, std::string why) override;

 private:
  /// A pod on its way from its chosen node to its binding.
  struct Binding {
    QueuedPod queued;
    Symbol node;
    std::unique_ptr<CycleState> state;
    std::size_t next_pre_bind = 0;
    std::size_t next_bind = 0;
    TimerId permit_timeout;
    std::uint64_t id = 0;  // 0: free
    bool waiting = false;
    int waits_for = -1;  // number of the Permit plugin that said so
    std::uint64_t gang_attempt = 0;  // in which it was placed; 0: singly
  };

  void on_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now);
  void on_assigned_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now);
  void on_pending_pod(const Ref<const api::Pod>& now);
  void on_node(const Ref<const api::Node>& old, const Ref<const api::Node>& now);
  void watch_objects();
  void on_object(Watched kind, EventMask event_kind, const api::ObjectRef& old,
                 const api::ObjectRef& now);

  void wake();
  void run_batch();
  void arm_timer();
  std::size_t attempt_next(QueuedPod queued);
  void attempt(QueuedPod queued);
  Placement::Kind place_and_bind(QueuedPod queued);
  void allow_later(const Uid& uid) override;
  void retry_gang(const GangKey& key);
  void give_up_gang(const GangKey& key, const std::vector<Uid>& attempted);
  void on_room_freed(const api::Pod& pod);
  void begin_binding(QueuedPod queued, Placement placement);
  void continue_binding(Binding& binding);
  void finish_binding(Binding& binding);
  void abandon_binding(Binding& binding, const Verdict& verdict, std::string message);
  void complete(std::uint64_t id, Verdict verdict, std::string message) override;
  Binding* find_binding(std::uint64_t id);
  Binding* find_waiting(const Uid& uid);
  void free_binding(Binding& binding);

  void on_unschedulable(QueuedPod queued, Placement placement);
  void fail(QueuedPod queued, Symbol reason, const std::string& message,
            std::optional<Symbol> nominated);
  void write_condition(const Ref<const api::Pod>& pod, Symbol reason, const std::string& message,
                       std::optional<Symbol> nominated);

  Env& env_;
  Client& client_;
  Informers& informers_;
  EventRecorder& events_;
  SchedulerConfig config_;
  SchedulerCache cache_;
  Placer placer_;
  SchedulingQueue queue_;
  std::unique_ptr<ExtenderChain> extenders_;  // null: none
  std::vector<std::unique_ptr<Framework>> frameworks_;
  Status profiles_status_;
  Informer<api::Pod> pods_;
  std::vector<Binding> bindings_;
  std::vector<std::uint32_t> free_bindings_;
  std::uint64_t binding_sequence_ = 0;
  std::uint64_t gang_attempts_ = 0;
  std::uint64_t gang_attempt_ = 0;  // the running one; 0: none
  /// Pods that were turned away during the running attempt, so that its own pod hears of them, too.
  std::vector<Ref<const api::Pod>> freed_in_attempt_;
  bool started_ = false;
  bool awake_ = false;
  TimerId timer_;
  Time timer_at_ = kNever;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  Counter& scheduled_;
  Counter& unschedulable_;
  Counter& errors_;
  Gauge& pending_;
};

}  // namespace orrery::scheduler
