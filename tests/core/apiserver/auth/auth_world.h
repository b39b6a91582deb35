// A store with the kinds that authorization reads, and documents put into it as text.
#pragma once

#include <string>
#include <string_view>

#include "core/api/kind_registry.h"
#include "core/apiserver/auth/rbac_authorizer.h"
#include "core/ports/token_signer.h"
#include "core/store/store.h"
#include "sim/clock/sim_driver.h"
#include "sim/storage/memory_storage.h"

namespace orrery::test {

inline constexpr std::string_view kRbacGroup = "rbac.authorization.k8s.io";

struct AuthWorld {
  static constexpr std::int64_t kStart = 1'767'225'600;  // 2026-01-01T00:00:00Z

  sim::SimDriver driver{Time{std::chrono::seconds(kStart)}};
  EventLoop loop{driver};
  Random random{1};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  const api::Kinds kinds = all_kinds();
  sim::MemoryStorage storage{env, {}};
  store::Store store{env, kinds, storage, {}};
  apiserver::RbacAuthorizer rbac{kinds, store};

  static api::Kinds all_kinds();
  /// Creates or replaces the object of this document; a missing uid is drawn. Returns it.
  api::ObjectRef put(std::string_view document);
  void remove(std::string_view api_version, std::string_view kind, std::string_view ns,
              std::string_view name);
  /// Creates bootstrap_documents().
  void bootstrap();
  /// The object of a document, not stored.
  Ref<api::Object> object(std::string_view document) const;

  void cluster_role(std::string_view name, std::string_view rules);
  void role(std::string_view ns, std::string_view name, std::string_view rules);
  /// `subject` as "User:bob", "Group:devs" or "ServiceAccount:ns/name"; `role` as "ClusterRole/x".
  void cluster_binding(std::string_view name, std::string_view role, std::string_view subject);
  void binding(std::string_view ns, std::string_view name, std::string_view role,
               std::string_view subject);

  void run_for(Duration d) { loop.run(loop.now() + d); }
};

/// The document of a RoleBinding, or of a ClusterRoleBinding with an empty `ns`.
std::string binding_document(std::string_view ns, std::string_view name, std::string_view role,
                             std::string_view subject);

apiserver::User user(std::string_view name, std::vector<std::string> groups = {});

/// A request for a resource: "get pods/log web in ns", "list apps:deployments", "create nodes":
/// VERB [GROUP:]RESOURCE[/SUBRESOURCE] [NAME] [in NAMESPACE]; or "get /path".
apiserver::RequestAttributes request(const apiserver::User& user, std::string_view text);

/// Signs by a keyed hash, so that tests of tokens need no real key.
class HashSigner final : public TokenSigner {
 public:
  std::string algorithm() const override { return "TEST"; }
  std::string key_id() const override { return "key-1"; }
  std::string sign(std::string_view input) override;
  bool is_signed(std::string_view key_id, std::string_view input,
                 std::string_view signature) const override;
  std::string jwks() const override { return "{\"keys\":[]}"; }
};

}  // namespace orrery::test
