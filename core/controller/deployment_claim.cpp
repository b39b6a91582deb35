// DeploymentSync: which ReplicaSets belong to the Deployment (upstream:
// getReplicaSetsForDeployment).
#include <algorithm>

#include "core/client/typed_client.h"
#include "core/controller/deployment_sync.h"
#include "core/controller/owner_claim.h"

namespace orrery::controller {

void DeploymentSync::claim(Next next) {
  const api::Selector selector = compile(d_->spec.selector);
  const bool deleting = d_->meta.is_being_deleted();
  for (const SetRef& set : tools_.sets.owned(d_->meta.uid)) {
    const Claim claim = decide_claim(set->meta, d_->meta.uid, deleting, selector);
    if (claim == Claim::kRelease) {
      Ref<api::ReplicaSet> freed = copy_of(set);
      freed->meta.owner_references = without_owner(freed->meta.owner_references, d_->meta.uid);
      update<api::ReplicaSet>(tools_.client, freed, [pass = pass_](Result<SetRef> answer) {
        if (!answer.ok() && !answer.status().is(Reason::kNotFound)) pass->fail(answer.status());
      });
    } else if (claim == Claim::kKeep) {
      sets_.push_back(set);
    }
  }
  SetList orphans;
  tools_.sets.sets.for_each_in(
      tools_.sets.by_orphan_namespace, symbol_index_key(d_->meta.namespace_),
      [&](const api::ReplicaSet& set) {
        if (decide_claim(set.meta, d_->meta.uid, deleting, selector) == Claim::kAdopt) {
          orphans.push_back(SetRef(&set));
        }
      });
  if (orphans.empty()) {
    next();
  } else {
    adopt(std::move(orphans), std::move(next));
  }
}

void DeploymentSync::adopt(SetList orphans, Next next) {
  struct Join {
    std::size_t waiting = 0;
    bool failed = false;
  };
  get<api::Deployment>(
      tools_.client, d_->meta.namespace_, d_->meta.name,
      [self = shared_from_this(), orphans = std::move(orphans),
       next = std::move(next)](Result<Ref<const api::Deployment>> live) {
        if (!live.ok()) return self->pass_->fail(live.status());
        if ((*live)->meta.uid != self->d_->meta.uid || (*live)->meta.is_being_deleted()) return;
        static const Symbol kVersion("apps/v1"), kKind("Deployment");
        const api::OwnerReference reference = controller_reference(*self->d_, kVersion, kKind);
        const auto join = std::make_shared<Join>(Join{orphans.size()});
        for (const SetRef& orphan : orphans) {
          Ref<api::ReplicaSet> set = copy_of(orphan);
          set->meta.owner_references = with_owner(set->meta.owner_references, reference);
          update<api::ReplicaSet>(
              self->tools_.client, set, [self, join, next](Result<SetRef> answer) {
                if (answer.ok()) {
                  self->sets_.push_back(*answer);
                } else {
                  self->pass_->fail(answer.status());
                  join->failed = true;
                }
                if (--join->waiting > 0 || join->failed) return;
                std::sort(self->sets_.begin(), self->sets_.end(),
                          [](const auto& a, const auto& b) { return created_before(*a, *b); });
                next();
              });
        }
      });
}

}  // namespace orrery::controller
