// Authenticator: who sends a request: the client certificate that the transport has verified, a
// static bearer token, or a service-account token. Asked once per request, before impersonation and
// authorization; token reviews ask it about tokens.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/apiserver/auth/service_account_tokens.h"
#include "core/apiserver/auth/user.h"
#include "core/base/result.h"
#include "core/ports/http_exchange.h"

namespace orrery::apiserver {

class Authenticator {
 public:
  struct Options {
    bool anonymous = false;  // requests without credentials are system:anonymous; else 401
    std::map<std::string, User, std::less<>> tokens;  // static bearer tokens
    std::vector<std::string> audiences;  // of static tokens; unset: those of the service accounts
  };
  /// `accounts` outlives it; null: no service-account tokens.
  Authenticator(Options options, ServiceAccountTokens* accounts);

  /// The user, with the group system:authenticated. Unauthorized with the message "Unauthorized".
  Result<User> authenticate(const HttpRequest& request);

  /// As a TokenReview tells it: Unauthorized with `invalid bearer token`, or `[invalid bearer
  /// token, WHY]`.
  Result<TokenUser> authenticate_token(std::string_view token,
                                       const std::vector<std::string>& wanted_audiences);

 private:
  std::optional<TokenUser> find_static(std::string_view token,
                                       const std::vector<std::string>& wanted_audiences) const;

  Options options_;
  ServiceAccountTokens* accounts_;
};

/// The bearer token of an Authorization header, or of a WebSocket's subprotocol
/// base64url.bearer.authorization.k8s.io.TOKEN; none if the request shows none.
std::optional<std::string> bearer_token(const HttpRequest& request);

}  // namespace orrery::apiserver
