// PodWorker: brings one pod towards what its spec wants: an explicit state machine that looks at
// the record, does what pod_actions decides (one start step in flight at a time) and reports the
// status. Made on the stack for one event; all state is in the record. Level-triggered: sync()
// after any change. Rule: sync(), and whatever ends in it, may free the record; a caller does
// nothing with it after.
//
//     sync -> decide -> sandbox -> pull -> create -> start -> postStart -> sync ... -> write status
//                  `-> end of pod: stop containers -> stop sandbox -> final status -> DELETE
// Parts: pod_worker.cpp (starting), pod_termination.cpp (stopping), status_writer.cpp (API writes),
// pod_adoption.cpp (after a restart of the kubelet).
#pragma once

#include "core/kubelet/kubelet_events.h"
#include "core/kubelet/pod_actions.h"
#include "core/kubelet/pod_host.h"

namespace orrery::kubelet {

class PodWorker {
 public:
  PodWorker(PodHost& host, PodRecord& pod) : host_(host), pod_(pod) {}

  /// Looks at the pod and does what is to be done now.
  void sync();
  /// A pod seen for the first time: admits or rejects it.
  void admit();
  /// Takes over what the runtime has of it from before this kubelet's life.
  void adopt(const SandboxStatus& sandbox, const std::vector<RuntimeContainer>& containers);
  /// The source told a newer object.
  void updated(Ref<const api::Pod> pod);
  /// The object is gone from the API.
  void removed();
  void container_exited(std::size_t i, const RuntimeContainer& container);
  void sandbox_gone();

 private:
  PodWork& work();
  KubeletEvents events() const { return {host_.recorder, *pod_.pod}; }
  Uid uid() const { return pod_.pod->meta.uid; }
  std::uint32_t begin_step(StartStep step, std::size_t container);
  /// True if the answer to `serial` is still wanted; ends the step.
  bool end_step(std::uint32_t serial);
  template <class F>  // F(PodWorker&, args...): the answer to the step in flight
  auto on_step(std::uint32_t serial, F f);

  // pod_worker.cpp
  void sync_active();
  void run_sandbox();
  void sandbox_answered(Result<SandboxStatus> answer);
  void start_container(std::size_t i);
  void pull(std::size_t i);
  void pulled(std::size_t i, Result<Symbol> image_id);
  void create(std::size_t i);
  void created(std::size_t i, Result<Text> id);
  void container_answered(std::size_t i, const Status& status);
  void run_post_start(std::size_t i);
  void failed_to_start(std::size_t i, Symbol reason, Text message);
  void wake_at(Time at);
  void compact();

  // pod_termination.cpp
  void begin_termination(Duration grace);
  void sync_terminating();
  bool stop_containers();
  void kill_container(std::size_t i, Duration grace, const std::string& why);
  void stop_now(std::size_t i, Duration grace);
  void container_stopped(std::size_t i, const Text& id);
  void allocate_resources();
  void release_resources();
  void stop_sandbox();
  void terminated();
  void forget();
  /// Runs a hook; `done` gets true if it succeeded.
  void run_hook(std::size_t i, const api::LifecycleHandler& hook, Duration limit,
                Callback<void(bool)> done);
  Duration grace_of_pod() const;

  // pod_adoption.cpp
  void adopt_container(std::size_t i, const RuntimeContainer* found);

  // status_writer.cpp
  void write_status();
  void write_answered(Response response);
  void refetch();
  void delete_from_api();
  bool is_quiet() const;

  PodHost& host_;
  PodRecord& pod_;
};

}  // namespace orrery::kubelet
