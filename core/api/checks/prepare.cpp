#include "core/api/checks/prepare.h"

#include <charconv>
#include <string>

#include "core/api/checks/affinity_checks.h"
#include "core/api/checks/checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

// A claim's source stands under its old and its new name alike, unless it crosses namespaces.
void unify_data_sources(Json& spec) {
  const Json* source = member(spec, "dataSource");
  const Json* reference = member(spec, "dataSourceRef");
  if (source && !reference) {
    spec["dataSourceRef"] = Json(*source);
  } else if (reference && !source && text(*reference, "namespace").empty()) {
    Json copy = *reference;
    copy.erase("namespace");
    spec["dataSource"] = std::move(copy);
  }
}

// "runtime/default" in the old annotation becomes the field (upstream's applyAppArmorVersionSkew).
Json app_armor_profile(std::string_view annotation) {
  constexpr std::string_view kLocal = "localhost/";
  if (annotation == "runtime/default") return {{"type", "RuntimeDefault"}};
  if (annotation == "unconfined") return {{"type", "Unconfined"}};
  if (!annotation.starts_with(kLocal)) return {};
  return {{"type", "Localhost"}, {"localhostProfile", annotation.substr(kLocal.size())}};
}

void app_armor_from_annotations(Json& spec, const Json& annotations) {
  if (annotations.empty() || has(object(spec, "securityContext"), "appArmorProfile")) return;
  for (const char* key : {"initContainers", "containers", "ephemeralContainers"}) {
    for (Json& container : items_of(spec, key)) {
      const std::string name =
          "container.apparmor.security.beta.kubernetes.io/" + std::string(text(container, "name"));
      Json profile = app_armor_profile(text(annotations, name.c_str()));
      if (profile.is_null()) continue;
      set_if_absent(make_object(container, "securityContext"), "appArmorProfile", profile);
    }
  }
}

}  // namespace

void drop_disabled_pod_fields(Json& spec) {
  for (const char* key : {"initContainers", "containers", "ephemeralContainers"}) {
    for (Json& container : items_of(spec, key)) {
      if (!has(container, "lifecycle") || container["lifecycle"].erase("stopSignal") == 0) continue;
      if (container["lifecycle"].empty()) container.erase("lifecycle");
    }
  }
  for (Json& volume : items_of(spec, "volumes")) {
    if (!has(volume, "projected")) continue;
    for (Json& source : items_of(volume["projected"], "sources")) {
      source.erase("clusterTrustBundle");
      source.erase("podCertificate");
    }
  }
}

void prepare_templated(Json& object_json) {
  Json& spec = make_object(object_json, "spec");
  if (has(spec, "template") && has(spec["template"], "spec")) {
    drop_disabled_pod_fields(spec["template"]["spec"]);
  }
}

void prepare_pod(Json& pod) {
  Json& spec = make_object(pod, "spec");
  drop_disabled_pod_fields(spec);
  const Json& meta = object(pod, "metadata");
  merge_match_label_keys(spec, object(meta, "labels"));
  app_armor_from_annotations(spec, object(meta, "annotations"));
  pod["status"] = {{"phase", "Pending"}, {"qosClass", pod_qos_class(spec)}};
}

void prepare_namespace(Json& space) {
  Json& finalizers = make_object(space, "spec")["finalizers"];
  if (!finalizers.is_array()) finalizers = Json::array();
  for (const Json& name : finalizers) {
    if (as_text(name) == "kubernetes") return;
  }
  finalizers.push_back("kubernetes");
}

void prepare_daemon_set(Json& set) { prepare_templated(set); }

void keep_template_generation(Json& now, const Json& old) {
  constexpr char kKey[] = "deprecated.daemonset.template.generation";
  const std::string_view before = text(object(object(old, "metadata"), "annotations"), kKey);
  std::int64_t generation = 0;
  std::from_chars(before.data(), before.data() + before.size(), generation);
  const Json& template_now = object(object(now, "spec"), "template");
  const Json& template_old = object(object(old, "spec"), "template");
  if (!same(&template_now, &template_old)) ++generation;
  if (generation == 0) return;
  make_object(make_object(now, "metadata"), "annotations")[kKey] = std::to_string(generation);
}

void prepare_cron_job(Json& job) {
  prepare_templated(make_object(make_object(job, "spec"), "jobTemplate"));
}

void prepare_volume_object(Json& volume) {
  Json& status = make_object(volume, "status");
  const Json* created = member(object(volume, "metadata"), "creationTimestamp");
  if (!created || text(status, "phase") != "Pending") return;
  set_if_absent(status, "lastPhaseTransitionTime", *created);
}

void prepare_stateful_set(Json& set) {
  prepare_templated(set);
  Json& strategy = make_object(make_object(set, "spec"), "updateStrategy");
  if (has(strategy, "rollingUpdate")) strategy["rollingUpdate"].erase("maxUnavailable");
}

void prepare_claim(Json& claim) { unify_data_sources(make_object(claim, "spec")); }

}  // namespace orrery::api
