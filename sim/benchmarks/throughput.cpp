#include "sim/benchmarks/throughput.h"

#include <algorithm>

namespace orrery::sim {
namespace {

constexpr double kNanoseconds = 1e9;
constexpr std::int64_t kSamplesWanted = 20;

std::int64_t interval_for(std::int64_t whole) {
  for (const std::int64_t ms : {1000, 500, 200, 100, 50, 20, 10, 5, 2}) {
    if (whole / (ms * 1'000'000) >= kSamplesWanted) return ms * 1'000'000;
  }
  return ThroughputSampler::kPointNanoseconds;
}

}  // namespace

Percentiles percentiles_of(std::vector<double> values) {
  Percentiles out;
  out.count = values.size();
  if (values.empty()) return out;
  std::sort(values.begin(), values.end());
  for (const double v : values) out.average += v;
  out.average /= static_cast<double>(values.size());
  const auto at = [&](std::size_t p) { return values[(values.size() * p + 99) / 100 - 1]; };
  out.perc50 = at(50);
  out.perc90 = at(90);
  out.perc95 = at(95);
  out.perc99 = at(99);
  return out;
}

void ThroughputSampler::start(std::int64_t now) {
  *this = {};
  start_ = now;
  points_.push_back({0, 0});
  next_ = distance_;
}

void ThroughputSampler::add(std::int64_t since, std::uint64_t pods) {
  if (points_.size() >= kPointsMax) {
    for (std::size_t i = 1; 2 * i < points_.size(); ++i) points_[i] = points_[2 * i];
    points_.resize(points_.size() / 2);
    distance_ *= 2;
  }
  points_.push_back({since, pods});
  next_ = since + distance_;
}

void ThroughputSampler::stop(std::int64_t now, std::uint64_t pods) { add(now - start_, pods); }

ThroughputSampler::Summary ThroughputSampler::summarise() const {
  Summary out;
  if (points_.size() < 2) return out;
  const Point& last = points_.back();
  out.pods = last.pods;
  out.wall_seconds = static_cast<double>(last.at) / kNanoseconds;
  const std::int64_t interval = std::max(interval_for(last.at), distance_);
  out.interval_seconds = static_cast<double>(interval) / kNanoseconds;
  std::vector<double> samples;
  Point from = points_.front();
  std::int64_t tick = interval;
  std::size_t skipped = 0;
  for (const Point& p : points_) {
    if (p.at < tick) continue;
    tick = (p.at / interval + 1) * interval;
    if (p.pods == from.pods) {
      ++skipped;
      continue;
    }
    const double rate = static_cast<double>(p.pods - from.pods) * kNanoseconds /
                        static_cast<double>(p.at - from.at);
    samples.insert(samples.end(), skipped + 1, rate);
    skipped = 0;
    from = p;
  }
  // A phase shorter than one interval is one sample.
  const double pods = static_cast<double>(out.pods);
  const double average = out.wall_seconds > 0 ? pods / out.wall_seconds : 0;
  if (samples.empty() && out.pods > 0) samples.push_back(average);
  out.pods_per_second = percentiles_of(std::move(samples));
  out.pods_per_second.average = average;
  return out;
}

}  // namespace orrery::sim
