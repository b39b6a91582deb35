// RootCaPublisher: keeps a ConfigMap `kube-root-ca.crt` with the cluster's CA certificate in every
// active namespace, for pods that talk to the API server (root-ca-certificate-publisher).
#pragma once

#include <string>

#include "core/api/config.h"
#include "core/api/node.h"
#include "core/client/informer.h"
#include "core/controller/reconciler.h"

namespace orrery::controller {

class RootCaPublisher final : public Reconciler {
 public:
  RootCaPublisher(Env& env, Client& client, Informers& informers, const std::string& ca_pem);

 private:
  void reconcile(const ObjectKey& key, const PassRef& pass) override;
  Client& client_;
  api::TextMap data_;
  Informer<api::Namespace> namespaces_;
  Informer<api::ConfigMap> maps_;
};

}  // namespace orrery::controller
