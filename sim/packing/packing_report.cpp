#include "sim/packing/packing_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace orrery::sim {
namespace {

/// Summarises one number of many things.
template <class T, class F>
MeanAndDeviation over(const std::vector<T>& items, F&& value) {
  std::vector<double> values;
  values.reserve(items.size());
  for (const T& item : items) values.push_back(static_cast<double>(value(*item)));
  return summarise(values);
}

PackingSummary summarise_policy(const std::vector<const PackingResult*>& runs) {
  using R = PackingResult;
  PackingSummary out;
  out.policy = runs.front()->policy;
  out.seeds = runs.size();
  out.gpu_allocated = over(runs, [](const R& r) { return r.gpu_allocated; });
  out.cpu_allocated = over(runs, [](const R& r) { return r.cpu_allocated; });
  out.memory_allocated = over(runs, [](const R& r) { return r.memory_allocated; });
  out.unscheduled = over(runs, [](const R& r) { return r.unscheduled; });
  out.pods = over(runs, [](const R& r) { return r.pods; });
  out.wall_seconds = over(runs, [](const R& r) { return r.wall_seconds; });
  for (std::size_t i = 0; i < runs.front()->points.size(); ++i) {
    PackingSummary::Point point;
    point.arrived = runs.front()->points[i].arrived;
    point.gpu_allocated = over(runs, [i](const R& r) { return r.points[i].gpu_allocated; });
    point.fragments = over(runs, [i](const R& r) { return r.points[i].fragments; });
    point.fragment_ratio = over(runs, [i](const R& r) { return r.points[i].fragment_ratio; });
    out.points.push_back(point);
  }
  return out;
}

std::string percent(const MeanAndDeviation& m) {
  return fmt::format("{:.2f} ± {:.2f}", 100 * m.mean, 100 * m.deviation);
}

/// Left-aligned to a width in characters; ± is two bytes.
std::string padded(const std::string& text, std::size_t width) {
  const auto wide = static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
  return text + std::string(wide < width ? width - wide : 1, ' ');
}

}  // namespace

MeanAndDeviation summarise(const std::vector<double>& values) {
  MeanAndDeviation out;
  if (values.empty()) return out;
  for (const double v : values) out.mean += v;
  out.mean /= static_cast<double>(values.size());
  if (values.size() < 2) return out;
  double squares = 0;
  for (const double v : values) squares += (v - out.mean) * (v - out.mean);
  out.deviation = std::sqrt(squares / static_cast<double>(values.size() - 1));
  return out;
}

std::vector<PackingSummary> summarise(const std::vector<PackingResult>& results) {
  std::vector<std::vector<const PackingResult*>> groups;
  for (const PackingResult& result : results) {
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& g) { return g.front()->policy == result.policy; });
    if (group == groups.end()) group = groups.insert(group, {{}});
    group->push_back(&result);
  }
  std::vector<PackingSummary> out;
  for (const auto& group : groups) out.push_back(summarise_policy(group));
  return out;
}

std::string packing_table(const std::vector<PackingSummary>& summaries) {
  std::string out = padded("policy", 15) + padded("GPU allocated %", 17) + padded("CPU %", 15) +
                    padded("memory %", 15) + padded("pods", 8) + padded("unscheduled", 13) +
                    "seconds a run\n";
  for (const PackingSummary& s : summaries) {
    out += padded(s.policy, 15) + padded(percent(s.gpu_allocated), 17) +
           padded(percent(s.cpu_allocated), 15) + padded(percent(s.memory_allocated), 15) +
           padded(fmt::format("{:.0f}", s.pods.mean), 8) +
           padded(fmt::format("{:.0f}", s.unscheduled.mean), 13) +
           fmt::format("{:.3f}\n", s.wall_seconds.mean);
  }
  if (summaries.empty()) return out;
  out += "\nfragments in % of all GPUs / of the idle ones, at the arrived GPU demand\n" +
         padded("policy", 15);
  for (const auto& point : summaries.front().points) {
    out += padded(fmt::format("{:.0f} %", 100 * point.arrived), 15);
  }
  out += '\n';
  for (const PackingSummary& s : summaries) {
    out += padded(s.policy, 15);
    for (const auto& point : s.points) {
      out += padded(fmt::format("{:.2f} / {:.2f}", 100 * point.fragments.mean,
                                100 * point.fragment_ratio.mean),
                    15);
    }
    out += '\n';
  }
  return out;
}

std::string packing_summary_csv(const std::vector<PackingSummary>& summaries) {
  std::string out =
      "policy,seeds,pods,unscheduled,gpu_allocated_share,gpu_allocated_deviation,"
      "cpu_allocated_share,memory_allocated_share,wall_seconds\n";
  for (const PackingSummary& s : summaries) {
    out += fmt::format("{},{},{:.1f},{:.1f},{:.6f},{:.6f},{:.6f},{:.6f},{:.4f}\n", s.policy,
                       s.seeds, s.pods.mean, s.unscheduled.mean, s.gpu_allocated.mean,
                       s.gpu_allocated.deviation, s.cpu_allocated.mean, s.memory_allocated.mean,
                       s.wall_seconds.mean);
  }
  return out;
}

std::string packing_runs_csv(const std::vector<PackingResult>& results) {
  std::string out =
      "policy,seed,pods,unscheduled,gpu_allocated_share,cpu_allocated_share,"
      "memory_allocated_share,wall_seconds\n";
  for (const PackingResult& r : results) {
    out += fmt::format("{},{},{},{},{:.6f},{:.6f},{:.6f},{:.4f}\n", r.policy, r.seed, r.pods,
                       r.unscheduled, r.gpu_allocated, r.cpu_allocated, r.memory_allocated,
                       r.wall_seconds);
  }
  return out;
}

std::string packing_points_csv(const std::vector<PackingResult>& results) {
  std::string out = "policy,seed,arrived_share,gpu_allocated_share,fragment_share,fragment_ratio\n";
  for (const PackingResult& r : results) {
    for (const PackingPoint& p : r.points) {
      out += fmt::format("{},{},{:.4f},{:.6f},{:.6f},{:.6f}\n", r.policy, r.seed, p.arrived,
                         p.gpu_allocated, p.fragments, p.fragment_ratio);
    }
  }
  return out;
}

}  // namespace orrery::sim
