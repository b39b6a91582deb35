#include "core/apiserver/auth/token_claims.h"

#include <nlohmann/json.hpp>

namespace orrery::apiserver {
namespace {

using nlohmann::json;

json ref_document(const TokenClaims::Ref& ref) {
  json out = {{"name", ref.name}};
  if (!ref.uid.empty()) out["uid"] = ref.uid;
  return out;
}

std::string text(const json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// A NumericDate may have a fraction.
std::int64_t number(const json& object, const char* name) {
  const auto it = object.find(name);
  if (it == object.end()) return 0;
  if (it->is_number_integer()) return it->get<std::int64_t>();
  if (!it->is_number_float()) return 0;
  const double value = it->get<double>();
  return value > 0 && value < 1e15 ? static_cast<std::int64_t>(value) : 0;
}

std::optional<TokenClaims::Ref> ref_of(const json& object, const char* name) {
  const auto it = object.find(name);
  if (it == object.end() || !it->is_object()) return std::nullopt;
  return TokenClaims::Ref{text(*it, "name"), text(*it, "uid")};
}

std::vector<std::string> audiences_of(const json& claims) {
  const auto it = claims.find("aud");
  if (it == claims.end()) return {};
  if (it->is_string()) return {it->get<std::string>()};
  std::vector<std::string> out;
  for (const json& item : *it) {
    if (item.is_string()) out.push_back(item.get<std::string>());
  }
  return out;
}

std::optional<json> parse_object(std::string_view document) {
  json parsed = json::parse(document, nullptr, false);
  if (!parsed.is_object()) return std::nullopt;
  return parsed;
}

}  // namespace

std::string to_text(const TokenClaims& claims) {
  json own = {{"namespace", claims.namespace_},
              {"serviceaccount", ref_document(claims.service_account)}};
  if (claims.pod) own["pod"] = ref_document(*claims.pod);
  if (claims.node) own["node"] = ref_document(*claims.node);
  if (claims.secret) own["secret"] = ref_document(*claims.secret);
  if (claims.warn_after) own["warnafter"] = *claims.warn_after;
  const json out = {{"aud", claims.audiences},  {"exp", claims.expires},
                    {"iat", claims.issued},     {"iss", claims.issuer},
                    {"jti", claims.id},         {"kubernetes.io", std::move(own)},
                    {"nbf", claims.not_before}, {"sub", claims.subject}};
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<TokenClaims> claims_of(std::string_view payload) {
  const std::optional<json> document = parse_object(payload);
  if (!document) return std::nullopt;
  const auto own = document->find("kubernetes.io");
  if (own == document->end() || !own->is_object()) return std::nullopt;
  const std::optional<TokenClaims::Ref> account = ref_of(*own, "serviceaccount");
  if (!account) return std::nullopt;
  TokenClaims out;
  out.issuer = text(*document, "iss");
  out.subject = text(*document, "sub");
  out.id = text(*document, "jti");
  out.audiences = audiences_of(*document);
  out.expires = number(*document, "exp");
  out.issued = number(*document, "iat");
  out.not_before = number(*document, "nbf");
  out.namespace_ = text(*own, "namespace");
  out.service_account = *account;
  out.pod = ref_of(*own, "pod");
  out.node = ref_of(*own, "node");
  out.secret = ref_of(*own, "secret");
  if (own->contains("warnafter")) out.warn_after = number(*own, "warnafter");
  return out;
}

std::string to_text(const TokenHeader& header) {
  return json{{"alg", header.algorithm}, {"kid", header.key_id}}.dump();
}

std::optional<TokenHeader> token_header_of(std::string_view header) {
  const std::optional<json> document = parse_object(header);
  if (!document) return std::nullopt;
  return TokenHeader{text(*document, "alg"), text(*document, "kid")};
}

}  // namespace orrery::apiserver
