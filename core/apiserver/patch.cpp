// ApiServer: patch: the patched document goes the way of an update.
#include <nlohmann/json.hpp>

#include "core/api/object_codec.h"
#include "core/api/schema/document.h"
#include "core/api/schema/patch.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/scale.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

api::PatchType schema_type(PatchType type) {
  switch (type) {
    case PatchType::kJson: return api::PatchType::kJson;
    case PatchType::kMerge: return api::PatchType::kMerge;
    case PatchType::kStrategic: break;
  }
  return api::PatchType::kStrategicMerge;
}

Result<json> patched(const api::ApiTable& table, int type, PatchType patch_type,
                     const json& current, const json& patch) {
  if (type >= 0) {
    Result<api::DecodedObject> result =
        api::patch_object(schema_type(patch_type), table, static_cast<std::size_t>(type), current,
                          patch.dump(), api::FieldValidation::kIgnore);
    if (!result.ok()) return result.status();
    return std::move(result->value);
  }
  // A kind that the table does not describe (custom resources): no strategic merge.
  switch (patch_type) {
    case PatchType::kJson: return api::apply_json_patch(current, patch);
    case PatchType::kMerge: return api::apply_merge_patch(current, patch);
    case PatchType::kStrategic: break;
  }
  return Status(Reason::kUnsupportedMediaType,
                "the body of the request was in an unknown format - accepted media types include: "
                "application/json-patch+json, application/merge-patch+json, "
                "application/apply-patch+yaml");
}

}  // namespace

void ApiServer::patch(Request& request, Done done) {
  const api::ObjectRef* found = find(request);
  if (!found) return done(not_found_response(request));
  const api::ObjectRef old = *found;
  const api::KindInfo& info = kinds_.info(request.kind);
  const bool is_scale = request.subresource == Subresource::kScale;
  json current;
  int type;
  if (is_scale) {
    Result<api::RawRef> scale = scale_of(kinds_, *old);
    if (!scale.ok()) return done(failed(scale.status()));
    current = scale->json();
    type = table_.find_kind_type("autoscaling", "v1", "Scale");
  } else {
    current = api::encode_object(kinds_, *old);
    type = table_.find_kind_type(info.group.view(), info.version.view(), info.kind.view());
  }
  Result<json> result =
      patched(table_, type, request.patch_type, current, request.document.json());
  if (!result.ok()) return done(failed(result.status()));
  const json::json_pointer version("/metadata/resourceVersion");
  const std::string wanted = result->value(version, std::string());
  if (!wanted.empty() && wanted != current.value(version, std::string())) {
    return done(failed(conflict(info.group_resource(), request.name.view(),
                                "the object has been modified; please apply your changes to the "
                                "latest version and try again")));
  }
  Request whole = std::move(request);
  whole.document = api::RawRef(std::move(*result));
  if (is_scale) return scale(whole, std::move(done));
  Result<Ref<api::Object>> decoded = api::decode_object(kinds_, whole.kind, whole.document.json());
  if (!decoded.ok()) return done(failed(decoded.status()));
  Result<Ref<api::Object>> merged = merge_update(whole, old, std::move(*decoded));
  if (!merged.ok()) return done(failed(merged.status()));
  write_update(whole, old, std::move(*merged), std::move(done));
}

}  // namespace orrery::apiserver
