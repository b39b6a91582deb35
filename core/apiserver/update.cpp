// ApiServer: update of objects and of their status.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/checks/checks.h"
#include "core/api/node.h"
#include "core/api/object_codec.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/strategy.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

// Metadata that clients cannot change.
void keep_server_fields(api::ObjectMeta& meta, const api::ObjectMeta& old) {
  meta.name = old.name;
  meta.namespace_ = old.namespace_;
  meta.generate_name = old.generate_name;
  meta.uid = old.uid;
  meta.creation_timestamp = old.creation_timestamp;
  meta.deletion_timestamp = old.deletion_timestamp;
  meta.deletion_grace_period_seconds = old.deletion_grace_period_seconds;
  meta.generation = old.generation;
}

bool is_same_spec(const api::Kinds& kinds, const Strategy& strategy, const api::Object& a,
                  const api::Object& b) {
  if (strategy.same_spec) return strategy.same_spec(a, b);
  json x = api::encode_object(kinds, a);
  json y = api::encode_object(kinds, b);
  return x.value("spec", json()) == y.value("spec", json());
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

Result<Ref<api::Object>> ApiServer::merge_update(const Request& request, const api::ObjectRef& old,
                                                 Ref<api::Object> fresh) {
  const api::KindInfo& info = kinds_.info(request.kind);
  const Strategy& strategy = strategy_of(request.kind);
  if (!fresh->meta.uid.empty() && fresh->meta.uid != old->meta.uid) {
    return conflict(info.group_resource(), request.name.view(),
                    fmt::format("Precondition failed: UID in precondition: {}, UID in object meta: {}",
                                fresh->meta.uid.str(), old->meta.uid.str()));
  }
  keep_server_fields(fresh->meta, old->meta);
  const bool typed = static_cast<bool>(request.object);
  if (request.subresource == Subresource::kStatus) {
    if (!strategy.copy_status) return not_found_response(request).status;
    Ref<api::Object> merged = old->clone();
    strategy.copy_status(*merged, *fresh);
    if (request.kind != api::KindId::kPod) {
      merged->meta.labels = fresh->meta.labels;
      merged->meta.annotations = fresh->meta.annotations;
    }
    if (!typed) {
      const api::FieldErrors errors = api::validate_status_update(
          info.group.str(), info.kind.str(), api::encode_object(kinds_, *merged),
          api::encode_object(kinds_, *old));
      if (!errors.empty()) {
        return api::invalid_status(info.kind.str(), info.group.str(), request.name.view(), errors);
      }
    }
    return merged;
  }
  if (request.subresource == Subresource::kFinalize) {
    Ref<api::Object> merged = old->clone();
    static_cast<api::Namespace&>(*merged).finalizers =
        static_cast<const api::Namespace&>(*fresh).finalizers;
    return merged;
  }
  if (!(typed && strategy.trusted)) {
    json document = api::encode_object(kinds_, *fresh);
    api::apply_defaults(info.group.str(), info.kind.str(), document);
    const api::FieldErrors errors = api::validate_update(info.group.str(), info.kind.str(), document,
                                                         api::encode_object(kinds_, *old));
    if (!errors.empty()) {
      return api::invalid_status(info.kind.str(), info.group.str(), request.name.view(), errors);
    }
    Result<Ref<api::Object>> decoded = api::decode_object(kinds_, request.kind, document);
    if (!decoded.ok()) return decoded.status();
    fresh = std::move(*decoded);
  }
  if (strategy.copy_status) strategy.copy_status(*fresh, *old);
  if (request.kind == api::KindId::kNamespace) {
    static_cast<api::Namespace&>(*fresh).finalizers =
        static_cast<const api::Namespace&>(*old).finalizers;
  }
  if (strategy.tracks_generation && !is_same_spec(kinds_, strategy, *fresh, *old)) {
    ++fresh->meta.generation;
  }
  return fresh;
}

void ApiServer::write_update(const Request& request, const api::ObjectRef& old,
                             Ref<api::Object> merged, Done done) {
  merged->meta.resource_version = old->meta.resource_version;
  if (api::same_content(kinds_, *merged, *old)) return done(succeeded(old));
  if (request.dry_run) return done(succeeded(merged));
  auto answer = [done = std::move(done)](Result<api::ObjectRef> put) mutable {
    done(put.ok() ? succeeded(std::move(*put)) : failed(put.status()));
  };
  const api::Revision expected = old->meta.resource_version;
  if (is_ready_to_go(*merged)) {
    store_.remove(std::move(merged), expected, std::move(answer));
  } else {
    store_.put(std::move(merged), expected, std::move(answer));
  }
}

void ApiServer::update(Request& request, Done done) {
  const api::ObjectRef* found = find(request);
  if (!found) return done(not_found_response(request));
  const api::ObjectRef old = *found;
  Ref<api::Object> fresh;
  if (request.object) {
    fresh = request.object->clone();
  } else {
    Result<Ref<api::Object>> decoded =
        api::decode_object(kinds_, request.kind, request.document.json());
    if (!decoded.ok()) return done(failed(decoded.status()));
    fresh = std::move(*decoded);
  }
  const api::KindInfo& info = kinds_.info(request.kind);
  if (!(fresh->meta.name == request.name)) {
    return done(failed(bad_request(fmt::format(
        "the name of the object ({}) does not match the name on the URL ({})",
        fresh->meta.name.view(), request.name.view()))));
  }
  // No resourceVersion: unconditional.
  if (fresh->meta.resource_version != 0 &&
      fresh->meta.resource_version != old->meta.resource_version) {
    return done(failed(conflict(info.group_resource(), request.name.view(),
                                "the object has been modified; please apply your changes to the "
                                "latest version and try again")));
  }
  Result<Ref<api::Object>> merged = merge_update(request, old, std::move(fresh));
  if (!merged.ok()) return done(failed(merged.status()));
  write_update(request, old, std::move(*merged), std::move(done));
}

}  // namespace orrery::apiserver
