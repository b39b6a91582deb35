// Rows of what a cluster is made of: nodes, namespaces, leases, priority and runtime classes,
// component statuses, API services.
#include <fmt/format.h>

#include "core/api/checks/json_view.h"
#include "core/apiserver/tables/node_row.h"
#include "core/apiserver/tables/row_printers.h"
#include "core/apiserver/tables/row_text.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

void print_node_document(const Json& o, Time now, RowCells& cells) {
  print_node(node_facts(o), now, cells);
}

void print_namespace(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.text(text(object(o, "status"), "phase"));
  cells.text(age_of(o, now));
}

void print_component_status(const Json& o, Time, RowCells& cells) {
  std::string_view status = "Unknown", message, error;
  for (const Json& c : array(o, "conditions")) {
    if (text(c, "type") != "Healthy") continue;
    status = text(c, "status") == "True" ? "Healthy" : "Unhealthy";
    message = text(c, "message");
    error = text(c, "error");
    break;
  }
  cells.text(name_of(o));
  cells.text(status);
  cells.text(message);
  cells.text(error);
}

void print_lease(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.text(text(object(o, "spec"), "holderIdentity"));
  cells.text(age_of(o, now));
}

void print_priority_class(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.integer(integer(o, "value"));
  cells.flag(flag(o, "globalDefault"));
  cells.text(age_of(o, now));
  cells.text(text(o, "preemptionPolicy"));
}

void print_runtime_class(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.text(text(o, "handler"));
  cells.text(age_of(o, now));
}

std::string available_text(const Json& status) {
  for (const Json& c : array(status, "conditions")) {
    if (text(c, "type") != "Available") continue;
    const std::string_view is = text(c, "status"), reason = text(c, "reason");
    return is == "True" || reason.empty() ? std::string(is) : fmt::format("{} ({})", is, reason);
  }
  return "Unknown";
}

void print_api_service(const Json& o, Time now, RowCells& cells) {
  const Json* service = member(object(o, "spec"), "service");
  cells.text(name_of(o));
  cells.text(service ? fmt::format("{}/{}", text(*service, "namespace"), text(*service, "name"))
                     : "Local");
  cells.text(available_text(object(o, "status")));
  cells.text(age_of(o, now));
}

/// ResourceSlice, ResourceClaim and DeviceClass (resource.k8s.io).
void print_resource_slice(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  cells.text(name_of(o));
  cells.text(text(spec, "nodeName"));
  cells.text(text(spec, "driver"));
  cells.text(text(object(spec, "pool"), "name"));
  cells.text(age_of(o, now));
}

std::string claim_state(const Json& o) {
  const Json& status = object(o, "status");
  std::vector<std::string_view> states;
  if (is_being_deleted(o)) states.push_back("deleted");
  if (has(status, "allocation")) {
    states.push_back("allocated");
    if (!array(status, "reservedFor").empty()) states.push_back("reserved");
  } else if (!is_being_deleted(o)) {
    states.push_back("pending");
  }
  return joined(states, ",");
}

void print_resource_claim(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.text(claim_state(o));
  cells.text(age_of(o, now));
}

void print_name_and_age(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.text(age_of(o, now));
}

}  // namespace

std::span<const RowPrinterEntry> cluster_row_printers() {
  static constexpr RowPrinterEntry kEntries[] = {
      {"", "Node", print_node_document},
      {"", "Namespace", print_namespace},
      {"", "ComponentStatus", print_component_status},
      {"coordination.k8s.io", "Lease", print_lease},
      {"scheduling.k8s.io", "PriorityClass", print_priority_class},
      {"node.k8s.io", "RuntimeClass", print_runtime_class},
      {"apiregistration.k8s.io", "APIService", print_api_service},
      {"resource.k8s.io", "DeviceClass", print_name_and_age},
      {"resource.k8s.io", "ResourceClaim", print_resource_claim},
      {"resource.k8s.io", "ResourceClaimTemplate", print_name_and_age},
      {"resource.k8s.io", "ResourceSlice", print_resource_slice},
  };
  return kEntries;
}

}  // namespace orrery::apiserver
