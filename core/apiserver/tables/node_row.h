// The row of a node, from a document or from the typed struct (upstream: printNode). Views in the
// facts live as long as the node they were taken from.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string_view>

#include "core/api/node.h"
#include "core/apiserver/tables/row_cells.h"

namespace orrery::apiserver {

struct NodeFacts {
  std::string_view name;
  std::string_view ready;  // status of condition Ready, "" if there is none
  std::string_view internal_ip, external_ip;
  std::string_view kubelet_version, os_image, kernel_version, runtime_version;
  std::set<std::string_view> roles;
  Time created_at;
  bool is_unschedulable = false;
};

NodeFacts node_facts(const nlohmann::json& node);
NodeFacts node_facts(const api::Node& node);
void print_node(const NodeFacts& node, Time now, RowCells& cells);

}  // namespace orrery::apiserver
