#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/checks/field_error.h"
#include "core/api/config.h"
#include "core/api/node.h"
#include "core/api/pod.h"
#include "core/api/values/quoted.h"
#include "core/apiserver/auth/jwt.h"
#include "core/apiserver/auth/service_account_name.h"
#include "core/apiserver/auth/service_account_tokens.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

constexpr std::int64_t kDefaultSeconds = 3600;
constexpr std::int64_t kSecondsMin = 600;
constexpr std::int64_t kSecondsMax = std::int64_t{1} << 32;
// What the kubelet asks for when nobody says: such a token is extended, and warns when it is used
// past that (token.WarnOnlyBoundTokenExpirationPeriod, ExpirationExtensionSeconds).
constexpr std::int64_t kExtendedRequest = 3607;
constexpr std::int64_t kExtendedSeconds = 365 * 24 * 3600;

const json& member(const json& object, const char* name) {
  static const json kNull;
  if (!object.is_object()) return kNull;
  const auto it = object.find(name);
  return it == object.end() ? kNull : *it;
}

std::string text(const json& object, const char* name) {
  const json& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

struct Wanted {
  std::vector<std::string> audiences;
  std::int64_t seconds = kDefaultSeconds;
};

Wanted read_spec(const json& spec, const std::vector<std::string>& own_audiences) {
  Wanted out;
  const json& audiences = member(spec, "audiences");
  if (audiences.is_array()) {
    for (const json& audience : audiences) {
      if (audience.is_string()) out.audiences.push_back(audience.get<std::string>());
    }
  }
  if (out.audiences.empty()) out.audiences = own_audiences;
  const json& seconds = member(spec, "expirationSeconds");
  if (seconds.is_number_integer()) out.seconds = seconds.get<std::int64_t>();
  return out;
}

// ValidateTokenRequest
Status check_seconds(std::int64_t seconds) {
  api::FieldErrors errors;
  const api::Path path("spec.expirationSeconds");
  if (seconds < kSecondsMin) {
    errors.invalid(path, seconds, "may not specify a duration less than 10 minutes");
  }
  if (seconds > kSecondsMax) {
    errors.invalid(path, seconds, "may not specify a duration larger than 2^32 seconds");
  }
  if (errors.empty()) return Status();
  return api::invalid_status("TokenRequest", "authentication.k8s.io", "", errors);
}

json metadata_of(const json& request, const api::ObjectMeta& account, Time now) {
  json out = member(request, "metadata").is_object() ? member(request, "metadata") : json::object();
  if (text(out, "name").empty()) out["name"] = account.name.str();
  if (text(out, "namespace").empty()) out["namespace"] = account.namespace_.str();
  out["uid"] = account.uid.str();
  out["creationTimestamp"] = format_rfc3339(now);
  return out;
}

std::int64_t unix_seconds(Time t) {
  return std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count();
}

}  // namespace

struct ServiceAccountTokens::Binding {
  std::optional<TokenClaims::Ref> pod, node, secret;
  const std::optional<TokenClaims::Ref>& object() const {
    return pod ? pod : secret ? secret : node;
  }
};

ServiceAccountTokens::ServiceAccountTokens(Env& env, const store::Store& store, TokenSigner& signer,
                                           TokenSettings settings)
    : env_(env),
      store_(store),
      signer_(signer),
      settings_(std::move(settings)),
      ids_(env.random.stream("apiserver.token_id")) {
  if (settings_.audiences.empty()) settings_.audiences = {settings_.issuer};
}

Result<ServiceAccountTokens::Binding> ServiceAccountTokens::bound_pod(std::string_view ns,
                                                                      std::string_view account,
                                                                      std::string_view name) const {
  const api::ObjectRef* found = store_.find(api::KindId::kPod, Symbol::find(ns), name);
  if (!found) return not_found("pods", name);
  const auto* pod = api::as<api::Pod>(found->get());
  if (pod->spec->service_account_name.view() != account) {
    return bad_request(
        fmt::format("cannot bind token for serviceaccount {} to pod running with "
                    "different serviceaccount name.",
                    api::quoted(account)));
  }
  Binding out;
  out.pod = TokenClaims::Ref{pod->meta.name.str(), pod->meta.uid.str()};
  if (pod->node_name.empty()) return out;
  out.node = TokenClaims::Ref{pod->node_name.str(), {}};
  const api::ObjectRef* node = store_.find(api::KindId::kNode, Symbol(), pod->node_name.view());
  if (node) out.node->uid = (*node)->meta.uid.str();
  return out;
}

// What `boundObjectRef` points at.
Result<ServiceAccountTokens::Binding> ServiceAccountTokens::bound_object(std::string_view ns,
                                                                         std::string_view account,
                                                                         const json& ref) const {
  const std::string kind = text(ref, "kind"), version = text(ref, "apiVersion");
  const std::string name = text(ref, "name"), uid = text(ref, "uid");
  const auto slash = version.find('/');
  const bool core = slash == std::string::npos;
  Result<Binding> out = Binding();
  if (core && kind == "Pod") {
    out = bound_pod(ns, account, name);
  } else if (core && (kind == "Secret" || kind == "Node")) {
    const bool node = kind == "Node";
    const api::ObjectRef* found = store_.find(node ? api::KindId::kNode : api::KindId::kSecret,
                                              node ? Symbol() : Symbol::find(ns), name);
    if (!found) return not_found(node ? "nodes" : "secrets", name);
    (node ? out->node : out->secret) = TokenClaims::Ref{name, (*found)->meta.uid.str()};
  } else {
    return bad_request(fmt::format("cannot bind token to object of type {}{}, Kind={}",
                                   core ? "/" : "", version, kind));
  }
  if (!out.ok() || uid.empty() || uid == out->object()->uid) return out;
  return conflict(kind, name,
                  fmt::format("the UID in the bound object reference ({}) does not match the UID "
                              "in record. The object might have been deleted and then recreated",
                              uid));
}

std::string ServiceAccountTokens::sign(const TokenClaims& claims) {
  std::string token = base64url(to_text(TokenHeader{signer_.algorithm(), signer_.key_id()})) + "." +
                      base64url(to_text(claims));
  const std::string signature = signer_.sign(token);
  return token.append(".").append(base64url(signature));
}

Result<json> ServiceAccountTokens::issue(std::string_view ns, std::string_view name,
                                         const json& request) {
  const api::ObjectRef* account = store_.find(api::KindId::kServiceAccount, Symbol::find(ns), name);
  if (!account) return not_found("serviceaccounts", name);
  const json& spec = member(request, "spec");
  const Wanted wanted = read_spec(spec, settings_.audiences);
  RETURN_IF_ERROR(check_seconds(wanted.seconds));
  const json& ref = member(spec, "boundObjectRef");
  Result<Binding> binding = ref.is_object() ? bound_object(ns, name, ref) : Binding();
  if (!binding.ok()) return binding.status();

  const Time now = env_.now();
  TokenClaims claims;
  claims.issuer = settings_.issuer;
  claims.subject = service_account_user_name(ns, name);
  claims.id = Uid::draw(ids_).str();
  claims.audiences = wanted.audiences;
  claims.issued = claims.not_before = unix_seconds(now);
  claims.expires = claims.issued + wanted.seconds;
  claims.namespace_ = ns;
  claims.service_account = {std::string(name), (*account)->meta.uid.str()};
  claims.pod = binding->pod;
  claims.node = binding->node;
  claims.secret = binding->secret;
  if (settings_.extend_expiration && binding->pod && wanted.seconds == kExtendedRequest &&
      wanted.audiences == settings_.audiences) {
    claims.warn_after = claims.expires;
    claims.expires = claims.issued + kExtendedSeconds;
  }
  const Time expires = now + std::chrono::seconds(wanted.seconds);
  return json{
      {"apiVersion", "authentication.k8s.io/v1"},
      {"kind", "TokenRequest"},
      {"metadata", metadata_of(request, (*account)->meta, now)},
      {"spec",
       {{"audiences", wanted.audiences},
        {"expirationSeconds", wanted.seconds},
        {"boundObjectRef", ref}}},
      {"status", {{"token", sign(claims)}, {"expirationTimestamp", format_rfc3339(expires)}}}};
}

std::string ServiceAccountTokens::openid_configuration(std::string_view url) const {
  return json{{"issuer", settings_.issuer},
              {"jwks_uri", std::string(url) + "/openid/v1/jwks"},
              {"response_types_supported", json::array({"id_token"})},
              {"subject_types_supported", json::array({"public"})},
              {"id_token_signing_alg_values_supported", json::array({signer_.algorithm()})}}
      .dump();
}

}  // namespace orrery::apiserver
