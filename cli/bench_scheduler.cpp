// orrery bench scheduler: scheduler_perf's workload files against the scheduler of this program.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <ctime>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/bench.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "core/results/run_files.h"
#include "sim/benchmarks/bench_report.h"
#include "sim/benchmarks/bench_schedulers.h"
#include "sim/benchmarks/workload_filter.h"
#include "sim/benchmarks/workload_runner.h"

namespace orrery::cli {
namespace {

struct Options {
  std::vector<std::string> configs, scheduler_configs, policies;
  std::string name, label, seeds = "1", output = "table", out, clock = "wall";
  double request_rate = 5000;
  bool no_events = false, plain = false, list = false, quiet = false;
};

struct Job {
  sim::SelectedWorkload selected;
  const sim::BenchScheduler* scheduler = nullptr;
  std::uint64_t seed = 1;
};

std::int64_t nanoseconds_of(bool of_processor) {
  if (!of_processor) {
    return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
  }
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

Result<std::vector<sim::BenchScheduler>> read_schedulers(const Options& o) {
  std::vector<sim::BenchScheduler> out;
  for (const std::string& file : o.scheduler_configs) {
    auto read = sim::bench_scheduler_from_file(file);
    if (!read.ok()) return read.status();
    out.push_back(std::move(*read));
  }
  for (const std::string& policy : o.policies) {
    auto made = sim::bench_scheduler_of_policy(policy);
    if (!made.ok()) return made.status();
    out.push_back(std::move(*made));
  }
  if (out.empty()) out.emplace_back();
  if (!o.plain) return out;
  const std::size_t fast = out.size();
  for (std::size_t i = 0; i < fast; ++i) {
    out.push_back(out[i]);
    out.back().name += " (plain)";
    out.back().fast_path = false;
  }
  return out;
}

std::vector<sim::BenchRow> run_here(const Job& job, const Options& o) {
  sim::BenchOptions options;
  options.seed = job.seed;
  options.requests_per_second = o.request_rate;
  options.writes_events = !o.no_events;
  const bool of_processor = o.clock == "cpu";
  sim::Stopwatch stopwatch = [of_processor] { return nanoseconds_of(of_processor); };
  sim::BenchRow row;
  row.name = job.selected.name();
  row.scheduler = job.scheduler->name;
  row.seed = job.seed;
  row.threshold = job.selected.workload->threshold;
  row.metric = job.selected.workload->metric;
  auto run = sim::run_workload(*job.selected.test_case, *job.selected.workload, *job.scheduler,
                               options, stopwatch);
  if (!run.ok()) {
    row.error = run.status().message();
    return {row};
  }
  row.peak_rss_bytes = peak_rss_bytes();
  const std::vector<sim::Measurement> measured = std::move(run->measurements);
  row.run = std::move(*run);
  std::vector<sim::BenchRow> out;
  for (const sim::Measurement& one : measured) {
    out.push_back(row);
    out.back().measured = one;
  }
  return out;
}

// In a process of its own, so that the memory of one run does not count for the next.
std::vector<sim::BenchRow> run_apart(const Job& job, const Options& o) {
  sim::BenchRow lost;
  lost.name = job.selected.name();
  lost.scheduler = job.scheduler->name;
  lost.seed = job.seed;
  lost.error = "the run's process ended before its result came";
  int ends[2];
  if (pipe(ends) != 0) return {lost};
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) return {lost};
  if (child == 0) {
    close(ends[0]);
    nlohmann::json rows = nlohmann::json::array();
    for (const sim::BenchRow& row : run_here(job, o)) rows.push_back(sim::to_json(row));
    const std::string text = rows.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    for (std::size_t sent = 0; sent < text.size();) {
      const ssize_t n = write(ends[1], text.data() + sent, text.size() - sent);
      if (n <= 0) _exit(1);
      sent += static_cast<std::size_t>(n);
    }
    _exit(0);
  }
  close(ends[1]);
  std::string text;
  char room[65536];
  for (ssize_t n; (n = read(ends[0], room, sizeof room)) > 0;) {
    text.append(room, static_cast<std::size_t>(n));
  }
  close(ends[0]);
  waitpid(child, nullptr, 0);
  const nlohmann::json rows = nlohmann::json::parse(text, nullptr, false);
  std::vector<sim::BenchRow> out;
  for (const nlohmann::json& one : rows.is_array() ? rows : nlohmann::json::array()) {
    auto row = sim::bench_row_of(one);
    if (row.ok()) out.push_back(std::move(*row));
  }
  return out.empty() ? std::vector<sim::BenchRow>{lost} : out;
}

Status write_files(const std::string& dir, const std::vector<sim::BenchRow>& rows) {
  RETURN_IF_ERROR(results::make_folder(dir));
  nlohmann::json all = nlohmann::json::array();
  for (const sim::BenchRow& row : rows) all.push_back(sim::to_json(row));
  RETURN_IF_ERROR(results::write_file(dir + "/bench.json", all.dump(1) + "\n"));
  RETURN_IF_ERROR(results::write_file(dir + "/bench.csv", sim::bench_csv(rows)));
  RETURN_IF_ERROR(results::write_file(dir + "/bench-points.csv", sim::bench_points_csv(rows)));
  return results::write_file(dir + "/dataitems.json",
                             sim::bench_data_items(rows).dump(1) + "\n");
}

void print(const std::vector<sim::BenchRow>& rows, const std::string& output) {
  if (output == "csv") {
    fmt::print("{}", sim::bench_csv(rows));
  } else if (output == "json") {
    nlohmann::json all = nlohmann::json::array();
    for (const sim::BenchRow& row : rows) {
      all.push_back(sim::to_json(row));
      all.back().erase("points");
    }
    fmt::print("{}\n", all.dump(1));
  } else {
    fmt::print("{}", sim::bench_table(rows));
  }
}

Result<std::vector<sim::TestCase>> read_cases(const Options& o) {
  std::vector<sim::TestCase> cases;
  for (const std::string& file : o.configs) {
    auto read = sim::read_workload_file(file);
    if (!read.ok()) return read.status();
    for (sim::TestCase& one : *read) cases.push_back(std::move(one));
  }
  return cases;
}

// Everything before the runs; what is wrong is said at once.
struct Prepared {
  std::vector<sim::TestCase> cases;
  std::vector<sim::SelectedWorkload> selected;
  std::vector<sim::BenchScheduler> schedulers;
  std::vector<std::uint64_t> seeds;
};

Status prepare(const Options& o, Prepared& p) {
  auto cases = read_cases(o);
  if (!cases.ok()) return cases.status();
  p.cases = std::move(*cases);
  const bool unlabelled = o.name.empty() && o.label.empty();
  auto filter = sim::WorkloadFilter::parse(o.name, unlabelled ? "performance" : o.label);
  if (!filter.ok()) return filter.status();
  p.selected = filter->select(p.cases);
  if (p.selected.empty()) {
    return bad_request("no workload is selected: see --list with another --name or --label");
  }
  auto seeds = sim::parse_seeds(o.seeds);
  if (!seeds.ok()) return seeds.status();
  p.seeds = std::move(*seeds);
  auto schedulers = read_schedulers(o);
  if (!schedulers.ok()) return schedulers.status();
  p.schedulers = std::move(*schedulers);
  for (const sim::SelectedWorkload& one : p.selected) {
    RETURN_IF_ERROR(sim::resolve(*one.test_case, *one.workload).status());
  }
  return Status();
}

int bench(const Options& o) {
  Prepared p;
  if (const Status s = prepare(o, p); !s.ok()) {
    print_errors(s);
    return kBadInput;
  }
  if (o.list) {
    for (const sim::SelectedWorkload& one : p.selected) fmt::print("{}\n", one.name());
    return kDone;
  }
  std::vector<sim::BenchRow> rows;
  std::size_t done = 0;
  const std::size_t jobs = p.selected.size() * p.schedulers.size() * p.seeds.size();
  ProgressLine line(!o.quiet && is_terminal(STDERR_FILENO));
  for (const sim::SelectedWorkload& selected : p.selected) {
    for (const sim::BenchScheduler& scheduler : p.schedulers) {
      for (const std::uint64_t seed : p.seeds) {
        line.show(static_cast<double>(done++) / static_cast<double>(jobs), selected.name());
        for (sim::BenchRow& row : run_apart({selected, &scheduler, seed}, o)) {
          if (!row.error.empty()) {
            line.clear();
            print_errors(bad_request(fmt::format("{}: {}", row.name, row.error)));
          }
          rows.push_back(std::move(row));
        }
      }
    }
  }
  line.clear();
  if (!o.out.empty()) {
    if (const Status s = write_files(o.out, rows); !s.ok()) {
      print_errors(s);
      return kWorldFailed;
    }
  }
  print(rows, o.output);
  return sim::all_passed(rows) ? kDone : kChecksFailed;
}

}  // namespace

void add_bench_scheduler(CLI::App& parent, int& code) {
  CLI::App* app = parent.add_subcommand(
      "scheduler", "Run scheduler_perf workload files: throughput and attempt durations");
  auto o = std::make_shared<Options>();
  app->add_option("--config", o->configs, "Workload file (performance-config.yaml); repeatable")
      ->required();
  app->add_option("--name", o->name,
                  "Only workloads whose TestCase/Workload matches: regular expressions between "
                  "slashes, as go test -bench");
  app->add_option("--label", o->label,
                  "Only workloads with these labels, comma-separated; -LABEL excludes. Default "
                  "without --name: performance");
  app->add_option("--scheduler-config", o->scheduler_configs,
                  "KubeSchedulerConfiguration to run with; several run side by side");
  app->add_option("--policy", o->policies,
                  "Score policy instead of the default scores, e.g. default,BestFit")
      ->delimiter(',');
  app->add_option("--seeds", o->seeds, "42, 1,2,5 or 1..10: mean and deviation over them")
      ->capture_default_str();
  app->add_option("--clock", o->clock, "What is measured: wall or cpu time")
      ->check(CLI::IsMember({"wall", "cpu"}))
      ->capture_default_str();
  app->add_option("--request-rate", o->request_rate,
                  "Objects are made at so many requests a virtual second; 0: at once")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app->add_flag("--no-events", o->no_events, "The scheduler writes no Events");
  app->add_flag("--plain", o->plain, "Also with every plugin on every node (slow), to compare");
  app->add_flag("--list", o->list, "Name the selected workloads and stop");
  app->add_option("--out", o->out, "Folder for bench.json, bench.csv, dataitems.json, points");
  app->add_option("-o,--output", o->output, "table, json or csv")
      ->check(CLI::IsMember({"table", "json", "csv"}))
      ->capture_default_str();
  app->add_flag("--quiet", o->quiet, "No progress bar");
  app->footer(
      "Examples:\n  orrery bench scheduler --config scenarios/bench/scheduler/workloads.yaml\n"
      "  orrery bench scheduler --config misc/performance-config.yaml --name "
      "'SchedulingBasic/5000Nodes_10000Pods$' --seeds 1..3");
  app->callback([o, &code] { code = bench(*o); });
}

}  // namespace orrery::cli
