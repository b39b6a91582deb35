#include "core/controller/root_ca_publisher.h"

#include "core/client/typed_client.h"

namespace orrery::controller {

namespace {
constexpr std::string_view kName = "kube-root-ca.crt";
constexpr std::string_view kNote =
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal "
    "endpoints such as the internal service IP or kubernetes.default.svc. No other usage is "
    "guaranteed across distributions of Kubernetes clusters.";
}  // namespace

RootCaPublisher::RootCaPublisher(Env& env, Client& client, Informers& informers,
                                 const std::string& ca_pem)
    : Reconciler(env, {"root-ca-certificate-publisher", 1}),
      client_(client),
      data_({{Text("ca.crt"), Text(ca_pem)}}),
      namespaces_(informers.get<api::Namespace>()),
      maps_(informers.get<api::ConfigMap>()) {
  namespaces_.on_change(
      [this](const Ref<const api::Namespace>&, const Ref<const api::Namespace>& now) {
        if (now) enqueue(ObjectKey::of(*now));
      });
  maps_.on_change(
      [this](const Ref<const api::ConfigMap>& old, const Ref<const api::ConfigMap>& now) {
        const Ref<const api::ConfigMap>& map = now ? now : old;
        if (map->meta.name == kName) enqueue({Symbol(), Text(map->meta.namespace_.view())});
      });
}

void RootCaPublisher::reconcile(const ObjectKey& key, const PassRef& pass) {
  const Ref<const api::Namespace> ns = namespaces_.find({}, key.name.view());
  if (!ns || ns->meta.is_being_deleted()) return;
  const Symbol name(key.name.view());
  const Ref<const api::ConfigMap> found = maps_.find(name, kName);
  if (found && found->data == data_) return;
  const auto done = [pass](Result<Ref<const api::ConfigMap>> made) {
    const Status status = made.status();
    // The namespace may go at any time; a Forbidden says so.
    if (status.is(Reason::kAlreadyExists) || status.is(Reason::kForbidden)) return;
    pass->fail(status);
  };
  if (found) {
    auto map = copy_of(found);
    map->data = data_;
    return update<api::ConfigMap>(client_, map, done);
  }
  auto map = make_ref<api::ConfigMap>();
  map->meta.namespace_ = name;
  map->meta.name = Text(kName);
  map->meta.annotations = {{Text("kubernetes.io/description"), Text(kNote)}};
  map->data = data_;
  create<api::ConfigMap>(client_, map, done);
}

}  // namespace orrery::controller
