#include "core/apiserver/tables/node_row.h"

#include <string>

#include "core/api/checks/json_view.h"
#include "core/apiserver/tables/age.h"
#include "core/apiserver/tables/row_text.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

constexpr std::string_view kRolePrefix = "node-role.kubernetes.io/";
constexpr std::string_view kRoleLabel = "kubernetes.io/role";

void read_label(std::string_view key, std::string_view value, NodeFacts& out) {
  if (key.starts_with(kRolePrefix)) {
    if (key.size() > kRolePrefix.size()) out.roles.insert(key.substr(kRolePrefix.size()));
  } else if (key == kRoleLabel && !value.empty()) {
    out.roles.insert(value);
  }
}

void read_address(std::string_view type, std::string_view address, NodeFacts& out) {
  if (type == "InternalIP" && out.internal_ip.empty()) out.internal_ip = address;
  if (type == "ExternalIP" && out.external_ip.empty()) out.external_ip = address;
}

void read_node_info(const Json& status, NodeFacts& out) {
  const Json& info = object(status, "nodeInfo");
  out.kubelet_version = text(info, "kubeletVersion");
  out.os_image = text(info, "osImage");
  out.kernel_version = text(info, "kernelVersion");
  out.runtime_version = text(info, "containerRuntimeVersion");
}

std::string_view or_else(std::string_view text, std::string_view absent) {
  return text.empty() ? absent : text;
}

}  // namespace

NodeFacts node_facts(const Json& node) {
  const Json& status = object(node, "status");
  NodeFacts out;
  out.name = name_of(node);
  out.created_at = time_at(object(node, "metadata"), "creationTimestamp");
  out.is_unschedulable = flag(object(node, "spec"), "unschedulable");
  for (const auto& [key, value] : object_at(node, {"metadata", "labels"}).items()) {
    read_label(key, as_text(value), out);
  }
  for (const Json& c : array(status, "conditions")) {
    if (text(c, "type") == "Ready") out.ready = text(c, "status");
  }
  for (const Json& a : array(status, "addresses")) {
    read_address(text(a, "type"), text(a, "address"), out);
  }
  read_node_info(status, out);
  return out;
}

NodeFacts node_facts(const api::Node& node) {
  NodeFacts out;
  out.name = node.meta.name.view();
  out.created_at = node.meta.creation_timestamp;
  out.is_unschedulable = node.spec.unschedulable;
  for (const auto& [key, value] : node.meta.labels->entries()) {
    read_label(key.view(), value.view(), out);
  }
  for (const api::NodeCondition& c : node.status.conditions) {
    if (c.type == "Ready") out.ready = c.status.view();
  }
  for (const api::NodeAddress& a : node.status.addresses) {
    read_address(a.type.view(), a.address.view(), out);
  }
  if (node.status.extra) read_node_info(node.status.extra.json(), out);
  return out;
}

void print_node(const NodeFacts& node, Time now, RowCells& cells) {
  std::string status = node.ready.empty() ? "Unknown" : node.ready == "True" ? "Ready" : "NotReady";
  if (node.is_unschedulable) status += ",SchedulingDisabled";
  cells.text(node.name);
  cells.text(status);
  cells.text(node.roles.empty() ? "<none>" : joined({node.roles.begin(), node.roles.end()}, ","));
  cells.text(age_text(node.created_at, now));
  cells.text(node.kubelet_version);
  cells.text(or_else(node.internal_ip, "<none>"));
  cells.text(or_else(node.external_ip, "<none>"));
  cells.text(or_else(node.os_image, "<unknown>"));
  cells.text(or_else(node.kernel_version, "<unknown>"));
  cells.text(or_else(node.runtime_version, "<unknown>"));
}

}  // namespace orrery::apiserver
