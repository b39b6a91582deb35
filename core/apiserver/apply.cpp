// ApiServer: server-side apply, and who owns which fields after other writes.
#include "core/api/managed/apply.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/custom/custom_resource.h"
#include "core/api/managed_entries.h"
#include "core/api/managed/scale_entries.h"
#include "core/api/managed/update.h"
#include "core/api/object_codec.h"
#include "core/api/schema/api_table.h"
#include "core/api/schema/omit_empty.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/scale.h"
#include "core/apiserver/strategy.h"
#include "core/apiserver/versions.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

using api::kManagedFields;

std::string_view name_of(Subresource subresource) {
  switch (subresource) {
    case Subresource::kNone:
      return "";
    case Subresource::kStatus:
      return "status";
    case Subresource::kScale:
      return "scale";
    case Subresource::kBinding:
      return "binding";
    case Subresource::kEviction:
      return "eviction";
    case Subresource::kFinalize:
      return "finalize";
    case Subresource::kEphemeralContainers:
      return "ephemeralcontainers";
    case Subresource::kResize:
      return "resize";
    case Subresource::kApproval:
      return "approval";
  }
  return "";
}

std::string text_at(const json& document, const char* path) {
  const json::json_pointer at(path);
  return document.contains(at) && document[at].is_string() ? document[at].get<std::string>() : "";
}

bool is_apply(const Request& request) {
  return request.verb == Verb::kPatch && request.patch_type == PatchType::kApply;
}

}  // namespace

api::managed::Write ApiServer::managed_write(const Request& request, const Schema& schema) const {
  return {*schema.table,
          static_cast<std::size_t>(schema.type),
          schema.api_version,
          request.field_manager.view(),
          name_of(request.subresource),
          env_.now(),
          schema.custom != nullptr};
}

// Into `fresh`, which is defaulted and not yet admitted; both documents are in the stored version.
// What an apply owns it has worked out itself.
void ApiServer::track_fields(const Request& request, const json* live, json& fresh) const {
  if (request.field_manager.empty() || is_apply(request)) return;
  const Schema schema = schema_of(request);
  if (schema.type < 0) return;
  const api::managed::Write write = managed_write(request, schema);
  if (!schema.custom) {
    api::omit_empty(*schema.table, static_cast<std::size_t>(schema.type), fresh);
  }
  json managers;
  if (schema.version) {
    json before = live ? *live : json(), after = fresh;
    if (live) schema.version->from_hub(before);
    schema.version->from_hub(after);
    managers = api::managed::updated_managers(write, before, after);
  } else {
    managers = api::managed::updated_managers(write, live ? *live : json(), fresh);
  }
  json& meta = fresh["metadata"];
  if (managers.is_null() || managers.empty()) {
    meta.erase(kManagedFields);
  } else {
    meta[kManagedFields] = std::move(managers);
  }
  if (live) api::managed::keep_times_if_unchanged(*live, fresh);
}

// Whose the replicas are after a write of the Scale: the parent's entries are turned into the
// Scale's, brought up to date, and turned back.
void ApiServer::track_scale(const Request& request, const json& before, const json& after,
                            const api::Object& old, api::Object& merged) const {
  if (request.field_manager.empty()) return;
  const Schema schema = schema_of(request);
  const api::KindInfo& info = kinds_.info(request.kind);
  api::managed::ReplicasPaths paths;
  if (const api::CustomResource* custom = custom_of(request.kind)) {
    for (const api::CustomVersion& v : custom->versions()) {
      std::vector<std::string>& path = paths[custom->group() + "/" + v.name];
      for (std::size_t at = 1; v.has_scale && at <= v.spec_replicas_path.size();) {
        const std::size_t dot =
            std::min(v.spec_replicas_path.find('.', at), v.spec_replicas_path.size());
        path.push_back(v.spec_replicas_path.substr(at, dot - at));
        at = dot + 1;
      }
    }
  } else {
    paths[info.api_version()] = {"spec", "replicas"};
  }
  const json parent = api::managers_of(old.meta);
  json live = before, fresh = after;
  live["metadata"][kManagedFields] = api::managed::to_scale_managers(parent, paths);
  if (live["metadata"][kManagedFields].is_null()) live["metadata"].erase(kManagedFields);
  const Schema scale = scale_schema();
  api::omit_empty(*scale.table, static_cast<std::size_t>(scale.type), live);
  api::omit_empty(*scale.table, static_cast<std::size_t>(scale.type), fresh);
  const json entries = api::managed::updated_managers(managed_write(request, scale), live, fresh);
  api::set_managers(merged.meta,
                    api::managed::to_parent_managers(parent, entries, schema.api_version, paths));
}

// What the configuration says of itself against where it was sent.
Status ApiServer::check_applied(const Request& request, const Schema& schema,
                                const json& config) const {
  const api::KindInfo& info = kinds_.info(request.kind);
  const std::string version = text_at(config, "/apiVersion"), kind = text_at(config, "/kind");
  if (version.empty() || kind.empty()) {
    const auto [group, plain] = api::split_api_version(version);
    return bad_request(fmt::format("invalid object type: {}/{}, Kind={}", group, plain, kind));
  }
  const bool is_scale = request.subresource == Subresource::kScale;
  const std::string wanted_version = is_scale ? "autoscaling/v1" : schema.api_version;
  if (kind != (is_scale ? "Scale" : info.kind.str()) || version != wanted_version) {
    const auto [group, plain] = api::split_api_version(version);
    return bad_request(fmt::format("invalid object type: {}/{}, Kind={}", group, plain, kind));
  }
  const std::string name = text_at(config, "/metadata/name");
  if (!name.empty() && name != request.name.view()) {
    return bad_request(
        fmt::format("the name of the object ({}) does not match the name on the URL "
                    "({})",
                    name, request.name.view()));
  }
  return Status();
}

// A status that the server itself writes (budgets of evictions, definitions): it is one of the
// managers, if the object has any.
void ApiServer::track_own_status(const api::Object& old, api::Object& fresh) const {
  if (!old.meta.extra || !old.meta.extra.json().contains(kManagedFields)) return;
  Request request;
  request.verb = Verb::kUpdate;
  request.kind = old.kind;
  request.subresource = Subresource::kStatus;
  request.field_manager = Text("kube-apiserver");
  const json before = api::encode_object(kinds_, old);
  json after = api::encode_object(kinds_, fresh);
  track_fields(request, &before, after);
  api::set_managers(fresh.meta, after["metadata"].value(kManagedFields, json()));
}

void ApiServer::apply(Request& request, Done done) {
  const Schema schema = schema_of(request);
  const json config = request.document ? request.document.json() : json();
  if (Status s = check_applied(request, schema, config); !s.ok()) return done(failed(std::move(s)));
  const api::ObjectRef* found = find(request);
  if (!found && request.subresource != Subresource::kNone) return done(not_found_response(request));
  const api::ObjectRef old = found ? *found : api::ObjectRef();
  if (request.subresource == Subresource::kScale)
    return apply_scale(request, config, std::move(done));
  const json live = old ? encode_version(schema, *old) : json();
  Result<api::managed::ApplyOutcome> outcome =
      api::managed::apply(managed_write(request, schema), live, config, request.force);
  if (!outcome.ok()) return done(failed(outcome.status()));
  json& applied = *outcome->object;
  const std::string version = text_at(config, "/metadata/resourceVersion");
  if (old && !version.empty() && version != std::to_string(old->meta.resource_version)) {
    return done(failed(conflict(kinds_.info(request.kind).group_resource(), request.name.view(),
                                "the object has been modified; please apply your changes to the "
                                "latest version and try again")));
  }
  Result<Ref<api::Object>> decoded = decode_version(request, schema, std::move(applied));
  if (!decoded.ok()) return done(failed(decoded.status()));
  if (!old) return apply_new(request, std::move(*decoded), std::move(done));
  Result<Ref<api::Object>> merged = merge_update(request, old, std::move(*decoded));
  if (!merged.ok()) return done(failed(merged.status()));
  write_update(request, old, std::move(*merged), std::move(done));
}

void ApiServer::apply_new(Request& request, Ref<api::Object> object, Done done) {
  api::ObjectMeta& meta = object->meta;
  if (!meta.uid.empty()) {
    return done(
        failed(conflict(kinds_.info(request.kind).group_resource(), request.name.view(),
                        fmt::format("uid mismatch: the provided object specified uid {}, and "
                                    "no existing object was found",
                                    meta.uid.str()))));
  }
  meta.name = request.name;
  meta.resource_version = 0;
  Result<Ref<api::Object>> placed = place_new(request, std::move(object));
  if (!placed.ok()) return done(failed(placed.status()));
  create_object(request, std::move(*placed), {},
                [done = std::move(done)](Response response) mutable {
                  response.created = response.status.ok();
                  done(std::move(response));
                });
}

// A Scale has one field that can be applied.
void ApiServer::apply_scale(Request& request, const json& config, Done done) {
  const api::ObjectRef old = *find(request);
  Result<api::RawRef> scale = read_scale(request, *old);
  if (!scale.ok()) return done(failed(scale.status()));
  json wanted = scale->json();
  const json::json_pointer replicas("/spec/replicas");
  if (config.contains(replicas)) wanted[replicas] = config[replicas];
  scale_to(request, api::RawRef(std::move(wanted)), std::move(done));
}

}  // namespace orrery::apiserver
