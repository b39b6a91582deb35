// ApiServer: the parts of a pod that have a subresource of their own: ephemeral containers, resize.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/checks/checks.h"
#include "core/api/node.h"
#include "core/api/object_codec.h"
#include "core/apiserver/api_server.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

void take(json& to, const json& from, const char* key) {
  const auto it = from.find(key);
  if (it == from.end()) {
    to.erase(key);
  } else {
    to[key] = *it;
  }
}

json* named(json& list, const json& name) {
  for (json& one : list) {
    if (one.value("name", json()) == name) return &one;
  }
  return nullptr;
}

// Resources of the containers and of the pod; all else of the pod stays.
void take_resources(json& spec, const json& fresh) {
  for (const char* list : {"containers", "initContainers"}) {
    if (!fresh.contains(list) || !spec.contains(list)) continue;
    for (const json& container : fresh[list]) {
      json* own = named(spec[list], container.value("name", json()));
      if (!own) continue;
      take(*own, container, "resources");
      take(*own, container, "resizePolicy");
    }
  }
  take(spec, fresh, "resources");
}

}  // namespace

Result<Ref<api::Object>> ApiServer::merge_pod_part(const Request& request,
                                                   const api::ObjectRef& old,
                                                   const api::Object& fresh) {
  const api::KindInfo& info = kinds_.info(request.kind);
  if (request.kind != api::KindId::kPod) return not_found_response(request).status;
  const bool resize = request.subresource == Subresource::kResize;
  json document = api::encode_object(kinds_, fresh);
  const json before = api::encode_object(kinds_, *old);
  api::apply_defaults("", "Pod", document);
  track_fields(request, &before, document);
  json merged = before;
  take(merged["metadata"], document["metadata"], "managedFields");
  if (resize) {
    take_resources(merged["spec"], document["spec"]);
  } else {
    take(merged["spec"], document["spec"], "ephemeralContainers");
  }
  const api::FieldErrors errors = resize ? api::validate_pod_resize(merged, before)
                                         : api::validate_ephemeral_containers(merged, before);
  if (!errors.empty()) {
    return api::invalid_status(info.kind.view(), "", request.name.view(), errors);
  }
  const bool changed = merged["spec"] != before["spec"];
  const Symbol node = static_cast<const api::Pod&>(*old).node_name;
  if (resize && changed && !node.empty() &&
      !store_.find(api::KindId::kNode, Symbol(), node.view())) {
    StatusDetails details;
    details.name = request.name.str();
    details.kind = info.resource.str();
    return Status(Reason::kForbidden,
                  fmt::format("pods \"{}\" is forbidden: node \"{}\" not found",
                              request.name.view(), node.view()),
                  details);
  }
  Result<Ref<api::Object>> complete = api::decode_object(kinds_, request.kind, merged);
  if (complete.ok()) (*complete)->meta.generation = old->meta.generation + (changed ? 1 : 0);
  return complete;
}

}  // namespace orrery::apiserver
