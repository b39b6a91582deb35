#include "tests/core/apiserver/tables/printed.h"

#include <nlohmann/json.hpp>

namespace orrery::test {

using nlohmann::json;

const api::ApiTable& table() {
  static const api::ApiTable kTable = api::ApiTable::built_in();
  return kTable;
}

std::string row_of(std::string_view api_version, std::string_view kind, std::string_view document) {
  const api::ResourceRow* resource = table().find_kind(api_version, kind);
  if (!resource) return "no such kind";
  std::string out;
  apiserver::RowCells cells(out);
  apiserver::TablePrinter(*resource).print(json::parse(document), kNow, cells);
  cells.close();
  return out;
}

std::string row_with(std::string_view api_version, std::string_view kind,
                     std::string_view members) {
  std::string document = "{\"metadata\":";
  document.append(kMeta).append(members.empty() ? "" : ",").append(members).append("}");
  return row_of(api_version, kind, document);
}

std::string custom_row(const std::vector<apiserver::CustomColumn>& columns,
                       std::string_view document) {
  std::string out;
  apiserver::RowCells cells(out);
  apiserver::TablePrinter(columns).print(json::parse(document), kNow, cells);
  cells.close();
  return out;
}

std::string found_by(std::string_view path, std::string_view document) {
  const Result<apiserver::JsonPath> parsed = apiserver::JsonPath::parse(path);
  const json value = json::parse(document);
  if (!parsed.ok()) return "error";
  const auto found = parsed->find(value);
  if (!found) return "error";
  std::string out;
  for (const json* one : *found) out.append(out.empty() ? "" : " ").append(one->dump());
  return out;
}

void expect_rows(const std::vector<RowCase>& cases) {
  for (const RowCase& c : cases) {
    EXPECT_EQ(row_with(c.api_version, c.kind, c.members), c.expected)
        << c.kind << " with " << c.members;
  }
}

}  // namespace orrery::test
