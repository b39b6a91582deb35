// Every record of controllers/values.jsonl: what apimachinery itself answered.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/api/values/int_or_string.h"
#include "core/api/values/quantity.h"
#include "core/api/values/selector.h"
#include "tests/core/api/values/golden_lines.h"

namespace orrery::api {
namespace {

using Json = nlohmann::json;

std::vector<Json> records(const std::string& kind) {
  std::vector<Json> out;
  const auto lines = golden_lines("controllers/values.jsonl");
  if (!lines) return out;
  for (const std::string& line : *lines) {
    Json record = Json::parse(line);
    if (record["kind"] == kind) out.push_back(std::move(record));
  }
  return out;
}

#define SKIP_WITHOUT(list) \
  if (list.empty()) GTEST_SKIP() << "no golden data: set ORRERY_GOLDEN"

TEST(ValuesGolden, QuantitiesParseRoundAndPrintAsRecorded) {
  const std::vector<Json> all = records("quantity");
  SKIP_WITHOUT(all);
  for (const Json& r : all) {
    const std::string in = r["in"];
    SCOPED_TRACE(r.dump());
    const Result<Quantity> q = Quantity::parse(in);
    if (r.contains("error")) {
      EXPECT_EQ(q.status().message(), r["error"].get<std::string>());
      continue;
    }
    ASSERT_TRUE(q.ok()) << q.status().message();
    EXPECT_EQ(q->to_string(), r["canonical"].get<std::string>());
    EXPECT_EQ(to_string(q->format()), r["format"].get<std::string>());
    EXPECT_EQ(q->value(), r["value"].get<std::int64_t>());
    EXPECT_EQ(q->milli_value(), r["milliValue"].get<std::int64_t>());
    EXPECT_EQ(q->sign(), r["sign"].get<int>());
  }
  EXPECT_GE(all.size(), 475u);
}

TEST(ValuesGolden, QuantitiesAddSubtractAndCompareAsRecorded) {
  const std::vector<Json> all = records("quantity-arith");
  SKIP_WITHOUT(all);
  for (const Json& r : all) {
    SCOPED_TRACE(r.dump());
    const Quantity a = *Quantity::parse(r["a"].get<std::string>());
    const Quantity b = *Quantity::parse(r["b"].get<std::string>());
    EXPECT_EQ((a + b).to_string(), r["sum"].get<std::string>());
    EXPECT_EQ((a - b).to_string(), r["diff"].get<std::string>());
    EXPECT_EQ(a.cmp(b), r["cmp"].get<int>());
  }
  EXPECT_GE(all.size(), 5u);
}

TEST(ValuesGolden, PercentagesScaleAsRecorded) {
  const std::vector<Json> all = records("percent");
  SKIP_WITHOUT(all);
  for (const Json& r : all) {
    SCOPED_TRACE(r.dump());
    const IntOrString value(std::string_view(r["value"].get_ref<const std::string&>()));
    const int total = r["total"];
    EXPECT_EQ(*scaled_value_from_int_or_percent(value, total, true), r["roundUp"].get<int>());
    EXPECT_EQ(*scaled_value_from_int_or_percent(value, total, false), r["roundDown"].get<int>());
  }
  EXPECT_GE(all.size(), 54u);
}

TEST(ValuesGolden, LabelSelectorsParsePrintAndMatchAsRecorded) {
  const std::vector<Json> all = records("labelSelector");
  SKIP_WITHOUT(all);
  for (const Json& r : all) {
    SCOPED_TRACE(r.dump());
    const Result<Selector> s = Selector::parse(r["in"].get<std::string>());
    if (r.contains("error")) {
      EXPECT_EQ(s.status().message(), r["error"].get<std::string>());
      continue;
    }
    ASSERT_TRUE(s.ok()) << s.status().message();
    EXPECT_EQ(s->to_string(), r["canonical"].get<std::string>());
    for (std::size_t i = 0; i < r["labelSets"].size(); ++i) {
      Labels labels;
      for (const auto& [key, value] : r["labelSets"][i].items()) {
        labels.set(Symbol(key), Symbol(value.get<std::string>()));
      }
      EXPECT_EQ(s->matches(labels), r["matches"][i].get<bool>()) << i;
    }
  }
  EXPECT_GE(all.size(), 26u);
}

}  // namespace
}  // namespace orrery::api
