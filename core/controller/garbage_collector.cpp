#include "core/controller/garbage_collector.h"

#include "core/client/typed_client.h"
#include "core/controller/owner_claim.h"

namespace orrery::controller {
namespace {

constexpr std::string_view kForeground = "foregroundDeletion";
constexpr std::string_view kOrphan = "orphan";
constexpr int kWorkers = 20;  // --concurrent-gc-syncs

bool is_orphaning(const api::Object& object) {
  return object.meta.is_being_deleted() && api::has_finalizer(object.meta, kOrphan);
}
bool is_deleting_dependents(const api::Object& object) {
  return object.meta.is_being_deleted() && api::has_finalizer(object.meta, kForeground);
}

ObjectKey key_of_uid(const Uid& uid) { return {Symbol(), Text(uid.str())}; }

}  // namespace

class GarbageCollector::Orphaner final : public Reconciler {
 public:
  Orphaner(Env& env, GarbageCollector& collector)
      : Reconciler(env, {"garbage_collector_attempt_to_orphan", kWorkers}), collector_(collector) {}

 private:
  void reconcile(const ObjectKey& key, const PassRef& pass) override {
    collector_.orphan(key, pass);
  }
  GarbageCollector& collector_;
};

/// One object and what was found out about each of its owners.
struct GarbageCollector::Verdicts {
  api::ObjectRef object;
  std::vector<Owner> owners;  // by index of metadata.ownerReferences
  std::size_t open = 0;       // live look-ups outstanding
};

GarbageCollector::GarbageCollector(Env& env, Client& client, Informers& informers,
                                   const api::Kinds& kinds,
                                   const std::vector<api::KindId>& watched)
    : Reconciler(env, {"garbage_collector_attempt_to_delete", kWorkers}),
      client_(client),
      kinds_(kinds),
      events_(env, client, Symbol("garbage-collector-controller")),
      orphaner_(std::make_unique<Orphaner>(env, *this)) {
  for (const api::KindId kind : watched) {
    InformerBase& informer = informers.of(kind);
    informers_.emplace(kind, &informer);
    informer.add_handler([this](const api::ObjectRef& old, const api::ObjectRef& now) {
      on_change(old, now);
    });
  }
}

GarbageCollector::~GarbageCollector() = default;

void GarbageCollector::begin() {
  begun_ = true;
  for (NodeId id = 1; id < graph_.end(); ++id) {
    if (!graph_.at(id).uid.empty() && !graph_.at(id).is_absent()) check_owners(id);
  }
  start();
  orphaner_->start();
}

void GarbageCollector::enqueue_node(NodeId id) { enqueue(key_of_uid(graph_.at(id).uid)); }

void GarbageCollector::enqueue_dependents(NodeId id) {
  for (const NodeId dependent : graph_.dependents(id)) enqueue_node(dependent);
}

void GarbageCollector::on_change(const api::ObjectRef& old, const api::ObjectRef& now) {
  if (now) {
    on_observed(old, *now);
  } else {
    on_gone(*old);
  }
}

void GarbageCollector::on_observed(const api::ObjectRef& old, const api::Object& now) {
  if (old && !old->meta.owner_references.same(now.meta.owner_references)) {
    wake_unblocked_owners(*old, now);
  }
  const NodeId id = graph_.observe(now);
  if (id == OwnerGraph::kNoNode) return;
  if (is_orphaning(now) && !(old && is_orphaning(*old))) {
    orphaner_->enqueue(key_of_uid(now.meta.uid));
    return;
  }
  if (is_deleting_dependents(now) && !(old && is_deleting_dependents(*old))) {
    enqueue_dependents(id);
    enqueue_node(id);
  }
  if (begun_ && (!old || !old->meta.owner_references.same(now.meta.owner_references))) {
    check_owners(id);
  }
}

// A dependent that let go of its owner, or no longer blocks it, may have been the last to wait for.
void GarbageCollector::wake_unblocked_owners(const api::Object& old, const api::Object& now) {
  for (const api::OwnerReference& before : old.meta.owner_references) {
    bool blocks = false;
    for (const api::OwnerReference& after : now.meta.owner_references) {
      if (after.uid == before.uid) blocks = after.block_owner_deletion.value_or(false);
    }
    const NodeId owner = graph_.find(before.uid);
    if (!blocks && owner != OwnerGraph::kNoNode && graph_.at(owner).deleting_dependents) {
      enqueue_node(owner);
    }
  }
}

// Owners that exist but had no node get one; an object with an unknown or dead owner is looked at.
void GarbageCollector::check_owners(NodeId id) {
  const api::ObjectRef* object = cached(id);
  if (!object) return;
  for (const api::OwnerReference& reference : (*object)->meta.owner_references) {
    const NodeId owner = graph_.find(reference.uid);
    if (owner != OwnerGraph::kNoNode && !graph_.at(owner).is_absent()) {
      if (graph_.at(owner).deleting_dependents) enqueue_node(id);
      continue;
    }
    if (const api::ObjectRef* found = cached_owner(**object, reference)) {
      graph_.observe(**found);
    } else {
      enqueue_node(id);
    }
  }
}

void GarbageCollector::on_gone(const api::Object& old) {
  const NodeId id = graph_.find(old.meta.uid);
  if (id == OwnerGraph::kNoNode) return;
  enqueue_dependents(id);
  for (const api::OwnerReference& reference : graph_.at(id).owners) {
    const NodeId owner = graph_.find(reference.uid);
    if (owner != OwnerGraph::kNoNode && graph_.at(owner).deleting_dependents) enqueue_node(owner);
  }
  graph_.forget(old.meta.uid);
}

const api::ObjectRef* GarbageCollector::cached(NodeId id) const {
  const OwnerGraph::Node& node = graph_.at(id);
  const auto it = informers_.find(node.kind);
  if (it == informers_.end()) return nullptr;
  const api::ObjectRef* found = it->second->table().find(node.namespace_, node.name.view());
  return found && (*found)->meta.uid == node.uid ? found : nullptr;
}

// Where the reference says it is: in the dependent's namespace, or cluster-wide.
const api::ObjectRef* GarbageCollector::cached_owner(const api::Object& dependent,
                                                     const api::OwnerReference& reference) const {
  const api::KindInfo* info = kinds_.find(reference.api_version.view(), reference.kind.view());
  if (!info) return nullptr;
  const auto it = informers_.find(info->id);
  if (it == informers_.end()) return nullptr;
  const Symbol ns = info->namespaced ? dependent.meta.namespace_ : Symbol();
  const api::ObjectRef* found = it->second->table().find(ns, reference.name.view());
  return found && (*found)->meta.uid == reference.uid ? found : nullptr;
}

void GarbageCollector::reconcile(const ObjectKey& key, const PassRef& pass) {
  const NodeId id = graph_.find(Uid::parse(key.name.view()));
  if (id == OwnerGraph::kNoNode || graph_.at(id).is_absent()) return;
  const OwnerGraph::Node& node = graph_.at(id);
  if (node.deleting_dependents) {
    finish_foreground(id, pass);
    return;
  }
  if (node.deleting) return;  // a one-way trip: its end will wake its dependents
  const api::ObjectRef* object = cached(id);
  if (!object || (*object)->meta.owner_references.empty()) return;
  const auto verdicts = std::make_shared<Verdicts>();
  verdicts->object = *object;
  for (const api::OwnerReference& reference : (*object)->meta.owner_references) {
    verdicts->owners.push_back(classify(**object, reference));
    if (verdicts->owners.back() == Owner::kUnknown) ++verdicts->open;
  }
  if (verdicts->open == 0) {
    decide(*verdicts, pass);
    return;
  }
  for (std::size_t i = 0; i < verdicts->owners.size(); ++i) {
    if (verdicts->owners[i] == Owner::kUnknown) look_for(verdicts, i, pass);
  }
}

void GarbageCollector::finish_foreground(NodeId id, const PassRef& pass) {
  const std::vector<NodeId> blocking = graph_.blocking_dependents(id);
  if (blocking.empty()) {
    if (const api::ObjectRef* object = cached(id)) drop_finalizer(**object, kForeground, pass);
    return;
  }
  for (const NodeId dependent : blocking) {
    if (!graph_.at(dependent).deleting_dependents) enqueue_node(dependent);
  }
}

GarbageCollector::Owner GarbageCollector::classify(const api::Object& dependent,
                                                   const api::OwnerReference& reference) {
  const NodeId id = graph_.find(reference.uid);
  if (id != OwnerGraph::kNoNode && graph_.at(id).gone) return Owner::kDangling;
  const api::KindInfo* info = kinds_.find(reference.api_version.view(), reference.kind.view());
  if (!info) return Owner::kSolid;  // cannot be judged, so nothing is deleted for it
  if (const api::ObjectRef* found = cached_owner(dependent, reference)) {
    return is_deleting_dependents(**found) ? Owner::kWaiting : Owner::kSolid;
  }
  return Owner::kUnknown;
}

void GarbageCollector::look_for(const std::shared_ptr<Verdicts>& verdicts, std::size_t index,
                                const PassRef& pass) {
  const api::OwnerReference& reference = verdicts->object->meta.owner_references[index];
  const api::KindInfo* info = kinds_.find(reference.api_version.view(), reference.kind.view());
  Request request;
  request.kind = info->id;
  request.name = reference.name;
  if (info->namespaced) request.namespace_ = verdicts->object->meta.namespace_;
  client_.call(std::move(request), [this, verdicts, index, pass](Response response) {
    const api::Object& dependent = *verdicts->object;
    const api::OwnerReference& wanted = dependent.meta.owner_references[index];
    if (response.status.ok() && response.object->meta.uid == wanted.uid) {
      verdicts->owners[index] =
          is_deleting_dependents(*response.object) ? Owner::kWaiting : Owner::kSolid;
    } else if (response.status.ok() || response.status.is(Reason::kNotFound)) {
      verdicts->owners[index] = Owner::kDangling;
      const NodeId owner = graph_.find(wanted.uid);
      if (owner != OwnerGraph::kNoNode && !graph_.at(owner).is_absent()) {
        // It lives, but not where the reference puts it: in another namespace.
        const api::KindInfo& kind = kinds_.info(dependent.kind);
        events_.event(dependent, Symbol(kind.api_version()), kind.kind, Symbol("Warning"),
                      Symbol("OwnerRefInvalidNamespace"),
                      Text("ownerRef [" + wanted.api_version.str() + "/" + wanted.kind.str() +
                           ", namespace: " + dependent.meta.namespace_.str() + ", name: " +
                           wanted.name.str() + ", uid: " + wanted.uid.str() +
                           "] does not exist in namespace \"" + dependent.meta.namespace_.str() +
                           "\""));
      } else {
        graph_.mark_gone(wanted.uid);
      }
    } else {
      pass->fail(response.status);
    }
    if (--verdicts->open == 0) decide(*verdicts, pass);
  });
}

void GarbageCollector::decide(const Verdicts& verdicts, const PassRef& pass) {
  const api::Object& object = *verdicts.object;
  const api::List<api::OwnerReference>& owners = object.meta.owner_references;
  std::size_t solid = 0, waiting = 0;
  std::vector<api::OwnerReference> kept;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    if (verdicts.owners[i] == Owner::kUnknown) return;  // a look-up failed: the key comes back
    if (verdicts.owners[i] == Owner::kWaiting) ++waiting;
    if (verdicts.owners[i] != Owner::kSolid) continue;
    ++solid;
    kept.push_back(owners[i]);
  }
  if (solid > 0) {
    if (solid == owners.size()) return;
    Ref<api::Object> changed = object.clone();
    changed->meta.owner_references = api::List<api::OwnerReference>(std::move(kept));
    write(std::move(changed), pass, nullptr);
    return;
  }
  const NodeId id = graph_.find(object.meta.uid);
  if (id == OwnerGraph::kNoNode) return;
  if (waiting == 0 || graph_.dependents(id).empty()) {
    Propagation propagation = Propagation::kBackground;
    if (api::has_finalizer(object.meta, kOrphan)) propagation = Propagation::kOrphan;
    if (api::has_finalizer(object.meta, kForeground)) propagation = Propagation::kForeground;
    remove_object(object, propagation, pass);
    return;
  }
  // A dependent that waits for its own dependents may wait for us: a circle. Block nobody.
  bool circle = false;
  for (const NodeId d : graph_.dependents(id)) circle |= graph_.at(d).deleting_dependents;
  if (!circle) {
    remove_object(object, Propagation::kForeground, pass);
    return;
  }
  Ref<api::Object> changed = object.clone();
  for (api::OwnerReference& owner : changed->meta.owner_references.edit()) {
    owner.block_owner_deletion = false;
  }
  write(std::move(changed), pass, [this, held = verdicts.object, pass] {
    remove_object(*held, Propagation::kForeground, pass);
  });
}

void GarbageCollector::remove_object(const api::Object& object, Propagation propagation,
                                     const PassRef& pass) {
  DeleteOptions options;
  options.propagation = propagation;
  remove(client_, object, options, [pass](Status status) {
    // Conflict: a namesake lives there now.
    if (!status.is(Reason::kNotFound) && !status.is(Reason::kConflict)) pass->fail(status);
  });
}

void GarbageCollector::orphan(const ObjectKey& key, const PassRef& pass) {
  const NodeId id = graph_.find(Uid::parse(key.name.view()));
  if (id == OwnerGraph::kNoNode) return;
  const api::ObjectRef* found = cached(id);
  if (!found || !is_orphaning(**found)) return;
  const api::ObjectRef owner = *found;
  const auto open = std::make_shared<std::size_t>(1);
  const auto step = [this, owner, open, pass] {
    if (--*open == 0) drop_finalizer(*owner, kOrphan, pass);
  };
  for (const NodeId dependent : graph_.dependents(id)) {
    const api::ObjectRef* object = cached(dependent);
    if (!object) continue;
    ++*open;
    Ref<api::Object> changed = (*object)->clone();
    changed->meta.owner_references =
        without_owner(changed->meta.owner_references, owner->meta.uid);
    write(std::move(changed), pass, step);
  }
  step();
}

void GarbageCollector::drop_finalizer(const api::Object& object, std::string_view finalizer,
                                      const PassRef& pass) {
  Ref<api::Object> changed = object.clone();
  std::erase_if(changed->meta.finalizers.edit(), [&](Symbol f) { return f == finalizer; });
  write(std::move(changed), pass, nullptr);
}

void GarbageCollector::write(Ref<api::Object> changed, const PassRef& pass,
                             std::function<void()> next) {
  Request request = detail::about(Verb::kUpdate, *changed, Subresource::kNone);
  request.object = std::move(changed);
  client_.call(std::move(request), [pass, next = std::move(next)](Response response) {
    if (response.status.ok() || response.status.is(Reason::kNotFound)) {
      if (next) next();
    } else {
      pass->fail(response.status);
    }
  });
}

}  // namespace orrery::controller
