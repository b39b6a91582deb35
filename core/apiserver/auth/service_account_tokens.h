// ServiceAccountTokens: issues the tokens of service accounts (TokenRequest) and verifies those
// that clients show, against the store: the account, and the pod, node or secret that the token is
// bound to, must still be there with the same uid. Time comes from the loop, ids from the stream
// "apiserver.token_id".
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/apiserver/auth/token_claims.h"
#include "core/apiserver/auth/user.h"
#include "core/base/result.h"
#include "core/ports/token_signer.h"
#include "core/runtime/env.h"
#include "core/store/store.h"

namespace orrery::apiserver {

/// kube-apiserver's --service-account-issuer, --api-audiences and
/// --service-account-extend-token-expiration.
struct TokenSettings {
  std::string issuer = "https://kubernetes.default.svc";
  std::vector<std::string> audiences;  // of this API server; empty: the issuer
  bool extend_expiration = true;       // a pod's 3607 s token lives a year, and warns
};

/// Who a token stands for, and for which of the wanted audiences.
struct TokenUser {
  User user;
  std::vector<std::string> audiences;
};

class ServiceAccountTokens {
 public:
  static constexpr std::size_t kVerifiedMax = 4096;

  ServiceAccountTokens(Env& env, const store::Store& store, TokenSigner& signer,
                       TokenSettings settings);

  /// Answers POST serviceaccounts/NAME/token: the TokenRequest with its status, without
  /// managedFields.
  Result<nlohmann::json> issue(std::string_view ns, std::string_view name,
                               const nlohmann::json& request);

  /// Unauthorized with upstream's text; with no text if the token is not of this issuer. `wanted`
  /// empty: the API server's own audiences.
  Result<TokenUser> verify(std::string_view token, const std::vector<std::string>& wanted);

  const std::vector<std::string>& audiences() const { return settings_.audiences; }
  /// /.well-known/openid-configuration (application/json); `url` is the server's, e.g.
  /// "https://10.0.0.1:6443".
  std::string openid_configuration(std::string_view url) const;
  /// /openid/v1/jwks (application/jwk-set+json)
  std::string jwks() const { return signer_.jwks(); }

 private:
  struct Binding;
  Result<Binding> bound_object(std::string_view ns, std::string_view account,
                               const nlohmann::json& request) const;
  Result<Binding> bound_pod(std::string_view ns, std::string_view account,
                            std::string_view name) const;
  std::string sign(const TokenClaims& claims);

  Result<TokenClaims> read(std::string_view token);
  Status check_times(const TokenClaims& claims) const;
  Status check_account(const TokenClaims& claims) const;
  Status check_bound(const TokenClaims& claims) const;
  bool was_deleted(const api::ObjectMeta& meta) const;

  Env& env_;
  const store::Store& store_;
  TokenSigner& signer_;
  TokenSettings settings_;
  RandomStream& ids_;
  std::map<std::string, TokenClaims, std::less<>> verified_;  // by token; emptied when full
};

}  // namespace orrery::apiserver
