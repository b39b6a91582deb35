// ServiceAccountController: keeps a ServiceAccount `default` in every active namespace.
#pragma once

#include "core/api/config.h"
#include "core/api/node.h"
#include "core/client/informer.h"
#include "core/controller/reconciler.h"

namespace orrery::controller {

class ServiceAccountController final : public Reconciler {
 public:
  ServiceAccountController(Env& env, Client& client, Informers& informers);

 private:
  void reconcile(const ObjectKey& key, const PassRef& pass) override;
  Client& client_;
  Informer<api::Namespace> namespaces_;
  Informer<api::ServiceAccount> accounts_;
};

}  // namespace orrery::controller
