#include "core/apiserver/auth/reviews.h"

#include <nlohmann/json.hpp>

#include "core/api/checks/field_error.h"
#include "core/apiserver/auth/json_members.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

User user_in(const json& spec) {
  User user{text(spec, "user"), text(spec, "uid"), texts(member(spec, "groups")), {}};
  const json& extra = member(spec, "extra");
  if (extra.is_object()) {
    for (const auto& [key, values] : extra.items()) user.extra[key] = texts(values);
  }
  return user;
}

RequestAttributes attributes_in(const json& spec, User user) {
  RequestAttributes a;
  a.user = std::move(user);
  const json& resource = member(spec, "resourceAttributes");
  if (!resource.is_object()) {
    const json& other = member(spec, "nonResourceAttributes");
    a.is_resource = false;
    a.verb = text(other, "verb");
    a.path = text(other, "path");
    return a;
  }
  a.verb = text(resource, "verb");
  a.api_group = text(resource, "group");
  a.api_version = text(resource, "version");
  a.resource = text(resource, "resource");
  a.subresource = text(resource, "subresource");
  a.name = text(resource, "name");
  a.namespace_ = text(resource, "namespace");
  return a;
}

// ValidateSelfSubjectAccessReviewSpec
void check_attributes(const json& spec, api::FieldErrors& errors) {
  const json& other = member(spec, "nonResourceAttributes");
  const bool has_resource = member(spec, "resourceAttributes").is_object();
  if (has_resource && other.is_object()) {
    errors.invalid_raw(api::Path("spec.nonResourceAttributes"), other.dump(),
                       "cannot be specified in combination with resourceAttributes");
  }
  if (!has_resource && !other.is_object()) {
    errors.invalid_raw(
        api::Path("spec.resourceAttributes"), "null",
        "exactly one of nonResourceAttributes or resourceAttributes must be specified");
  }
}

void check_subject(const json& spec, api::FieldErrors& errors) {
  if (text(spec, "user").empty() && member(spec, "groups").empty()) {
    errors.invalid(api::Path("spec.user"), std::string_view(),
                   "at least one of user or group must be specified");
  }
}

// Upstream names no kind in these.
Status invalid_review(const api::FieldErrors& errors) {
  return api::invalid_status("", "authorization.k8s.io", "", errors);
}

json with_status(const json& review, json status) {
  json out = review;
  if (!member(out, "metadata").is_object()) out["metadata"] = json::object();
  out["status"] = std::move(status);
  return out;
}

json decide(Authorizer& authorizer, const json& review, User user) {
  const Decision decision =
      authorizer.authorize(attributes_in(member(review, "spec"), std::move(user)));
  json status = {{"allowed", decision.allowed}};
  if (!decision.reason.empty()) status["reason"] = decision.reason;
  return with_status(review, std::move(status));
}

}  // namespace

json user_document(const User& user) {
  json out = json::object();
  if (!user.name.empty()) out["username"] = user.name;
  if (!user.uid.empty()) out["uid"] = user.uid;
  if (!user.groups.empty()) out["groups"] = user.groups;
  if (!user.extra.empty()) out["extra"] = user.extra;
  return out;
}

Result<json> review_subject_access(Authorizer& authorizer, const json& review) {
  const json& spec = member(review, "spec");
  api::FieldErrors errors;
  check_attributes(spec, errors);
  check_subject(spec, errors);
  if (!errors.empty()) return invalid_review(errors);
  return decide(authorizer, review, user_in(spec));
}

Result<json> review_local_access(Authorizer& authorizer, const json& review, std::string_view ns) {
  const json& spec = member(review, "spec");
  const json& resource = member(spec, "resourceAttributes");
  const json& other = member(spec, "nonResourceAttributes");
  api::FieldErrors errors;
  check_attributes(spec, errors);
  check_subject(spec, errors);
  const std::string own = text(member(review, "metadata"), "namespace");
  if (resource.is_object() && text(resource, "namespace") != (own.empty() ? ns : own)) {
    errors.invalid(api::Path("spec.resourceAttributes.namespace"), text(resource, "namespace"),
                   "must match metadata.namespace");
  }
  if (other.is_object()) {
    errors.invalid_raw(api::Path("spec.nonResourceAttributes"), other.dump(),
                       "disallowed on this kind of request");
  }
  if (!errors.empty()) return invalid_review(errors);
  json answer = decide(authorizer, review, user_in(spec));
  answer["metadata"]["namespace"] = std::string(ns);
  return answer;
}

Result<json> review_self_access(Authorizer& authorizer, const User& user, const json& review) {
  api::FieldErrors errors;
  check_attributes(member(review, "spec"), errors);
  if (!errors.empty()) return invalid_review(errors);
  return decide(authorizer, review, user);
}

Result<json> review_self_rules(const RbacAuthorizer& authorizer, const User& user,
                               const json& review) {
  const std::string ns = text(member(review, "spec"), "namespace");
  if (ns.empty()) return bad_request("no namespace on request");
  json resources = json::array(), others = json::array();
  for (const PolicyRule* rule : authorizer.rules_for(user, ns)) {
    if (!rule->resources.empty()) {
      json row = {
          {"verbs", rule->verbs}, {"apiGroups", rule->api_groups}, {"resources", rule->resources}};
      if (!rule->resource_names.empty()) row["resourceNames"] = rule->resource_names;
      resources.push_back(std::move(row));
    }
    if (!rule->non_resource_urls.empty()) {
      others.push_back({{"verbs", rule->verbs}, {"nonResourceURLs", rule->non_resource_urls}});
    }
  }
  json status = {{"resourceRules", std::move(resources)},
                 {"nonResourceRules", std::move(others)},
                 {"incomplete", false}};
  const std::string missing = aggregate_text(authorizer.missing_roles_for(user, ns));
  if (!missing.empty()) status["evaluationError"] = missing;
  json answer = with_status(review, std::move(status));
  answer["metadata"] = json::object();
  answer["spec"] = json::object();
  return answer;
}

Result<json> review_token(Authenticator& authenticator, const json& review) {
  const json& spec = member(review, "spec");
  const std::string token = text(spec, "token");
  if (token.empty()) return bad_request("token is required for TokenReview in authentication");
  const Result<TokenUser> found =
      authenticator.authenticate_token(token, texts(member(spec, "audiences")));
  json status = {{"user", json::object()}};
  if (found.ok()) {
    status["authenticated"] = true;
    status["user"] = user_document(found->user);
    if (!found->audiences.empty()) status["audiences"] = found->audiences;
  } else {
    status["error"] = found.status().message();
  }
  return with_status(review, std::move(status));
}

json review_self(const User& user, Time now) {
  return {{"apiVersion", "authentication.k8s.io/v1"},
          {"kind", "SelfSubjectReview"},
          {"metadata", {{"creationTimestamp", format_rfc3339(now)}}},
          {"status", {{"userInfo", user_document(user)}}}};
}

}  // namespace orrery::apiserver
