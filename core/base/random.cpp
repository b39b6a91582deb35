#include "core/base/random.h"

#include <bit>
#include <cmath>

#include "core/base/check.h"
#include "core/base/hash.h"

namespace orrery {
namespace {

constexpr double kLn2 = 0.693147180559945309417232121458;
// ln 2 in two parts: kLn2High has so many zero bits at its end that n * kLn2High is exact.
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr double kLatencyNanosMax = 1e17;  // three years: a draw can always be added to a Time
constexpr double kNormalP99 = 2.3263478740408408;  // the 99th percentile of the standard normal

double horner(const double* c, int n, double x) {
  double r = c[0];
  for (int i = 1; i < n; ++i) r = r * x + c[i];
  return r;
}

// Peter J. Acklam's rational approximation of the inverse normal distribution function.
double inverse_normal(double p) {
  static constexpr double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,
                                 -2.759285104469687e+02, 1.383577518672690e+02,
                                 -3.066479806614716e+01, 2.506628277459239e+00};
  static constexpr double b[] = {-5.447609879822406e+01, 1.615858368580409e+02,
                                 -1.556989798598866e+02, 6.680131188771972e+01,
                                 -1.328068155288572e+01, 1.0};
  static constexpr double c[] = {-7.784894002430293e-03, -3.223964580411365e-01,
                                 -2.400758277161838e+00, -2.549732539343734e+00,
                                 4.374664141464968e+00,  2.938163982698783e+00};
  static constexpr double d[] = {7.784695709041462e-03, 3.224671290700398e-01,
                                 2.445134137142996e+00, 3.754408661907416e+00, 1.0};
  constexpr double kLow = 0.02425;
  if (p < kLow || p > 1 - kLow) {
    const double q = std::sqrt(-2 * exact_log(p < kLow ? p : 1 - p));
    const double x = horner(c, 6, q) / horner(d, 5, q);
    return p < kLow ? x : -x;
  }
  const double q = p - 0.5;
  const double r = q * q;
  return horner(a, 6, r) * q / horner(b, 6, r);
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed) {
  for (auto& word : s_) {
    seed += 0x9e3779b97f4a7c15ull;
    word = mix64(seed);
  }
}

std::uint64_t RandomStream::next() {
  const std::uint64_t result = std::rotl(s_[0] + s_[3], 23) + s_[0];
  const std::uint64_t t = s_[1] << 17;
  s_[2] ^= s_[0];
  s_[3] ^= s_[1];
  s_[1] ^= s_[2];
  s_[0] ^= s_[3];
  s_[2] ^= t;
  s_[3] = std::rotl(s_[3], 45);
  return result;
}

std::uint64_t RandomStream::below(std::uint64_t bound) {
  CHECK(bound >= 1);
  using Wide = unsigned __int128;
  Wide product = Wide(next()) * bound;
  if (auto low = static_cast<std::uint64_t>(product); low < bound) {
    const std::uint64_t threshold = -bound % bound;
    while (low < threshold) {
      product = Wide(next()) * bound;
      low = static_cast<std::uint64_t>(product);
    }
  }
  return static_cast<std::uint64_t>(product >> 64);
}

double RandomStream::unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

double RandomStream::normal() {
  // 52 bits and a half: never 0 or 1, where the inverse has no value.
  const double p = (static_cast<double>(next() >> 12) + 0.5) * 0x1.0p-52;
  return inverse_normal(p);
}

double RandomStream::exponential(double mean) { return -mean * exact_log(1 - unit()); }

Duration LatencyModel::draw(RandomStream& stream) const {
  if (p99 <= p50 || p50 <= Duration{0}) return p50;
  const double sigma =
      exact_log(static_cast<double>(p99.count()) / static_cast<double>(p50.count())) / kNormalP99;
  const double drawn = static_cast<double>(p50.count()) * exact_exp(sigma * stream.normal());
  const double nanos = drawn < kLatencyNanosMax ? drawn : kLatencyNanosMax;
  // Whole microseconds: finer digits carry no meaning.
  return Duration{static_cast<std::int64_t>(nanos / 1000.0) * 1000};
}

RandomStream& Random::stream(std::string_view name) {
  auto it = streams_.find(name);
  if (it == streams_.end()) {
    it = streams_.emplace(std::string(name), RandomStream(mix64(seed_) ^ fnv1a_64(name))).first;
  }
  return it->second;
}

double exact_log(double x) {
  CHECK(x > 0);
  int exponent = 0;
  double m = std::frexp(x, &exponent);  // exact; m in [0.5, 1)
  if (m < 0.70710678118654752440) {
    m *= 2;
    --exponent;
  }
  // log m = 2 atanh(s), |s| < 0.172: eleven odd terms reach double precision.
  const double s = (m - 1) / (m + 1);
  const double s2 = s * s;
  double sum = 0;
  for (int k = 21; k >= 1; k -= 2) sum = sum * s2 + 1.0 / k;
  return 2 * s * sum + exponent * kLn2;
}

double exact_exp(double x) {
  CHECK(x < 700 && x > -700);
  const double n = std::floor(x / kLn2 + 0.5);
  const double r = (x - n * kLn2High) - n * kLn2Low;  // |r| <= 0.347
  double sum = 1;
  for (int k = 16; k >= 1; --k) sum = 1 + sum * r / k;
  return std::ldexp(sum, static_cast<int>(n));
}

}  // namespace orrery
