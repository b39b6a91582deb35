#include "core/apiserver/response_body.h"

#include <nlohmann/json.hpp>
#include <string>

#include "core/api/object_codec.h"
#include "core/apiserver/strategy.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

void set(json& to, const char* key, const std::string& value) {
  if (!value.empty()) to[key] = value;
}

json details_body(const StatusDetails& details) {
  json body = json::object();
  set(body, "name", details.name);
  set(body, "group", details.group);
  set(body, "kind", details.kind);
  set(body, "uid", details.uid);
  for (const StatusCause& cause : details.causes) {
    json one = json::object();
    set(one, "reason", cause.reason);
    set(one, "message", cause.message);
    set(one, "field", cause.field);
    body["causes"].push_back(std::move(one));
  }
  if (details.retry_after_seconds != 0) body["retryAfterSeconds"] = details.retry_after_seconds;
  return body;
}

// Errors made with NewGenericServerResponse carry details even when those say nothing.
bool has_details(const Status& status) {
  const Reason reason = status.reason();
  if (reason == Reason::kUnsupportedMediaType) return status.message().starts_with("415");
  return reason != Reason::kBadRequest && reason != Reason::kUnknown && reason != Reason::kExpired;
}

json success(const json& details) {
  json body = {{"kind", "Status"},
               {"apiVersion", "v1"},
               {"metadata", json::object()},
               {"status", "Success"}};
  if (!details.empty()) body["details"] = details;
  return body;
}

json deletion_body(const api::KindInfo& info, const api::Object& last) {
  json details = {{"name", last.meta.name.str()},
                  {"kind", info.resource.str()},
                  {"uid", last.meta.uid.str()}};
  set(details, "group", info.group.str());
  return success(details);
}

json list_body(const api::Kinds& kinds, const api::KindInfo& info, const Response& response) {
  json items = json::array();
  for (const api::ObjectRef& object : response.items) {
    json item = api::encode_object(kinds, *object);
    item.erase("kind");
    item.erase("apiVersion");
    items.push_back(std::move(item));
  }
  json meta = {{"resourceVersion", std::to_string(response.revision)}};
  set(meta, "continue", response.continue_token);
  if (response.remaining_items) meta["remainingItemCount"] = *response.remaining_items;
  return {{"kind", info.kind.str() + "List"},
          {"apiVersion", info.api_version()},
          {"metadata", std::move(meta)},
          {"items", std::move(items)}};
}

}  // namespace

int response_code(const Request& request, const Response& response) {
  if (!response.status.ok()) return response.status.code();
  return request.verb == Verb::kCreate ? 201 : 200;
}

json status_body(const Status& status) {
  json body = {{"kind", "Status"},
               {"apiVersion", "v1"},
               {"metadata", json::object()},
               {"status", "Failure"},
               {"message", status.message()},
               {"code", status.code()}};
  set(body, "reason", std::string(to_string(status.reason())));
  json details = details_body(status.details());
  if (!details.empty() || has_details(status)) body["details"] = std::move(details);
  return body;
}

json response_body(const api::Kinds& kinds, const Request& request, const Response& response) {
  const api::KindInfo& info = kinds.info(request.kind);
  if (!response.status.ok()) {
    json body = status_body(response.status);
    if (!response.continue_token.empty()) body["metadata"]["continue"] = response.continue_token;
    return body;
  }
  if (request.verb == Verb::kList || request.verb == Verb::kDeleteCollection) {
    return list_body(kinds, info, response);
  }
  if (request.subresource == Subresource::kBinding) {
    json body = success({});
    body["code"] = 201;
    return body;
  }
  if (response.document) return response.document.json();
  if (response.deleted && !strategy_of(info).returns_deleted) {
    return deletion_body(info, *response.object);
  }
  return api::encode_object(kinds, *response.object);
}

}  // namespace orrery::apiserver
