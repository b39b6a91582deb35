// Front: the whole API server as HTTP clients meet it, put together: authentication, authorization,
// resources, discovery and OpenAPI, reviews, tokens, health and version. Wiring, no logic of its
// own: whoever has a store and an ApiServer makes one and hands handler() to a transport.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/apiserver/auth/authenticator.h"
#include "core/apiserver/auth/cluster_role_aggregation.h"
#include "core/apiserver/auth/rbac_authorizer.h"
#include "core/apiserver/auth/service_account_tokens.h"
#include "core/apiserver/discovery/custom_facts.h"
#include "core/apiserver/discovery/discovery_documents.h"
#include "core/apiserver/streams/pod_stream_endpoints.h"
#include "core/apiserver/wire/wire_server.h"
#include "core/ports/token_signer.h"

namespace orrery::apiserver {

class Front {
 public:
  struct Settings {
    Authenticator::Options authentication;
    TokenSettings tokens;
    std::string server_address;  // "127.0.0.1:6443": told by discovery
    WireServer::Limits limits;
  };
  /// `pods` answers logs, exec, attach and port-forward; null: there are none. All outlive it.
  Front(Env& env, ApiServer& server, store::Store& store, Delays& delays, TokenSigner& signer,
        PodStreams* pods, Settings settings);
  ~Front();

  /// Creates what a new cluster has: roles, bindings, priority classes, flow schemas. Call once on
  /// a new store, after ApiServer::bootstrap().
  static void bootstrap(ApiServer& server);

  HttpHandler& handler() { return wire_; }
  WireServer& wire() { return wire_; }
  RbacAuthorizer& authorizer() { return authorizer_; }
  /// Text of /metrics; without it there is no such page.
  void set_metrics(std::function<std::string()> text) { metrics_ = std::move(text); }

 private:
  Status authorize(const HttpRequest& request, const RequestInfo& info, User& user);
  void add_discovery();
  void add_reviews();
  void add_tokens();
  void add_health();
  void add_pod_streams();
  void discover(CallRef call);
  void review(
      CallRef call,
      const std::function<Result<nlohmann::json>(const Call&, const nlohmann::json&)>& answer);

  Env& env_;
  ApiServer& server_;
  store::Store& store_;
  RbacAuthorizer authorizer_;
  ClusterRoleAggregation aggregation_;
  ServiceAccountTokens accounts_;
  Authenticator authenticator_;
  std::unique_ptr<PodStreamEndpoints> pod_streams_;
  WireServer wire_;
  CustomResourceFacts custom_facts_;
  DiscoveryDocuments discovery_;
  std::function<std::string()> metrics_;
  std::string address_;
};

}  // namespace orrery::apiserver
