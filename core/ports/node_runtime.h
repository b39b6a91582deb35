// NodeRuntime: the CRI's verbs, as the kubelet asks them of one node. ContainerModel (sim) draws
// how long each takes; CriRuntime (live) asks containerd. Answers and events come through the event
// loop, never from within the call. Ids are the runtime's own, unique on the node.
#pragma once

#include <cstdint>
#include <vector>

#include "core/api/pod.h"
#include "core/base/callback.h"
#include "core/base/result.h"

namespace orrery {

struct SandboxConfig {
  Ref<const api::Pod> pod;
  std::uint32_t attempt = 0;
};

struct SandboxStatus {
  Text id;
  Text ip;
  bool ready = false;
  Time created_at;
  Uid pod_uid;  // whose it is, for the inventory
  std::uint32_t attempt = 0;
};

struct ContainerConfig {
  Ref<const api::Pod> pod;
  Text sandbox_id;
  Symbol name;  // which container of the pod's spec
  bool init = false;
  std::uint32_t attempt = 0;  // restart count
};

enum class ContainerPhase : std::uint8_t { kCreated, kRunning, kExited, kUnknown };

struct RuntimeContainer {
  Text id;
  Text sandbox_id;
  Symbol name;
  ContainerPhase phase = ContainerPhase::kCreated;
  std::int32_t exit_code = 0;
  Symbol reason;  // Completed, Error, OOMKilled, StartError, ...
  Text message;
  Time created_at, started_at, finished_at;
  Symbol image_id;
  Uid pod_uid;
  std::uint32_t attempt = 0;
};

/// What happened to a container without the kubelet's asking.
struct ContainerEvent {
  RuntimeContainer container;
};

enum class ProbeKind : std::uint8_t { kStartup, kLiveness, kReadiness, kHook };

/// One probe of a running container: exec, httpGet, tcpSocket or grpc. A lifecycle hook by HTTP or
/// TCP goes the same way (kHook).
struct ProbeRequest {
  ProbeKind kind = ProbeKind::kReadiness;
  Ref<const api::Pod> pod;
  Text container_id;
  Symbol container_name;
  api::Shared<api::Probe> probe;
};

struct ProbeAnswer {
  bool success = false;
  Text message;
  /// Until then every further probe would answer the same, unless on_probe_changed() says
  /// otherwise. A real node answers Time{}: it does not know. The kubelet may skip probes in
  /// between.
  Time same_until;
};

class NodeRuntimeEvents {
 public:
  virtual void on_container_exit(const ContainerEvent& event) = 0;
  virtual void on_sandbox_gone(const Text& sandbox_id) = 0;
  virtual void on_probe_changed(const Text& container_id) = 0;

 protected:
  ~NodeRuntimeEvents() = default;
};

class NodeRuntime {
 public:
  virtual ~NodeRuntime() = default;
  virtual void set_events(NodeRuntimeEvents* events) = 0;

  virtual void run_pod_sandbox(SandboxConfig config,
                               Callback<void(Result<SandboxStatus>)> done) = 0;
  virtual void stop_pod_sandbox(Text sandbox_id, Callback<void(Status)> done) = 0;
  virtual void remove_pod_sandbox(Text sandbox_id, Callback<void(Status)> done) = 0;

  /// Pulls if absent. Answers the image id. Errors: ErrImagePull's message.
  virtual void pull_image(Ref<const api::Pod> pod, Symbol image,
                          Callback<void(Result<Symbol>)> done) = 0;
  /// True if the image lies on the node.
  virtual bool has_image(Symbol image) = 0;

  virtual void create_container(ContainerConfig config, Callback<void(Result<Text>)> done) = 0;
  virtual void start_container(Text container_id, Callback<void(Status)> done) = 0;
  /// TERM, then KILL after `grace`. Done when it has exited (its exit event comes first).
  virtual void stop_container(Text container_id, Duration grace, Callback<void(Status)> done) = 0;
  virtual void remove_container(Text container_id, Callback<void(Status)> done) = 0;
  /// All sandboxes and containers known: at kubelet start.
  struct Inventory {
    std::vector<std::pair<SandboxStatus, Ref<const api::Pod>>> sandboxes;  // pod null if unknown
    std::vector<RuntimeContainer> containers;
  };
  virtual void list(Callback<void(Result<Inventory>)> done) = 0;

  virtual void exec_sync(Text container_id, std::vector<std::string> command, Duration timeout,
                         Callback<void(Result<std::int32_t>)> exit_code) = 0;
  virtual void probe(ProbeRequest request, Callback<void(ProbeAnswer)> done) = 0;
};

}  // namespace orrery
