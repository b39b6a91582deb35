#include "core/apiserver/object_filter.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/api/batch.h"
#include "core/api/config.h"
#include "core/api/node.h"
#include "core/api/pod.h"
#include "core/api/service.h"

namespace orrery::apiserver {
namespace {

using api::KindId;
using FieldText = std::optional<std::string>;

FieldText pod_field(const api::Pod& pod, std::string_view field) {
  if (field == "spec.nodeName") return pod.node_name.str();
  if (field == "status.phase") return pod.status.phase.str();
  if (field == "spec.restartPolicy") return pod.spec ? pod.spec->restart_policy.str() : "";
  if (field == "spec.schedulerName") return pod.spec ? pod.spec->scheduler_name.str() : "";
  if (field == "spec.serviceAccountName")
    return pod.spec ? pod.spec->service_account_name.str() : "";
  if (field == "spec.hostNetwork") return pod.spec && pod.spec->host_network ? "true" : "false";
  if (field == "status.podIP" || field == "status.podIPs") return pod.status.pod_ip.str();
  if (field == "status.nominatedNodeName") return pod.status.nominated_node_name.str();
  return std::nullopt;
}

FieldText event_field(const api::Event& event, std::string_view field) {
  const api::ObjectReference& about = event.involved_object;
  if (field == "involvedObject.kind") return about.kind.str();
  if (field == "involvedObject.namespace") return about.namespace_.str();
  if (field == "involvedObject.name") return about.name.str();
  if (field == "involvedObject.uid") return about.uid.str();
  if (field == "involvedObject.apiVersion") return about.api_version.str();
  if (field == "involvedObject.fieldPath") return about.field_path.str();
  if (field == "reason") return event.reason.str();
  if (field == "type") return event.type.str();
  if (field == "source") return event.source_component.str();
  if (field == "reportingComponent") return event.reporting_component.str();
  return std::nullopt;
}

bool is_replication_controller(const api::KindInfo& kind) {
  return kind.kind == "ReplicationController" && kind.group.empty();
}

// The field labels of a kind: what registry/*/strategy.go's GetAttrs and the conversions allow.
FieldText field_of(const api::Object& object, std::string_view field) {
  if (field == "metadata.name") return object.meta.name.str();
  if (field == "metadata.namespace") return object.meta.namespace_.str();
  switch (object.kind) {
    case KindId::kPod: return pod_field(static_cast<const api::Pod&>(object), field);
    case KindId::kEvent: return event_field(static_cast<const api::Event&>(object), field);
    case KindId::kNode:
      if (field == "spec.unschedulable") {
        return static_cast<const api::Node&>(object).spec.unschedulable ? "true" : "false";
      }
      break;
    case KindId::kNamespace:
      if (field == "status.phase") return static_cast<const api::Namespace&>(object).phase.str();
      break;
    case KindId::kSecret:
      if (field == "type") return static_cast<const api::Secret&>(object).type.str();
      break;
    case KindId::kJob:
      if (field == "status.successful") {
        return std::to_string(static_cast<const api::Job&>(object).status.succeeded);
      }
      break;
    case KindId::kService: {
      const auto& spec = static_cast<const api::Service&>(object).spec;
      if (field == "spec.clusterIP") return spec.cluster_ip.str();
      if (field == "spec.type") return spec.type.str();
      break;
    }
    default:
      if (object.kind >= KindId::kTypedCount && field == "status.replicas") {
        const api::RawRef& body = static_cast<const api::Dynamic&>(object).body;
        const nlohmann::json::json_pointer path("/status/replicas");
        return std::to_string(body ? body.json().value(path, 0) : 0);
      }
      break;
  }
  return std::nullopt;
}

bool is_supported(const api::KindInfo& kind, std::string_view field) {
  if (field == "metadata.name" || field == "metadata.namespace") return true;
  if (is_replication_controller(kind)) return field == "status.replicas";
  return kind.make && field_of(*kind.make(), field).has_value();
}

// Kinds that convert field labels themselves word their refusal in their own way.
bool converts_labels(const api::KindInfo& kind) {
  switch (kind.id) {
    case KindId::kPod:
    case KindId::kNode:
    case KindId::kNamespace:
    case KindId::kEvent:
    case KindId::kSecret:
    case KindId::kService:
    case KindId::kJob: return true;
    default: return is_replication_controller(kind);
  }
}

Status unsupported(const api::KindInfo& kind, std::string_view field) {
  if (converts_labels(kind)) {
    return bad_request(fmt::format("field label not supported: {}", field));
  }
  return bad_request(
      fmt::format("\"{}\" is not a known field selector: only \"metadata.name\", "
                  "\"metadata.namespace\"",
                  field));
}

}  // namespace

Result<ObjectFilter> ObjectFilter::make(const api::KindInfo& kind, Symbol ns,
                                        const std::string& label_selector,
                                        const std::string& field_selector) {
  ObjectFilter filter;
  filter.namespace_ = ns;
  if (!label_selector.empty()) {
    Result<api::Selector> labels = api::Selector::parse(label_selector);
    if (!labels.ok()) return labels.status();
    filter.labels_ = std::move(*labels);
  }
  if (!field_selector.empty()) {
    Result<api::FieldSelector> fields = api::FieldSelector::parse(field_selector);
    if (!fields.ok()) return fields.status();
    for (const api::FieldSelector::Requirement& r : fields->requirements()) {
      if (!is_supported(kind, r.field)) {
        return unsupported(kind, r.field);
      }
    }
    filter.fields_ = std::move(*fields);
  }
  return filter;
}

bool ObjectFilter::matches(const api::Object& object) const {
  if (!namespace_.empty() && !(object.meta.namespace_ == namespace_)) return false;
  if (labels_ && !labels_->matches(*object.meta.labels)) return false;
  return !fields_ ||
         fields_->matches([&](std::string_view field) { return field_of(object, field); });
}

}  // namespace orrery::apiserver
