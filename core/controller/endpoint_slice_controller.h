// EndpointSliceController: keeps the EndpointSlices of each Service with a selector. Incremental: a
// pod event finds its services through a memo by label set and notes the pod; a sync looks only at
// noted pods and writes only the slices that they change. A burst of pod changes of one service is
// one sync.
//
//     pod event -> services of its labels -> noted pods --min_interval--> sync: edit slices ->
//     writes service new or changed, or a slice that is not as we left it -> all of its pods are
//     noted
#pragma once

#include <unordered_map>

#include "core/api/node.h"
#include "core/api/service.h"
#include "core/controller/endpoint_of.h"
#include "core/controller/pod_cache.h"
#include "core/controller/reconciler.h"

namespace orrery::controller {

class EndpointSliceController final : public Reconciler {
 public:
  struct Options {
    /// Between two syncs of one service; pod changes in between share a sync.
    Duration min_interval = 100ms;
  };
  EndpointSliceController(Env& env, Client& client, Informers& informers, PodCache& pods,
                          Options options);
  ~EndpointSliceController() override;

 private:
  using ServiceRef = Ref<const api::Service>;
  using SliceRef = Ref<const api::EndpointSlice>;
  using PodRef = Ref<const api::Pod>;
  struct UidHash {
    std::size_t operator()(const Uid& uid) const { return uid.hash(); }
  };
  struct Noted {
    Uid uid;
    Text name;
  };
  struct Slice {
    SliceRef stored;                // as last seen or written; null: to be created
    Ref<api::EndpointSlice> draft;  // being changed
    const api::EndpointSlice& now() const { return draft ? *draft : *stored; }
  };
  struct State {
    ObjectKey key;
    api::LabelSet selector;
    bool reload = true;  // read the slices from the cache, look at all of them
    bool busy = false;
    int writes = 0;  // of the running sync, not yet answered
    Time last_sync;
    Time trigger;  // earliest change not yet written
    std::vector<Noted> noted;
    std::vector<Slice> slices;
    std::unordered_map<Uid, Text, UidHash> where;  // pod -> slice; "" = in a new one. Lookup only
    std::vector<std::pair<Text, api::Revision>> foreign;  // slice events during a sync
  };
  struct Memo {
    api::LabelSet labels;  // held, so that the address stays taken
    std::vector<State*> services;
  };
  struct Scope {
    std::vector<State*> services;  // of one namespace, in order of arrival
    std::unordered_map<const void*, Memo> memo;
  };
  static constexpr std::size_t kMemoMax = 4096;

  void on_service(const ServiceRef& old, const ServiceRef& now);
  void on_pod(const PodRef& old, const PodRef& now);
  void on_slice(const SliceRef& old, const SliceRef& now);
  const std::vector<State*>& services_of(const api::Pod& pod);
  void note(State& state, const api::Pod& pod);
  void schedule(State& state);
  void ask_for_scan(State& state);
  void scan();

  void reconcile(const ObjectKey& key, const PassRef& pass) override;
  void load(State& state);
  void apply(State& state, const api::Service& service);
  void place(State& state, const api::Service& service, const api::List<api::EndpointPort>& ports,
             std::vector<api::Endpoint> added);
  Slice new_slice(const api::Service& service, const api::List<api::EndpointPort>& ports);
  void drop_empty(State& state, const api::Service& service, const PassRef& pass);
  void write(State& state, const api::Service& service, const PassRef& pass);
  void written(const ObjectKey& key, const Text& name, const Result<SliceRef>& done,
               const PassRef& pass);
  void finish_sync(State& state);
  State* state_of(const ObjectKey& key);
  Symbol zone_of_node(Symbol node);

  Client& client_;
  PodCache& pods_;
  Options options_;
  Informer<api::Node> nodes_;
  Informer<api::Service> services_;
  Informer<api::EndpointSlice> slices_;
  std::size_t by_service_;
  std::unordered_map<std::uint32_t, Scope> scopes_;  // by namespace; lookup only
  std::unordered_map<ObjectKey, std::unique_ptr<State>, ObjectKeyHash> states_;  // lookup only
  std::vector<ObjectKey> to_scan_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace orrery::controller
