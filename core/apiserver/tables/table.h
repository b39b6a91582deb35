// Tables (meta.k8s.io Table): what kubectl get prints. TablePrinter knows a resource's columns and
// makes rows; TableWriter writes one document as text, row by row, from typed objects where the
// kind has a fast path and from documents otherwise. The API server's reads, lists and watches
// call them. The rule: rows come in list order, then finish() once.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/object.h"
#include "core/api/schema/api_table.h"
#include "core/apiserver/tables/columns.h"
#include "core/apiserver/tables/custom_columns.h"
#include "core/apiserver/tables/row_printers.h"

namespace orrery::apiserver {

/// TableOptions.includeObject: what each row carries besides its cells.
enum class IncludeObject : std::uint8_t { kMetadata, kObject, kNone };
/// Of the request's parameter; "" is Metadata. BadRequest with upstream's text for other words.
Result<IncludeObject> parse_include_object(std::string_view text);

struct TableOptions {
  std::string_view version = "v1";  // of meta.k8s.io: v1 or v1beta1
  IncludeObject include = IncludeObject::kMetadata;
  bool has_headers = true;  // false: columnDefinitions is null, as in all but a watch's first event
  Time now;                 // ages count up to here
};

/// The table's own metadata: a list's, or the resourceVersion of the one object.
struct TableMeta {
  std::string resource_version;
  std::string continue_token;
  std::optional<std::int64_t> remaining_item_count;
};

class TablePrinter {
 public:
  /// A resource of the API table.
  explicit TablePrinter(const api::ResourceRow& resource);
  /// A version of a custom resource.
  explicit TablePrinter(std::span<const CustomColumn> columns);
  /// The scale subresource.
  static TablePrinter scale();

  const Columns& columns() const { return columns_; }
  /// The definitions as a JSON array.
  const std::string& columns_json() const { return columns_json_; }
  /// The cells of one object's row, from its document in the served version.
  void print(const nlohmann::json& object, Time now, RowCells& cells) const;
  /// Lists of flow schemas are in the order in which they match, not by name.
  bool sorts_by_precedence() const { return sorts_by_precedence_; }

 private:
  TablePrinter(Columns columns, RowPrinter printer);

  Columns columns_;
  std::string columns_json_;
  RowPrinter printer_ = nullptr;
  std::shared_ptr<const CustomColumns> custom_;
  bool sorts_by_precedence_ = false;
};

class TableWriter {
 public:
  /// `printer` outlives this.
  TableWriter(const TablePrinter& printer, const TableOptions& options, const TableMeta& meta);

  void add(const nlohmann::json& object);
  /// The fast path of pods, nodes, services, deployments and replica sets in their only version.
  /// `text` is the object's document, needed for IncludeObject::kObject alone. False, and nothing
  /// written, where there is no fast path: add the document.
  bool add(const api::Object& object, std::string_view text = {});

  /// The document; nothing may be added after it.
  std::string finish();

 private:
  struct Row {
    std::int64_t precedence;
    std::string name, text;
  };
  void open_row();

  const TablePrinter& printer_;
  TableOptions options_;
  std::string out_;
  std::size_t row_count_ = 0;
  std::vector<Row> sorted_rows_;  // used where the printer sorts
};

/// The table of one document: an object, or a list with its items and metadata.
std::string table_text(const TablePrinter& printer, const TableOptions& options,
                       const nlohmann::json& document);

}  // namespace orrery::apiserver
