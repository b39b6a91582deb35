// GarbageCollector: deletes objects whose owners are gone, holds owners back until blocking
// dependents went (foreground), and frees dependents of orphaned owners. Watches the kinds it is
// given. An owner that no informer knows is looked for at the server before anything is deleted.
//
//     event -> OwnerGraph -> attempt-to-delete queue -> classify owners -> delete or unlink
//                        `-> attempt-to-orphan queue -> unlink dependents -> drop finalizer
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "core/api/kind_registry.h"
#include "core/client/event_recorder.h"
#include "core/client/informer.h"
#include "core/controller/owner_graph.h"
#include "core/controller/reconciler.h"

namespace orrery::controller {

class GarbageCollector final : public Reconciler {
 public:
  GarbageCollector(Env& env, Client& client, Informers& informers, const api::Kinds& kinds,
                   const std::vector<api::KindId>& watched);
  ~GarbageCollector() override;
  /// Call when all informers have synced: looks for owners that are absent, then starts both
  /// queues.
  void begin();
  const OwnerGraph& graph() const { return graph_; }
  EventRecorder& events() { return events_; }

 private:
  class Orphaner;
  using NodeId = OwnerGraph::NodeId;
  /// What is known of one owner reference in one pass.
  enum class Owner { kSolid, kDangling, kWaiting, kUnknown };
  struct Verdicts;

  void on_change(const api::ObjectRef& old, const api::ObjectRef& now);
  void on_observed(const api::ObjectRef& old, const api::Object& now);
  void on_gone(const api::Object& old);
  void check_owners(NodeId id);
  void wake_unblocked_owners(const api::Object& old, const api::Object& now);
  void enqueue_node(NodeId id);
  void enqueue_dependents(NodeId id);

  void reconcile(const ObjectKey& key, const PassRef& pass) override;
  void finish_foreground(NodeId id, const PassRef& pass);
  Owner classify(const api::Object& dependent, const api::OwnerReference& reference);
  void look_for(const std::shared_ptr<Verdicts>& verdicts, std::size_t index, const PassRef& pass);
  void decide(const Verdicts& verdicts, const PassRef& pass);
  void remove_object(const api::Object& object, Propagation propagation, const PassRef& pass);

  void orphan(const ObjectKey& key, const PassRef& pass);
  void drop_finalizer(const api::Object& object, std::string_view finalizer, const PassRef& pass);
  void write(Ref<api::Object> changed, const PassRef& pass, std::function<void()> next);

  const api::ObjectRef* cached(NodeId id) const;
  const api::ObjectRef* cached_owner(const api::Object& dependent,
                                     const api::OwnerReference& reference) const;

  Client& client_;
  const api::Kinds& kinds_;
  std::map<api::KindId, InformerBase*> informers_;
  OwnerGraph graph_;
  EventRecorder events_;
  std::unique_ptr<Orphaner> orphaner_;
  bool begun_ = false;
};

}  // namespace orrery::controller
