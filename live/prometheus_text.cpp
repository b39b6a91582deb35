#include "live/prometheus_text.h"

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <filesystem>

namespace orrery {
namespace {

namespace prom = prometheus;

constexpr double kQuantiles[] = {0.5, 0.9, 0.99};

std::string_view name_of(std::string_view key) { return key.substr(0, key.find('{')); }

PrometheusText::Labels labels_of(std::string_view key) {
  const std::size_t brace = key.find('{');
  if (brace == std::string_view::npos || key.back() != '}') return {};
  return PrometheusText::parse_labels(key.substr(brace + 1, key.size() - brace - 2));
}

double resident_bytes() {
  long pages = 0, resident = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%ld %ld", &pages, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_files() {
  std::error_code error;
  double count = 0;
  for (std::filesystem::directory_iterator it("/proc/self/fd", error), end; !error && it != end;
       it.increment(error)) {
    ++count;
  }
  return count;
}

}  // namespace

struct PrometheusText::State {
  std::map<std::string, prom::MetricFamily, std::less<>> families;

  prom::ClientMetric& add(std::string_view name, prom::MetricType type, const Labels& labels) {
    prom::MetricFamily& family = families[std::string(name)];
    if (family.name.empty()) {
      family.name = name;
      family.type = type;
      family.help = std::string(name);
    }
    prom::ClientMetric& metric = family.metric.emplace_back();
    for (const auto& [key, value] : labels) metric.label.push_back({key, value});
    return metric;
  }
};

PrometheusText::PrometheusText() : state_(std::make_unique<State>()) {}
PrometheusText::~PrometheusText() = default;

void PrometheusText::counter(const std::string& name, const Labels& labels, double value) {
  state_->add(name, prom::MetricType::Counter, labels).counter.value = value;
}

void PrometheusText::gauge(const std::string& name, const Labels& labels, double value) {
  state_->add(name, prom::MetricType::Gauge, labels).gauge.value = value;
}

void PrometheusText::add(const Metrics& metrics) {
  for (const auto& [key, counted] : metrics.counters()) {
    counter(std::string(name_of(key)), labels_of(key), static_cast<double>(counted.value));
  }
  for (const auto& [key, measured] : metrics.gauges()) {
    gauge(std::string(name_of(key)), labels_of(key), measured.value);
  }
  for (const auto& [key, histogram] : metrics.histograms()) {
    prom::ClientMetric& metric =
        state_->add(name_of(key), prom::MetricType::Summary, labels_of(key));
    metric.summary.sample_count = histogram.count();
    metric.summary.sample_sum = histogram.sum();
    for (const double q : kQuantiles) {
      prom::ClientMetric::Quantile quantile;
      quantile.quantile = q;
      quantile.value = histogram.quantile(q);
      metric.summary.quantile.push_back(quantile);
    }
  }
}

void PrometheusText::add_process() {
  gauge("process_resident_memory_bytes", {}, resident_bytes());
  gauge("process_open_fds", {}, open_files());
  counter("process_cpu_seconds_total", {},
          static_cast<double>(std::clock()) / static_cast<double>(CLOCKS_PER_SEC));
}

std::string PrometheusText::text() const {
  std::vector<prom::MetricFamily> all;
  all.reserve(state_->families.size());
  for (const auto& [name, family] : state_->families) all.push_back(family);
  return prom::TextSerializer().Serialize(all);
}

PrometheusText::Labels PrometheusText::parse_labels(std::string_view text) {
  Labels out;
  while (!text.empty()) {
    const std::size_t equal = text.find("=\"");
    const std::size_t end = equal == text.npos ? text.npos : text.find('"', equal + 2);
    if (end == text.npos) break;
    out.emplace_back(text.substr(0, equal), text.substr(equal + 2, end - equal - 2));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (text.starts_with(',')) text.remove_prefix(1);
  }
  return out;
}

}  // namespace orrery
