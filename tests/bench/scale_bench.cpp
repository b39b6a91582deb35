#include "tests/bench/scale_bench.h"

#include <sys/resource.h>

#include <chrono>

#include "sim/cluster/simulation.h"
#include "sim/scenario/scenario_reader.h"
#include "tests/bench/measure.h"

namespace orrery::bench {
namespace {

std::size_t peak_rss_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool refuse(const std::string& file, const Status& status) {
  fmt::print(stderr, "error: {}: {}\n", file, status.message());
  return false;
}

}  // namespace

bool bench_scenario(const std::string& file) {
  Result<sim::Scenario> scenario = sim::read_scenario(file);
  if (!scenario.ok()) return refuse(file, scenario.status());
  const std::size_t heap = heap_bytes();
  sim::Simulation run(std::move(*scenario));
  if (const Status s = run.prepare(); !s.ok()) return refuse(file, s);
  const double wall_start = wall_seconds(), cpu_start = cpu_micros();
  run.run({});
  const double wall = wall_seconds() - wall_start;
  const double cpu = (cpu_micros() - cpu_start) / 1e6;
  const std::size_t heap_used = heap_bytes() - heap;
  const results::Summary summary = run.summarise();
  const std::size_t pods = run.store().table(api::KindId::kPod).size();
  const double shared_by = pods > 0 ? static_cast<double>(pods) : 1;
  fmt::print(
      "{{\"bench\":\"{}\",\"nodes\":{},\"pods_created\":{},\"pods_at_end\":{},"
      "\"virtual_seconds\":{:.0f},\"wall_seconds\":{:.2f},\"cpu_seconds\":{:.2f},\"events\":{},"
      "\"events_per_second\":{:.0f},\"pods_bound_per_second\":{:.0f},\"peak_rss_bytes\":{},"
      "\"peak_rss_bytes_per_pod\":{:.0f},\"heap_bytes_per_pod\":{:.0f},\"passed\":{},"
      "\"digest\":\"{}\"}}\n",
      summary.scenario, summary.simulated.nodes, summary.simulated.pods, pods,
      summary.simulated.virtual_seconds, wall, cpu, summary.simulated.events,
      static_cast<double>(summary.simulated.events) / wall,
      static_cast<double>(run.recorder().pods().bound) / wall, peak_rss_bytes(),
      static_cast<double>(peak_rss_bytes()) / shared_by, static_cast<double>(heap_used) / shared_by,
      summary.passed(), summary.simulated.digest);
  for (const results::ExpectationOutcome& e : summary.expectations) {
    if (!e.held) fmt::print(stderr, "{}: did not hold: {}: {}\n", file, e.what, e.detail);
  }
  return summary.passed();
}

}  // namespace orrery::bench
