// Rows of horizontal pod autoscalers and scales. The printer reads the v2 form; v1's fields and
// annotations are brought into it first.
#include <fmt/format.h>

#include "core/api/checks/json_view.h"
#include "core/apiserver/tables/hpa_metrics.h"
#include "core/apiserver/tables/row_printers.h"
#include "core/apiserver/tables/row_text.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

void print_autoscaler(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  const Json& target = object(spec, "scaleTargetRef");
  const auto min = maybe_integer(spec, "minReplicas");
  cells.text(name_of(o));
  cells.text(fmt::format("{}/{}", text(target, "kind"), text(target, "name")));
  cells.text(hpa_metrics_text(o));
  cells.text(min ? fmt::to_string(*min) : "<unset>");
  cells.integer(integer(spec, "maxReplicas"));
  cells.integer(integer(object(o, "status"), "currentReplicas"));
  cells.text(age_of(o, now));
}

void print_scale(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.integer(integer(object(o, "spec"), "replicas"));
  cells.integer(integer(object(o, "status"), "replicas"));
  cells.text(age_of(o, now));
}

}  // namespace

std::span<const RowPrinterEntry> autoscaling_row_printers() {
  static constexpr RowPrinterEntry kEntries[] = {
      {"autoscaling", "HorizontalPodAutoscaler", print_autoscaler},
      {"autoscaling", "Scale", print_scale},
  };
  return kEntries;
}

}  // namespace orrery::apiserver
