// Rows of the namespaced core kinds: services, configuration, quotas, endpoints, templates.
#include <fmt/format.h>

#include "core/api/checks/json_view.h"
#include "core/apiserver/tables/pod_row.h"
#include "core/apiserver/tables/row_printers.h"
#include "core/apiserver/tables/row_text.h"
#include "core/apiserver/tables/service_row.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

constexpr std::size_t kEndpointsShownMax = 3;  // upstream's, then "+ N more..."

void print_pod_document(const Json& o, Time now, RowCells& cells) {
  print_pod(pod_facts(o), now, cells);
}

void print_service_document(const Json& o, Time now, RowCells& cells) {
  print_service(service_facts(o), now, cells);
}

void print_config_map(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.integer(
      static_cast<std::int64_t>(object(o, "data").size() + object(o, "binaryData").size()));
  cells.text(age_of(o, now));
}

void print_secret(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.text(text(o, "type"));
  cells.integer(static_cast<std::int64_t>(object(o, "data").size()));
  cells.text(age_of(o, now));
}

void print_service_account(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.text(age_of(o, now));
}

/// net.JoinHostPort
std::string host_port(std::string_view ip, std::int64_t port) {
  return ip.find_first_of(":%") == std::string_view::npos ? fmt::format("{}:{}", ip, port)
                                                          : fmt::format("[{}]:{}", ip, port);
}

std::string endpoints_text(const Json& subsets) {
  if (subsets.empty()) return "<none>";
  std::string out;
  std::size_t shown = 0, count = 0;
  const auto show = [&](const std::string& one) {
    if (count++ >= kEndpointsShownMax) return;
    out.append(shown++ > 0 ? "," : "").append(one);
  };
  for (const Json& subset : subsets) {
    const Json& ports = array(subset, "ports");
    for (const Json& address : ports.empty() ? array(subset, "addresses") : empty_array()) {
      show(std::string(text(address, "ip")));
    }
    for (const Json& port : ports) {
      for (const Json& address : array(subset, "addresses")) {
        show(host_port(text(address, "ip"), integer(port, "port")));
      }
    }
  }
  if (count > kEndpointsShownMax) out += fmt::format(" + {} more...", count - kEndpointsShownMax);
  return out;
}

void print_endpoints(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.text(endpoints_text(array(o, "subsets")));
  cells.text(age_of(o, now));
}

void print_pod_template(const Json& o, Time, RowCells& cells) {
  const Json& containers = array(object_at(o, {"template", "spec"}), "containers");
  cells.text(name_of(o));
  cells.text(joined_members(containers, "name"));
  cells.text(joined_members(containers, "image"));
  cells.text(labels_text(object_at(o, {"template", "metadata", "labels"})));
}

void print_resource_quota(const Json& o, Time now, RowCells& cells) {
  const Json& used = object_at(o, {"status", "used"});
  std::string requests, limits;
  for (const auto& [name, hard] : object_at(o, {"status", "hard"}).items()) {
    std::string& out = name.starts_with("limits.") ? limits : requests;
    if (!out.empty()) out += ", ";
    out += fmt::format("{}: {}/{}", name, quantity_at(used, name.c_str(), "0"), scalar_text(hard));
  }
  cells.text(name_of(o));
  cells.text(requests);
  cells.text(limits);
  cells.text(age_of(o, now));
}

}  // namespace

std::span<const RowPrinterEntry> core_row_printers() {
  static constexpr RowPrinterEntry kEntries[] = {
      {"", "Pod", print_pod_document},
      {"", "Service", print_service_document},
      {"", "ConfigMap", print_config_map},
      {"", "Secret", print_secret},
      {"", "ServiceAccount", print_service_account},
      {"", "Endpoints", print_endpoints},
      {"", "PodTemplate", print_pod_template},
      {"", "ResourceQuota", print_resource_quota},
  };
  return kEntries;
}

}  // namespace orrery::apiserver
