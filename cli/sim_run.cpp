// orrery sim run: simulate a scenario, or plain manifests on N nodes, to the end.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cli/commands.h"
#include "cli/scenario_source.h"
#include "cli/terminal.h"
#include "cli/yaml_output.h"
#include "core/results/run_files.h"
#include "core/results/summary.h"
#include "sim/cluster/decision_log.h"
#include "sim/cluster/sampler.h"
#include "sim/cluster/simulation.h"
#include "sim/scenario/scenario_reader.h"

namespace orrery::cli {
namespace {

struct Options {
  ScenarioSource source;
  std::string out, output = "table", explain;
  int verbosity = 0;
  bool verify = false, quiet = false, no_color = false, no_files = false;
};

std::string command_line(const Options& o) { return "orrery sim run" + o.source.words(); }

// explain.ndjson: one line a decision.
struct ExplainFile {
  std::optional<results::TextFile> file;
  std::optional<sim::DecisionLog> log;

  /// Before the run is prepared.
  void watch(sim::Simulation& run, sim::PodSelection pods) {
    log.emplace(run, std::move(pods), [this](const sim::ExplainedPod& decided) {
      if (file) file->write(sim::to_json(decided).dump() + "\n");
    });
  }
  Status open(const std::string& dir) {
    if (!log) return Status();
    auto made = results::TextFile::create(dir + "/explain.ndjson");
    if (made.ok()) file = std::move(*made);
    return made.status();
  }
  Status close() {
    if (!log) return Status();
    if (log->told() == 0) {
      fmt::print(stderr, "warning: --explain: no pod \"{}\" was scheduled; near names: {}\n",
                 log->pods().text(), fmt::join(log->near_names(), ", "));
    }
    if (log->left_out() > 0) {
      fmt::print(stderr, "warning: --explain: {} decisions are left out of explain.ndjson\n",
                 log->left_out());
    }
    return file->close();
  }
};

// The files of one run; all of it optional.
struct Output {
  std::string dir;
  std::optional<results::EventFile> events;
  std::optional<sim::Sampler> sampler;
  ExplainFile explain;

  Status open(const sim::Scenario& scenario, sim::Simulation& run, const std::string& command) {
    RETURN_IF_ERROR(results::make_folder(dir));
    RETURN_IF_ERROR(explain.open(dir));
    const nlohmann::json manifest = {{"format", "orrery.dev/v1alpha1"},
                                     {"scenario", scenario.name},
                                     {"seed", scenario.seed},
                                     {"version", ORRERY_VERSION},
                                     {"command", command},
                                     {"spec", sim::to_json(scenario)}};
    RETURN_IF_ERROR(results::write_file(dir + "/manifest.json", manifest.dump(1) + "\n"));
    if (scenario.record.events) {
      auto file = results::EventFile::create(
          dir + "/events.ndjson", static_cast<std::uint64_t>(scenario.record.events_max));
      if (!file.ok()) return file.status();
      events = std::move(*file);
      run.set_event_file(&*events);
    }
    sim::Sampler::Options options;
    if (scenario.record.series) options.series_interval = *scenario.record.series_interval;
    if (scenario.record.placement) options.placement_interval = *scenario.record.placement_interval;
    options.placement_rows_max = scenario.record.placement_rows_max;
    options.until = scenario.start_time + scenario.until;
    sampler.emplace(run.env(), run.recorder(), options);
    return sampler->start(dir, run.pool_names());
  }
  Status close(const results::Summary& summary) {
    if (sampler) RETURN_IF_ERROR(sampler->finish());
    if (events) RETURN_IF_ERROR(events->close());
    RETURN_IF_ERROR(explain.close());
    RETURN_IF_ERROR(results::write_file(dir + "/digest", summary.simulated.digest + "\n"));
    return results::write_file(dir + "/summary.json", results::to_json(summary).dump(1) + "\n");
  }
};

void print(const results::Summary& summary, const Options& o) {
  if (o.output == "json") {
    fmt::print("{}\n", results::to_json(summary).dump(1));
  } else if (o.output == "yaml") {
    fmt::print("{}", to_yaml(results::to_json(summary)));
  } else if (o.output == "csv") {
    fmt::print("{}", results::to_csv(summary));
  } else if (o.output == "name") {
    fmt::print("{}\n", summary.output_dir);
  } else if (!o.quiet) {
    fmt::print("{}", results::to_text(summary, !o.no_color && is_terminal(STDOUT_FILENO)));
  }
}

int run_once(const sim::Scenario& scenario, const Options& o,
             std::optional<sim::PodSelection> pods) {
  sim::Simulation run(scenario);
  Output files;
  if (pods) files.explain.watch(run, std::move(*pods));
  if (const Status s = run.prepare(); !s.ok()) {
    print_errors(s);
    return kBadInput;
  }
  if (o.verbosity > 0) {
    run.log() = Log(o.verbosity > 1 ? LogLevel::kDebug : LogLevel::kInfo,
                    [](LogLevel, std::string_view line) { fmt::print(stderr, "{}\n", line); });
    run.log().set_clock(run.env().loop.clock());
  }
  files.dir = o.out.empty() ? fmt::format("results/{}-{}", scenario.name, scenario.seed) : o.out;
  const std::string command = command_line(o);
  if (!o.no_files) {
    if (const Status s = files.open(scenario, run, command); !s.ok()) {
      print_errors(s);
      return kWorldFailed;
    }
  }
  ProgressLine line(!o.quiet && is_terminal(STDERR_FILENO));
  const double started = wall_seconds();
  run.run([&](const sim::Progress& p) {
    const double wall = wall_seconds() - started;
    line.show(
        seconds(p.now - p.start) / seconds(p.end - p.start),
        fmt::format("{} virtual, {:.2f} M events/s, pods: {} pending, {} running, {} failed",
                    format_duration(std::chrono::floor<std::chrono::seconds>(p.now - p.start)),
                    static_cast<double>(p.events) / (wall > 0 ? wall : 1) / 1e6, p.pods->pending,
                    p.pods->running, p.pods->failed));
  });
  line.clear();
  results::Summary summary = run.summarise();
  summary.simulated.wall_seconds = wall_seconds() - started;
  summary.simulated.peak_rss_bytes = peak_rss_bytes();
  summary.pods_scheduled_per_wall_second =
      static_cast<double>(run.recorder().pods().bound) / summary.simulated.wall_seconds;
  summary.repeat_command = command;
  if (!o.no_files) {
    summary.output_dir = files.dir;
    for (const char* name : {"manifest.json", "summary.json", "series.csv", "placement.csv",
                             "events.ndjson", "explain.ndjson", "digest"}) {
      if (std::filesystem::exists(files.dir + "/" + name) || name == std::string("summary.json")) {
        summary.files.push_back(name);
      }
    }
    if (const Status s = files.close(summary); !s.ok()) {
      print_errors(s);
      return kWorldFailed;
    }
  }
  print(summary, o);
  return summary.passed() ? kDone : kChecksFailed;
}

// Runs twice; on a difference, a third run tells what the first did at that place.
int verify(const sim::Scenario& scenario) {
  std::vector<std::uint64_t> first;
  std::string digest;
  {
    sim::Simulation run(scenario);
    if (const Status s = run.prepare(); !s.ok()) {
      print_errors(s);
      return kBadInput;
    }
    run.recorder().keep_fingerprints(true);
    run.run({});
    first = run.recorder().fingerprints();
    digest = run.recorder().digest().hex();
  }
  constexpr std::uint64_t kNone = ~std::uint64_t{0};
  const auto replay = [&](std::uint64_t stop_at, std::uint64_t& differs) {
    sim::Simulation run(scenario);
    if (!run.prepare().ok()) return std::string();
    std::string what;
    run.recorder().set_listener([&](std::uint64_t n, std::uint64_t f, const store::Change& change) {
      const bool here = stop_at == kNone ? n >= first.size() || first[n] != f : n == stop_at;
      if (!here || !what.empty()) return;
      differs = n;
      what = sim::describe(run.kinds(), run.env().now(), run.start_time(), change);
      run.env().loop.stop();
    });
    run.run({});
    if (what.empty() && run.recorder().changes() < first.size()) {
      differs = run.recorder().changes();
      what = "the run ended";
    }
    return what;
  };
  std::uint64_t number = kNone, again = 0;
  const std::string second = replay(kNone, number);
  if (number == kNone) {
    fmt::print("verified: two runs, {} changes, digest {}\n", first.size(), digest);
    return kDone;
  }
  fmt::print(stderr, "error: the two runs differ from change {} on\n  first:  {}\n  second: {}\n",
             number, replay(number, again), second);
  return kChecksFailed;
}

int run_command(const Options& o) {
  std::optional<sim::PodSelection> pods;
  if (!o.explain.empty()) {
    Result<sim::PodSelection> read = sim::PodSelection::parse(o.explain);
    Status status = read.ok() ? Status() : read.status().with_prefix("--explain");
    if (status.ok() && (o.no_files || o.verify)) {
      status = bad_request("--explain writes a file: leave out --no-files and --verify");
    }
    if (!status.ok()) {
      print_errors(status);
      return kBadInput;
    }
    pods = std::move(*read);
  }
  const Result<sim::Scenario> scenario = o.source.read();
  if (!scenario.ok()) {
    print_errors(scenario.status());
    return kBadInput;
  }
  return o.verify ? verify(*scenario) : run_once(*scenario, o, std::move(pods));
}

}  // namespace

void add_sim_run(CLI::App& sim, int& code) {
  CLI::App* run = sim.add_subcommand("run", "Simulate a scenario to the end and print a summary");
  auto o = std::make_shared<Options>();
  o->source.add_to(*run);
  run->add_option("--until", o->source.until,
                  "Virtual time to run, e.g. 2h; instead of the scenario's");
  run->add_option("--out", o->out, "Result folder; default results/SCENARIO-SEED");
  run->add_option("-o,--output", o->output, "table, json, yaml, csv or name")
      ->check(CLI::IsMember({"table", "json", "yaml", "csv", "name"}))
      ->capture_default_str();
  run->add_option("--explain", o->explain,
                  "Write each scheduling decision of these pods to explain.ndjson: names, 'web-*', "
                  "deploy/NAME, comma-separated, or a regular expression");
  run->add_flag("--verify", o->verify, "Run twice; report the first change that differs");
  run->add_flag("--no-files", o->no_files, "Write no result folder");
  run->add_flag("--quiet", o->quiet, "No progress bar and no summary table");
  run->add_flag("--no-color", o->no_color, "No colours on a terminal");
  run->add_flag("-v", o->verbosity, "Log to stderr; -vv more");
  run->footer(
      "Examples:\n  orrery sim run scenarios/self-healing.yaml --seed 2\n  orrery sim run "
      "--manifests my-app/ --nodes 6 -o json\n  orrery sim run scenarios/first-deployment.yaml "
      "--explain deploy/hello");
  run->callback([o, &code] {
    code = run_command(*o);
  });
}

}  // namespace orrery::cli
