#include "core/api/values/selector.h"

#include <gtest/gtest.h>

namespace orrery::api {
namespace {

Labels labels(std::vector<std::pair<std::string, std::string>> entries) {
  Labels out;
  for (const auto& [key, value] : entries) out.set(Symbol(key), Symbol(value));
  return out;
}

LabelSelectorRequirement expression(const char* key, const char* op,
                                    std::vector<std::string> values = {}) {
  LabelSelectorRequirement out{Symbol(key), Symbol(op), {}};
  for (const std::string& v : values) out.values.emplace_back(v);
  return out;
}

std::string error_of(LabelSelectorRequirement e) {
  return Selector::from({{}, {std::move(e)}}).status().message();
}

TEST(Selector, AnEmptyOneMatchesEverythingAndNothingMatchesNothing) {
  EXPECT_TRUE(Selector::from({})->is_everything());
  EXPECT_TRUE(Selector::everything().matches(labels({})));
  EXPECT_FALSE(Selector::nothing().matches(labels({{"a", "1"}})));
  EXPECT_TRUE(Selector::parse("")->is_everything());
}

TEST(Selector, NeedsAllOfLabelsAndExpressions) {
  const Selector s =
      *Selector::from({{{Symbol("app"), Symbol("web")}},
                       {expression("tier", "In", {"a", "b"}), expression("old", "DoesNotExist")}});
  EXPECT_TRUE(s.matches(labels({{"app", "web"}, {"tier", "b"}})));
  EXPECT_FALSE(s.matches(labels({{"app", "web"}})));
  EXPECT_FALSE(s.matches(labels({{"app", "web"}, {"tier", "b"}, {"old", ""}})));
  EXPECT_EQ(s.to_string(), "app=web,!old,tier in (a,b)");
}

TEST(Selector, TellsTheOneValueAKeyMustHave) {
  const Selector s = *Selector::parse("app=web,tier in (a),zone in (x,y),q!=1");
  EXPECT_EQ(s.required_value(Symbol("app")), Symbol("web"));
  EXPECT_EQ(s.required_value(Symbol("tier")), Symbol("a"));
  EXPECT_EQ(s.required_value(Symbol("zone")), std::nullopt);
  EXPECT_EQ(s.required_value(Symbol("q")), std::nullopt);
}

TEST(Selector, ComparesNumbersForGreaterAndLess) {
  const Selector s = *Selector::from_node_expressions({expression("n", "Gt", {"3"})});
  EXPECT_TRUE(s.matches(labels({{"n", "10"}})));
  EXPECT_FALSE(s.matches(labels({{"n", "3"}})));
  EXPECT_FALSE(s.matches(labels({{"n", "x"}})));
  EXPECT_FALSE(s.matches(labels({})));
  EXPECT_TRUE(Selector::from_node_expressions({})->is_nothing());
}

TEST(Selector, SaysInUpstreamsWordsWhatIsWrongWithAnExpression) {
  EXPECT_EQ(error_of(expression("a", "Gt", {"1"})),
            "\"Gt\" is not a valid label selector operator");
  EXPECT_EQ(error_of(expression("a", "In")),
            "values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty");
  EXPECT_EQ(
      error_of(expression("a", "Exists", {"x"})),
      "values: Invalid value: [\"x\"]: values set must be empty for exists and does not exist");
  EXPECT_TRUE(error_of(expression("-", "In")).starts_with("[key: Invalid value: \"-\": name part"));
}

TEST(Selector, SaysInUpstreamsWordsWhatIsWrongWithAText) {
  const auto error = [](std::string_view text) { return Selector::parse(text).status().message(); };
  EXPECT_EQ(error("a b"),
            "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt");
  EXPECT_EQ(error("a>x"),
            "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' "
            "operators, the value must be an integer");
}

TEST(Selector, TakesInAndNotinAsKeysAndValuesToo) {
  EXPECT_EQ(Selector::parse("in in (in,notin)")->to_string(), "in in (in,notin)");
  EXPECT_EQ(Selector::parse("notin")->to_string(), "notin");
}

}  // namespace
}  // namespace orrery::api
