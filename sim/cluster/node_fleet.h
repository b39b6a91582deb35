// NodeFleet: all simulated machines: for each a ContainerModel, a link to the API server and a
// Kubelet. Pods reach the kubelets through one shared informer. Faults act here, and the fleet
// keeps the leases of machines that no longer can: it writes the last renewal they made.
//
//     shared pod informer -> gate (shut while cut off) -> Kubelet -> NodeLink -> API server
//                                                            `-> ContainerModel
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/client/event_recorder.h"
#include "core/client/informer.h"
#include "core/kubelet/kubelet.h"
#include "sim/cluster/fault_target.h"
#include "sim/cluster/node_link.h"
#include "sim/cluster/node_objects.h"
#include "sim/container_model/container_model.h"

namespace orrery::sim {

class NodeFleet final : public FaultTarget {
 public:
  struct Options {
    ContainerModelConfig model;
    kubelet::KubeletConfig kubelet;
  };
  /// Make before `informers` start. `client` is the nodes' shared connection; `recorder` may be
  /// null.
  NodeFleet(Env& env, Client& client, Informers& informers, Options options,
            EventRecorder* recorder);
  ~NodeFleet() override;

  void add(NodePlan plan);
  /// All machines boot, in the order they were added.
  void start();
  std::size_t size() const { return machines_.size(); }

  void crash(Symbol node) override;
  void hang(Symbol node) override;
  void recover(Symbol node) override;
  void cut_off(Symbol node) override;
  void reconnect(Symbol node) override;
  void slow_down(Symbol node, double factor) override;
  void fail_pulls(std::string_view pattern, bool failing) override;

  /// A running container exits now with `code`; nothing happens where none of that name runs.
  void end_container(Symbol node, Uid pod, Symbol container, std::int32_t code);

  std::size_t memory_bytes() const;

 private:
  struct Machine;
  class GatedSource;
  enum class State : std::uint8_t { kUp, kCrashed, kHung, kCutOff };

  Machine* find(Symbol node) const;
  void bring_back(Machine& machine);
  void stop_lease(const Machine& machine);

  Env& env_;
  Client& client_;
  Informer<api::Node> nodes_;
  ContainerModelShared shared_;
  kubelet::KubeletShared kubelets_;
  EventRecorder* recorder_;
  std::unique_ptr<GatedSource> source_;
  std::vector<std::unique_ptr<Machine>> machines_;
  std::unordered_map<std::uint32_t, Machine*> by_name_;  // by symbol id: lookup only
};

}  // namespace orrery::sim
