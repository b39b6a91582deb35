#include "core/apiserver/tables/custom_columns.h"

#include "tests/core/apiserver/tables/printed.h"

namespace orrery::test {
namespace {

using apiserver::CustomColumn;

/// The cell of one column of this type and path.
std::string cell(std::string_view type, std::string_view path, std::string_view spec) {
  const CustomColumn column{"C", std::string(type), "", "", 0, std::string(path)};
  const std::string row = custom_row(
      {column}, std::string(R"({"metadata":{"name":"x"},"spec":)").append(spec).append("}"));
  return row.substr(5, row.size() - 6);
}

TEST(CustomColumns, GiveEachTypeItsCell) {
  struct Case {
    std::string_view type, spec, expected;
  };
  const Case cases[] = {
      {"string", R"({"v":"a"})", R"("a")"},
      {"string", R"({"v":5})", R"("5")"},
      {"string", R"({"v":true})", R"("true")"},
      {"string", R"({"v":1.5})", R"("1.5")"},
      {"string", R"({"v":{"b":1,"a":["<"]}})", R"("{\"a\":[\"\\u003c\"],\"b\":1}")"},
      {"string", R"({})", "null"},
      {"integer", R"({"v":5})", "5"},
      {"integer", R"({"v":5.9})", "5"},
      {"integer", R"({"v":"5"})", "null"},
      {"number", R"({"v":5})", "5"},
      {"number", R"({"v":2.5})", "2.5"},
      {"number", R"({"v":"2"})", "null"},
      {"boolean", R"({"v":false})", "false"},
      {"boolean", R"({"v":"false"})", "null"},
      {"date", R"({"v":"2025-12-31T23:58:00Z"})", R"("2m")"},
      {"date", R"({"v":"yesterday"})", R"("<invalid>")"},
      {"date", R"({"v":""})", R"("<unknown>")"},
      {"date", R"({"v":7})", "null"},
      {"date", R"({"v":null})", "null"},
      {"other", R"({"v":"a"})", "null"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(cell(c.type, ".spec.v", c.spec), c.expected) << c.type << " of " << c.spec;
  }
}

TEST(CustomColumns, ShowTheFirstOfSeveralValuesAndNothingWhereThePathFails) {
  EXPECT_EQ(cell("string", ".spec.list[*]", R"({"list":["a","b"]})"), R"("a")");
  EXPECT_EQ(cell("string", ".spec.list[9]", R"({"list":["a","b"]})"), "null");
}

TEST(CustomColumns, AreNameAndAgeWhereNoneAreGiven) {
  EXPECT_EQ(custom_row({}, std::string(R"({"metadata":)").append(kMeta).append("}")),
            R"(["x","5m"])");
  const apiserver::CustomColumns columns({});
  ASSERT_EQ(columns.definitions().size(), 2u);
  EXPECT_EQ(columns.definitions()[1].type, "date");
  EXPECT_EQ(columns.definitions()[1].description, apiserver::creation_description());
}

TEST(CustomColumns, DescribeThemselves) {
  const CustomColumn given[] = {{"A", "string", "byte", "my words", 1, ".spec.a"},
                                {"B", "integer", "", "", 0, ".spec.b"},
                                {"Broken", "string", "", "", 0, ".spec["},
                                {"After", "string", "", "", 0, ".spec.c"}};
  const apiserver::CustomColumns columns(given);
  ASSERT_EQ(columns.definitions().size(), 3u) << "the list ends at a path that cannot be read";
  EXPECT_EQ(columns.definitions()[1].description, "my words");
  EXPECT_EQ(columns.definitions()[1].priority, 1);
  EXPECT_EQ(columns.definitions()[1].format, "byte");
  EXPECT_EQ(columns.definitions()[2].description,
            "Custom resource definition column (in JSONPath format): .spec.b");
}

}  // namespace
}  // namespace orrery::test
