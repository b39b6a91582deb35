#include <string>
#include <string_view>

#include "core/api/schema/api_table_text.h"
#include "core/base/check.h"
#include "sim/serving/metrics_api.h"

namespace orrery::sim {
namespace {

constexpr std::string_view kCopied[] = {
    "meta/v1.FieldsV1",   "meta/v1.ListMeta",       "meta/v1.ManagedFieldsEntry",
    "meta/v1.ObjectMeta", "meta/v1.OwnerReference", "meta/v1.ShardInfo",
    "meta/v1.Time"};

constexpr std::string_view kTypes = R"(type metrics/v1beta1.ContainerMetrics
 name string 1 required
 usage {quantity} 2 required
type metrics/v1beta1.NodeMetrics gvk=metrics.k8s.io/v1beta1/NodeMetrics
 apiVersion string -
 kind string -
 metadata meta/v1.ObjectMeta 1
 timestamp time 2 required
 usage {quantity} 4 required
 window string 3 required
type metrics/v1beta1.NodeMetricsList gvk=metrics.k8s.io/v1beta1/NodeMetricsList
 apiVersion string -
 items [NodeMetrics] 2 required
 kind string -
 metadata meta/v1.ListMeta 1
type metrics/v1beta1.PodMetrics gvk=metrics.k8s.io/v1beta1/PodMetrics
 apiVersion string -
 containers [ContainerMetrics] 4 required
 kind string -
 metadata meta/v1.ObjectMeta 1
 timestamp time 2 required
 window string 3 required
type metrics/v1beta1.PodMetricsList gvk=metrics.k8s.io/v1beta1/PodMetricsList
 apiVersion string -
 items [PodMetrics] 2 required
 kind string -
 metadata meta/v1.ListMeta 1
)";

constexpr std::string_view kResources =
    R"(resource metrics.k8s.io v1beta1 nodes NodeMetrics - Cluster verbs=get,list
 column 0 string name Name
 column 0 string - CPU
 column 0 string - Memory
 column 0 string - Window
resource metrics.k8s.io v1beta1 pods PodMetrics - Namespaced verbs=get,list
 column 0 string name Name
 column 0 string - CPU
 column 0 string - Memory
 column 0 string - Window
)";

bool is_copied(std::string_view line) {
  line.remove_prefix(std::string_view("type ").size());
  const std::string_view name = line.substr(0, line.find(' '));
  for (const std::string_view copied : kCopied) {
    if (copied == name) return true;
  }
  return false;
}

// The table's text and what reads it: views of the table point into the text.
struct Held {
  std::string text;
  std::shared_ptr<const api::ApiTable> table;
};

std::string table_text() {
  std::string head, types;
  bool copying = false;
  std::string_view rest = api::api_table_text();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.starts_with("resource ")) break;
    if (line.starts_with("kubernetes ") || line.starts_with("package meta/v1 ")) {
      head.append(line).append("\n");
    }
    if (line.starts_with("type ")) copying = is_copied(line);
    if (copying) types.append(line).append("\n");
  }
  head += "package metrics/v1beta1 io.k8s.metrics.pkg.apis.metrics.v1beta1\n";
  return head.append(types).append(kTypes).append(kResources);
}

}  // namespace

std::shared_ptr<const api::ApiTable> metrics_table() {
  auto held = std::make_shared<Held>();
  held->text = table_text();
  Result<api::ApiTable> table = api::ApiTable::parse(held->text);
  CHECK(table.ok());
  held->table = std::make_shared<const api::ApiTable>(std::move(*table));
  return {held, held->table.get()};
}

}  // namespace orrery::sim
