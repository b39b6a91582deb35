// Row printers: for each kind with columns of its own, the function that makes a row's cells from
// the document in its served version (upstream: pkg/printers/internalversion). TablePrinter calls
// them; cells follow the order of the API table's columns, wide ones included.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string_view>

#include "core/apiserver/tables/row_cells.h"
#include "core/base/time.h"

namespace orrery::apiserver {

using RowPrinter = void (*)(const nlohmann::json& object, Time now, RowCells& cells);

struct RowPrinterEntry {
  std::string_view group, kind;
  RowPrinter print;
};

/// The printer of this kind, or null: it has the default columns.
RowPrinter find_row_printer(std::string_view group, std::string_view kind);
/// Name and creation time: kinds without a printer.
void print_default_row(const nlohmann::json& object, Time now, RowCells& cells);

// The entries by area; find_row_printer looks through them.
std::span<const RowPrinterEntry> core_row_printers();
std::span<const RowPrinterEntry> cluster_row_printers();
std::span<const RowPrinterEntry> workload_row_printers();
std::span<const RowPrinterEntry> network_row_printers();
std::span<const RowPrinterEntry> storage_row_printers();
std::span<const RowPrinterEntry> policy_row_printers();
std::span<const RowPrinterEntry> autoscaling_row_printers();
std::span<const RowPrinterEntry> event_row_printers();

}  // namespace orrery::apiserver
