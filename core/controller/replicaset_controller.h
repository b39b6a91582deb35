// ReplicaSetController: keeps as many active pods as spec.replicas says. Pod events adjust
// counters, so a sync costs the same for ten pods as for ten thousand, unless it must choose
// victims, adopt or release.
//
//     pod event -> counters, expectations -> key     sync: claim -> create or delete -> status
#pragma once

#include <unordered_map>

#include "core/client/event_recorder.h"
#include "core/controller/expectations.h"
#include "core/controller/owner_claim.h"
#include "core/controller/pod_cache.h"
#include "core/controller/pod_control.h"
#include "core/controller/reconciler.h"
#include "core/controller/replicaset_cache.h"
#include "core/controller/replicaset_status.h"
#include "core/ports/client.h"

namespace orrery::controller {

class ReplicaSetController final : public Reconciler {
 public:
  struct Options {
    /// Readiness changes of pods wait this long and go out as one status write; 0 = at once, as
    /// upstream.
    Duration status_batch{};
  };
  ReplicaSetController(Env& env, Client& client, PodCache& pods, ReplicaSetCache& sets,
                       Options options);
  EventRecorder& events() { return events_; }

 private:
  /// What is known of one ReplicaSet between syncs.
  struct State {
    ObjectKey key;
    bool counted = false;          // `tally` holds and is kept up by pod events
    bool look_for_orphans = true;  // there may be pods to adopt
    PodTally tally;
    api::Shared<api::LabelSelector> selector;  // what the tally was counted by
    api::Selector compiled = api::Selector::nothing();
    api::LabelSet template_labels;
    api::LabelSet memo_labels;  // the newest labels judged, and the verdict: pods share them
    bool memo_valid = false, memo_selected = false, memo_labeled = false;
    std::int32_t min_ready_seconds = 0;
    api::List<api::OwnerReference> owners;
  };
  struct UidHash {
    std::size_t operator()(const Uid& uid) const { return uid.hash(); }
  };
  using RsRef = Ref<const api::ReplicaSet>;

  void on_set(const RsRef& old, const RsRef& now);
  void on_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now);
  void on_orphan(const Ref<const api::Pod>& old, const api::Pod& now);
  State* state_of(const api::Pod& pod);
  PodTally judge(State& state, const api::Pod& pod);
  void recount(State& state, const api::ReplicaSet& rs);

  void reconcile(const ObjectKey& key, const PassRef& pass) override;
  bool claim(const RsRef& rs, State& state, const PassRef& pass);
  void adopt(const RsRef& rs, std::vector<Ref<const api::Pod>> orphans, const PassRef& pass);
  void release(const api::ReplicaSet& rs, const api::Pod& pod, const PassRef& pass);
  void manage(const RsRef& rs, State& state, const PassRef& pass);
  std::vector<Ref<const api::Pod>> choose_victims(const api::ReplicaSet& rs, const State& state,
                                                  int count);
  void update_status(const RsRef& synced, const ManageOutcome& outcome, const PassRef& pass);
  std::int32_t count_available(const api::ReplicaSet& rs, const State& state, const PassRef& pass);

  Client& client_;
  PodCache& pods_;
  ReplicaSetCache& sets_;
  Options options_;
  EventRecorder events_;
  Expectations expectations_;
  PodControl control_;
  std::unordered_map<Uid, State, UidHash> states_;  // lookup only
  const Symbol api_version_{"apps/v1"}, kind_{"ReplicaSet"};
};

}  // namespace orrery::controller
