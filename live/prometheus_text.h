// PrometheusText: metrics of core and of the API server as the text that Prometheus scrapes
// (prometheus-cpp's serializer). Made anew for each answer to GET /metrics. Names are upstream's.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/runtime/metrics.h"

namespace orrery {

class PrometheusText {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;

  PrometheusText();
  ~PrometheusText();
  PrometheusText(const PrometheusText&) = delete;
  PrometheusText& operator=(const PrometheusText&) = delete;

  void counter(const std::string& name, const Labels& labels, double value);
  void gauge(const std::string& name, const Labels& labels, double value);
  /// Everything of a registry; names may carry labels: `adds_total{name="deployment"}`.
  void add(const Metrics& metrics);
  /// This process: memory, CPU time, open files.
  void add_process();
  /// By family, in the order of their names.
  std::string text() const;

  /// `verb="GET",code="200"` as pairs.
  static Labels parse_labels(std::string_view text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace orrery
