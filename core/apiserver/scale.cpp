#include "core/apiserver/scale.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/apps.h"
#include "core/api/checks/checks.h"
#include "core/api/object_codec.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

struct Scalable {
  std::optional<std::int32_t> wanted;
  std::int32_t current = 0;
  std::optional<api::LabelSelector> selector;
};

template <class T>
Scalable scalable(const api::Object& object) {
  const auto& o = static_cast<const T&>(object);
  Scalable s{o.spec.replicas, o.status.replicas, {}};
  if (o.spec.selector) s.selector = *o.spec.selector;
  return s;
}

// A ReplicationController is kept as a document; its selector is a plain map.
bool is_replication_controller(const api::KindInfo& info) {
  return info.kind == "ReplicationController" && info.group.empty();
}
json member_of(const api::Object& object, const char* path, json fallback) {
  const api::RawRef& body = static_cast<const api::Dynamic&>(object).body;
  return body ? body.json().value(json::json_pointer(path), std::move(fallback)) : fallback;
}

std::optional<Scalable> scalable_of(const api::KindInfo& info, const api::Object& object) {
  if (is_replication_controller(info)) {
    Scalable s;
    s.wanted = member_of(object, "/spec/replicas", 0).get<std::int32_t>();
    s.current = member_of(object, "/status/replicas", 0).get<std::int32_t>();
    const json labels = member_of(object, "/spec/selector", json::object());
    api::LabelSelector selector;
    for (const auto& [key, value] : labels.items()) {
      selector.match_labels.emplace_back(Symbol(key), Symbol(value.get<std::string>()));
    }
    s.selector = std::move(selector);
    return s;
  }
  switch (object.kind) {
    case api::KindId::kDeployment: return scalable<api::Deployment>(object);
    case api::KindId::kReplicaSet: return scalable<api::ReplicaSet>(object);
    case api::KindId::kStatefulSet: return scalable<api::StatefulSet>(object);
    default: return std::nullopt;
  }
}

}  // namespace

Result<api::RawRef> scale_of(const api::Kinds& kinds, const api::Object& object) {
  const api::KindInfo& info = kinds.info(object.kind);
  const std::optional<Scalable> s = scalable_of(info, object);
  if (!s) return not_found(info.group_resource(), object.meta.name.view());
  api::ObjectMeta meta;
  meta.name = object.meta.name;
  meta.namespace_ = object.meta.namespace_;
  meta.uid = object.meta.uid;
  meta.resource_version = object.meta.resource_version;
  meta.creation_timestamp = object.meta.creation_timestamp;
  json scale = {{"kind", "Scale"},
                {"apiVersion", "autoscaling/v1"},
                {"metadata", api::encode_meta(meta)},
                {"spec", json::object()},
                {"status", {{"replicas", s->current}}}};
  if (s->wanted.value_or(0) != 0) scale["spec"]["replicas"] = *s->wanted;
  if (s->selector) {
    Result<api::Selector> selector = api::Selector::from(*s->selector);
    if (selector.ok()) scale["status"]["selector"] = selector->to_string();
  }
  return api::RawRef(std::move(scale));
}

Result<Ref<api::Object>> with_scale(const api::Kinds& kinds, const api::Object& object,
                                    const api::RawRef& scale) {
  const api::KindInfo& info = kinds.info(object.kind);
  if (!scalable_of(info, object)) return not_found(info.group_resource(), object.meta.name.view());
  const json& document = scale.json();
  const json spec = document.is_object() ? document.value("spec", json::object()) : json();
  const json replicas = spec.is_object() ? spec.value("replicas", json(0)) : json();
  if (!replicas.is_number_integer()) {
    return bad_request("the body is not an autoscaling/v1 Scale: spec.replicas must be an integer");
  }
  const auto wanted = replicas.get<std::int64_t>();
  if (wanted < 0) {
    api::FieldErrors errors;
    errors.invalid(api::Path("spec.replicas"), wanted, "must be greater than or equal to 0");
    return api::invalid_status("Scale", "autoscaling", object.meta.name.view(), errors);
  }
  Ref<api::Object> fresh = object.clone();
  const auto n = static_cast<std::int32_t>(wanted);
  if (object.kind == api::KindId::kDeployment) {
    static_cast<api::Deployment&>(*fresh).spec.replicas = n;
  } else if (object.kind == api::KindId::kReplicaSet) {
    static_cast<api::ReplicaSet&>(*fresh).spec.replicas = n;
  } else if (object.kind == api::KindId::kStatefulSet) {
    static_cast<api::StatefulSet&>(*fresh).spec.replicas = n;
  } else {
    auto& controller = static_cast<api::Dynamic&>(*fresh);
    json body = controller.body ? controller.body.json() : json::object();
    body["spec"]["replicas"] = n;
    controller.body = api::RawRef(std::move(body));
  }
  return fresh;
}

}  // namespace orrery::apiserver
