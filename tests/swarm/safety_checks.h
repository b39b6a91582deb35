// SafetyChecks: what must hold after every single change of the store, whatever goes wrong around
// it. Made before Simulation::run(); the swarm test reads problems() at the end. It only reads.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/api/node.h"
#include "core/api/pod.h"
#include "core/api/pod_requests.h"
#include "sim/cluster/simulation.h"
#include "tests/swarm/draw_scenario.h"

namespace orrery::swarm {

class SafetyChecks {
 public:
  SafetyChecks(sim::Simulation& simulation, const Drawing& drawing);

  /// The first few; empty is good.
  const std::vector<std::string>& problems() const { return problems_; }
  std::uint64_t changes() const { return changes_; }
  std::uint64_t bindings() const { return bindings_; }

 private:
  struct Load {
    std::int64_t cpu_milli = 0, memory_bytes = 0, pods = 0;
  };
  struct Address {
    std::string ip;
    Time reported;
  };

  void on_change(const store::Change& change);
  void check_identity(const store::Change& change);
  void check_binding(const api::Pod* before, const api::Pod* now);
  void check_load(const std::string& node);
  void check_address(const api::Pod* before, const api::Pod* now);
  bool is_address_stale(const api::Pod& pod, Time reported) const;
  void add_load(const api::Pod& pod, std::int64_t sign);
  void problem(std::string what);

  sim::Simulation& simulation_;
  const Drawing& drawing_;
  api::Revision revision_ = 0;
  std::map<std::string, Load> loads_;                                      // by node
  std::map<std::string, Address> addresses_;                               // by pod uid
  std::map<std::string, std::map<std::string, const api::Pod*>> holders_;  // ip -> uid -> pod
  std::map<std::string, api::ObjectRef> pods_;  // by uid: keeps holders_ valid
  std::map<std::string, std::string> node_of_;  // by pod uid, kept after the pod is gone
  std::vector<std::string> problems_;
  std::uint64_t changes_ = 0, bindings_ = 0;
};

}  // namespace orrery::swarm
