// ActionPlayer: carries out a scenario's timed actions: what a person would do with kubectl,
// through a client of its own, and what the world does to machines, through a FaultTarget. Targets
// are picked from the stream "sim.actions". Notes each action in the journal, with what it hit.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/api/kind_registry.h"
#include "core/ports/client.h"
#include "core/runtime/env.h"
#include "core/store/store.h"
#include "sim/cluster/fault_target.h"
#include "sim/cluster/journal.h"
#include "sim/scenario/manifest_reader.h"
#include "sim/scenario/scenario.h"

namespace orrery::sim {

class ActionPlayer {
 public:
  struct World {
    Env& env;
    Client& client;
    const api::Kinds& kinds;
    const store::Store& store;  // read only: whom to pick
    FaultTarget& faults;
    Journal& journal;
  };
  /// Told of each action as it happens; faults are marked, for expectations and time to heal.
  using Played = Callback<void(const Action& action, bool is_fault, int timeline_line)>;

  ActionPlayer(World world, const Scenario& scenario, Played played);

  /// Manifests that `apply` actions name, read before the run.
  void add_manifests(const std::string& path, std::vector<ManifestDocument> documents) {
    manifests_[path] = std::move(documents);
  }
  /// Sets a timer for each action.
  void start();
  /// Creates the documents, in order; an object that is there already is patched.
  void apply(const std::vector<ManifestDocument>& documents);

 private:
  void play(const Action& action);
  void play_fault(const Action& action);
  std::string apply_one(const Action& action);
  void apply_document(const ManifestDocument& document);
  void send(Request request, std::string what);
  void remove(const ObjectName& target);
  void scale(const ScaleAction& scale);
  void set(const SetAction& set);
  void set_in_containers(const std::string& deployment, const std::string& ns,
                         const std::string& container, nlohmann::json change);
  void patch(const PatchAction& patch);
  void cordon(const std::string& node, bool on);
  void drain(const std::string& node);
  void evict(const api::ObjectRef& pod, int tries_left);
  std::string kill(const PodSelector& selector);
  std::string fail_pulls(const Action& action);
  std::string slow_down(const Action& action);
  std::vector<Symbol> pick_nodes(const Action& action);
  std::vector<api::ObjectRef> pick_pods(const PodSelector& selector);
  std::string on_nodes(const Action& action, void (FaultTarget::*verb)(Symbol));

  World world_;
  const Scenario& scenario_;
  Played played_;
  RandomStream& stream_;
  std::map<std::string, std::vector<ManifestDocument>> manifests_;
};

}  // namespace orrery::sim
