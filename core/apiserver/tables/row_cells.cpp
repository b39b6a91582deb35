#include "core/apiserver/tables/row_cells.h"

#include "core/apiserver/tables/json_text.h"

namespace orrery::apiserver {

void RowCells::next() {
  if (count_++ > 0) out_ += ',';
}

void RowCells::text(std::string_view value) {
  next();
  append_quoted(out_, value);
}

void RowCells::integer(std::int64_t value) {
  next();
  append_integer(out_, value);
}

void RowCells::number(double value) {
  next();
  append_number(out_, value);
}

void RowCells::flag(bool value) {
  next();
  out_ += value ? "true" : "false";
}

void RowCells::none() {
  next();
  out_ += "null";
}

void RowCells::close() {
  out_ += ']';
  if (completed_.empty()) return;
  out_ += R"(,"conditions":[{"type":"Completed","status":"True","reason":)";
  append_quoted(out_, completed_);
  out_ += R"(,"message":)";
  append_quoted(
      out_, completed_ == "Succeeded" ? "The pod has completed successfully." : "The pod failed.");
  out_ += "}]";
}

}  // namespace orrery::apiserver
