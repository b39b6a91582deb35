#include "core/apiserver/tables/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/api/checks/json_view.h"
#include "core/api/values/quoted.h"
#include "core/apiserver/tables/json_text.h"
#include "core/apiserver/tables/partial_metadata.h"
#include "core/apiserver/tables/row_text.h"
#include "core/apiserver/tables/typed_rows.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

void append_object(std::string& out, const Json& o, const TableOptions& options) {
  out += R"(,"object":)";
  switch (options.include) {
    case IncludeObject::kMetadata:
      append_partial_metadata(out, o, options.version);
      break;
    case IncludeObject::kObject:
      append_json(out, o);
      break;
    case IncludeObject::kNone:
      out += "null";
  }
}

TableMeta meta_of(const Json& document, bool is_list) {
  const Json& meta = object(document, "metadata");
  TableMeta out;
  out.resource_version = text(meta, "resourceVersion");
  if (!is_list) return out;
  out.continue_token = text(meta, "continue");
  out.remaining_item_count = maybe_integer(meta, "remainingItemCount");
  return out;
}

}  // namespace

Result<IncludeObject> parse_include_object(std::string_view text) {
  if (text.empty() || text == "Metadata") return IncludeObject::kMetadata;
  if (text == "Object") return IncludeObject::kObject;
  if (text == "None") return IncludeObject::kNone;
  return bad_request(fmt::format(
      "Unable to convert to Table as requested: includeObject: Invalid value: {}: must be "
      "'Metadata', 'Object', 'None', or empty",
      api::quoted(text)));
}

TablePrinter::TablePrinter(Columns columns, RowPrinter printer)
    : columns_(std::move(columns)), columns_json_(columns_text(columns_)), printer_(printer) {}

TablePrinter::TablePrinter(const api::ResourceRow& resource)
    : TablePrinter(columns_of(resource), find_row_printer(resource.group, resource.kind)) {
  if (!printer_) printer_ = print_default_row;
  sorts_by_precedence_ = resource.kind == "FlowSchema";
}

TablePrinter::TablePrinter(std::span<const CustomColumn> columns)
    : custom_(std::make_shared<const CustomColumns>(columns)) {
  columns_ = custom_->definitions();
  columns_json_ = columns_text(columns_);
}

TablePrinter TablePrinter::scale() {
  return {scale_columns(), find_row_printer("autoscaling", "Scale")};
}

void TablePrinter::print(const Json& o, Time now, RowCells& cells) const {
  if (custom_) return custom_->print(o, now, cells);
  printer_(o, now, cells);
}

TableWriter::TableWriter(const TablePrinter& printer, const TableOptions& options,
                         const TableMeta& meta)
    : printer_(printer), options_(options) {
  out_ += R"({"kind":"Table","apiVersion":"meta.k8s.io/)";
  out_.append(options.version).append(R"(","metadata":{)");
  if (!meta.resource_version.empty()) {
    append_key(out_, "resourceVersion");
    append_quoted(out_, meta.resource_version);
  }
  if (!meta.continue_token.empty()) {
    append_key(out_, "continue");
    append_quoted(out_, meta.continue_token);
  }
  if (meta.remaining_item_count) {
    append_key(out_, "remainingItemCount");
    append_integer(out_, *meta.remaining_item_count);
  }
  out_ += R"(},"columnDefinitions":)";
  out_ += options.has_headers ? printer.columns_json() : "null";
  out_ += R"(,"rows":[)";
}

void TableWriter::open_row() { out_ += row_count_++ > 0 ? R"(,{"cells":)" : R"({"cells":)"; }

void TableWriter::add(const Json& o) {
  const std::size_t begin = out_.size();
  open_row();
  RowCells cells(out_);
  printer_.print(o, options_.now, cells);
  cells.close();
  append_object(out_, o, options_);
  out_ += '}';
  if (!printer_.sorts_by_precedence()) return;
  row_count_ = 0;
  sorted_rows_.push_back({integer(object(o, "spec"), "matchingPrecedence"), std::string(name_of(o)),
                          out_.substr(begin)});
  out_.resize(begin);
}

bool TableWriter::add(const api::Object& o, std::string_view text) {
  const bool needs_text = options_.include == IncludeObject::kObject;
  if (!has_typed_row(o) || (needs_text && text.empty())) return false;
  open_row();
  RowCells cells(out_);
  print_typed_row(o, options_.now, cells);
  cells.close();
  out_ += R"(,"object":)";
  if (needs_text) {
    out_ += text;
  } else if (options_.include == IncludeObject::kMetadata) {
    append_partial_metadata(out_, o.meta, options_.version);
  } else {
    out_ += "null";
  }
  out_ += '}';
  return true;
}

std::string TableWriter::finish() {
  std::sort(sorted_rows_.begin(), sorted_rows_.end(), [](const Row& a, const Row& b) {
    return std::tie(a.precedence, a.name) < std::tie(b.precedence, b.name);
  });
  for (const Row& row : sorted_rows_) {
    if (row_count_++ > 0) out_ += ',';
    out_ += row.text;
  }
  out_ += "]}";
  return std::move(out_);
}

std::string table_text(const TablePrinter& printer, const TableOptions& options,
                       const Json& document) {
  const Json* items = member(document, "items");
  const bool is_list = items && items->is_array() && text(document, "kind").ends_with("List");
  TableWriter writer(printer, options, meta_of(document, is_list));
  if (!is_list) {
    writer.add(document);
  } else {
    for (const Json& item : *items) writer.add(item);
  }
  return writer.finish();
}

}  // namespace orrery::apiserver
