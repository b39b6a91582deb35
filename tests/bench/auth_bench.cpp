#include "tests/bench/auth_bench.h"

#include <string>

#include "core/base/check.h"
#include "live/crypto/openssl_token_signer.h"
#include "tests/bench/measure.h"
#include "tests/core/apiserver/auth/auth_world.h"

namespace orrery::bench {
namespace {

using apiserver::RequestAttributes;

void bench_question(std::string_view name, test::AuthWorld& world, const RequestAttributes& asked,
                    bool allowed, std::size_t questions) {
  measure(name, questions,
          [&](std::size_t) { CHECK(world.rbac.authorize(asked).allowed == allowed); });
}

void bench_rbac(std::size_t namespaces, std::size_t questions) {
  test::AuthWorld world;
  world.bootstrap();
  world.cluster_binding("ops", "ClusterRole/cluster-admin", "Group:ops");
  for (std::size_t i = 0; i < namespaces; ++i) {
    const std::string n = std::to_string(i);
    world.binding("ns-" + n, "edit", "ClusterRole/edit", "User:user-" + n);
  }
  const auto ask = [&](std::string_view name, const apiserver::User& who, std::string_view asked,
                       bool allowed) {
    bench_question(name, world, test::request(who, asked), allowed, questions);
  };
  const std::string everyone = "system:authenticated";
  ask("auth.rbac.masters", test::user("admin", {"system:masters", everyone}),
      "update apps:deployments web in ns-1", true);
  ask("auth.rbac.cluster_admin", test::user("eve", {"ops", everyone}),
      "update apps:deployments web in ns-1", true);
  ask("auth.rbac.edit_in_namespace", test::user("user-7", {everyone}), "create pods in ns-7", true);
  ask("auth.rbac.refused", test::user("user-7", {everyone}), "create pods in ns-8", false);
}

void bench_token() {
  auto signer = live::OpenSslTokenSigner::make();
  CHECK(signer.ok());
  const std::string input(500, 'x');
  measure("auth.token.sign", 500, [&](std::size_t) { CHECK(!(*signer)->sign(input).empty()); });
  const std::string signature = (*signer)->sign(input);
  measure("auth.token.verify", 5000,
          [&](std::size_t) { CHECK((*signer)->is_signed("", input, signature)); });
}

}  // namespace

void bench_auth(std::size_t namespaces, std::size_t questions) {
  bench_rbac(namespaces, questions);
  bench_token();
}

}  // namespace orrery::bench
