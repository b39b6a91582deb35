// The row of a service, from a document or from the typed struct (upstream: printService). Views in
// the facts live as long as the service they were taken from.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/service.h"
#include "core/apiserver/tables/row_cells.h"

namespace orrery::apiserver {

struct ServiceFacts {
  struct Port {
    std::int64_t port = 0, node_port = 0;
    std::string_view protocol;
  };
  std::string_view name, type, cluster_ip, external_name;
  Time created_at;
  std::vector<std::string_view> external_ips;
  std::vector<Port> ports;
  std::string load_balancer;  // its ingress points
  std::string selector;
};

ServiceFacts service_facts(const nlohmann::json& service);
ServiceFacts service_facts(const api::Service& service);
void print_service(const ServiceFacts& service, Time now, RowCells& cells);

}  // namespace orrery::apiserver
