#include <fmt/format.h>

#include <algorithm>

#include "core/api/config.h"
#include "core/api/node.h"
#include "core/api/pod.h"
#include "core/apiserver/auth/jwt.h"
#include "core/apiserver/auth/policy_rule.h"
#include "core/apiserver/auth/service_account_name.h"
#include "core/apiserver/auth/service_account_tokens.h"

namespace orrery::apiserver {
namespace {

constexpr std::int64_t kLeewaySeconds = 60;  // go-jose's DefaultLeeway
constexpr std::string_view kExtra = "authentication.kubernetes.io/";

Status refused(std::string why) { return Status(Reason::kUnauthorized, std::move(why)); }
Status invalidated() { return refused("service account token has been invalidated"); }

std::int64_t unix_seconds(Time t) {
  return std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count();
}

bool has(const std::vector<std::string>& texts, const std::string& wanted) {
  return std::find(texts.begin(), texts.end(), wanted) != texts.end();
}

User user_of(const TokenClaims& claims) {
  User user;
  user.name = service_account_user_name(claims.namespace_, claims.service_account.name);
  user.uid = claims.service_account.uid;
  user.groups = service_account_groups(claims.namespace_);
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) user.extra[std::string(kExtra).append(key)] = {value};
  };
  if (!claims.id.empty()) add("credential-id", "JTI=" + claims.id);
  if (claims.pod) {
    add("pod-name", claims.pod->name);
    add("pod-uid", claims.pod->uid);
  }
  if (claims.node) {
    add("node-name", claims.node->name);
    add("node-uid", claims.node->uid);
  }
  return user;
}

}  // namespace

Result<TokenUser> ServiceAccountTokens::verify(std::string_view token,
                                               const std::vector<std::string>& wanted) {
  Result<TokenClaims> claims = read(token);
  if (!claims.ok()) return claims.status();
  const std::vector<std::string>& targets = wanted.empty() ? settings_.audiences : wanted;
  TokenUser out;
  for (const std::string& audience : claims->audiences) {
    if (has(targets, audience)) out.audiences.push_back(audience);
  }
  if (out.audiences.empty()) {
    return refused(fmt::format("token audiences {} is invalid for the target audiences {}",
                               quoted_list(claims->audiences), quoted_list(targets)));
  }
  RETURN_IF_ERROR(check_times(*claims));
  RETURN_IF_ERROR(check_account(*claims));
  RETURN_IF_ERROR(check_bound(*claims));
  out.user = user_of(*claims);
  return out;
}

// The claims, once the signature is known to be good.
Result<TokenClaims> ServiceAccountTokens::read(std::string_view token) {
  if (const auto known = verified_.find(token); known != verified_.end()) return known->second;
  const std::optional<Jwt> jwt = Jwt::split(token);
  if (!jwt) return refused({});
  std::optional<TokenClaims> claims = claims_of(jwt->payload);
  const std::optional<TokenHeader> header = token_header_of(jwt->header);
  if (!claims || !header || claims->issuer != settings_.issuer) return refused({});
  if (header->algorithm != signer_.algorithm() ||
      !signer_.is_signed(header->key_id, jwt->signed_text, jwt->signature)) {
    return refused("go-jose/go-jose: error in cryptographic primitive");
  }
  if (claims->subject !=
      service_account_user_name(claims->namespace_, claims->service_account.name)) {
    return refused("service account token claims could not be validated due to subject mismatch");
  }
  if (verified_.size() >= kVerifiedMax) verified_.clear();
  verified_.emplace(token, *claims);
  return std::move(*claims);
}

Status ServiceAccountTokens::check_times(const TokenClaims& claims) const {
  const std::int64_t now = unix_seconds(env_.now());
  if (now + kLeewaySeconds < claims.not_before) {
    return refused("service account token is not valid yet");
  }
  if (now - kLeewaySeconds > claims.expires) return refused("service account token has expired");
  if (now + kLeewaySeconds < claims.issued) {
    return refused("service account token is issued in the future");
  }
  return Status();
}

bool ServiceAccountTokens::was_deleted(const api::ObjectMeta& meta) const {
  return meta.is_being_deleted() &&
         meta.deletion_timestamp < env_.now() - std::chrono::seconds(kLeewaySeconds);
}

Status ServiceAccountTokens::check_account(const TokenClaims& claims) const {
  const TokenClaims::Ref& wanted = claims.service_account;
  const api::ObjectRef* account =
      store_.find(api::KindId::kServiceAccount, Symbol::find(claims.namespace_), wanted.name);
  if (!account) {
    return refused(not_found("serviceaccounts", wanted.name).message());
  }
  const std::string uid = (*account)->meta.uid.str();
  if (uid != wanted.uid) {
    return refused(
        fmt::format("service account UID ({}) does not match claim ({})", uid, wanted.uid));
  }
  if (was_deleted((*account)->meta)) return refused("service account has been deleted");
  return Status();
}

Status ServiceAccountTokens::check_bound(const TokenClaims& claims) const {
  const auto check = [&](api::KindId kind, std::string_view ns, const TokenClaims::Ref& ref,
                         std::string_view what, std::string_view of) {
    const api::ObjectRef* found = store_.find(kind, Symbol::find(ns), ref.name);
    if (!found) return invalidated();
    const std::string uid = (*found)->meta.uid.str();
    if (uid != ref.uid) {
      return refused(fmt::format("{} UID ({}) does not match service account {} ref claim ({})",
                                 what, uid, of, ref.uid));
    }
    return was_deleted((*found)->meta) ? invalidated() : Status();
  };
  const std::string& ns = claims.namespace_;
  if (claims.secret) {
    RETURN_IF_ERROR(check(api::KindId::kSecret, ns, *claims.secret, "secret", "secret"));
  }
  if (claims.pod) return check(api::KindId::kPod, ns, *claims.pod, "pod", "pod");
  if (claims.node) return check(api::KindId::kNode, {}, *claims.node, "node", "node");
  return Status();
}

}  // namespace orrery::apiserver
