// ApiServer: patch: the patched document goes the way of an update.
#include "core/api/schema/patch.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/object_codec.h"
#include "core/api/schema/document.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/scale.h"
#include "core/apiserver/schema_validation.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

api::PatchType schema_type(PatchType type) {
  switch (type) {
    case PatchType::kJson:
      return api::PatchType::kJson;
    case PatchType::kMerge:
      return api::PatchType::kMerge;
    case PatchType::kStrategic:
    case PatchType::kApply:
      break;
  }
  return api::PatchType::kStrategicMerge;
}

Result<api::DecodedObject> patched(const api::ApiTable& table, int type, const Request& request,
                                   const json& current) {
  const std::string body = !request.body.empty() ? request.body
                           : request.document    ? request.document.json().dump()
                                                 : std::string();
  if (type >= 0) {
    return api::patch_object(schema_type(request.patch_type), table, static_cast<std::size_t>(type),
                             current, body, schema_validation(request.field_validation));
  }
  // A kind that the table does not describe (custom resources): no strategic merge.
  Result<api::ParsedDocument> patch = api::parse_document(body);
  if (!patch.ok()) return patch.status();
  api::DecodedObject decoded;
  if (request.patch_type == PatchType::kMerge) {
    decoded.value = api::apply_merge_patch(current, patch->value);
    return decoded;
  }
  if (request.patch_type == PatchType::kJson) {
    Result<json> changed = api::apply_json_patch(current, patch->value);
    if (!changed.ok()) return changed.status();
    decoded.value = std::move(*changed);
    return decoded;
  }
  return Status(Reason::kUnsupportedMediaType,
                "the body of the request was in an unknown format - accepted media types include: "
                "application/json-patch+json, application/merge-patch+json, "
                "application/apply-patch+yaml");
}

// What the patched document says of itself against where it was sent.
Status check_identity(const api::KindInfo& info, const Request& request, const json& current,
                      const json& result) {
  // A kind without a row of the table may hold anything here; json::value() would throw.
  const auto text = [](const json& document, const char* path) {
    const json::json_pointer at(path);
    return document.contains(at) && document[at].is_string() ? document[at].get<std::string>()
                                                             : std::string();
  };
  const std::string name = text(result, "/metadata/name");
  if (name != request.name.view()) {
    return bad_request(
        fmt::format("the name of the object ({}) does not match the name on the URL ({})", name,
                    request.name.view()));
  }
  const std::string space = text(result, "/metadata/namespace");
  if (info.namespaced && space != request.namespace_.view()) {
    return bad_request(
        "the namespace of the provided object does not match the namespace sent on the request");
  }
  const std::string wanted = text(result, "/metadata/resourceVersion");
  if (wanted.empty() || wanted == text(current, "/metadata/resourceVersion")) return Status();
  return conflict(info.group_resource(), request.name.view(),
                  "the object has been modified; please apply your changes to the latest version "
                  "and try again");
}

}  // namespace

void ApiServer::patch(Request& request, Done done) {
  if (request.patch_type == PatchType::kApply) return apply(request, std::move(done));
  const api::ObjectRef* found = find(request);
  if (!found) return done(not_found_response(request));
  const api::ObjectRef old = *found;
  const api::KindInfo& info = kinds_.info(request.kind);
  const bool is_scale = request.subresource == Subresource::kScale;
  Schema schema = schema_of(request);
  json current;
  if (is_scale) {
    Result<api::RawRef> scale = read_scale(request, *old);
    if (!scale.ok()) return done(failed(scale.status()));
    current = scale->json();
    schema = scale_schema();
  } else {
    current = encode_version(schema, *old);
  }
  const int row = schema.custom && !is_scale ? -1 : schema.type;
  Result<api::DecodedObject> result = patched(*schema.table, row, request, current);
  if (result.ok() && schema.custom && !is_scale) {
    Warnings warnings;
    Result<json> checked =
        checked_custom(schema, request.field_validation, {std::move(result->value), {}}, warnings);
    if (!checked.ok()) return done(failed(checked.status()));
    result->value = std::move(*checked);
    result->warnings = std::move(warnings);
  }
  if (!result.ok()) return done(failed(result.status()));
  if (Status s = check_identity(info, request, current, result->value); !s.ok()) {
    return done(failed(std::move(s)));
  }
  if (!result->warnings.empty()) done = with_warnings(std::move(done), std::move(result->warnings));
  if (is_scale) return scale_to(request, api::RawRef(std::move(result->value)), std::move(done));
  Result<Ref<api::Object>> decoded = decode_version(request, schema, std::move(result->value));
  if (!decoded.ok()) return done(failed(decoded.status()));
  Result<Ref<api::Object>> merged = merge_update(request, old, std::move(*decoded));
  if (!merged.ok()) return done(failed(merged.status()));
  write_update(request, old, std::move(*merged), std::move(done));
}

}  // namespace orrery::apiserver
