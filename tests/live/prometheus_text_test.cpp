#include "live/prometheus_text.h"

#include <gtest/gtest.h>

namespace orrery {
namespace {

TEST(PrometheusText, WritesOneFamilyForAllLabelsOfAName) {
  Metrics metrics;
  metrics.counter("workqueue_adds_total{name=\"a\"}").add(3);
  metrics.counter("workqueue_adds_total{name=\"b\"}").add();
  metrics.gauge("pending").value = 2.5;
  PrometheusText out;
  out.add(metrics);
  const std::string text = out.text();
  EXPECT_NE(text.find("# TYPE workqueue_adds_total counter\n"
                      "workqueue_adds_total{name=\"a\"} 3\n"
                      "workqueue_adds_total{name=\"b\"} 1\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("# TYPE pending gauge\npending 2.5\n"), std::string::npos) << text;
}

TEST(PrometheusText, WritesHistogramsAsQuantilesCountAndSum) {
  Metrics metrics;
  for (int i = 0; i < 10; ++i) metrics.histogram("took_seconds").observe(2);
  PrometheusText out;
  out.add(metrics);
  const std::string text = out.text();
  EXPECT_NE(text.find("# TYPE took_seconds summary"), std::string::npos) << text;
  EXPECT_NE(text.find("took_seconds_count 10\n"), std::string::npos) << text;
  EXPECT_NE(text.find("took_seconds_sum 20\n"), std::string::npos) << text;
  EXPECT_NE(text.find("took_seconds{quantile=\"0.5\"}"), std::string::npos) << text;
}

TEST(PrometheusText, TellsTheMemoryOfThisProcess) {
  PrometheusText out;
  out.add_process();
  EXPECT_NE(out.text().find("process_resident_memory_bytes "), std::string::npos);
}

TEST(PrometheusText, ReadsLabelsAndStopsAtWhatIsNone) {
  const auto labels = PrometheusText::parse_labels("verb=\"GET\",code=\"\",broken");
  EXPECT_EQ(labels, (PrometheusText::Labels{{"verb", "GET"}, {"code", ""}}));
}

}  // namespace
}  // namespace orrery
