// TokenClaims: what a service-account token says, as upstream's legacy-free ("bound") tokens do.
// Times are seconds since the epoch, as in the token.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::apiserver {

struct TokenClaims {
  struct Ref {
    std::string name;
    std::string uid;  // may be empty for the node of a pod
  };
  std::string issuer;
  std::string subject;  // system:serviceaccount:NAMESPACE:NAME
  std::string id;       // jti
  std::vector<std::string> audiences;
  std::int64_t expires = 0, issued = 0, not_before = 0;
  std::string namespace_;
  Ref service_account;
  std::optional<Ref> pod, node, secret;  // what the token is bound to
  std::optional<std::int64_t> warn_after;
};

/// The payload's JSON.
std::string to_text(const TokenClaims& claims);
/// None if the payload is not a bound token's.
std::optional<TokenClaims> claims_of(std::string_view payload);

/// The header's JSON, and the members of one that a client shows.
struct TokenHeader {
  std::string algorithm;
  std::string key_id;
};
std::string to_text(const TokenHeader& header);
std::optional<TokenHeader> token_header_of(std::string_view header);

}  // namespace orrery::apiserver
