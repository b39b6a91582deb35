// orrery sim run: simulate a scenario, or plain manifests on N nodes, to the end.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/yaml_output.h"
#include "core/results/run_files.h"
#include "core/results/summary.h"
#include "sim/cluster/sampler.h"
#include "sim/cluster/simulation.h"
#include "sim/scenario/scenario_reader.h"

namespace orrery::cli {
namespace {

struct Options {
  std::string scenario, manifests, out, output = "table", cpu = "4", memory = "16Gi";
  std::string scheduler_config;
  std::string until;
  std::int64_t nodes = 0;
  std::optional<std::uint64_t> seed;
  int verbosity = 0;
  bool verify = false, quiet = false, no_color = false, no_files = false;
};

std::string command_line(const Options& o) {
  std::string line = "orrery sim run";
  if (!o.scenario.empty()) line += " " + o.scenario;
  if (!o.manifests.empty()) {
    line += fmt::format(" --manifests {} --nodes {}", o.manifests, o.nodes);
    if (o.cpu != "4") line += " --cpu " + o.cpu;
    if (o.memory != "16Gi") line += " --memory " + o.memory;
  }
  if (!o.scheduler_config.empty()) line += " --scheduler-config " + o.scheduler_config;
  if (o.seed) line += fmt::format(" --seed {}", *o.seed);
  if (!o.until.empty()) line += " --until " + o.until;
  return line;
}

// The scenario that `--manifests DIR --nodes N` stands for.
std::string manifests_scenario(const Options& o) {
  const auto name = std::filesystem::path(o.manifests).lexically_normal();
  std::string stem =
      name.filename().empty() ? name.parent_path().filename().string() : name.stem().string();
  for (char& c : stem)
    c = static_cast<char>(std::isalnum(static_cast<unsigned char>(c)) ? std::tolower(c) : '-');
  return fmt::format(
      "apiVersion: orrery.dev/v1alpha1\nkind: Scenario\nmetadata: {{name: \"{}\"}}\nspec:\n"
      "  until: 10m\n  cluster: {{nodePools: [{{name: node, count: {}, cpu: \"{}\", memory: "
      "\"{}\"}}]}}\n"
      "  manifests: [\"{}\"]\n  expect: [{{available: all}}]\n",
      stem.empty() ? "manifests" : stem, o.nodes, o.cpu, o.memory,
      std::filesystem::absolute(o.manifests).string());
}

Result<sim::Scenario> read(const Options& o) {
  if (o.scenario.empty() == o.manifests.empty()) {
    return bad_request("give either a SCENARIO file or --manifests DIR with --nodes N");
  }
  if (!o.manifests.empty() && o.nodes <= 0) {
    return bad_request("--manifests needs --nodes N, the number of nodes to run them on");
  }
  Result<sim::Scenario> scenario =
      o.manifests.empty() ? sim::read_scenario(o.scenario)
                          : sim::parse_scenario(manifests_scenario(o), "--manifests", true);
  if (!scenario.ok()) return scenario;
  if (o.seed) scenario->seed = *o.seed;
  if (!o.scheduler_config.empty()) {
    const sim::GpuPolicy gpu_policy = scenario->scheduler.gpu_policy;
    scenario->scheduler = {};
    scenario->scheduler.gpu_policy = gpu_policy;
    scenario->scheduler.config = std::filesystem::absolute(o.scheduler_config).string();
  }
  if (!o.until.empty()) {
    Result<Duration> until = parse_duration(o.until);
    if (!until.ok() || *until <= Duration{0}) {
      return bad_request(
          fmt::format("--until: must be a duration such as 30m or 2h, got \"{}\"", o.until));
    }
    scenario->until = *until;
    scenario->record.series_interval.reset();
    scenario->record.placement_interval.reset();
    sim::fill_defaults(*scenario);
  }
  return scenario;
}

// The files of one run; all of it optional.
struct Output {
  std::string dir;
  std::optional<results::EventFile> events;
  std::optional<sim::Sampler> sampler;

  Status open(const sim::Scenario& scenario, sim::Simulation& run, const std::string& command) {
    RETURN_IF_ERROR(results::make_folder(dir));
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

int run_once(const sim::Scenario& scenario, const Options& o) {
  sim::Simulation run(scenario);
  if (const Status s = run.prepare(); !s.ok()) {
    print_errors(s);
    return kBadInput;
  }
  if (o.verbosity > 0) {
    run.log() = Log(o.verbosity > 1 ? LogLevel::kDebug : LogLevel::kInfo,
                    [](LogLevel, std::string_view line) { fmt::print(stderr, "{}\n", line); });
    run.log().set_clock(run.env().loop.clock());
  }
  Output files;
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
                             "events.ndjson", "digest"}) {
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

}  // namespace

void add_sim_run(CLI::App& sim, int& code) {
  CLI::App* run = sim.add_subcommand("run", "Simulate a scenario to the end and print a summary");
  auto o = std::make_shared<Options>();
  run->add_option("SCENARIO", o->scenario, "Scenario file (docs/scenario.md)");
  run->add_option("--manifests", o->manifests, "Instead of a scenario: a manifest file or folder");
  run->add_option("--nodes", o->nodes, "With --manifests: how many nodes");
  run->add_option("--cpu", o->cpu, "With --manifests: CPU of a node")->capture_default_str();
  run->add_option("--memory", o->memory, "With --manifests: memory of a node")
      ->capture_default_str();
  run->add_option("--scheduler-config", o->scheduler_config,
                  "A KubeSchedulerConfiguration (docs/scheduler.md); instead of the scenario's "
                  "scheduler settings");
  run->add_option("--seed", o->seed, "Instead of the scenario's seed");
  run->add_option("--until", o->until, "Virtual time to run, e.g. 2h; instead of the scenario's");
  run->add_option("--out", o->out, "Result folder; default results/SCENARIO-SEED");
  run->add_option("-o,--output", o->output, "table, json, yaml, csv or name")
      ->check(CLI::IsMember({"table", "json", "yaml", "csv", "name"}))
      ->capture_default_str();
  run->add_flag("--verify", o->verify, "Run twice; report the first change that differs");
  run->add_flag("--no-files", o->no_files, "Write no result folder");
  run->add_flag("--quiet", o->quiet, "No progress bar and no summary table");
  run->add_flag("--no-color", o->no_color, "No colours on a terminal");
  run->add_flag("-v", o->verbosity, "Log to stderr; -vv more");
  run->footer(
      "Examples:\n  orrery sim run scenarios/self-healing.yaml --seed 2\n  orrery sim run "
      "--manifests my-app/ --nodes 6 -o json");
  run->callback([o, &code] {
    Result<sim::Scenario> scenario = read(*o);
    if (!scenario.ok()) {
      print_errors(scenario.status());
      code = kBadInput;
      return;
    }
    code = o->verify ? verify(*scenario) : run_once(*scenario, *o);
  });
}

}  // namespace orrery::cli
