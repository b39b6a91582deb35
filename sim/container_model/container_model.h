// ContainerModel: the NodeRuntime of one simulated node: no container runs, but each start takes
// the time it would, and containers exit, crash, become ready or run out of memory as the scenario
// says. Answers come through the event loop. It holds no timer for a container that runs for ever.
// Rule: it outlives the loop's run (nodes that leave are crashed, not destroyed).
#pragma once

#include <string_view>
#include <vector>

#include "core/ports/node_runtime.h"
#include "core/runtime/env.h"
#include "sim/container_model/address_pool.h"
#include "sim/container_model/container_fate.h"
#include "sim/container_model/image_store.h"

namespace orrery::sim {

class ContainerModel final : public NodeRuntime {
 public:
  ContainerModel(Env& env, ContainerModelShared& shared, std::string_view node_name);

  /// The range that pods get their addresses from ("10.244.1.0/24"). False if it is none.
  bool set_pod_cidr(std::string_view cidr) { return addresses_.set_range(cidr); }
  /// An image that lies on the node from the start.
  void add_image(Symbol image) { images_.add(image); }

  /// Power gone: every container dies (255), sandboxes and addresses are lost, images stay. Calls
  /// are not answered until boot().
  void crash();
  void boot() { down_ = false; }
  /// The machine stands still: nothing is answered and nothing exits until resume(), which catches
  /// up.
  void hang() { hung_ = true; }
  void resume();
  /// Starts, stops and pulls take `factor` times as long; 1 ends it.
  void slow_down(double factor) { slow_ = factor; }
  /// From now on the pod's probes of this kind fail, or succeed again.
  void set_probe_result(Uid pod, ProbeKind kind, bool success);
  /// A running container of the pod exits now with `code`. False if none of that name runs.
  bool end_container(Uid pod, Symbol name, std::int32_t code, Symbol reason = {});

  /// The pod's sandbox dies, and with it what runs inside. False if the pod has none.
  bool lose_sandbox(Uid pod);

  std::size_t containers_running() const;
  std::size_t memory_bytes() const;

  void set_events(NodeRuntimeEvents* events) override { events_ = events; }
  void run_pod_sandbox(SandboxConfig config, Callback<void(Result<SandboxStatus>)> done) override;
  void stop_pod_sandbox(Text sandbox_id, Callback<void(Status)> done) override;
  void remove_pod_sandbox(Text sandbox_id, Callback<void(Status)> done) override;
  void pull_image(Ref<const api::Pod> pod, Symbol image,
                  Callback<void(Result<Symbol>)> done) override;
  bool has_image(Symbol image) override { return images_.has(image); }
  void create_container(ContainerConfig config, Callback<void(Result<Text>)> done) override;
  void start_container(Text container_id, Callback<void(Status)> done) override;
  void stop_container(Text container_id, Duration grace, Callback<void(Status)> done) override;
  void remove_container(Text container_id, Callback<void(Status)> done) override;
  void list(Callback<void(Result<Inventory>)> done) override;
  void exec_sync(Text container_id, std::vector<std::string> command, Duration timeout,
                 Callback<void(Result<std::int32_t>)> exit_code) override;
  void probe(ProbeRequest request, Callback<void(ProbeAnswer)> done) override;

 private:
  struct Sandbox {
    std::uint32_t number = 0;
    std::uint32_t address = 0;  // 0: the host's
    Uid pod_uid;
    Text id;
    Time created_at;
    std::uint32_t attempt = 0;
    bool ready = false;
  };
  struct Container {
    std::uint32_t number = 0;
    std::uint32_t sandbox = 0;
    Text id;
    Ref<const api::Pod> pod;  // until it was started
    Symbol name, image;
    std::uint32_t attempt = 0;
    std::int32_t exit_code = 0;
    Symbol exit_reason;
    ContainerPhase phase = ContainerPhase::kCreated;
    bool init = false, ignores_term = false, hook_fails = false;
    Time started_at, finished_at;
    Time ready_at;  // of startup and readiness probes; kNever
    Time liveness_fails_at = kNever;
    TimerId exit_timer;
  };

  Text new_id();
  Sandbox* find_sandbox(const Text& id);
  Container* find_container(const Text& id);
  Container* find_container(std::uint32_t number);
  RuntimeContainer status_of(const Container& c) const;
  void started(Container& c);
  void exit(std::uint32_t number, std::int32_t code, Symbol reason);
  void release_address(Sandbox& s);
  void drop_sandbox(const Text& id);
  ProbeAnswer answer(const ProbeRequest& request);
  Duration draw(const LatencyModel& model, Uid pod, std::string_view purpose,
                std::uint32_t attempt);
  Duration slowed(Duration d) const;
  // Wraps what happens after a wait: not at all once the node went down, later while it hangs.
  template <class F>
  auto unless_down(F f) {
    return [this, generation = generation_, f = std::move(f)]() mutable {
      if (generation != generation_ || down_) return;
      if (hung_) {
        held_.push_back(std::move(f));
      } else {
        f();
      }
    };
  }
  template <class F>
  void later(Duration delay, F f) {
    env_.loop.after(delay, unless_down(std::move(f)));
  }
  template <class F>
  void soon(F f) {
    env_.loop.post(unless_down(std::move(f)));
  }

  Env& env_;
  ContainerModelShared& shared_;
  NodeRuntimeEvents* events_ = nullptr;
  AddressPool addresses_;
  ImageStore images_;
  std::vector<Sandbox> sandboxes_;      // by number
  std::vector<Container> containers_;   // by number
  std::vector<Callback<void()>> held_;  // while hung
  const std::uint32_t tag_;             // of the node, in ids
  std::uint32_t last_number_ = 0;
  std::uint32_t generation_ = 0;  // counts crashes
  double slow_ = 1;
  bool down_ = false, hung_ = false;
};

}  // namespace orrery::sim
