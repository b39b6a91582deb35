#include "core/api/checks/warnings.h"

#include <algorithm>

#include "core/api/checks/json_view.h"
#include "core/api/checks/pod_warnings.h"
#include "core/api/checks/warning_rows.h"
#include "core/api/custom/definition_checks.h"

namespace orrery::api {
namespace {

constexpr char kPodHost[] = "the Pod's hostname";
constexpr char kPodNames[] = "Pod names and hostnames";

void warn_pod(WarningTexts& out, const Json& pod) {
  host_name_warning(out, pod, kPodHost);
  pod_warnings(out, pod, "", false);
}

void warn_template(WarningTexts& out, const Json& workload) {
  pod_warnings(out, object(object(workload, "spec"), "template"), "spec.template", true);
}

void warn_named_template(WarningTexts& out, const Json& workload) {
  host_name_warning(out, workload, kPodNames);
  warn_template(out, workload);
}

void warn_cron_job(WarningTexts& out, const Json& job) {
  host_name_warning(out, job, kPodNames);
  const Json& body = object(object(object(job, "spec"), "jobTemplate"), "spec");
  pod_warnings(out, object(body, "template"), "spec.jobTemplate.spec.template", true);
}

void warn_pod_template(WarningTexts& out, const Json& object_json) {
  pod_warnings(out, object(object_json, "template"), "template", true);
}

struct Row {
  std::string_view group, kind;
  void (*warn)(WarningTexts&, const Json&);
  bool names_once;  // the name is looked at on create only
};
constexpr Row kRows[] = {
    {"", "Pod", warn_pod, true},
    {"", "PodTemplate", warn_pod_template, false},
    {"", "ReplicationController", warn_named_template, true},
    {"", "Service", service_warnings, false},
    {"", "Secret", secret_warnings, false},
    {"", "PersistentVolume", volume_object_warnings, false},
    {"", "PersistentVolumeClaim", claim_warnings, false},
    {"apps", "Deployment", warn_named_template, true},
    {"apps", "ReplicaSet", warn_named_template, true},
    {"apps", "StatefulSet", warn_template, false},
    {"apps", "DaemonSet", warn_template, false},
    {"batch", "Job", warn_named_template, true},
    {"batch", "CronJob", warn_cron_job, true},
    {"networking.k8s.io", "Ingress", ingress_warnings, false},
    {"storage.k8s.io", "CSIDriver", csi_driver_warnings, false},
};

const Row* row_of(std::string_view group, std::string_view kind) {
  for (const Row& row : kRows) {
    if (row.kind == kind && row.group == group) return &row;
  }
  return nullptr;
}

bool is_definition(std::string_view group, std::string_view kind) {
  return kind == "CustomResourceDefinition" && group == "apiextensions.k8s.io";
}

}  // namespace

WarningTexts warnings_on_create(std::string_view group, std::string_view kind, const Json& now) {
  WarningTexts out;
  try {
    if (is_definition(group, kind)) return definition_warnings(now, nullptr);
    if (const Row* row = row_of(group, kind)) row->warn(out, now);
  } catch (const Json::exception&) {
    // Another shape than its type has: decoding has refused it.
  }
  return out;
}

WarningTexts warnings_on_update(std::string_view group, std::string_view kind, const Json& now,
                                const Json& old) {
  WarningTexts out;
  try {
    if (is_definition(group, kind)) return definition_warnings(now, &old);
    const Row* row = row_of(group, kind);
    if (!row) return out;
    const Json &a = object(now, "spec"), &b = object(old, "spec");
    // Templates that did not change were warned of before.
    if (row->names_once && a == b) return out;
    row->warn(out, now);
    if (row->names_once) {
      std::erase_if(out, [](const std::string& w) { return w.starts_with("metadata.name: "); });
    }
  } catch (const Json::exception&) {
  }
  return out;
}

}  // namespace orrery::api
