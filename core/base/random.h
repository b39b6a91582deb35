// Random: named streams of random numbers. Each name has a sequence of its own that depends on the
// run's seed and the name alone, so a draw added in one component never moves another's.
// Draws are the same on every machine: no libm, no std distributions.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/base/time.h"

namespace orrery {

/// One stream (xoshiro256++). Cheap to copy: a copy repeats the original's draws.
class RandomStream {
 public:
  explicit RandomStream(std::uint64_t seed);

  std::uint64_t next();
  /// Uniform in [0, bound); bound >= 1. Unbiased (Lemire).
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in [0, 1), 53 bits.
  double unit();
  /// True with probability p.
  bool chance(double p) { return unit() < p; }
  /// Standard normal, by the inverse distribution function (Acklam; relative error < 1.2e-9).
  double normal();
  /// Exponential with the given mean.
  double exponential(double mean);

 private:
  std::uint64_t s_[4];
};

/// A log-normal duration told by its median and 99th percentile; p99 <= p50 means constant p50.
struct LatencyModel {
  Duration p50{};
  Duration p99{};
  Duration draw(RandomStream& stream) const;
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t seed() const { return seed_; }
  /// The stream of this name; the same object each time. Keep the reference, look up once.
  RandomStream& stream(std::string_view name);

 private:
  std::uint64_t seed_;
  std::map<std::string, RandomStream, std::less<>> streams_;
};

/// exp and log that give the same bits everywhere (libm's differ between processors).
double exact_exp(double x);
double exact_log(double x);

}  // namespace orrery
