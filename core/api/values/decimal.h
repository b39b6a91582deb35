// Decimal: a whole number of any size times a power of ten. The slow, exact side of Quantity, as
// upstream's inf.Dec is; only quantity*.cpp and the template hash use it.
// Rounding is always away from zero.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::api {

class Decimal {
 public:
  Decimal() = default;  // zero
  /// number * 10^exponent.
  static Decimal from_int(std::int64_t number, std::int32_t exponent);
  /// Digits only, no sign; "" is zero.
  static Decimal from_digits(std::string_view digits, std::int32_t exponent);

  /// -1, 0 or 1.
  int sign() const { return words_.empty() ? 0 : negative_ ? -1 : 1; }
  std::int32_t exponent() const { return exponent_; }
  void set_exponent(std::int32_t exponent) { exponent_ = exponent; }
  void negate() { negative_ = !negative_ && !words_.empty(); }

  /// The coefficient, if it fits.
  std::optional<std::int64_t> coefficient() const;
  /// The coefficient modulo 2^64, with its sign: what Go's big.Int.Int64 answers.
  std::int64_t wrapped_coefficient() const;
  /// The coefficient's digits, with '-' if negative.
  std::string coefficient_text() const;
  /// The coefficient's magnitude in words of 64 bits, the lowest first.
  std::vector<std::uint64_t> magnitude_words() const;

  void multiply(std::uint32_t factor);
  void multiply_by_power_of_ten(std::uint32_t power);
  void multiply_by_power_of_two(std::uint32_t power);
  /// Divides the coefficient by 10^power towards zero; true if nothing was left over.
  bool divide_by_power_of_ten(std::uint32_t power);
  /// Makes the exponent `exponent`, rounding away from zero; true if nothing was lost.
  bool round_to(std::int32_t exponent);
  /// Divides the coefficient by `factor` as often as that is exact; answers how often. The exponent
  /// stays.
  std::int32_t remove_factors(std::uint32_t factor);

  static int compare(const Decimal& a, const Decimal& b);
  static Decimal sum(Decimal a, Decimal b);

  /// Sums and comparisons of numbers whose exponents lie further apart than this look at the larger
  /// one only: the exact answer would need that many digits.
  static constexpr std::int64_t kExponentGapMax = 5000;

 private:
  std::uint32_t divide(std::uint32_t divisor);
  void add_one();
  /// floor(log10(magnitude)) + exponent, give or take one.
  std::int64_t order() const;
  static int compare_magnitude(const Decimal& a, const Decimal& b);
  static void align(Decimal& a, Decimal& b);

  std::vector<std::uint32_t> words_;  // lowest first, no zero at the end
  std::int32_t exponent_ = 0;
  bool negative_ = false;
};

}  // namespace orrery::api
