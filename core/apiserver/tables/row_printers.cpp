#include "core/apiserver/tables/row_printers.h"

#include "core/api/checks/json_view.h"
#include "core/apiserver/tables/row_text.h"

namespace orrery::apiserver {

RowPrinter find_row_printer(std::string_view group, std::string_view kind) {
  for (const auto entries : {core_row_printers(), cluster_row_printers(), workload_row_printers(),
                             network_row_printers(), storage_row_printers(), policy_row_printers(),
                             autoscaling_row_printers(), event_row_printers()}) {
    for (const RowPrinterEntry& entry : entries) {
      if (entry.group == group && entry.kind == kind) return entry.print;
    }
  }
  return nullptr;
}

void print_default_row(const nlohmann::json& o, Time, RowCells& cells) {
  cells.text(name_of(o));
  const Time created = time_at(api::object(o, "metadata"), "creationTimestamp");
  cells.text(is_set(created) ? format_rfc3339(created) : "0001-01-01T00:00:00Z");
}

}  // namespace orrery::apiserver
