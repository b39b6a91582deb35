// NamespaceController: empties namespaces that are being deleted, pods first, then every other
// namespaced kind it was given, and takes the finalizer `kubernetes` off when nothing is left
// (upstream: NamespacedResourcesDeleter).
//
//     Terminating -> delete pods -> any left? wait -> delete the rest -> any left? wait -> finalize
#pragma once

#include <memory>
#include <vector>

#include "core/api/kind_registry.h"
#include "core/api/node.h"
#include "core/client/informer.h"
#include "core/controller/reconciler.h"
#include "core/ports/client.h"

namespace orrery::controller {

class NamespaceController final : public Reconciler {
 public:
  /// `kinds`: all namespaced kinds whose objects shall go with a namespace, pods among them. Custom
  /// resources of `all` that come later are added when a namespace goes.
  NamespaceController(Env& env, Client& client, Informers& informers,
                      std::vector<api::KindId> kinds, const api::Kinds& all);

 private:
  struct Sweep;
  void reconcile(const ObjectKey& key, const PassRef& pass) override;
  void empty(const std::shared_ptr<Sweep>& sweep);
  void look(const std::shared_ptr<Sweep>& sweep);
  void looked(const std::shared_ptr<Sweep>& sweep);
  void finalize(const api::Namespace& ns, const PassRef& pass);

  Client& client_;
  Informer<api::Namespace> namespaces_;
  std::vector<api::KindId> kinds_;  // without pods
  const api::Kinds& all_;
};

}  // namespace orrery::controller
