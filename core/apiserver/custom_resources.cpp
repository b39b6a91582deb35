// ApiServer: CustomResourceDefinitions: their status, the resources that established ones bring,
// and what is special about writing custom objects (schemas instead of the checks of built-in
// kinds).
#include <nlohmann/json.hpp>

#include "core/api/checks/checks.h"
#include "core/api/custom/custom_resource.h"
#include "core/api/custom/definition_status.h"
#include "core/api/object_codec.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/strategy.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

// "v1" of "example.com/v1".
std::string_view version_of(std::string_view api_version) {
  return api::split_api_version(api_version).second;
}

}  // namespace

const api::CustomResource* ApiServer::custom_of(api::KindId kind) const {
  const auto it = customs_.find(kind);
  return it == customs_.end() ? nullptr : it->second.get();
}

// Definitions are looked at on the loop's next turn, all of them: names that one gives up another
// may take.
void ApiServer::follow_definitions(const store::Change& change) {
  if (change.type == WatchType::kDeleted) gone_definitions_.push_back(change.now);
  if (definitions_posted_) return;
  definitions_posted_ = true;
  env_.loop.post([this, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.lock()) return;
    definitions_posted_ = false;
    for (const api::ObjectRef& gone : std::exchange(gone_definitions_, {})) drop_custom(*gone);
    settle_definitions();
  });
}

// A definition goes in two steps: its objects first.
void ApiServer::mark_definition(const api::ObjectRef& old, Done done) {
  Ref<api::Object> marked = old->clone();
  marked->meta.deletion_timestamp = truncate_to_second(env_.now());
  marked->meta.finalizers.edit().push_back(Symbol(api::kCleanupFinalizer));
  auto& definition = static_cast<api::Dynamic&>(*marked);
  json body = definition.body ? definition.body.json() : json::object();
  json& conditions = body["status"]["conditions"];
  if (!conditions.is_array()) conditions = json::array();
  conditions.push_back({{"type", "Terminating"},
                        {"status", "True"},
                        {"lastTransitionTime", format_rfc3339(truncate_to_second(env_.now()))},
                        {"reason", "InstanceDeletionPending"},
                        {"message",
                         "CustomResourceDefinition marked for deletion; CustomResource "
                         "deletion will begin soon"}});
  definition.body = api::RawRef(std::move(body));
  store_.put(std::move(marked), old->meta.resource_version,
             [done = std::move(done)](Result<api::ObjectRef> put) mutable {
               done(answer_of(std::move(put)));
             });
}

void ApiServer::finish_definition(const api::Object& definition) {
  drop_custom(definition);
  Ref<api::Object> last = definition.clone();
  std::erase_if(last->meta.finalizers.edit(), [](Symbol f) { return f == api::kCleanupFinalizer; });
  const api::Revision expected = definition.meta.resource_version;
  const auto ignore = [](const Result<api::ObjectRef>&) {};
  if (last->meta.finalizers.empty()) return store_.remove(std::move(last), expected, ignore);
  store_.put(std::move(last), expected, ignore);
}

void ApiServer::settle_definitions() {
  const std::vector<api::ObjectRef> all = store_.table(definitions_).sorted();
  std::vector<json> documents;
  for (const api::ObjectRef& o : all) documents.push_back(api::encode_object(kinds_, *o));
  std::vector<const json*> others;
  for (const json& d : documents) others.push_back(&d);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i]->meta.is_being_deleted()) {
      if (api::has_finalizer(all[i]->meta, api::kCleanupFinalizer)) finish_definition(*all[i]);
      continue;
    }
    json status = api::accepted_status(documents[i], others, env_.now());
    const bool same = documents[i].contains("status") && documents[i]["status"] == status;
    if (!same) {
      documents[i]["status"] = std::move(status);
      Result<Ref<api::Object>> fresh = api::decode_object(kinds_, definitions_, documents[i]);
      if (!fresh.ok()) continue;
      track_own_status(*all[i], **fresh);
      store_.put(std::move(*fresh), all[i]->meta.resource_version,
                 [](const Result<api::ObjectRef>&) {});
    }
    if (api::is_condition_true(documents[i], "Established")) serve_custom(documents[i]);
  }
}

void ApiServer::serve_custom(const json& definition) {
  Result<std::shared_ptr<const api::CustomResource>> made = api::CustomResource::make(definition);
  if (!made.ok()) return;
  const api::CustomResource& custom = **made;
  const api::CustomVersion& storage = custom.storage_version();
  const api::KindId id =
      kinds_.add(custom.group(), storage.name, custom.kind(), custom.plural(), custom.namespaced());
  kinds_.set_custom(id, storage.name, storage.has_status);
  store_.follow_kinds();
  const auto old = served_definitions_.find(custom.name());
  if (old != served_definitions_.end() && old->second == definition["spec"]) return;
  served_definitions_[custom.name()] = definition["spec"];
  customs_[id] = *made;
  std::shared_ptr<const api::ApiTable> table(*made, &custom.table());
  catalog_.put(custom.name(), std::move(table), *made);
}

void ApiServer::drop_custom(const api::Object& definition) {
  const std::string name = definition.meta.name.str();
  served_definitions_.erase(name);
  catalog_.remove(name);
  for (auto it = customs_.begin(); it != customs_.end(); ++it) {
    if (it->second->name() != name) continue;
    for (const api::ObjectRef& object : store_.table(it->first).sorted()) {
      store_.remove(object->clone(), object->meta.resource_version,
                    [](const Result<api::ObjectRef>&) {});
    }
    customs_.erase(it);
    return;
  }
}

Result<Ref<api::Object>> ApiServer::check_new_custom(const Request& request,
                                                     const api::CustomResource& custom,
                                                     Ref<api::Object> object) {
  const Schema schema = schema_of(request);
  const std::string_view version = version_of(schema.api_version);
  json document = encode_version(schema, *object);
  if (custom.has_status(version)) document.erase("status");
  custom.apply_defaults(version, document);
  track_fields(request, nullptr, document);
  const api::FieldErrors errors = custom.validate_create(version, document);
  if (!errors.empty()) {
    return api::invalid_status(custom.kind(), custom.group(), object->meta.name.view(), errors);
  }
  return api::decode_object(kinds_, request.kind, document);
}

Result<Ref<api::Object>> ApiServer::check_changed_custom(const Request& request,
                                                         const api::CustomResource& custom,
                                                         const api::ObjectRef& old,
                                                         Ref<api::Object> fresh) {
  const Schema schema = schema_of(request);
  const std::string_view version = version_of(schema.api_version);
  const bool is_status = request.subresource == Subresource::kStatus;
  const json before = encode_version(schema, *old);
  json document = encode_version(schema, *fresh);
  custom.apply_defaults(version, document);
  track_fields(request, &before, document);
  if (is_status) {
    json merged = before;
    merged.erase("status");
    if (document.contains("status")) merged["status"] = document["status"];
    json& meta = merged["metadata"];
    meta.erase("managedFields");
    if (document["metadata"].contains("managedFields")) {
      meta["managedFields"] = document["metadata"]["managedFields"];
    }
    document = std::move(merged);
  } else if (custom.has_status(version)) {
    document.erase("status");
    if (before.contains("status")) document["status"] = before["status"];
  }
  const api::FieldErrors errors = is_status
                                      ? custom.validate_status_update(version, document, before)
                                      : custom.validate_update(version, document, before);
  if (!errors.empty()) {
    return api::invalid_status(custom.kind(), custom.group(), request.name.view(), errors);
  }
  return api::decode_object(kinds_, request.kind, document);
}

}  // namespace orrery::apiserver
