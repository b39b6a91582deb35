// ApiServer: update of objects and of their status.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/checks/checks.h"
#include "core/api/checks/warnings.h"
#include "core/api/node.h"
#include "core/api/object_codec.h"
#include "core/api/storage.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/service_update.h"
#include "core/apiserver/signing_requests.h"
#include "core/apiserver/strategy.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

// Metadata that clients cannot change. That a document marks an object as deleted is for the
// validation to refuse.
void keep_server_fields(api::ObjectMeta& meta, const api::ObjectMeta& old, bool is_document,
                        bool tracks_fields) {
  meta.name = old.name;
  meta.namespace_ = old.namespace_;
  meta.uid = old.uid;
  meta.resource_version = old.resource_version;
  meta.creation_timestamp = old.creation_timestamp;
  if (!is_document || old.is_being_deleted()) {
    meta.deletion_timestamp = old.deletion_timestamp;
    meta.deletion_grace_period_seconds = old.deletion_grace_period_seconds;
  }
  meta.generation = old.generation;
  drop_server_fields(meta, true);
  if (!tracks_fields) keep_managers(meta, old);
}

bool is_same_spec(const api::Kinds& kinds, const Strategy& strategy, const api::Object& a,
                  const api::Object& b) {
  if (strategy.same_spec) return strategy.same_spec(a, b);
  json x = api::encode_object(kinds, a);
  json y = api::encode_object(kinds, b);
  for (const char* key : {"metadata", "status"}) {
    x.erase(key);
    y.erase(key);
  }
  return x == y;
}

// Metadata equal and all else too: such a write changes nothing. Both have one resourceVersion.
bool is_same_content(const api::Kinds& kinds, const api::Object& a, const api::Object& b) {
  if (!(a.meta == b.meta)) return false;
  const Strategy& strategy = strategy_of(kinds.info(a.kind));
  return strategy.same_body ? strategy.same_body(a, b) : api::same_content(kinds, a, b);
}

// plugin DefaultTolerationSeconds, which looks at updates too.
void tolerate_lost_nodes(json& pod) {
  json& tolerations = pod["spec"]["tolerations"];
  if (!tolerations.is_array()) tolerations = json::array();
  for (const char* key : {"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"}) {
    const bool known =
        std::any_of(tolerations.begin(), tolerations.end(), [&](const json& toleration) {
          const std::string own = toleration.value("key", "");
          const std::string effect = toleration.value("effect", "");
          return (own == key || own.empty()) && (effect == "NoExecute" || effect.empty());
        });
    if (known) continue;
    tolerations.push_back({{"key", key},
                           {"operator", "Exists"},
                           {"effect", "NoExecute"},
                           {"tolerationSeconds", 300}});
  }
}

// When a volume came into its phase.
void stamp_phase(api::Object& object, const api::Object& old, Time now) {
  if (object.kind != api::KindId::kPersistentVolume) return;
  auto& volume = static_cast<api::PersistentVolume&>(object);
  if (volume.phase == static_cast<const api::PersistentVolume&>(old).phase) return;
  json rest = volume.extra ? volume.extra.json() : json::object();
  rest["status"]["lastPhaseTransitionTime"] = format_rfc3339(truncate_to_second(now));
  volume.extra = api::RawRef(std::move(rest));
}

// Kinds whose registry takes a PUT for a create (AllowCreateOnUpdate).
bool is_made_by_update(const api::KindInfo& info) {
  static constexpr std::pair<std::string_view, std::string_view> kRows[] = {
      {"", "Endpoints"},
      {"", "Event"},
      {"", "LimitRange"},
      {"", "Service"},
      {"coordination.k8s.io", "Lease"},
      {"rbac.authorization.k8s.io", "ClusterRole"},
      {"rbac.authorization.k8s.io", "ClusterRoleBinding"},
      {"rbac.authorization.k8s.io", "Role"},
      {"rbac.authorization.k8s.io", "RoleBinding"},
  };
  return std::any_of(std::begin(kRows), std::end(kRows), [&](const auto& row) {
    return info.group == row.first && info.kind == row.second;
  });
}

// The object is gone once nothing holds it: no finalizer, no grace left.
bool is_ready_to_go(const api::Object& object) {
  const api::ObjectMeta& meta = object.meta;
  if (!meta.is_being_deleted() || !meta.finalizers.empty()) return false;
  if (meta.deletion_grace_period_seconds.value_or(0) != 0) return false;
  if (object.kind == api::KindId::kNamespace) {
    return static_cast<const api::Namespace&>(object).finalizers.empty();
  }
  return true;
}

}  // namespace

// A status update keeps everything but the status; of a document it takes labels, annotations and
// finalizers too, as most registries do.
Result<Ref<api::Object>> ApiServer::merge_status(const Request& request, const api::ObjectRef& old,
                                                 Ref<api::Object> fresh) {
  const api::KindInfo& info = kinds_.info(request.kind);
  const Strategy& strategy = strategy_of(info);
  if (!strategy.copy_status) return not_found_response(request).status;
  Ref<api::Object> merged = old->clone();
  const bool typed = static_cast<bool>(request.object);
  const bool keeps_labels =
      request.kind == api::KindId::kPod ? typed : request.kind == api::KindId::kDeployment;
  if (!keeps_labels) merged->meta.labels = fresh->meta.labels;
  if (request.kind != api::KindId::kPod || !typed) {
    merged->meta.annotations = fresh->meta.annotations;
  }
  if (typed) {
    strategy.copy_status(*merged, *fresh);
    stamp_phase(*merged, *old, env_.now());
    return merged;
  }
  merged->meta.finalizers = fresh->meta.finalizers;
  const auto group = info.group.view();
  const auto kind = info.kind.view();
  json document = api::encode_object(kinds_, *fresh);
  api::apply_defaults(group, kind, document);
  const json before = api::encode_object(kinds_, *old);
  stamp_conditions(info, before, env_.now(), document);
  track_fields(request, &before, document);
  Result<Ref<api::Object>> defaulted = api::decode_object(kinds_, request.kind, document);
  if (!defaulted.ok()) return defaulted;
  strategy.copy_status(*merged, **defaulted);
  stamp_phase(*merged, *old, env_.now());
  merged->meta.extra = (*defaulted)->meta.extra;
  const api::FieldErrors errors = api::validate_status_update(
      group, kind, api::encode_object(kinds_, *merged), before);
  if (!errors.empty()) return api::invalid_status(kind, group, request.name.view(), errors);
  return merged;
}

// Defaults, preparation and validation of a changed object, as a document.
Result<Ref<api::Object>> ApiServer::check_changed(const Request& request, const api::ObjectRef& old,
                                                  Ref<api::Object> fresh) {
  const api::KindInfo& info = kinds_.info(request.kind);
  const Strategy& strategy = strategy_of(info);
  if (request.object &&
      (strategy.trusted || (strategy.same_checked && strategy.same_checked(*fresh, *old)))) {
    return fresh;
  }
  const auto group = info.group.view();
  const auto kind = info.kind.view();
  json document = api::encode_object(kinds_, *fresh);
  const json before = api::encode_object(kinds_, *old);
  api::apply_defaults(group, kind, document);
  track_fields(request, &before, document);
  if (request.kind == api::KindId::kPod && !request.object) tolerate_lost_nodes(document);
  if (request.kind == api::KindId::kPriorityClass) {
    RETURN_IF_ERROR(admit_document(info, old->meta, document));
  }
  api::prepare_update(group, kind, document, before);
  api::FieldErrors errors;
  Ref<api::Object> placed;
  if (request.kind == api::KindId::kService) {
    keep_allocated_values(document, before);
    drop_fields_of_old_type(document, before);
    errors = api::service_ip_families(document, &before);
    if (errors.empty()) {
      Result<Ref<api::Object>> service = place_service(document, old.get(), request.dry_run);
      if (!service.ok()) return service;
      placed = std::move(*service);
    }
  }
  if (errors.empty()) errors = api::validate_update(group, kind, document, before);
  if (errors.empty()) {
    note_warnings(request, api::warnings_on_update(group, kind, document, before));
    return api::decode_object(kinds_, request.kind, document);
  }
  if (placed && !request.dry_run) addresses_.give_back(*placed);
  return api::invalid_status(kind, group, request.name.view(), errors);
}

Result<Ref<api::Object>> ApiServer::merge_update(const Request& request, const api::ObjectRef& old,
                                                 Ref<api::Object> fresh) {
  const api::KindInfo& info = kinds_.info(request.kind);
  const Strategy& strategy = strategy_of(info);
  if (!fresh->meta.uid.empty() && fresh->meta.uid != old->meta.uid) {
    if (request.verb == Verb::kPatch) {
      api::FieldErrors errors;
      errors.invalid(api::Path("metadata.uid"), fresh->meta.uid.str(), "field is immutable");
      return api::invalid_status(info.kind.view(), info.group.view(), request.name.view(), errors);
    }
    const std::string space = info.namespaced ? request.namespace_.str() + "/" : std::string();
    return conflict(
        info.group_resource(), request.name.view(),
        fmt::format("StorageError: invalid object, Code: 4, Key: /{}/{}{}, ResourceVersion: 0, "
                    "AdditionalErrorMsg: Precondition failed: UID in precondition: {}, UID in "
                    "object meta: {}",
                    info.resource.view(), space, request.name.view(), fresh->meta.uid.str(),
                    old->meta.uid.str()));
  }
  keep_server_fields(fresh->meta, old->meta, !request.object, !request.field_manager.empty());
  if (const api::CustomResource* custom = custom_of(request.kind)) {
    Result<Ref<api::Object>> checked =
        check_changed_custom(request, *custom, old, std::move(fresh));
    if (!checked.ok() || request.subresource == Subresource::kStatus) return checked;
    const bool same = is_same_spec(kinds_, strategy, **checked, *old);
    (*checked)->meta.generation = old->meta.generation + (same ? 0 : 1);
    return checked;
  }
  if (request.subresource == Subresource::kStatus ||
      request.subresource == Subresource::kApproval) {
    return merge_status(request, old, std::move(fresh));
  }
  if (request.subresource == Subresource::kEphemeralContainers ||
      request.subresource == Subresource::kResize) {
    return merge_pod_part(request, old, *fresh);
  }
  if (request.subresource == Subresource::kFinalize) {
    Ref<api::Object> merged = old->clone();
    static_cast<api::Namespace&>(*merged).finalizers =
        static_cast<const api::Namespace&>(*fresh).finalizers;
    return merged;
  }
  Result<Ref<api::Object>> checked = check_changed(request, old, std::move(fresh));
  if (!checked.ok()) return checked;
  fresh = std::move(*checked);
  if (strategy.copy_status) strategy.copy_status(*fresh, *old);
  if (request.kind == api::KindId::kNamespace) {
    static_cast<api::Namespace&>(*fresh).finalizers =
        static_cast<const api::Namespace&>(*old).finalizers;
  }
  // A PriorityClass has a generation that nothing raises.
  if (!strategy.tracks_generation || request.kind == api::KindId::kPriorityClass) return fresh;
  const bool same = is_same_spec(kinds_, strategy, *fresh, *old) &&
                    (!strategy.same_counted_meta ||
                     strategy.same_counted_meta(fresh->meta, old->meta));
  fresh->meta.generation = old->meta.generation + (same ? 0 : 1);
  return fresh;
}

void ApiServer::write_update(const Request& request, const api::ObjectRef& old,
                             Ref<api::Object> merged, Done done) {
  merged->meta.resource_version = old->meta.resource_version;
  if (is_same_content(kinds_, *merged, *old)) return done(succeeded(old));
  if (write_check_) {
    if (Status s = write_check_(request, *merged, old.get()); !s.ok()) {
      return done(failed(std::move(s)));
    }
  }
  if (request.dry_run) return done(succeeded(merged));
  if (request.kind == api::KindId::kService) {
    done = settle_addresses(std::move(done), old, merged);
  }
  const bool may_grow = request.subresource == Subresource::kNone &&
                        (request.kind == api::KindId::kService ||
                         request.kind == api::KindId::kPersistentVolumeClaim);
  if (!may_grow || !quotas_.limits(old->meta.namespace_)) {
    return put_update(old, std::move(merged), std::move(done));
  }
  quotas_.charge(merged, old, false,
                 [this, old, merged, done = std::move(done)](Status status) mutable {
                   if (!status.ok()) return done(failed(std::move(status)));
                   put_update(old, std::move(merged), std::move(done));
                 });
}

void ApiServer::put_update(const api::ObjectRef& old, Ref<api::Object> merged, Done done) {
  const api::Revision expected = old->meta.resource_version;
  if (is_ready_to_go(*merged)) {
    // Watchers are shown the last stored state, the caller what was asked for.
    return store_.remove(old->clone(), expected,
                         [merged, done = std::move(done)](Result<api::ObjectRef> put) mutable {
                           done(put.ok() ? succeeded(merged) : failed(put.status()));
                         });
  }
  store_.put(std::move(merged), expected,
             [done = std::move(done)](Result<api::ObjectRef> put) mutable {
               done(answer_of(std::move(put)));
             });
}

void ApiServer::update(Request& request, Done done) {
  const api::ObjectRef* found = find(request);
  Warnings warnings;
  Result<Ref<api::Object>> read = read_object(request, warnings);
  if (!read.ok()) return done(failed(read.status()));
  Ref<api::Object> fresh = std::move(*read);
  const api::KindInfo& info = kinds_.info(request.kind);
  if (!(fresh->meta.name == request.name)) {
    return done(failed(bad_request(fmt::format(
        "the name of the object ({}) does not match the name on the URL ({})",
        fresh->meta.name.view(), request.name.view()))));
  }
  if (info.namespaced && !request.object && !fresh->meta.namespace_.empty() &&
      !(fresh->meta.namespace_ == request.namespace_)) {
    return done(failed(bad_request(
        "the namespace of the provided object does not match the namespace sent on the request")));
  }
  const bool makes = !request.object && request.subresource == Subresource::kNone;
  if (!found && makes && is_made_by_update(info)) {
    Result<Ref<api::Object>> placed = place_new(request, std::move(fresh));
    if (!placed.ok()) return done(failed(placed.status()));
    done = [done = std::move(done)](Response response) mutable {
      response.created = response.status.ok();
      done(std::move(response));
    };
    return create_object(request, std::move(*placed), std::move(warnings), std::move(done));
  }
  if (!found) return done(not_found_response(request));
  const api::ObjectRef old = *found;
  // No resourceVersion: unconditional.
  if (fresh->meta.resource_version != 0 &&
      fresh->meta.resource_version != old->meta.resource_version) {
    return done(failed(conflict(info.group_resource(), request.name.view(),
                                "the object has been modified; please apply your changes to the "
                                "latest version and try again")));
  }
  Result<Ref<api::Object>> merged = merge_update(request, old, std::move(fresh));
  if (!merged.ok()) return done(failed(merged.status()));
  if (!warnings.empty()) done = with_warnings(std::move(done), std::move(warnings));
  write_update(request, old, std::move(*merged), std::move(done));
}

}  // namespace orrery::apiserver
