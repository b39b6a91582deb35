// Rows of typed objects without a document in between: pods, nodes, services, deployments, replica
// sets. TableWriter calls it; other kinds go through their documents.
#pragma once

#include "core/api/object.h"
#include "core/apiserver/tables/row_cells.h"
#include "core/base/time.h"

namespace orrery::apiserver {

bool has_typed_row(const api::Object& object);
/// `object` must have a typed row.
void print_typed_row(const api::Object& object, Time now, RowCells& cells);

}  // namespace orrery::apiserver
