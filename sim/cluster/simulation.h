// Simulation: one run of a scenario: the whole control plane, the fleet and the scenario's script
// on one virtual clock. This is the simulator's composition root and reads like a wiring diagram.
// Make it, call prepare(), then run(); the same scenario and seed give the same digest. Whoever
// serves the cluster brings a driver, calls start() instead of run() and runs the loop.
//
//     scheduler, controllers, kubelets --LocalClient--> ApiServer --> Store --> Recorder
//     ActionPlayer, TracePlayer -------^                 (each on its own link)
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/api/kind_registry.h"
#include "core/api/schema/api_table.h"
#include "core/apiserver/api_server.h"
#include "core/controller/controllers.h"
#include "core/results/summary.h"
#include "core/scheduler/scheduler.h"
#include "sim/clock/sim_driver.h"
#include "sim/cluster/action_player.h"
#include "sim/cluster/expectation_checker.h"
#include "sim/cluster/journal.h"
#include "sim/cluster/local_client.h"
#include "sim/cluster/node_fleet.h"
#include "sim/cluster/recorder.h"
#include "sim/cluster/trace_player.h"
#include "sim/storage/memory_storage.h"

namespace orrery::sim {

/// Called now and then while a run goes on; for progress bars. It must not change anything.
struct Progress {
  Time now, start, end;
  std::uint64_t events = 0;
  const PodTotals* pods = nullptr;
};

/// What a served cluster has beyond a simulated one.
struct ServingOptions {
  apiserver::Admission admission;
  std::string root_ca_pem;  // published in each namespace as ConfigMap kube-root-ca.crt
  bool writes_heartbeats = false;  // leases and node statuses, where the cluster is not large
};

class Simulation {
 public:
  explicit Simulation(Scenario scenario);
  /// On a clock of the caller's, which stands at the scenario's start time and outlives it.
  Simulation(Scenario scenario, Driver& driver, ServingOptions serving);
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  /// Reads and checks manifests and trace. Invalid: one line an error; nothing has run then.
  Status prepare();
  /// Events of the run also go here; call before run().
  void set_event_file(results::EventFile* file) { journal_.set_file(file); }
  /// Is told of each scheduling decision; call before prepare(). It must not change anything.
  void set_decision_observer(scheduler::DecisionObserver* observer) {
    decision_observer_ = observer;
  }
  /// Ends run() after the task that is running.
  void stop() { stopped_ = true; }
  /// Runs to the end. `progress` may be empty; called at most every `progress_every` events.
  void run(Callback<void(const Progress&)> progress);
  /// Begins a run without an end: `until`, stopWhen and expectations do not count.
  void start();
  /// Everything but the wall-clock figures.
  results::Summary summarise();

  Recorder& recorder() { return recorder_; }
  Env& env() { return env_; }
  const api::Kinds& kinds() const { return kinds_; }
  store::Store& store() { return store_; }
  apiserver::ApiServer& server() { return server_; }
  const Scenario& scenario() const { return scenario_; }
  NodeFleet& fleet() { return fleet_; }
  ActionPlayer& actions() { return actions_; }
  Time start_time() const { return scenario_.start_time; }
  /// The pools of the cluster, in the scenario's order.
  std::vector<std::string> pool_names() const;
  Log& log() { return log_; }
  Journal& journal() { return journal_; }
  /// After prepare().
  scheduler::Scheduler& scheduler() { return *scheduler_; }
  /// The components' caches, for invariant checks.
  Informers& scheduler_informers() { return scheduler_informers_; }
  Informers& controller_informers() { return controller_informers_; }
  Informers& node_informers() { return node_informers_; }

  static constexpr std::uint64_t kProgressEvery = 50'000;
  /// From this many nodes on, runs write no Event objects and coalesce status writes.
  static constexpr std::size_t kLargeCluster = 1000;

 private:
  Simulation(Scenario scenario, Driver* driver, ServingOptions serving);
  bool is_large() const { return nodes_planned_ >= kLargeCluster; }
  Status read_manifests();
  Status make_scheduler();
  void begin();
  void on_action(const Action& action, bool is_fault, int line);
  void watch_healing();
  bool should_stop() const;

  struct Healing {
    int line;
    Time since;
    std::int64_t missing_before;
    std::int64_t worst = 0;
    bool seen_loss = false;
  };

  Scenario scenario_;
  const ServingOptions serving_;
  bool ends_ = true;
  std::unique_ptr<SimDriver> own_driver_;
  EventLoop loop_;
  Random random_;
  Log log_;
  Metrics metrics_;
  Env env_;
  api::ApiTable table_;
  api::Kinds kinds_;
  MemoryStorage storage_;
  store::Store store_;
  Recorder recorder_;
  Journal journal_;
  apiserver::ApiServer server_;

  LocalClient scheduler_client_, controller_client_, node_client_, user_client_;
  Informers scheduler_informers_, controller_informers_, node_informers_;
  EventRecorder scheduler_events_, node_events_;
  NodeFleet fleet_;
  ActionPlayer actions_;
  ExpectationChecker expectations_;
  std::unique_ptr<scheduler::Scheduler> scheduler_;
  std::unique_ptr<controller::ControllerManager> controllers_;
  std::unique_ptr<TracePlayer> trace_;

  scheduler::DecisionObserver* decision_observer_ = nullptr;
  bool stopped_ = false;
  std::vector<std::string> scheduler_notes_;  // what the configuration file says for nothing
  ImportedTrace trace_data_;
  std::size_t nodes_planned_ = 0;
  std::vector<NodePlan> plans_;
  std::vector<ManifestDocument> documents_;
  std::vector<std::pair<Duration, std::vector<ManifestDocument>>> later_workloads_;
  std::vector<Healing> healing_;
};

}  // namespace orrery::sim
