#include "core/controller/namespace_controller.h"

#include <algorithm>

#include "core/client/typed_client.h"

namespace orrery::controller {
namespace {

// Upstream waits half of what the slowest pod may take, plus one second; 15 s for other finalizers.
constexpr Duration kFinalizerWait = 8s;

Duration wait_for(const api::Object& object) {
  if (!object.meta.finalizers.empty()) return kFinalizerWait;
  const auto grace = object.meta.deletion_grace_period_seconds.value_or(0);
  return std::chrono::seconds(grace / 2 + 1);
}

}  // namespace

/// One round over some kinds: delete, then see what is left.
struct NamespaceController::Sweep {
  Ref<const api::Namespace> ns;
  PassRef pass;
  std::vector<api::KindId> kinds;
  bool pods = false;  // the first round
  std::size_t open = 0;
  bool failed = false;
  std::optional<Duration> wait;  // something is left
};

NamespaceController::NamespaceController(Env& env, Client& client, Informers& informers,
                                         std::vector<api::KindId> kinds, const api::Kinds& all)
    : Reconciler(env, {"namespace", 10}),
      client_(client),
      namespaces_(informers.get<api::Namespace>()),
      kinds_(std::move(kinds)),
      all_(all) {
  std::erase(kinds_, api::KindId::kPod);
  namespaces_.on_change(
      [this](const Ref<const api::Namespace>&, const Ref<const api::Namespace>& now) {
        if (now && now->meta.is_being_deleted()) enqueue(ObjectKey::of(*now));
      });
}

void NamespaceController::reconcile(const ObjectKey& key, const PassRef& pass) {
  const Ref<const api::Namespace> ns = namespaces_.find({}, key.name.view());
  if (!ns || !ns->meta.is_being_deleted() || ns->finalizers.empty()) return;
  const auto sweep = std::make_shared<Sweep>();
  sweep->ns = ns;
  sweep->pass = pass;
  sweep->kinds = {api::KindId::kPod};
  sweep->pods = true;
  empty(sweep);
}

void NamespaceController::empty(const std::shared_ptr<Sweep>& sweep) {
  sweep->open = sweep->kinds.size();
  if (sweep->open == 0) return looked(sweep);
  for (const api::KindId kind : sweep->kinds) {
    Request request;
    request.verb = Verb::kDeleteCollection;
    request.kind = kind;
    request.namespace_ = Symbol(sweep->ns->meta.name.view());
    request.remove.propagation = Propagation::kBackground;
    client_.call(std::move(request), [this, sweep](Response response) {
      if (!response.status.ok()) {
        sweep->failed = true;
        sweep->pass->fail(response.status);
      }
      if (--sweep->open == 0 && !sweep->failed) look(sweep);
    });
  }
}

void NamespaceController::look(const std::shared_ptr<Sweep>& sweep) {
  sweep->open = sweep->kinds.size();
  for (const api::KindId kind : sweep->kinds) {
    Request request;
    request.verb = Verb::kList;
    request.kind = kind;
    request.namespace_ = Symbol(sweep->ns->meta.name.view());
    client_.call(std::move(request), [this, sweep](Response response) {
      if (!response.status.ok()) {
        sweep->failed = true;
        sweep->pass->fail(response.status);
      }
      for (const api::ObjectRef& left : response.items) {
        sweep->wait = std::max(sweep->wait.value_or(Duration{0}), wait_for(*left));
      }
      if (--sweep->open == 0 && !sweep->failed) looked(sweep);
    });
  }
}

void NamespaceController::looked(const std::shared_ptr<Sweep>& sweep) {
  if (sweep->wait) {
    sweep->pass->requeue_after(*sweep->wait);
  } else if (sweep->pods) {
    sweep->pods = false;
    sweep->kinds = kinds_;
    for (const api::KindInfo& info : all_.all()) {
      const bool is_new = info.custom && info.namespaced;
      if (is_new && std::find(kinds_.begin(), kinds_.end(), info.id) == kinds_.end()) {
        sweep->kinds.push_back(info.id);
      }
    }
    empty(sweep);
  } else {
    finalize(*sweep->ns, sweep->pass);
  }
}

void NamespaceController::finalize(const api::Namespace& ns, const PassRef& pass) {
  Ref<api::Namespace> changed(new api::Namespace(ns));
  std::erase_if(changed->finalizers.edit(), [](Symbol f) { return f == "kubernetes"; });
  Request request = detail::about(Verb::kUpdate, *changed, Subresource::kFinalize);
  request.object = changed;
  client_.call(std::move(request), [pass](Response response) {
    if (!response.status.is(Reason::kNotFound)) pass->fail(response.status);
  });
}

}  // namespace orrery::controller
