#include "core/controller/resourcequota_controller.h"

#include <algorithm>

#include "core/client/typed_client.h"

namespace orrery::controller {
namespace {

// Of updates, only those of these kinds can change what an object uses.
bool changes_usage(const api::KindInfo& kind, const api::Object& old, const api::Object& now,
                   Time at) {
  if (kind.id == api::KindId::kPod) {
    const auto& before = static_cast<const api::Pod&>(old);
    const auto& after = static_cast<const api::Pod&>(now);
    if (before.spec.same(after.spec) && api::is_terminal(before) == api::is_terminal(after)) {
      return false;
    }
  } else if (kind.id != api::KindId::kService && kind.id != api::KindId::kPersistentVolumeClaim) {
    return false;
  }
  return !api::is_same_amount(api::quota_usage(kind, old, at), api::quota_usage(kind, now, at));
}

bool counts_any(const api::ResourceList& limits, const api::KindInfo& kind) {
  return std::any_of(limits.begin(), limits.end(), [&](const api::ResourceList::Entry& limit) {
    return api::quota_counts(kind, limit.first.view());
  });
}

}  // namespace

ResourceQuotaController::ResourceQuotaController(Env& env, Client& client, Informers& informers,
                                                 PodCache& pods, const api::Kinds& kinds,
                                                 api::KindId kind)
    : Reconciler(env, {"resourcequota", 5}),
      client_(client),
      kinds_(kinds),
      pods_(pods),
      quotas_(informers.of(kind)),
      by_namespace_(quotas_.add_index(
          [](const api::Object& quota) { return symbol_index_key(quota.meta.namespace_); })) {
  quotas_.add_handler(
      [this](const api::ObjectRef& old, const api::ObjectRef& now) { on_quota(old, now); });
  pods_.pods.base().add_handler(
      [this](const api::ObjectRef& old, const api::ObjectRef& now) { on_object(old, now); });
}

ResourceQuotaController::~ResourceQuotaController() { *alive_ = false; }

void ResourceQuotaController::on_quota(const api::ObjectRef& old, const api::ObjectRef& now) {
  if (!now) return;
  // Admission's writes of the status are no reason to count.
  if (old && api::is_same_amount(api::read_quota(*old).limits, api::read_quota(*now).limits)) {
    return;
  }
  enqueue(ObjectKey::of(*now));
}

void ResourceQuotaController::on_object(const api::ObjectRef& old, const api::ObjectRef& now) {
  if (!old || quotas_.table().empty()) return;
  const auto nearby = quotas_.table().in(by_namespace_, symbol_index_key(old->meta.namespace_));
  if (nearby.empty()) return;
  const api::KindInfo& kind = kinds_.info(old->kind);
  if (now && !changes_usage(kind, *old, *now, env_.now())) return;
  for (const api::ObjectRef& object : nearby) {
    if (counts_any(api::read_quota(*object).limits, kind)) enqueue(ObjectKey::of(*object));
  }
}

const api::ObjectTable* ResourceQuotaController::objects(api::KindId kind) {
  if (kind == api::KindId::kPod) return &pods_.pods.base().table();
  std::unique_ptr<InformerBase>& cache = caches_[kind];
  if (!cache) {
    InformerBase::Options options;
    options.kind = kind;
    cache = std::make_unique<InformerBase>(env_, client_, std::move(options));
    cache->add_handler(
        [this](const api::ObjectRef& old, const api::ObjectRef& now) { on_object(old, now); });
    cache->on_synced([this, kind, alive = alive_] {
      if (!*alive) return;
      for (const api::ObjectRef& object : quotas_.table().sorted()) {
        if (counts_any(api::read_quota(*object).limits, kinds_.info(kind))) {
          enqueue(ObjectKey::of(*object));
        }
      }
    });
    cache->start();
  }
  return cache->has_synced() ? &cache->table() : nullptr;
}

void ResourceQuotaController::count(const api::Quota& quota, Symbol ns, const api::KindInfo& kind,
                                    const api::ObjectTable& table, api::ResourceList& used) const {
  for (const auto& [resource, limit] : quota.limits) {
    if (api::quota_counts(kind, resource.view())) used.set(resource, api::Quantity());
  }
  table.for_each([&](const api::ObjectRef& object) {
    if (!(object->meta.namespace_ == ns) || !api::quota_includes(quota, *object)) return;
    const api::ResourceList usage = api::quota_usage(kind, *object, env_.now());
    for (const auto& [resource, amount] : usage) {
      if (const api::Quantity* sum = used.find(resource)) used.set(resource, *sum + amount);
    }
  });
}

void ResourceQuotaController::reconcile(const ObjectKey& key, const PassRef& pass) {
  const api::ObjectRef* found = quotas_.table().find(key.namespace_, key.name.view());
  if (!found) return;
  const api::ObjectRef stored = *found;
  const api::Quota quota = api::read_quota(*stored);
  api::ResourceList used;
  bool all_there = true;
  for (const api::KindInfo& kind : kinds_.all()) {
    if (!counts_any(quota.limits, kind)) continue;
    const api::ObjectTable* table = objects(kind.id);
    if (table) {
      count(quota, key.namespace_, kind, *table, used);
    } else {
      all_there = false;  // comes back when the cache is filled
    }
  }
  if (!all_there) return;
  pass->requeue_after(kQuotaResync);
  if (quota.is_counted && api::is_same_amount(quota.hard, quota.limits) &&
      api::is_same_amount(quota.used, used)) {
    return;
  }
  Request request = detail::about(Verb::kUpdate, *stored, Subresource::kStatus);
  request.object = api::with_quota_status(*stored, quota.limits, used);
  client_.call(std::move(request), [pass](Response response) {
    if (!response.status.is(Reason::kNotFound)) pass->fail(response.status);
  });
}

}  // namespace orrery::controller
