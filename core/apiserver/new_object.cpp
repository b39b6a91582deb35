// ApiServer: completes and checks what is new: defaults, admission, the registry's preparation,
// validation; or nothing of it where the same was checked before.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/checks/checks.h"
#include "core/api/checks/warnings.h"
#include "core/api/object_codec.h"
#include "core/apiserver/api_server.h"
#include "core/apiserver/strategy.h"
#include "core/base/hash.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

// Parts that equal what the caller gave stay shared with it.
void share_metadata(api::ObjectMeta& meta, const api::ObjectMeta& given) {
  if (meta.labels == given.labels) meta.labels = given.labels;
  if (meta.owner_references == given.owner_references) {
    meta.owner_references = given.owner_references;
  }
}

// A pod that is held back by scheduling gates says so from the start.
api::PodCondition gated_condition(Time now) {
  api::PodCondition condition;
  condition.type = Symbol("PodScheduled");
  condition.status = Symbol("False");
  condition.reason = Symbol("SchedulingGated");
  condition.message = "Scheduling is blocked due to non-empty scheduling gates";
  condition.last_transition_time = now;
  return condition;
}

void reset_pod_status(api::Pod& pod, Symbol qos_class) {
  static const Symbol kPending("Pending");
  pod.status = {};
  pod.status.phase = kPending;
  pod.status.qos_class = qos_class;
  if (!pod.spec || pod.spec->scheduling_gates.empty()) return;
  pod.status.conditions.edit().push_back(gated_condition(pod.meta.creation_timestamp));
}

// matchLabelKeys or mismatchLabelKeys: the pod's labels are written into the spec's selectors.
bool takes_from_labels(const api::PodSpec& spec) {
  const auto reads = [](const auto& term) {
    return !term.match_label_keys.empty() || !term.mismatch_label_keys.empty();
  };
  const auto any = [&](const api::Shared<api::PodAffinity>& side) {
    if (!side) return false;
    return std::any_of(side->required.begin(), side->required.end(), reads) ||
           std::any_of(side->preferred.begin(), side->preferred.end(),
                       [&](const auto& weighted) { return reads(weighted.pod_affinity_term); });
  };
  if (const auto& a = spec.affinity; a && (any(a->pod_affinity) || any(a->pod_anti_affinity))) {
    return true;
  }
  const auto& spread = spec.topology_spread_constraints;
  return std::any_of(spread.begin(), spread.end(),
                     [](const auto& c) { return !c.match_label_keys.empty(); });
}

// The job itself gets its template's labels when it is read back.
void take_template_labels(json& job) {
  const json labels = job.value(json::json_pointer("/spec/template/metadata/labels"), json());
  json& meta = job["metadata"];
  if (labels.is_object() && !labels.empty() && !meta.contains("labels")) meta["labels"] = labels;
}

std::uint64_t hash_of_spec(const json& pod) {
  const auto spec = pod.find("spec");
  if (spec == pod.end()) return 0;
  return hash_text(spec->dump(-1, ' ', false, json::error_handler_t::replace));
}

// Members that Go writes although they are empty, of kinds without a struct.
void add_written_when_empty(const api::KindInfo& info, json& document) {
  static const struct {
    std::string_view group, kind;
    const char* member;
    const char* value;
  } kRows[] = {{"rbac.authorization.k8s.io", "Role", "rules", "null"},
               {"rbac.authorization.k8s.io", "ClusterRole", "rules", "null"},
               {"networking.k8s.io", "Ingress", "status", R"({"loadBalancer":{}})"}};
  for (const auto& row : kRows) {
    if (!(info.kind == row.kind) || !(info.group == row.group)) continue;
    if (!document.contains(row.member)) document[row.member] = json::parse(row.value);
  }
}

}  // namespace

// A pod whose spec and labels were checked before is complete at once.
bool ApiServer::complete_known_pod(api::Pod& pod) const {
  if (!pod.spec || !pod.meta.annotations.empty()) return false;
  const PodMemo::Admitted* known = memo_.find(pod.spec, pod.meta.namespace_);
  if (!known || !memo_.knows_labels(pod.meta.labels)) return false;
  if (known->labels && !known->labels->same(pod.meta.labels)) return false;
  pod.spec = known->spec;
  if (pod.node_name.empty()) pod.node_name = known->node_name;
  reset_pod_status(pod, known->qos_class);
  return true;
}

// The registry's part, after defaults and mutating admission.
Status ApiServer::finish_document(const Request& request, const api::ObjectMeta& meta,
                                  json& document) {
  const api::KindInfo& info = kinds_.info(request.kind);
  const auto group = info.group.view();
  const auto kind = info.kind.view();
  api::prepare_create(group, kind, document);
  if (author_ && info.kind == "CertificateSigningRequest") author_(request, document);
  if (info.id == api::KindId::kJob) api::job_generate_selector(document, meta.uid.str());
  api::FieldErrors errors;
  Ref<api::Object> placed;
  if (info.id == api::KindId::kService) {
    errors = api::service_ip_families(document);
    if (errors.empty()) {
      Result<Ref<api::Object>> service = place_service(document, nullptr, request.dry_run);
      if (!service.ok()) return service.status();
      placed = std::move(*service);
    }
  }
  if (errors.empty()) errors = api::validate_create(group, kind, document);
  if (errors.empty()) {
    if (info.id == api::KindId::kJob) take_template_labels(document);
    note_warnings(request, api::warnings_on_create(group, kind, document));
    return Status();
  }
  if (placed && !request.dry_run) addresses_.give_back(*placed);
  return api::invalid_status(kind, group, meta.name.view(), errors);
}

// Addresses for a Service document; what holds them is returned.
Result<Ref<api::Object>> ApiServer::place_service(json& document, const api::Object* old,
                                                  bool dry_run) {
  Result<Ref<api::Object>> service =
      api::decode_object(kinds_, api::KindId::kService, document);
  if (!service.ok()) return service;
  Result<Ref<api::Object>> placed = addresses_.allocate(*service, old, dry_run);
  if (placed.ok()) document = api::encode_object(kinds_, **placed);
  return placed;
}

Result<Ref<api::Object>> ApiServer::check_new(const Request& request, Ref<api::Object> object) {
  const api::KindInfo& info = kinds_.info(object->kind);
  if (request.object && strategy_of(info).trusted) return object;
  if (object->kind == api::KindId::kPod) return check_new_pod(request, std::move(object));
  if (const api::CustomResource* custom = custom_of(object->kind)) {
    return check_new_custom(request, *custom, std::move(object));
  }
  json document = api::encode_object(kinds_, *object);
  if (!info.structure) document.erase("status");
  api::apply_defaults(info.group.view(), info.kind.view(), document);
  track_fields(request, nullptr, document);
  RETURN_IF_ERROR(admit_document(info, object->meta, document));
  RETURN_IF_ERROR(finish_document(request, object->meta, document));
  if (!info.structure) add_written_when_empty(info, document);
  Result<Ref<api::Object>> complete = api::decode_object(kinds_, object->kind, document);
  if (complete.ok()) share_metadata((*complete)->meta, object->meta);
  return complete;
}

Result<Ref<api::Object>> ApiServer::check_new_pod(const Request& request,
                                                  Ref<api::Object> object) {
  auto& given = static_cast<api::Pod&>(*object);
  if (request.object && complete_known_pod(given)) return object;
  const api::KindInfo& info = kinds_.info(object->kind);
  json document = api::encode_object(kinds_, given);
  const std::uint64_t spec_hash = request.object ? 0 : hash_of_spec(document);
  api::apply_defaults(info.group.view(), info.kind.view(), document);
  track_fields(request, nullptr, document);
  Result<Ref<api::Object>> defaulted = api::decode_object(kinds_, object->kind, document);
  if (!defaulted.ok()) return defaulted;
  RETURN_IF_ERROR(admit_pod(static_cast<api::Pod&>(**defaulted)));
  document = api::encode_object(kinds_, **defaulted);
  RETURN_IF_ERROR(finish_document(request, given.meta, document));
  Result<Ref<api::Object>> complete = api::decode_object(kinds_, object->kind, document);
  if (!complete.ok()) return complete;
  auto& pod = static_cast<api::Pod&>(**complete);
  share_metadata(pod.meta, given.meta);
  reset_pod_status(pod, pod.status.qos_class);
  if (given.spec && pod.meta.annotations.empty()) remember_pod(request, given, spec_hash, pod);
  return complete;
}

// Later pods with this spec are complete at once, or share what became of it.
void ApiServer::remember_pod(const Request& request, const api::Pod& given,
                             std::uint64_t spec_hash, api::Pod& pod) {
  const bool takes = takes_from_labels(*given.spec);
  PodMemo::Admitted admitted{given.spec,
                             pod.spec,
                             given.node_name.empty() ? pod.node_name : Symbol(),
                             pod.status.qos_class,
                             given.meta.namespace_,
                             takes ? std::optional(given.meta.labels) : std::nullopt};
  if (request.object) {
    memo_.remember(std::move(admitted));
    memo_.remember_labels(given.meta.labels);
  } else if (takes) {
    return;
  } else if (const auto* known = memo_.find_like(spec_hash, *given.spec, given.meta.namespace_)) {
    pod.spec = known->spec;
  } else {
    memo_.remember_like(spec_hash, std::move(admitted));
  }
}

}  // namespace orrery::apiserver
