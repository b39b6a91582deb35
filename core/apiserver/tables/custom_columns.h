// The columns of custom resources: a version's additionalPrinterColumns (upstream: tableconvertor
// of the apiextensions server). TablePrinter::custom takes them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "core/apiserver/tables/columns.h"
#include "core/apiserver/tables/json_path.h"
#include "core/apiserver/tables/row_cells.h"
#include "core/base/time.h"

namespace orrery::apiserver {

/// CustomResourceColumnDefinition.
struct CustomColumn {
  std::string name;
  std::string type;  // string, integer, number, boolean, date
  std::string format, description;
  int priority = 0;
  std::string json_path;
};

class CustomColumns {
 public:
  /// None: the Age column alone. A path that cannot be read ends the list there, as upstream does.
  explicit CustomColumns(std::span<const CustomColumn> columns);

  /// Name, then one for each column.
  const Columns& definitions() const { return definitions_; }
  void print(const nlohmann::json& object, Time now, RowCells& cells) const;

 private:
  Columns definitions_;
  std::vector<JsonPath> paths_;  // of definitions_[1], [2], ...
};

}  // namespace orrery::apiserver
