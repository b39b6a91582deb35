// orrery bench packing: how much of a cluster's GPUs each policy allocates, over several seeds.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/bench.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "core/results/run_files.h"
#include "sim/packing/packing_report.h"

namespace orrery::cli {
namespace {

constexpr std::uint64_t kSeedsMax = 10'000;
constexpr double kDemandMax = 10;

struct Options {
  std::string nodes, pods, seeds = "42..51", tie_break = "lowest-name", output = "table", out;
  std::vector<std::string> policies = sim::packing_policies();
  double demand = 1.3;
  bool quiet = false, no_color = false;
};

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "42..51", "1,2,5" or "7".
Result<std::vector<std::uint64_t>> parse_seeds(const std::string& text) {
  const Status wrong = bad_request(fmt::format(
      "--seeds: must be numbers such as 42..51 or 1,2,5, at most {}, got \"{}\"", kSeedsMax, text));
  std::vector<std::uint64_t> seeds;
  if (const std::size_t dots = text.find(".."); dots != std::string::npos) {
    const auto first = parse_number(std::string_view(text).substr(0, dots));
    const auto last = parse_number(std::string_view(text).substr(dots + 2));
    if (!first || !last || *last < *first || *last - *first >= kSeedsMax) return wrong;
    for (std::uint64_t n = 0; n <= *last - *first; ++n) seeds.push_back(*first + n);
    return seeds;
  }
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const auto seed = parse_number(rest.substr(0, comma));
    if (!seed || seeds.size() >= kSeedsMax) return wrong;
    seeds.push_back(*seed);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  if (seeds.empty()) return wrong;
  return seeds;
}

scheduler::TieBreak tie_break_of(const std::string& text) {
  return text == "random"        ? scheduler::TieBreak::kRandom
         : text == "first-index" ? scheduler::TieBreak::kFirstIndex
                                 : scheduler::TieBreak::kLowestName;
}

nlohmann::json to_json(const sim::MeanAndDeviation& m) {
  return {{"mean", m.mean}, {"deviation", m.deviation}};
}

nlohmann::json manifest(const Options& o) {
  return {
      {"format", "orrery.dev/v1alpha1"},
      {"bench", "packing"},
      {"version", ORRERY_VERSION},
      {"nodes", o.nodes},
      {"pods", o.pods},
      {"policies", o.policies},
      {"demand", o.demand},
      {"seeds", o.seeds},
      {"tie_break", o.tie_break},
      {"command",
       fmt::format("orrery bench packing --nodes {} --pods {} --policy {} --demand {} --seeds "
                   "{} --tie-break {}",
                   o.nodes, o.pods, fmt::join(o.policies, ","), o.demand, o.seeds, o.tie_break)}};
}

nlohmann::json to_json(const Options& o, const std::vector<sim::PackingSummary>& summaries) {
  nlohmann::json out = manifest(o);
  out["results"] = nlohmann::json::array();
  for (const sim::PackingSummary& s : summaries) {
    nlohmann::json points = nlohmann::json::array();
    for (const auto& p : s.points) {
      points.push_back({{"arrived_share", p.arrived},
                        {"gpu_allocated_share", to_json(p.gpu_allocated)},
                        {"fragment_share", to_json(p.fragments)},
                        {"fragment_ratio", to_json(p.fragment_ratio)}});
    }
    out["results"].push_back({{"policy", s.policy},
                              {"seeds", s.seeds},
                              {"pods", to_json(s.pods)},
                              {"unscheduled", to_json(s.unscheduled)},
                              {"gpu_allocated_share", to_json(s.gpu_allocated)},
                              {"cpu_allocated_share", to_json(s.cpu_allocated)},
                              {"memory_allocated_share", to_json(s.memory_allocated)},
                              {"wall_seconds", to_json(s.wall_seconds)},
                              {"points", points}});
  }
  return out;
}

Status write_files(const Options& o, const std::vector<sim::PackingResult>& results,
                   const std::vector<sim::PackingSummary>& summaries) {
  RETURN_IF_ERROR(results::make_folder(o.out));
  RETURN_IF_ERROR(results::write_file(o.out + "/manifest.json", manifest(o).dump(1) + "\n"));
  RETURN_IF_ERROR(
      results::write_file(o.out + "/summary.json", to_json(o, summaries).dump(1) + "\n"));
  RETURN_IF_ERROR(results::write_file(o.out + "/summary.csv", sim::packing_summary_csv(summaries)));
  RETURN_IF_ERROR(results::write_file(o.out + "/runs.csv", sim::packing_runs_csv(results)));
  return results::write_file(o.out + "/points.csv", sim::packing_points_csv(results));
}

void print(const Options& o, const std::vector<sim::PackingSummary>& summaries) {
  if (o.output == "json") {
    fmt::print("{}\n", to_json(o, summaries).dump(1));
  } else if (o.output == "csv") {
    fmt::print("{}", sim::packing_summary_csv(summaries));
  } else if (!o.quiet) {
    fmt::print("{}", sim::packing_table(summaries));
    if (!o.out.empty()) fmt::print("\nwritten to {}; scripts/plot {} draws it\n", o.out, o.out);
  }
}

/// Runs every policy with every seed.
Result<std::vector<sim::PackingResult>> run_all(const Options& o, const sim::PackingInput& input,
                                                const std::vector<std::uint64_t>& seeds) {
  std::vector<sim::PackingResult> results;
  ProgressLine line(!o.quiet && is_terminal(STDERR_FILENO));
  const auto runs = static_cast<double>(o.policies.size() * seeds.size());
  for (const std::string& policy : o.policies) {
    for (const std::uint64_t seed : seeds) {
      sim::PackingOptions options;
      options.policy = policy;
      options.seed = seed;
      options.demand = o.demand;
      options.tie_break = tie_break_of(o.tie_break);
      const auto done = static_cast<double>(results.size());
      const auto progress = [&](std::int64_t pods, std::int64_t total) {
        line.show((done + static_cast<double>(pods) / static_cast<double>(total)) / runs,
                  fmt::format("{}, seed {}: {} of {} pods", policy, seed, pods, total));
      };
      const double started = wall_seconds();
      auto result = sim::run_packing(input, options, progress);
      if (!result.ok()) return result.status();
      result->wall_seconds = wall_seconds() - started;
      results.push_back(std::move(*result));
    }
  }
  return results;
}

int run(const Options& o) {
  const auto fail = [](const Status& status, int code) {
    print_errors(status);
    return code;
  };
  if (!(o.demand > 0 && o.demand <= kDemandMax)) {
    return fail(bad_request(fmt::format("--demand: must be above 0 and at most {}, got {}",
                                        kDemandMax, o.demand)),
                kBadInput);
  }
  const auto seeds = parse_seeds(o.seeds);
  if (!seeds.ok()) return fail(seeds.status(), kBadInput);
  const auto input = sim::PackingInput::read(o.nodes, o.pods);
  if (!input.ok()) return fail(input.status(), kBadInput);
  const auto results = run_all(o, *input, *seeds);
  if (!results.ok()) return fail(results.status().with_prefix("--policy"), kBadInput);
  const auto summaries = sim::summarise(*results);
  if (!o.out.empty()) {
    if (const Status s = write_files(o, *results, summaries); !s.ok()) return fail(s, kWorldFailed);
  }
  print(o, summaries);
  return kDone;
}

}  // namespace

void add_bench_packing(CLI::App& bench, int& code) {
  CLI::App* command = bench.add_subcommand(
      "packing",
      "Pack a pod list onto GPU nodes: how much each policy allocates (docs/packing.md)");
  auto o = std::make_shared<Options>();
  command->add_option("--nodes", o->nodes, "CSV file with openb's node columns")->required();
  command->add_option("--pods", o->pods, "CSV file with openb's pod columns")->required();
  command->add_option("--policy", o->policies, "Policies, separated by commas")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--demand", o->demand, "Arriving GPU demand, of the capacity")
      ->capture_default_str();
  command->add_option("--seeds", o->seeds, "e.g. 42..51 or 1,2,5")->capture_default_str();
  command->add_option("--tie-break", o->tie_break, "lowest-name, first-index or random")
      ->check(CLI::IsMember({"lowest-name", "first-index", "random"}))
      ->capture_default_str();
  command->add_option("--out", o->out, "Folder for manifest.json, summary.*, runs.csv, points.csv");
  command->add_option("-o,--output", o->output, "table, csv or json")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  command->add_flag("--quiet", o->quiet, "No progress bar and no table");
  command->add_flag("--no-color", o->no_color, "No colours on a terminal");
  command->footer(
      "Examples:\n  orrery bench packing --nodes nodes.csv --pods pods.csv --policy FGD,BestFit\n"
      "  orrery bench packing --nodes nodes.csv --pods pods.csv --seeds 1..5 --out "
      "results/packing");
  command->callback([o, &code] { code = run(*o); });
}

}  // namespace orrery::cli
