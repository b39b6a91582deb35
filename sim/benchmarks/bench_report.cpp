#include "sim/benchmarks/bench_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace orrery::sim {
namespace {

using nlohmann::json;

constexpr double kMiB = 1024.0 * 1024.0;

double bucket_of(const Percentiles& p, const std::string& bucket) {
  if (bucket == "Perc50") return p.perc50;
  if (bucket == "Perc90") return p.perc90;
  if (bucket == "Perc95") return p.perc95;
  if (bucket == "Perc99") return p.perc99;
  return p.average;
}

json to_json(const Percentiles& p) {
  return {{"average", p.average}, {"p50", p.perc50}, {"p90", p.perc90},
          {"p95", p.perc95},      {"p99", p.perc99}, {"count", p.count}};
}

Percentiles percentiles_from(const json& v) {
  Percentiles p;
  p.average = v.value("average", 0.0);
  p.perc50 = v.value("p50", 0.0);
  p.perc90 = v.value("p90", 0.0);
  p.perc95 = v.value("p95", 0.0);
  p.perc99 = v.value("p99", 0.0);
  p.count = v.value("count", std::uint64_t{0});
  return p;
}

// Rows of the same workload, phase and scheduler, in the order of the first of each.
std::vector<std::vector<const BenchRow*>> grouped(const std::vector<BenchRow>& rows) {
  std::vector<std::vector<const BenchRow*>> out;
  for (const BenchRow& row : rows) {
    const auto same = [&](const std::vector<const BenchRow*>& group) {
      const BenchRow& first = *group.front();
      return first.name == row.name && first.scheduler == row.scheduler &&
             first.measured.name == row.measured.name;
    };
    const auto found = std::find_if(out.begin(), out.end(), same);
    if (found == out.end()) {
      out.push_back({&row});
    } else {
      found->push_back(&row);
    }
  }
  return out;
}

struct Spread {
  double mean = 0, deviation = 0;
};

template <class Get>
Spread spread_of(const std::vector<const BenchRow*>& rows, Get get) {
  Spread s;
  for (const BenchRow* row : rows) s.mean += get(*row) / static_cast<double>(rows.size());
  if (rows.size() < 2) return s;
  double squares = 0;
  for (const BenchRow* row : rows) squares += (get(*row) - s.mean) * (get(*row) - s.mean);
  s.deviation = std::sqrt(squares / static_cast<double>(rows.size() - 1));
  return s;
}

std::string thousands(double value) {
  const std::string digits = fmt::format("{:.0f}", value);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::vector<std::string> table_line(const std::vector<const BenchRow*>& group) {
  const BenchRow& first = *group.front();
  const auto failed = std::find_if(group.begin(), group.end(),
                                   [](const BenchRow* r) { return !r->error.empty(); });
  if (failed != group.end()) return {first.name, first.scheduler, "error: " + (*failed)->error};
  const auto rate = [&](auto member) {
    return spread_of(group, [&](const BenchRow& r) {
      return r.measured.throughput.pods_per_second.*member;
    });
  };
  const Spread average = rate(&Percentiles::average);
  const auto attempt = [&](auto member) {
    return spread_of(group, [&](const BenchRow& r) { return r.measured.attempt_ms.*member; }).mean;
  };
  const auto memory = [](const BenchRow& r) { return static_cast<double>(r.peak_rss_bytes); };
  const double rss = spread_of(group, memory).mean;
  const bool passed =
      std::all_of(group.begin(), group.end(), [](const BenchRow* r) { return r->passed(); });
  return {first.name,
          first.scheduler,
          thousands(static_cast<double>(first.run.nodes)),
          thousands(static_cast<double>(first.measured.throughput.pods)),
          group.size() > 1
              ? fmt::format("{} ±{}", thousands(average.mean), thousands(average.deviation))
              : thousands(average.mean),
          thousands(rate(&Percentiles::perc50).mean),
          thousands(rate(&Percentiles::perc90).mean),
          thousands(rate(&Percentiles::perc95).mean),
          thousands(rate(&Percentiles::perc99).mean),
          fmt::format("{:.1f}", attempt(&Percentiles::perc50) * 1000),
          fmt::format("{:.1f}", attempt(&Percentiles::perc99) * 1000),
          fmt::format("{:.0f}", rss / kMiB),
          first.threshold > 0 ? fmt::format("{:g}", first.threshold) : "-",
          first.threshold > 0 ? (passed ? "pass" : "FAIL") : "-"};
}

}  // namespace

double BenchRow::metric_value() const {
  return metric.name == "SchedulingThroughput"
             ? bucket_of(measured.throughput.pods_per_second, metric.bucket)
             : bucket_of(measured.attempt_ms, metric.bucket);
}

bool BenchRow::passed() const {
  if (!error.empty()) return false;
  if (threshold <= 0) return true;
  return metric.expects_lower ? metric_value() <= threshold : metric_value() >= threshold;
}

bool all_passed(const std::vector<BenchRow>& rows) {
  return std::all_of(rows.begin(), rows.end(), [](const BenchRow& r) { return r.passed(); });
}

json to_json(const BenchRow& row) {
  json out = {{"workload", row.name}, {"scheduler", row.scheduler}, {"seed", row.seed},
              {"passed", row.passed()}};
  if (!row.error.empty()) {
    out["error"] = row.error;
    return out;
  }
  const Measurement& m = row.measured;
  json throughput = to_json(m.throughput.pods_per_second);
  throughput["interval_seconds"] = m.throughput.interval_seconds;
  json attempts = to_json(m.attempt_ms);
  json failed_attempts = to_json(m.unschedulable_attempt_ms);
  out.update({{"phase", m.name},
              {"nodes", row.run.nodes},
              {"pods", m.throughput.pods},
              {"wall_seconds", m.throughput.wall_seconds},
              {"virtual_seconds", m.virtual_seconds},
              {"scheduling_throughput", throughput},
              {"scheduling_attempt_ms", attempts},
              {"unschedulable_attempt_ms", failed_attempts},
              {"attempts",
               {{"scheduled", m.attempts_scheduled},
                {"unschedulable", m.attempts_unschedulable},
                {"error", m.attempts_failed}}},
              {"peak_rss_bytes", row.peak_rss_bytes},
              {"run",
               {{"wall_seconds", row.run.wall_seconds},
                {"virtual_seconds", row.run.virtual_seconds},
                {"pods_bound", row.run.pods_bound},
                {"bindings_digest", fmt::format("{:016x}", row.run.bindings)}}}});
  if (row.threshold > 0) {
    out["threshold"] = {{"value", row.threshold},
                        {"metric", row.metric.name},
                        {"bucket", row.metric.bucket},
                        {"expect_lower", row.metric.expects_lower},
                        {"measured", row.metric_value()}};
  }
  json points = json::array();
  for (const auto& p : m.points) points.push_back({static_cast<double>(p.at) / 1e9, p.pods});
  out["points"] = std::move(points);
  return out;
}

Result<BenchRow> bench_row_of(const json& v) {
  try {
    BenchRow row;
    row.name = v.at("workload").get<std::string>();
    row.scheduler = v.at("scheduler").get<std::string>();
    row.seed = v.at("seed").get<std::uint64_t>();
    row.error = v.value("error", "");
    if (!row.error.empty()) return row;
    Measurement& m = row.measured;
    m.name = v.at("phase").get<std::string>();
    m.throughput.pods = v.at("pods").get<std::uint64_t>();
    m.throughput.wall_seconds = v.at("wall_seconds").get<double>();
    m.throughput.pods_per_second = percentiles_from(v.at("scheduling_throughput"));
    m.throughput.interval_seconds = v.at("scheduling_throughput").value("interval_seconds", 0.0);
    m.virtual_seconds = v.at("virtual_seconds").get<double>();
    m.attempt_ms = percentiles_from(v.at("scheduling_attempt_ms"));
    m.unschedulable_attempt_ms = percentiles_from(v.at("unschedulable_attempt_ms"));
    m.attempts_scheduled = v.at("attempts").value("scheduled", std::uint64_t{0});
    m.attempts_unschedulable = v.at("attempts").value("unschedulable", std::uint64_t{0});
    m.attempts_failed = v.at("attempts").value("error", std::uint64_t{0});
    for (const json& p : v.at("points")) {
      m.points.push_back({static_cast<std::int64_t>(p.at(0).get<double>() * 1e9),
                          p.at(1).get<std::uint64_t>()});
    }
    row.run.nodes = v.at("nodes").get<std::int64_t>();
    row.peak_rss_bytes = v.at("peak_rss_bytes").get<std::uint64_t>();
    const json& run = v.at("run");
    row.run.wall_seconds = run.at("wall_seconds").get<double>();
    row.run.virtual_seconds = run.at("virtual_seconds").get<double>();
    row.run.pods_bound = run.at("pods_bound").get<std::uint64_t>();
    row.run.bindings = std::stoull(run.at("bindings_digest").get<std::string>(), nullptr, 16);
    if (const auto t = v.find("threshold"); t != v.end()) {
      row.threshold = t->at("value").get<double>();
      row.metric = {t->at("metric").get<std::string>(), t->at("bucket").get<std::string>(),
                    t->at("expect_lower").get<bool>()};
    }
    return row;
  } catch (const std::exception& error) {
    return bad_request(fmt::format("no result of a benchmark: {}", error.what()));
  }
}

std::string bench_table(const std::vector<BenchRow>& rows) {
  std::vector<std::vector<std::string>> lines = {
      {"WORKLOAD", "SCHEDULER", "NODES", "PODS", "PODS/S", "P50", "P90", "P95", "P99",
       "ATTEMPT P50 us", "P99 us", "RSS MiB", "THRESHOLD", ""}};
  for (const auto& group : grouped(rows)) lines.push_back(table_line(group));
  constexpr std::size_t kErrorCells = 3;  // the last of them may be as long as it likes
  std::vector<std::size_t> widths(lines.front().size());
  const auto width_of = [](const std::string& cell) {
    return static_cast<std::size_t>(
        std::count_if(cell.begin(), cell.end(), [](char c) { return (c & 0xc0) != 0x80; }));
  };
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line.size() == kErrorCells && i + 1 == kErrorCells) continue;
      widths[i] = std::max(widths[i], width_of(line[i]));
    }
  }
  std::string out;
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string pad(widths[i] - std::min(widths[i], width_of(line[i])), ' ');
      const bool left = i < 2 || line.size() == kErrorCells;
      text += (i == 0 ? "" : "  ") + (left ? line[i] + pad : pad + line[i]);
    }
    while (text.ends_with(' ')) text.pop_back();
    out += text + "\n";
  }
  return out;
}

std::string bench_csv(const std::vector<BenchRow>& rows) {
  std::string out =
      "workload,scheduler,seed,phase,nodes,pods,wall_seconds,virtual_seconds,pods_per_second,"
      "p50,p90,p95,p99,interval_seconds,attempt_ms_p50,attempt_ms_p90,attempt_ms_p95,"
      "attempt_ms_p99,attempts_unschedulable,attempts_error,peak_rss_bytes,threshold,passed,"
      "error\n";
  for (const BenchRow& r : rows) {
    const auto& t = r.measured.throughput;
    const auto& p = t.pods_per_second;
    const auto& a = r.measured.attempt_ms;
    std::string error = r.error;
    std::replace(error.begin(), error.end(), '\n', ' ');
    std::replace(error.begin(), error.end(), '"', '\'');
    out += fmt::format(
        "{},{},{},{},{},{},{:.6f},{:.3f},{:.1f},{:.1f},{:.1f},{:.1f},{:.1f},{:g},{:.6f},{:.6f},"
        "{:.6f},{:.6f},{},{},{},{:g},{},\"{}\"\n",
        r.name, r.scheduler, r.seed, r.measured.name, r.run.nodes, t.pods, t.wall_seconds,
        r.measured.virtual_seconds, p.average, p.perc50, p.perc90, p.perc95, p.perc99,
        t.interval_seconds, a.perc50, a.perc90, a.perc95, a.perc99,
        r.measured.attempts_unschedulable, r.measured.attempts_failed, r.peak_rss_bytes,
        r.threshold, r.passed(), error);
  }
  return out;
}

std::string bench_points_csv(const std::vector<BenchRow>& rows) {
  std::string out = "workload,scheduler,seed,seconds,pods\n";
  for (const BenchRow& r : rows) {
    for (const auto& p : r.measured.points) {
      out += fmt::format("{},{},{},{:.6f},{}\n", r.name, r.scheduler, r.seed,
                         static_cast<double>(p.at) / 1e9, p.pods);
    }
  }
  return out;
}

json bench_data_items(const std::vector<BenchRow>& rows) {
  json items = json::array();
  const auto add = [&](const BenchRow& r, const Percentiles& p, const char* metric,
                       const char* unit, const char* result) {
    json labels = {{"Metric", metric}, {"Name", r.name + "/" + r.measured.name},
                   {"scheduler", r.scheduler}, {"seed", fmt::format("{}", r.seed)}};
    if (*result) labels["result"] = result;
    items.push_back({{"labels", labels},
                     {"unit", unit},
                     {"data",
                      {{"Average", p.average},
                       {"Perc50", p.perc50},
                       {"Perc90", p.perc90},
                       {"Perc95", p.perc95},
                       {"Perc99", p.perc99}}}});
  };
  for (const BenchRow& r : rows) {
    if (!r.error.empty()) continue;
    const Measurement& m = r.measured;
    add(r, m.throughput.pods_per_second, "SchedulingThroughput", "pods/s", "");
    constexpr const char* kAttempt = "scheduler_scheduling_attempt_duration_seconds";
    add(r, m.attempt_ms, kAttempt, "ms", "scheduled");
    if (m.unschedulable_attempt_ms.count > 0) {
      add(r, m.unschedulable_attempt_ms, kAttempt, "ms", "unschedulable");
    }
  }
  return {{"version", "v1"}, {"dataItems", items}};
}

}  // namespace orrery::sim
