#include "sim/scenario/csv_reader.h"

#include <gtest/gtest.h>

namespace orrery::sim {
namespace {

TEST(CsvReader, ReadsQuotedFieldsWithCommasQuotesAndLineBreaks) {
  InputErrors errors("x.csv");
  const CsvTable table = read_csv("a,b\r\n\"1,\"\"2\"\"\",\"x\ny\"\n3,\n", errors);
  ASSERT_TRUE(errors.empty());
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0][0].text, "1,\"2\"");
  EXPECT_EQ(table.rows[0][1].text, "x\ny");
  EXPECT_EQ(table.rows[1][1].text, "");
  EXPECT_EQ(table.rows[1][0].line, 4);
  EXPECT_EQ(table.column("b"), 1u);
  EXPECT_EQ(table.column("c"), std::nullopt);
}

TEST(CsvReader, NamesLineAndColumnOfWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "x.csv:1: is empty: a header line with column names is needed"},
      {"a,b\n1\n", "x.csv:2:1: has 1 fields, the header has 2"},
      {"a,b\n1,\"2\n", "x.csv:2:3: the quoted field has no closing quote"},
      {"a,b\n1,\"\n", "x.csv:2:3: the quoted field has no closing quote"},
      {"a,b\n\"1\"x,2\n",
       "x.csv:2:4: text after a closing quote: double quotes inside a quoted field"},
  };
  for (const auto& [text, error] : cases) {
    InputErrors errors("x.csv");
    read_csv(text, errors);
    EXPECT_EQ(errors.lines(), std::vector<std::string>{error}) << text;
  }
}

TEST(CsvReader, RefusesNumbersWithASign) {
  for (const char* text : {"-0", "-1", "+1", "", "1e3", "9223372036854775808"}) {
    InputErrors errors("x.csv");
    EXPECT_EQ(csv_integer({text, 2, 1}, "a", errors), 0);
    EXPECT_EQ(errors.list().size(), 1u) << text;
  }
}

TEST(CsvReader, TellsAtMostAHundredErrorsAndCountsTheRest) {
  std::string text = "a,b\n";
  for (int i = 0; i < 150; ++i) text += "1\n";
  InputErrors errors("x.csv");
  read_csv(text, errors);
  ASSERT_EQ(errors.lines().size(), 101u);
  EXPECT_EQ(errors.lines().back(), "x.csv: and 50 more errors");
  EXPECT_TRUE(errors.status().message().ends_with("x.csv: and 50 more errors"));
}

}  // namespace
}  // namespace orrery::sim
