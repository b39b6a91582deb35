// The columns of a table: their definitions as the wire sends them. TablePrinter holds one set for
// each resource.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/api/schema/api_table.h"

namespace orrery::apiserver {

/// metav1.TableColumnDefinition. Clients show those of priority 0, and all of them when wide.
struct Column {
  std::string name, type, format, description;
  int priority = 0;
};
using Columns = std::vector<Column>;

/// The columns of a built-in resource; the default ones where the API table has none.
Columns columns_of(const api::ResourceRow& resource);
/// Name and Created At.
Columns default_columns();
/// Name, Desired, Available, Age: the scale subresource.
Columns scale_columns();

/// What the API documents of metadata.name and metadata.creationTimestamp.
std::string_view name_description();
std::string_view creation_description();

/// The JSON array of definitions.
std::string columns_text(const Columns& columns);

}  // namespace orrery::apiserver
