#include "core/results/summary.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace orrery::results {
namespace {

using nlohmann::json;

json to_json(const Quantiles& q) {
  return {{"count", q.count}, {"p50", q.p50}, {"p90", q.p90}, {"p99", q.p99}, {"max", q.max}};
}

std::string thousands(double value) {
  std::string digits = fmt::format("{:.0f}", value);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return digits;
}

// "2d 4h", "12m 30s", "8.4s": enough digits to read, not more.
std::string readable(double seconds) {
  if (seconds < 60) return fmt::format("{:.1f}s", seconds);
  const auto s = static_cast<std::int64_t>(seconds);
  if (s < 3600) return fmt::format("{}m{:02}s", s / 60, s % 60);
  if (s < 86400) return fmt::format("{}h{:02}m", s / 3600, s / 60 % 60);
  return fmt::format("{}d{:02}h", s / 86400, s / 3600 % 24);
}

class Page {
 public:
  explicit Page(bool colour) : colour_(colour) {}
  void head(std::string_view text) {
    out_ += colour_ ? fmt::format("\n\x1b[1m{}\x1b[0m\n", text) : fmt::format("\n{}\n", text);
  }
  template <class... Args>
  void line(fmt::format_string<Args...> form, Args&&... args) {
    out_.append("  ").append(fmt::format(form, std::forward<Args>(args)...)).append("\n");
  }
  std::string mark(bool good, std::string_view yes, std::string_view no) const {
    const std::string_view text = good ? yes : no;
    if (!colour_) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", good ? 32 : 31, text);
  }
  std::string take() { return std::move(out_); }

 private:
  bool colour_;
  std::string out_;
};

void print_simulated(const Summary& s, Page& page) {
  const Simulated& m = s.simulated;
  page.head(fmt::format("Simulated: {}", s.scenario));
  page.line("{} nodes, {} pods, {} of virtual time in {} of wall time ({}x)",
            thousands(double(m.nodes)), thousands(double(m.pods)), readable(m.virtual_seconds),
            readable(m.wall_seconds), thousands(m.speed_up()));
  page.line("{} events, {} events/s, peak memory {:.0f} MiB ({} bytes a pod)",
            thousands(double(m.events)), thousands(m.events_per_second()),
            double(m.peak_rss_bytes) / (1 << 20), thousands(m.bytes_per_pod()));
  page.line("seed {}, digest {}", m.seed, m.digest);
}

void print_quality(const Summary& s, Page& page) {
  page.head("How well it went");
  if (s.pod_startup.count > 0) {
    page.line("pod startup    p50 {:.2f}s  p90 {:.2f}s  p99 {:.2f}s  max {:.2f}s  ({} pods)",
              s.pod_startup.p50, s.pod_startup.p90, s.pod_startup.p99, s.pod_startup.max,
              thousands(double(s.pod_startup.count)));
  }
  if (s.scheduling.count > 0) {
    page.line(
        "scheduling     p50 {:.3f}s  p99 {:.3f}s  max {:.2f}s  (created to bound; {} pods/s of "
        "wall time)",
        s.scheduling.p50, s.scheduling.p99, s.scheduling.max,
        thousands(s.pods_scheduled_per_wall_second));
  }
  std::string phases;
  for (const auto& [phase, n] : s.pods_by_phase) {
    if (n > 0)
      phases += fmt::format("{}{} {}", phases.empty() ? "" : ", ", thousands(double(n)), phase);
  }
  page.line("pods at the end  {} ({} ready, {} restarts)", phases.empty() ? "none" : phases,
            thousands(double(s.pods_ready)), s.restarts);
  for (const auto& [name, use] : s.pools) {
    std::string gpu = use.gpu_share > 0 ? fmt::format("  gpu {:.1f} %", 100 * use.gpu_share) : "";
    page.line("pool {:<12} {} nodes, requested: cpu {:.1f} % (at most {:.1f} %)  memory {:.1f} %{}",
              name, use.nodes, 100 * use.cpu_share, 100 * use.cpu_share_max, 100 * use.memory_share,
              gpu);
  }
  if (s.unschedulable_count > 0) {
    page.line("{}",
              page.mark(false, "",
                        fmt::format("{} pods could not be scheduled:", s.unschedulable_count)));
    for (const Unschedulable& u : s.unschedulable) page.line("  {}: {}", u.pod, u.reason);
  }
}

}  // namespace

bool Summary::passed() const {
  for (const ExpectationOutcome& e : expectations) {
    if (!e.held) return false;
  }
  return problems.empty();
}

json to_json(const Summary& s) {
  const Simulated& m = s.simulated;
  json out;
  out["scenario"] = s.scenario;
  out["simulated"] = {{"nodes", m.nodes},
                      {"pods", m.pods},
                      {"virtual_seconds", m.virtual_seconds},
                      {"wall_seconds", m.wall_seconds},
                      {"speed_up", m.speed_up()},
                      {"events", m.events},
                      {"events_per_second", m.events_per_second()},
                      {"peak_rss_bytes", m.peak_rss_bytes},
                      {"bytes_per_pod", m.bytes_per_pod()},
                      {"seed", m.seed},
                      {"digest", m.digest}};
  out["happened"] = json::array();
  for (const Happening& h : s.happened) {
    out["happened"].push_back(
        {{"t", h.at_seconds}, {"kind", h.kind}, {"what", h.what}, {"message", h.message}});
  }
  out["startup"] = to_json(s.pod_startup);
  out["scheduling"] = to_json(s.scheduling);
  out["scheduling"]["pods_per_wall_second"] = s.pods_scheduled_per_wall_second;
  out["pods"] = {{"by_phase", s.pods_by_phase}, {"ready", s.pods_ready}, {"restarts", s.restarts}};
  out["unschedulable"] = {{"count", s.unschedulable_count}, {"examples", json::array()}};
  for (const Unschedulable& u : s.unschedulable) {
    out["unschedulable"]["examples"].push_back({{"pod", u.pod}, {"reason", u.reason}});
  }
  out["utilisation"] = json::object();
  for (const auto& [name, use] : s.pools) {
    out["utilisation"][name] = {{"nodes", use.nodes},
                                {"cpu_requested_share", use.cpu_share},
                                {"cpu_requested_share_max", use.cpu_share_max},
                                {"memory_requested_share", use.memory_share},
                                {"gpu_requested_share", use.gpu_share}};
  }
  out["expectations"] = json::array();
  for (const ExpectationOutcome& e : s.expectations) {
    out["expectations"].push_back({{"what", e.what}, {"held", e.held}, {"detail", e.detail}});
  }
  out["problems"] = s.problems;
  out["passed"] = s.passed();
  out["files"] = s.files;
  out["output_dir"] = s.output_dir;
  out["repeat"] = s.repeat_command;
  return out;
}

std::string to_text(const Summary& s, bool colour) {
  Page page(colour);
  print_simulated(s, page);
  if (!s.happened.empty()) {
    page.head("What happened");
    for (const Happening& h : s.happened) {
      page.line("{:>9}  {:<44} {}", readable(h.at_seconds), h.what, h.message);
    }
  }
  print_quality(s, page);
  if (!s.expectations.empty()) {
    page.head("Expected");
    for (const ExpectationOutcome& e : s.expectations) {
      page.line("{}  {}  {}", page.mark(e.held, "held  ", "BROKEN"), e.what, e.detail);
    }
  }
  for (const std::string& problem : s.problems) {
    page.line("{} {}", page.mark(false, "", "problem:"), problem);
  }
  if (!s.output_dir.empty()) {
    page.head("Where it is");
    page.line("data      {}", s.output_dir);
    page.line("pictures  scripts/plot {}", s.output_dir);
  }
  if (!s.repeat_command.empty()) page.line("again     {}", s.repeat_command);
  return page.take();
}

std::string to_csv(const Summary& s) {
  const Simulated& m = s.simulated;
  return fmt::format(
      "scenario,seed,nodes,pods,virtual_seconds,wall_seconds,events,peak_rss_bytes,startup_p50_s,"
      "startup_p99_s,scheduling_p50_s,scheduling_p99_s,pods_ready,unschedulable,passed,digest\n"
      "{},{},{},{},{:.3f},{:.3f},{},{},{:.3f},{:.3f},{:.3f},{:.3f},{},{},{},{}\n",
      s.scenario, m.seed, m.nodes, m.pods, m.virtual_seconds, m.wall_seconds, m.events,
      m.peak_rss_bytes, s.pod_startup.p50, s.pod_startup.p99, s.scheduling.p50, s.scheduling.p99,
      s.pods_ready, s.unschedulable_count, s.passed(), m.digest);
}

}  // namespace orrery::results
