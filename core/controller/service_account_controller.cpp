#include "core/controller/service_account_controller.h"

#include "core/client/typed_client.h"

namespace orrery::controller {

namespace {
constexpr std::string_view kDefault = "default";
}

ServiceAccountController::ServiceAccountController(Env& env, Client& client, Informers& informers)
    : Reconciler(env, {"serviceaccount", 1}),
      client_(client),
      namespaces_(informers.get<api::Namespace>()),
      accounts_(informers.get<api::ServiceAccount>()) {
  namespaces_.on_change(
      [this](const Ref<const api::Namespace>&, const Ref<const api::Namespace>& now) {
        if (now) enqueue(ObjectKey::of(*now));
      });
  accounts_.on_change(
      [this](const Ref<const api::ServiceAccount>& old, const Ref<const api::ServiceAccount>& now) {
        if (old && !now && old->meta.name == kDefault) {
          enqueue({Symbol(), Text(old->meta.namespace_.view())});
        }
      });
}

void ServiceAccountController::reconcile(const ObjectKey& key, const PassRef& pass) {
  const Ref<const api::Namespace> ns = namespaces_.find({}, key.name.view());
  if (!ns || ns->meta.is_being_deleted()) return;
  const Symbol name(key.name.view());
  if (accounts_.find(name, kDefault)) return;
  auto account = make_ref<api::ServiceAccount>();
  account->meta.namespace_ = name;
  account->meta.name = Text(kDefault);
  create<api::ServiceAccount>(
      client_, account, [pass](Result<Ref<const api::ServiceAccount>> made) {
        const Status status = made.status();
        // The namespace may go at any time; a Forbidden says so.
        if (status.is(Reason::kAlreadyExists) || status.is(Reason::kForbidden)) return;
        pass->fail(status);
      });
}

}  // namespace orrery::controller
