#include "core/runtime/metrics.h"

#include <cmath>
#include <limits>

#include "core/base/random.h"

namespace orrery {
namespace {

constexpr double kLogWidth = 0.04879016416943205;  // log(1.05)
constexpr int kZeroBucket = std::numeric_limits<int>::min();

}  // namespace

void Histogram::observe(double value) {
  const int bucket =
      value <= 0 ? kZeroBucket : static_cast<int>(std::floor(exact_log(value) / kLogWidth));
  ++buckets_[bucket];
  ++count_;
  sum_ += value;
  if (value > max_) max_ = value;
}

double Histogram::quantile(double q) const {
  const double rank = q * static_cast<double>(count_);
  std::uint64_t seen = 0;
  for (const auto& [bucket, n] : buckets_) {
    seen += n;
    if (static_cast<double>(seen) < rank || n == 0) continue;
    if (bucket == kZeroBucket) return 0;
    const double middle = exact_exp((bucket + 0.5) * kLogWidth);
    return middle < max_ ? middle : max_;
  }
  return max_;
}

}  // namespace orrery
