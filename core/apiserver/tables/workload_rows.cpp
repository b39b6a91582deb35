// Rows of apps and batch kinds and replication controllers.
#include <fmt/format.h>

#include "core/api/checks/json_view.h"
#include "core/apiserver/tables/age.h"
#include "core/apiserver/tables/row_printers.h"
#include "core/apiserver/tables/row_text.h"
#include "core/apiserver/tables/workload_row.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

void print_containers(const Json& pod_template, RowCells& cells) {
  const Json& containers = array(object(pod_template, "spec"), "containers");
  cells.text(joined_members(containers, "name"));
  cells.text(joined_members(containers, "image"));
}

void print_deployment_document(const Json& o, Time now, RowCells& cells) {
  print_deployment(workload_facts(o), now, cells);
}

void print_replica_set_document(const Json& o, Time now, RowCells& cells) {
  print_replica_set(workload_facts(o), now, cells);
}

void print_replication_controller(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  const Json& status = object(o, "status");
  cells.text(name_of(o));
  cells.integer(integer(spec, "replicas"));
  cells.integer(integer(status, "replicas"));
  cells.integer(integer(status, "readyReplicas"));
  cells.text(age_of(o, now));
  print_containers(object(spec, "template"), cells);
  cells.text(labels_text(object(spec, "selector")));
}

void print_stateful_set(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  cells.text(name_of(o));
  cells.text(fmt::format("{}/{}", integer(object(o, "status"), "readyReplicas"),
                         integer(spec, "replicas")));
  cells.text(age_of(o, now));
  print_containers(object(spec, "template"), cells);
}

void print_daemon_set(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  const Json& status = object(o, "status");
  cells.text(name_of(o));
  for (const char* count : {"desiredNumberScheduled", "currentNumberScheduled", "numberReady",
                            "updatedNumberScheduled", "numberAvailable"}) {
    cells.integer(integer(status, count));
  }
  cells.text(labels_text(object_at(spec, {"template", "spec", "nodeSelector"})));
  cells.text(age_of(o, now));
  print_containers(object(spec, "template"), cells);
  cells.text(selector_text(member(spec, "selector")));
}

/// Is the condition there and True? The first of this type counts.
bool has_condition(const Json& status, std::string_view type) {
  for (const Json& c : array(status, "conditions")) {
    if (text(c, "type") == type) return text(c, "status") == "True";
  }
  return false;
}

std::string_view job_status(const Json& o) {
  const Json& status = object(o, "status");
  if (has_condition(status, "Complete")) return "Complete";
  if (has_condition(status, "Failed")) return "Failed";
  if (is_being_deleted(o)) return "Terminating";
  if (has_condition(status, "Suspended")) return "Suspended";
  if (has_condition(status, "FailureTarget")) return "FailureTarget";
  return "Running";
}

std::string job_completions(const Json& o) {
  const Json& spec = object(o, "spec");
  const std::int64_t succeeded = integer(object(o, "status"), "succeeded");
  if (const auto wanted = maybe_integer(spec, "completions")) {
    return fmt::format("{}/{}", succeeded, *wanted);
  }
  const std::int64_t parallelism = integer(spec, "parallelism");
  return parallelism > 1 ? fmt::format("{}/1 of {}", succeeded, parallelism)
                         : fmt::format("{}/1", succeeded);
}

std::string job_duration(const Json& status, Time now) {
  const Time start = time_at(status, "startTime");
  if (!is_set(start)) return "";
  const Time end = time_at(status, "completionTime");
  return human_duration((is_set(end) ? end : now) - start);
}

void print_job(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  cells.text(name_of(o));
  cells.text(job_status(o));
  cells.text(job_completions(o));
  cells.text(job_duration(object(o, "status"), now));
  cells.text(age_of(o, now));
  print_containers(object(spec, "template"), cells);
  cells.text(selector_text(member(spec, "selector")));
}

void print_cron_job(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  const Json& status = object(o, "status");
  const Json& job = object_at(spec, {"jobTemplate", "spec"});
  const auto suspended = maybe_flag(spec, "suspend");
  cells.text(name_of(o));
  cells.text(text(spec, "schedule"));
  cells.text(maybe_text(spec, "timeZone").value_or("<none>"));
  cells.text(!suspended ? "<unset>" : *suspended ? "True" : "False");
  cells.integer(static_cast<std::int64_t>(array(status, "active").size()));
  cells.text(has(status, "lastScheduleTime") ? age_text(time_at(status, "lastScheduleTime"), now)
                                             : "<none>");
  cells.text(age_of(o, now));
  print_containers(object(job, "template"), cells);
  cells.text(selector_text(member(job, "selector")));
}

/// "daemonset.apps/web" of the owner with controller: true.
std::string controller_text(const Json& o) {
  for (const Json& owner : array(object(o, "metadata"), "ownerReferences")) {
    if (!flag(owner, "controller")) continue;
    const std::string_view version = text(owner, "apiVersion");
    const std::size_t slash = version.find('/');
    std::string kind(text(owner, "kind"));
    if (slash != std::string_view::npos) kind.append(".").append(version.substr(0, slash));
    return lower_case(kind).append("/").append(text(owner, "name"));
  }
  return "<none>";
}

void print_controller_revision(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.text(controller_text(o));
  cells.integer(integer(o, "revision"));
  cells.text(age_of(o, now));
}

}  // namespace

std::span<const RowPrinterEntry> workload_row_printers() {
  static constexpr RowPrinterEntry kEntries[] = {
      {"apps", "Deployment", print_deployment_document},
      {"apps", "ReplicaSet", print_replica_set_document},
      {"", "ReplicationController", print_replication_controller},
      {"apps", "StatefulSet", print_stateful_set},
      {"apps", "DaemonSet", print_daemon_set},
      {"batch", "Job", print_job},
      {"batch", "CronJob", print_cron_job},
      {"apps", "ControllerRevision", print_controller_revision},
  };
  return kEntries;
}

}  // namespace orrery::apiserver
