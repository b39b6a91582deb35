#include "tests/core/apiserver/tables/printed.h"

namespace orrery::test {
namespace {

std::size_t count_cells(std::string_view row) {
  std::size_t count = 1;
  bool in_text = false;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '"') in_text = !in_text;
    if (row[i] == ',' && !in_text) ++count;
  }
  return count;
}

TEST(Columns, AreAsManyAsTheCellsOfEachResource) {
  for (const api::ResourceRow& resource : table().resources()) {
    const apiserver::TablePrinter printer(resource);
    const std::string version = std::string(resource.group) + (resource.group.empty() ? "" : "/") +
                                std::string(resource.version);
    const std::size_t cells = count_cells(row_with(version, resource.kind, ""));
    // Upstream's printer of IP addresses has a cell without a column, too.
    const std::size_t more = resource.kind == "IPAddress" ? 1 : 0;
    EXPECT_EQ(cells, printer.columns().size() + more) << resource.group << " " << resource.kind;
  }
}

TEST(Columns, OfAKindWithoutAnyAreNameAndCreationTime) {
  const api::ResourceRow* binding = table().find_kind("v1", "Binding");
  ASSERT_TRUE(binding);
  const apiserver::Columns columns = apiserver::columns_of(*binding);
  ASSERT_EQ(columns.size(), 2u);
  EXPECT_EQ(columns[0].name, "Name");
  EXPECT_EQ(columns[0].format, "name");
  EXPECT_EQ(columns[1].name, "Created At");
  EXPECT_EQ(columns[1].type, "date");
}

TEST(Columns, BeyondTheNarrowViewHavePriorityOne) {
  const apiserver::Columns columns = apiserver::columns_of(*table().find_kind("v1", "Pod"));
  ASSERT_EQ(columns.size(), 9u);
  EXPECT_EQ(columns[4].name, "Age");
  EXPECT_EQ(columns[4].priority, 0);
  EXPECT_EQ(columns[5].name, "IP");
  EXPECT_EQ(columns[5].priority, 1);
}

TEST(Columns, OfAScaleAreItsCounts) {
  const apiserver::TablePrinter printer = apiserver::TablePrinter::scale();
  EXPECT_EQ(printer.columns().size(), 4u);
  EXPECT_EQ(printer.columns()[1].name, "Desired");
}

}  // namespace
}  // namespace orrery::test
