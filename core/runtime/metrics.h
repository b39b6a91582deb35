// Metrics: counters, gauges and histograms by Kubernetes' metric names. Components keep the
// reference that the registry gives them; reading them (series, /metrics) never changes a run.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace orrery {

struct Counter {
  std::uint64_t value = 0;
  void add(std::uint64_t n = 1) { value += n; }
};

struct Gauge {
  double value = 0;
};

/// Values in buckets of 5 % relative width: quantiles to within 2.5 %, in fixed room.
class Histogram {
 public:
  void observe(double value);
  std::uint64_t count() const { return count_; }
  double sum() const { return sum_; }
  double max() const { return max_; }
  /// The q-quantile, 0 <= q <= 1; 0 when nothing was observed.
  double quantile(double q) const;

 private:
  std::map<int, std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  double sum_ = 0;
  double max_ = 0;
};

class Metrics {
 public:
  /// `name` may carry labels in Prometheus form: `workqueue_adds_total{name="deployment"}`.
  Counter& counter(std::string_view name) { return find(counters_, name); }
  Gauge& gauge(std::string_view name) { return find(gauges_, name); }
  Histogram& histogram(std::string_view name) { return find(histograms_, name); }

  const std::map<std::string, Counter, std::less<>>& counters() const { return counters_; }
  const std::map<std::string, Gauge, std::less<>>& gauges() const { return gauges_; }
  const std::map<std::string, Histogram, std::less<>>& histograms() const { return histograms_; }

 private:
  template <class Map>
  static typename Map::mapped_type& find(Map& map, std::string_view name) {
    auto it = map.find(name);
    if (it == map.end()) it = map.try_emplace(std::string(name)).first;
    return it->second;
  }
  std::map<std::string, Counter, std::less<>> counters_;
  std::map<std::string, Gauge, std::less<>> gauges_;
  std::map<std::string, Histogram, std::less<>> histograms_;
};

}  // namespace orrery
