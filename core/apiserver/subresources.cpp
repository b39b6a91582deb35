// ApiServer: binding and scale.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/custom/custom_resource.h"
#include "core/api/object_codec.h"
#include "core/api/schema/api_table.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/scale.h"

namespace orrery::apiserver {

// POST pods/NAME/binding (BindingREST.assignPod): sets spec.nodeName once, and PodScheduled.
void ApiServer::bind(Request& request, Done done) {
  const api::ObjectRef* found = find(request);
  if (!found) return done(not_found_response(request));
  const auto& old = static_cast<const api::Pod&>(**found);
  const auto refuse = [&](std::string why) {
    done(failed(conflict("pods/binding", request.name.view(), why)));
  };
  if (!request.remove.uid.empty() && request.remove.uid != old.meta.uid) {
    return refuse(
        fmt::format("Precondition failed: UID in precondition: {}, UID in object meta: {}",
                    request.remove.uid.str(), old.meta.uid.str()));
  }
  if (old.meta.is_being_deleted()) {
    return refuse(
        fmt::format("pod {} is being deleted, cannot be assigned to a host", old.meta.name.view()));
  }
  if (!old.node_name.empty()) {
    return refuse(fmt::format("pod {} is already assigned to node \"{}\"", old.meta.name.view(),
                              old.node_name.view()));
  }
  if (old.spec && !old.spec->scheduling_gates.empty()) {
    return refuse(fmt::format("pod {} has non-empty .spec.schedulingGates", old.meta.name.view()));
  }
  auto pod = make_ref<api::Pod>(old);
  pod->node_name = request.node;
  static const Symbol kScheduled("PodScheduled"), kTrue("True");
  api::set_condition(pod->status,
                     {kScheduled, kTrue, {}, {}, {}, truncate_to_second(env_.now()), 0});
  if (request.object) pod->meta.annotations = request.object->meta.annotations;
  const api::Revision expected = old.meta.resource_version;
  if (request.dry_run) return done(succeeded(pod));
  store_.put(std::move(pod), expected,
             [done = std::move(done)](Result<api::ObjectRef> put) mutable {
               done(answer_of(std::move(put)));
             });
}

ApiServer::Schema ApiServer::scale_schema() const {
  return {&table_, table_.find_kind_type("autoscaling", "v1", "Scale"), nullptr, nullptr,
          "autoscaling/v1"};
}

Result<api::RawRef> ApiServer::read_scale(const Request& request, const api::Object& object) const {
  const api::CustomResource* custom = custom_of(object.kind);
  if (!custom) return scale_of(kinds_, object);
  const Schema schema = schema_of(request);
  Result<nlohmann::json> scale = custom->scale_of(api::split_api_version(schema.api_version).second,
                                                  encode_version(schema, object));
  if (!scale.ok()) return scale.status();
  return api::RawRef(std::move(*scale));
}

Result<Ref<api::Object>> ApiServer::scaled(const Request& request, const api::Object& object,
                                           const api::RawRef& scale) const {
  const api::CustomResource* custom = custom_of(object.kind);
  if (!custom) return with_scale(kinds_, object, scale);
  const Schema schema = schema_of(request);
  nlohmann::json document = encode_version(schema, object);
  RETURN_IF_ERROR(
      custom->set_scale(api::split_api_version(schema.api_version).second, document, scale.json()));
  return api::decode_object(kinds_, request.kind, document);
}

void ApiServer::scale(Request& request, Done done) {
  Warnings warnings;
  Result<nlohmann::json> document = read_document(request, scale_schema(), warnings);
  if (!document.ok()) return done(failed(document.status()));
  if (!warnings.empty()) done = with_warnings(std::move(done), std::move(warnings));
  scale_to(request, api::RawRef(std::move(*document)), std::move(done));
}

void ApiServer::scale_to(Request& request, const api::RawRef& wanted, Done done) {
  const auto text_at = [&](const char* path) {
    return wanted.json().value(nlohmann::json::json_pointer(path), std::string());
  };
  if (const std::string name = text_at("/metadata/name"); name != request.name.view()) {
    return done(failed(bad_request(
        fmt::format("the name of the object ({}) does not match the name on the URL ({})", name,
                    request.name.view()))));
  }
  const api::ObjectRef* found = find(request);
  if (!found) return done(not_found_response(request));
  const api::ObjectRef old = *found;
  Result<Ref<api::Object>> fresh = scaled(request, *old, wanted);
  if (!fresh.ok()) return done(failed(fresh.status()));
  const std::string version = text_at("/metadata/resourceVersion");
  if (!version.empty() && version != "0" && version != std::to_string(old->meta.resource_version)) {
    return done(failed(conflict(kinds_.info(request.kind).group_resource(), request.name.view(),
                                "the object has been modified; please apply your changes to the "
                                "latest version and try again")));
  }
  Request untracked = request;
  untracked.field_manager = Text();
  Result<Ref<api::Object>> merged = merge_update(untracked, old, std::move(*fresh));
  if (!merged.ok()) return done(failed(merged.status()));
  Result<api::RawRef> before = read_scale(request, *old);
  if (before.ok()) track_scale(request, before->json(), wanted.json(), *old, **merged);
  write_update(request, old, std::move(*merged),
               [this, request, done = std::move(done)](Response response) mutable {
                 if (response.status.ok()) {
                   Result<api::RawRef> document = read_scale(request, *response.object);
                   if (document.ok()) response.document = *document;
                 }
                 done(std::move(response));
               });
}

}  // namespace orrery::apiserver
