#include "core/api/values/quantity.h"

#include <gtest/gtest.h>

namespace orrery::api {
namespace {

Quantity q(std::string_view text) { return *Quantity::parse(text); }

TEST(Quantity, IsZeroByDefault) {
  EXPECT_EQ(Quantity().to_string(), "0");
  EXPECT_EQ(Quantity().value(), 0);
  EXPECT_TRUE(Quantity().is_zero());
}

TEST(Quantity, RoundsUpAwayFromZero) {
  EXPECT_EQ(q("1500m").value(), 2);
  EXPECT_EQ(q("-1500m").value(), -2);
  EXPECT_EQ(q("1u").milli_value(), 1);
  EXPECT_EQ(q("1.5").milli_value(), 1500);
}

TEST(Quantity, PrintsCanonicallyInItsOwnFormat) {
  EXPECT_EQ(q("1024Mi").to_string(), "1Gi");
  EXPECT_EQ(q("1.5Gi").to_string(), "1536Mi");
  EXPECT_EQ(q("0.1").to_string(), "100m");
  EXPECT_EQ(q("1000k").to_string(), "1M");
  EXPECT_EQ(Quantity::from_value(512ll << 20, Quantity::Format::kBinarySI).to_string(), "512Mi");
  EXPECT_EQ(Quantity::from_value(1000, Quantity::Format::kBinarySI).to_string(), "1k");
  EXPECT_EQ(Quantity::from_milli(2500).to_string(), "2500m");
  EXPECT_EQ(Quantity::from_milli(2000, Quantity::Format::kDecimalExponent).to_string(), "2");
}

TEST(Quantity, KeepsTextThatUpstreamTakesForCanonicalUntilItChanges) {
  EXPECT_EQ(q("+1G").to_string(), "+1G");
  EXPECT_EQ((q("+1G") + q("0")).to_string(), "1G");
  Quantity copy = q("01");
  Quantity other = copy;
  copy = Quantity();
  EXPECT_EQ(other.to_string(), "01");
}

TEST(Quantity, GoesBeyondInt64WithoutLosingDigits) {
  const Quantity big = q("9223372036854775807");
  EXPECT_EQ((big + big).to_string(), "18446744073709551614");
  EXPECT_EQ(((big + big) - big).cmp(big), 0);
  EXPECT_EQ((Quantity::from_value(INT64_MAX) + Quantity::from_value(1)).to_string(),
            "9223372036854775808");
  EXPECT_EQ((q("123456789012345678901234567890n") + q("1n")).to_string(),
            "123456789012345678901234567891n");
}

TEST(Quantity, SumTakesTheOtherFormatWhereTheLeftIsZero) {
  EXPECT_EQ((Quantity() + q("1Gi")).format(), Quantity::Format::kBinarySI);
  EXPECT_EQ((q("1") + q("1Gi")).format(), Quantity::Format::kDecimalSI);
  EXPECT_EQ((Quantity() - q("1Gi")).to_string(), "-1Gi");
}

TEST(Quantity, EqualMeansSameAmountWrittenTheSameWay) {
  EXPECT_EQ(q("1000m"), q("1"));
  EXPECT_EQ(q("0Gi"), q("0"));
  EXPECT_FALSE(q("1Gi") == q("1073741824"));
  EXPECT_EQ(q("1Gi").cmp(q("1073741824")), 0);
}

TEST(Quantity, AnswersAtOnceForAbsurdExponents) {
  EXPECT_EQ(q("1e2000000000").value(), 0);
  EXPECT_EQ(q("1e2000000000").cmp(q("1e1999999999")), 1);
  EXPECT_EQ((q("1e2000000000") + q("1")).cmp(q("1e2000000000")), 0);
  EXPECT_EQ(q("1e-2000000000").to_string(), "1e-9");
  EXPECT_EQ(q("0e2000000000").to_string(), "0");
  EXPECT_FALSE(Quantity::parse("1234567890123456789e999999999").ok());
  EXPECT_FALSE(Quantity::parse(std::string(1'000'000, '7')).ok());
}

}  // namespace
}  // namespace orrery::api
