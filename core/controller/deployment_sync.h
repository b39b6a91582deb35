// DeploymentSync: one pass over one Deployment: claims its ReplicaSets, then scales, rolls out or
// only reports, as upstream's syncDeployment. It works on copies: each answered write replaces its
// copy, and the next step goes on from there; a failed write ends the pass, and the key comes back.
//
//     claim -> paused? -> revision -> { paused or scaled: scale -> status }
//                                     { Recreate, RollingUpdate: new set -> sizes -> status }
#pragma once

#include <functional>
#include <memory>

#include "core/client/event_recorder.h"
#include "core/controller/deployment_status.h"
#include "core/controller/pod_cache.h"
#include "core/controller/reconciler.h"
#include "core/controller/replicaset_cache.h"
#include "core/ports/client.h"

namespace orrery::controller {

/// What a pass needs; outlives it.
struct DeploymentTools {
  Env& env;
  Client& client;
  PodCache& pods;
  ReplicaSetCache& sets;
  EventRecorder& events;
};

class DeploymentSync : public std::enable_shared_from_this<DeploymentSync> {
 public:
  DeploymentSync(DeploymentTools& tools, Ref<const api::Deployment> deployment, PassRef pass)
      : tools_(tools), d_(copy_of(deployment)), pass_(std::move(pass)) {}
  void run();

 private:
  using Next = std::function<void()>;

  // deployment_claim.cpp
  void claim(Next next);
  void adopt(SetList orphans, Next next);

  // deployment_sync.cpp
  void claimed();
  void roll_out();
  void recreate();
  void rolling_update();
  void scale();
  void clean_up(Next next);
  void report(bool rollout);

  // deployment_new_set.cpp
  /// getAllReplicaSetsAndSyncRevision: finds the new set and brings annotations and revision up to
  /// date.
  void sync_revision(bool create, Next next);
  void sync_found_set(const SetRef& found, Next next);
  void create_new_set(Next next);
  void on_created(std::int32_t size, std::int64_t revision, Result<SetRef> made, Next next);
  void on_name_taken(const Text& name, std::int64_t revision, Next next);
  void note_new_set(std::int64_t revision, bool created, Next next);

  // Writes; `next` runs only if all went well.
  void write_status(Next next);
  void write_set(Ref<api::ReplicaSet> changed, Next next);
  void resize(SetRef set, std::int32_t size, Next next);
  void resize_all(std::vector<Resize> steps, std::size_t from, Next next);
  void tell(std::string_view type, std::string_view reason, std::string message);

  SetRef new_set() const;
  SetList old_sets() const;
  bool old_pods_running() const;

  DeploymentTools& tools_;
  Ref<api::Deployment> d_;
  PassRef pass_;
  SetList sets_;  // claimed, by creation time
  Uid new_uid_;   // of the set with the Deployment's template; empty: there is none
};

}  // namespace orrery::controller
