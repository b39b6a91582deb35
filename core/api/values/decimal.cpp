#include "core/api/values/decimal.h"

#include <algorithm>

namespace orrery::api {
namespace {

constexpr std::uint32_t kBillion = 1'000'000'000;
constexpr std::uint32_t kPowers[] = {1,       10,        100,        1'000,       10'000,
                                     100'000, 1'000'000, 10'000'000, 100'000'000, kBillion};

void trim(std::vector<std::uint32_t>& words) {
  while (!words.empty() && words.back() == 0) words.pop_back();
}

}  // namespace

Decimal Decimal::from_int(std::int64_t number, std::int32_t exponent) {
  Decimal d;
  d.exponent_ = exponent;
  d.negative_ = number < 0;
  const std::uint64_t magnitude =
      number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
  d.words_ = {static_cast<std::uint32_t>(magnitude), static_cast<std::uint32_t>(magnitude >> 32)};
  trim(d.words_);
  return d;
}

Decimal Decimal::from_digits(std::string_view digits, std::int32_t exponent) {
  Decimal d;
  d.exponent_ = exponent;
  while (!digits.empty()) {
    const std::size_t n = std::min<std::size_t>(9, digits.size());
    std::uint32_t chunk = 0;
    for (std::size_t i = 0; i < n; ++i) chunk = chunk * 10 + static_cast<unsigned>(digits[i] - '0');
    std::uint64_t carry = chunk;
    for (std::uint32_t& word : d.words_) {
      carry += std::uint64_t{word} * kPowers[n];
      word = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry) d.words_.push_back(static_cast<std::uint32_t>(carry));
    digits.remove_prefix(n);
  }
  return d;
}

std::optional<std::int64_t> Decimal::coefficient() const {
  if (words_.size() > 2) return std::nullopt;
  const std::int64_t wrapped = wrapped_coefficient();
  if (words_.size() == 2 && (wrapped < 0) != negative_) return std::nullopt;
  return wrapped;
}

std::int64_t Decimal::wrapped_coefficient() const {
  std::uint64_t low = words_.empty() ? 0 : words_[0];
  if (words_.size() > 1) low |= std::uint64_t{words_[1]} << 32;
  return static_cast<std::int64_t>(negative_ ? 0 - low : low);
}

std::string Decimal::coefficient_text() const {
  if (words_.empty()) return "0";
  Decimal rest = *this;
  std::string backwards;
  while (!rest.words_.empty()) {
    std::uint32_t chunk = rest.divide(kBillion);
    for (int i = 0; i < 9 && (chunk || !rest.words_.empty()); ++i, chunk /= 10) {
      backwards.push_back(static_cast<char>('0' + chunk % 10));
    }
  }
  if (negative_) backwards.push_back('-');
  std::reverse(backwards.begin(), backwards.end());
  return backwards;
}

std::vector<std::uint64_t> Decimal::magnitude_words() const {
  std::vector<std::uint64_t> out((words_.size() + 1) / 2);
  for (std::size_t i = 0; i < words_.size(); ++i) {
    out[i / 2] |= std::uint64_t{words_[i]} << (i % 2 * 32);
  }
  return out;
}

void Decimal::multiply(std::uint32_t factor) {
  std::uint64_t carry = 0;
  for (std::uint32_t& word : words_) {
    carry += std::uint64_t{word} * factor;
    word = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  if (carry) words_.push_back(static_cast<std::uint32_t>(carry));
}

void Decimal::multiply_by_power_of_ten(std::uint32_t power) {
  if (words_.empty()) return;
  for (; power > 9; power -= 9) multiply(kBillion);
  multiply(kPowers[power]);
}

void Decimal::multiply_by_power_of_two(std::uint32_t power) {
  for (; power > 31; power -= 31) multiply(1u << 31);
  multiply(1u << power);
}

std::uint32_t Decimal::divide(std::uint32_t divisor) {
  std::uint64_t rest = 0;
  for (std::size_t i = words_.size(); i-- > 0;) {
    rest = rest << 32 | words_[i];
    words_[i] = static_cast<std::uint32_t>(rest / divisor);
    rest %= divisor;
  }
  trim(words_);
  return static_cast<std::uint32_t>(rest);
}

bool Decimal::divide_by_power_of_ten(std::uint32_t power) {
  bool exact = true;
  while (power > 0 && !words_.empty()) {
    const std::uint32_t step = std::min(power, 9u);
    exact &= divide(kPowers[step]) == 0;
    power -= step;
  }
  return exact;
}

void Decimal::add_one() {
  for (std::uint32_t& word : words_) {
    if (++word != 0) return;
  }
  words_.push_back(1);
}

bool Decimal::round_to(std::int32_t exponent) {
  const std::int64_t gap = std::int64_t{exponent} - exponent_;
  bool exact = true;
  if (gap < 0) {
    multiply_by_power_of_ten(static_cast<std::uint32_t>(-gap));
  } else if (gap > 0) {
    exact = divide_by_power_of_ten(static_cast<std::uint32_t>(gap));
    if (!exact) add_one();
  }
  exponent_ = exponent;
  return exact;
}

std::int32_t Decimal::remove_factors(std::uint32_t factor) {
  std::int32_t times = 0;
  while (!words_.empty()) {
    Decimal quotient = *this;
    if (quotient.divide(factor) != 0) break;
    words_ = std::move(quotient.words_);
    ++times;
  }
  return times;
}

std::int64_t Decimal::order() const {
  // 32 bits are 9.63 digits; 9632959861 / 10^9, in integers so that every machine agrees.
  return static_cast<std::int64_t>(words_.size()) * 9633 / 1000 + exponent_;
}

int Decimal::compare_magnitude(const Decimal& a, const Decimal& b) {
  if (a.words_.size() != b.words_.size()) return a.words_.size() < b.words_.size() ? -1 : 1;
  for (std::size_t i = a.words_.size(); i-- > 0;) {
    if (a.words_[i] != b.words_[i]) return a.words_[i] < b.words_[i] ? -1 : 1;
  }
  return 0;
}

void Decimal::align(Decimal& a, Decimal& b) {
  Decimal& higher = a.exponent_ > b.exponent_ ? a : b;
  higher.round_to(std::min(a.exponent_, b.exponent_));
}

int Decimal::compare(const Decimal& a, const Decimal& b) {
  if (a.sign() != b.sign()) return a.sign() < b.sign() ? -1 : 1;
  if (a.sign() == 0) return 0;
  const std::int64_t gap = a.order() - b.order();
  if (gap > kExponentGapMax || gap < -kExponentGapMax) return (gap < 0) == (a.sign() > 0) ? -1 : 1;
  Decimal x = a;
  Decimal y = b;
  align(x, y);
  return compare_magnitude(x, y) * a.sign();
}

Decimal Decimal::sum(Decimal a, Decimal b) {
  if (a.words_.empty() || b.words_.empty()) {
    Decimal& other = a.words_.empty() ? b : a;
    const std::int32_t lower = std::min(a.exponent_, b.exponent_);
    if (std::int64_t{other.exponent_} - lower <= kExponentGapMax) other.round_to(lower);
    return other;
  }
  const std::int64_t gap = a.order() - b.order();
  if (gap > kExponentGapMax) return a;
  if (gap < -kExponentGapMax) return b;
  align(a, b);
  const bool subtract = a.negative_ != b.negative_;
  if (subtract && compare_magnitude(a, b) < 0) std::swap(a, b);
  a.words_.resize(std::max(a.words_.size(), b.words_.size()) + 1);
  std::int64_t carry = 0;
  for (std::size_t i = 0; i < a.words_.size(); ++i) {
    const std::int64_t other = i < b.words_.size() ? std::int64_t{b.words_[i]} : 0;
    carry += std::int64_t{a.words_[i]} + (subtract ? -other : other);
    a.words_[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  trim(a.words_);
  if (a.words_.empty()) a.negative_ = false;
  return a;
}

}  // namespace orrery::api
