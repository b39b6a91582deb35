#include "core/api/values/decimal.h"

#include <gtest/gtest.h>

namespace orrery::api {
namespace {

TEST(Decimal, KeepsEveryDigit) {
  const std::string digits = "1234567890123456789012345678901234567890";
  EXPECT_EQ(Decimal::from_digits(digits, 0).coefficient_text(), digits);
  EXPECT_EQ(Decimal::from_int(INT64_MIN, 0).coefficient_text(), "-9223372036854775808");
  EXPECT_EQ(Decimal::from_int(INT64_MIN, 0).coefficient(), INT64_MIN);
  EXPECT_EQ(Decimal::from_digits("9223372036854775808", 0).coefficient(), std::nullopt);
}

TEST(Decimal, RoundsAwayFromZero) {
  Decimal d = Decimal::from_int(-1001, -3);
  EXPECT_FALSE(d.round_to(0));
  EXPECT_EQ(d.coefficient(), -2);
  Decimal tiny = Decimal::from_int(1, -2'000'000'000);
  EXPECT_FALSE(tiny.round_to(-9));
  EXPECT_EQ(tiny.coefficient(), 1);
}

TEST(Decimal, AddsAcrossSignsAndExponents) {
  const auto sum = [](std::int64_t a, int ea, std::int64_t b, int eb) {
    const Decimal s = Decimal::sum(Decimal::from_int(a, ea), Decimal::from_int(b, eb));
    return s.coefficient_text() + "e" + std::to_string(s.exponent());
  };
  EXPECT_EQ(sum(1, 3, 1, 0), "1001e0");
  EXPECT_EQ(sum(1, 20, -1, 0), "99999999999999999999e0");
  EXPECT_EQ(sum(-5, 0, 5, 0), "0e0");
  EXPECT_EQ(sum(3, 0, -5, 0), "-2e0");
  EXPECT_EQ(sum(0, -2, 5, 0), "500e-2");
}

TEST(Decimal, ComparesByAmount) {
  EXPECT_EQ(Decimal::compare(Decimal::from_int(1, 3), Decimal::from_int(1000, 0)), 0);
  EXPECT_EQ(Decimal::compare(Decimal::from_int(-1, 3), Decimal::from_int(-999, 0)), -1);
  EXPECT_EQ(Decimal::compare(Decimal::from_int(1, 30), Decimal::from_int(INT64_MAX, 0)), 1);
}

TEST(Decimal, ShowsItsMagnitudeInWordsOf64Bits) {
  Decimal d = Decimal::from_int(5, 0);
  d.multiply_by_power_of_two(64);
  EXPECT_EQ(d.magnitude_words(), (std::vector<std::uint64_t>{0, 5}));
}

}  // namespace
}  // namespace orrery::api
