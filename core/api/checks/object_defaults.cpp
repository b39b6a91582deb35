#include "core/api/checks/object_defaults.h"

#include <string>

#include "core/api/checks/checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/pod_defaults.h"

namespace orrery::api {
namespace {

constexpr std::int64_t kInt32Max = 2147483647;

std::string base64(std::string_view bytes) {
  static constexpr char kAlphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out.push_back(i + j <= bytes.size() ? kAlphabet[group >> (18 - 6 * j) & 63] : '=');
    }
  }
  return out;
}

Json& spec_of(Json& object) { return make_object(object, "spec"); }

void default_template_in(Json& spec) { default_pod_template(make_object(spec, "template")); }

bool is_unset_port(const Json& port, const char* key) {
  const Json* value = member(port, key);
  return !value || *value == 0 || *value == "";
}

void default_session_affinity(Json& spec) {
  set_if_empty(spec, "sessionAffinity", "None");
  if (text(spec, "sessionAffinity") == "None") spec.erase("sessionAffinityConfig");
  if (text(spec, "sessionAffinity") != "ClientIP") return;
  const Json& client = object(object(spec, "sessionAffinityConfig"), "clientIP");
  if (!has(client, "timeoutSeconds")) {
    spec["sessionAffinityConfig"] = {{"clientIP", {{"timeoutSeconds", 10800}}}};
  }
}

void default_job_spec(Json& spec) {
  if (!has(spec, "completions") && !has(spec, "parallelism")) spec["completions"] = 1;
  set_if_absent(spec, "parallelism", 1);
  set_if_absent(spec, "backoffLimit", has(spec, "backoffLimitPerIndex") ? kInt32Max : 6);
  set_if_absent(spec, "completionMode", "NonIndexed");
  set_if_absent(spec, "suspend", false);
  if (has(spec, "podFailurePolicy")) {
    for (Json& rule : items_of(spec["podFailurePolicy"], "rules")) {
      for (Json& pattern : items_of(rule, "onPodConditions")) {
        set_if_empty(pattern, "status", "True");
      }
    }
  }
  set_if_absent(spec, "manualSelector", false);
  set_if_absent(spec, "podReplacementPolicy",
                has(spec, "podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
  default_template_in(spec);
}

}  // namespace

void default_pod_template(Json& pod_template) {
  if (!pod_template.is_object()) return;
  make_object(pod_template, "metadata");
  default_pod_spec(make_object(pod_template, "spec"));
}

void default_pod(Json& object) {
  default_pod_spec(spec_of(object));
  default_pod_only(spec_of(object));
}

void default_pod_template_object(Json& object) {
  default_pod_template(make_object(object, "template"));
}

void default_deployment(Json& object) {
  Json& spec = spec_of(object);
  set_if_absent(spec, "replicas", 1);
  Json& strategy = make_object(spec, "strategy");
  set_if_empty(strategy, "type", "RollingUpdate");
  if (text(strategy, "type") == "RollingUpdate") {
    Json& rolling = make_object(strategy, "rollingUpdate");
    set_if_absent(rolling, "maxUnavailable", "25%");
    set_if_absent(rolling, "maxSurge", "25%");
  }
  set_if_absent(spec, "revisionHistoryLimit", 10);
  set_if_absent(spec, "progressDeadlineSeconds", 600);
  default_template_in(spec);
}

void default_replica_set(Json& object) {
  set_if_absent(spec_of(object), "replicas", 1);
  default_template_in(spec_of(object));
}

void default_replication_controller(Json& rc) {
  Json& spec = spec_of(rc);
  set_if_absent(spec, "replicas", 1);
  if (!has(spec, "template")) return;
  default_template_in(spec);
  const Json labels = object(object(object(spec, "template"), "metadata"), "labels");
  if (labels.empty()) return;
  if (object(spec, "selector").empty()) spec["selector"] = labels;
  Json& meta = make_object(rc, "metadata");
  if (object(meta, "labels").empty()) meta["labels"] = labels;
}

void default_stateful_set(Json& set) {
  Json& spec = spec_of(set);
  set_if_empty(spec, "podManagementPolicy", "OrderedReady");
  Json& strategy = make_object(spec, "updateStrategy");
  set_if_empty(strategy, "type", "RollingUpdate");
  if (text(strategy, "type") == "RollingUpdate") {
    set_if_absent(make_object(strategy, "rollingUpdate"), "partition", 0);
  }
  Json& retention = make_object(spec, "persistentVolumeClaimRetentionPolicy");
  set_if_empty(retention, "whenDeleted", "Retain");
  set_if_empty(retention, "whenScaled", "Retain");
  set_if_absent(spec, "replicas", 1);
  set_if_absent(spec, "revisionHistoryLimit", 10);
  set_if_absent(spec, "serviceName", "");
  for (Json& claim : items_of(spec, "volumeClaimTemplates")) {
    set_if_empty(claim, "apiVersion", "v1");
    set_if_empty(claim, "kind", "PersistentVolumeClaim");
    default_claim(claim);
  }
  default_template_in(spec);
}

void default_daemon_set(Json& object) {
  set_if_absent(make_object(make_object(object, "metadata"), "annotations"),
                "deprecated.daemonset.template.generation", "1");
  Json& spec = spec_of(object);
  Json& strategy = make_object(spec, "updateStrategy");
  set_if_empty(strategy, "type", "RollingUpdate");
  if (text(strategy, "type") == "RollingUpdate") {
    Json& rolling = make_object(strategy, "rollingUpdate");
    set_if_absent(rolling, "maxUnavailable", 1);
    set_if_absent(rolling, "maxSurge", 0);
  }
  set_if_absent(spec, "revisionHistoryLimit", 10);
  default_template_in(spec);
}

void default_job(Json& job) {
  default_job_spec(spec_of(job));
  const Json labels = object(object(object(object(job, "spec"), "template"), "metadata"), "labels");
  Json& meta = make_object(job, "metadata");
  if (object(meta, "labels").empty() && !labels.empty()) meta["labels"] = labels;
}

void default_cron_job(Json& object) {
  Json& spec = spec_of(object);
  make_object(make_object(spec, "jobTemplate"), "metadata");
  set_if_empty(spec, "concurrencyPolicy", "Allow");
  set_if_absent(spec, "suspend", false);
  set_if_absent(spec, "successfulJobsHistoryLimit", 3);
  set_if_absent(spec, "failedJobsHistoryLimit", 1);
  default_pod_template(
      make_object(make_object(make_object(spec, "jobTemplate"), "spec"), "template"));
}

void default_service(Json& service) {
  Json& spec = spec_of(service);
  default_session_affinity(spec);
  set_if_empty(spec, "type", "ClusterIP");
  for (Json& port : items_of(spec, "ports")) {
    set_if_empty(port, "protocol", "TCP");
    if (is_unset_port(port, "targetPort")) port["targetPort"] = integer(port, "port");
  }
  const std::string type(text(spec, "type"));
  const bool balanced = type == "LoadBalancer";
  const bool clustered = type == "ClusterIP";
  if (balanced || type == "NodePort" || (clustered && !array(spec, "externalIPs").empty())) {
    set_if_empty(spec, "externalTrafficPolicy", "Cluster");
  }
  if (balanced || type == "NodePort" || clustered) {
    set_if_absent(spec, "internalTrafficPolicy", "Cluster");
  }
  if (!balanced) return;
  set_if_absent(spec, "allocateLoadBalancerNodePorts", true);
  if (!has(object(service, "status"), "loadBalancer")) return;
  for (Json& ingress : items_of(service["status"]["loadBalancer"], "ingress")) {
    if (!text(ingress, "ip").empty()) set_if_absent(ingress, "ipMode", "VIP");
  }
}

// Members of events that Go always writes.
void default_core_event(Json& event) {
  make_object(event, "involvedObject");
  make_object(event, "source");
  set_if_absent(event, "reportingComponent", "");
  set_if_absent(event, "reportingInstance", "");
}

void default_event(Json& event) {
  make_object(event, "regarding");
  make_object(event, "deprecatedSource");
}

void default_endpoint_slice(Json& slice) {
  for (Json& port : items_of(slice, "ports")) {
    set_if_absent(port, "name", "");
    set_if_absent(port, "protocol", "TCP");
  }
  for (Json& endpoint : items_of(slice, "endpoints")) make_object(endpoint, "conditions");
}

void default_node(Json& node) {
  if (!has(node, "status")) return;
  Json& status = node["status"];
  if (!status.is_object()) return;
  if (!has(status, "allocatable") && has(status, "capacity")) {
    status["allocatable"] = status["capacity"];
  }
  for (const char* key : {"capacity", "allocatable"}) {
    if (has(status, key)) default_resource_list(&status[key]);
  }
}

void default_namespace(Json& space) {
  Json& meta = make_object(space, "metadata");
  const std::string name(text(meta, "name"));
  if (!name.empty()) make_object(meta, "labels")["kubernetes.io/metadata.name"] = name;
  set_if_empty(make_object(space, "status"), "phase", "Active");
}

void default_secret(Json& secret) {
  set_if_empty(secret, "type", "Opaque");
  const Json texts = object(secret, "stringData");
  for (const auto& [key, value] : texts.items()) {
    make_object(secret, "data")[key] = base64(as_text(value));
  }
  secret.erase("stringData");
}

void default_volume_object(Json& volume) {
  set_if_empty(make_object(volume, "status"), "phase", "Pending");
  Json& spec = spec_of(volume);
  set_if_empty(spec, "persistentVolumeReclaimPolicy", "Retain");
  set_if_absent(spec, "volumeMode", "Filesystem");
  default_volume_source(spec);
  if (has(spec, "azureFile") && !has(spec["azureFile"], "secretNamespace")) {
    spec["azureFile"]["secretNamespace"] = nullptr;  // a pointer that Go always writes
  }
  if (has(spec, "capacity")) default_resource_list(&spec["capacity"]);
}

void default_claim(Json& claim) {
  set_if_empty(make_object(claim, "status"), "phase", "Pending");
  default_claim_spec(spec_of(claim));
}

void default_storage_class(Json& object) {
  set_if_absent(object, "reclaimPolicy", "Delete");
  set_if_absent(object, "volumeBindingMode", "Immediate");
}

void default_priority_class(Json& object) {
  set_if_absent(object, "value", 0);
  set_if_absent(object, "preemptionPolicy", "PreemptLowerPriority");
}

}  // namespace orrery::api
