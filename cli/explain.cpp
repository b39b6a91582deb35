// orrery explain pod: why a pod of a simulated run goes where it goes, or nowhere.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/commands.h"
#include "cli/scenario_source.h"
#include "cli/terminal.h"
#include "cli/yaml_output.h"
#include "sim/cluster/decision_log.h"
#include "sim/cluster/explanation_table.h"

namespace orrery::cli {
namespace {

struct Options {
  ScenarioSource source;
  std::string pod, at, node, output = "table";
  std::int64_t top = 10;
  bool no_color = false;
};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

Status no_pod(const sim::DecisionLog& log, std::string_view when) {
  const std::vector<std::string> near = log.near_names();
  return bad_request(fmt::format("no pod \"{}\" {}{}", log.pods().text(), when,
                               near.empty() ? "; there were no pods at all"
                                            : "; near names: " + joined(near)));
}

// As --at: the oldest such pod that exists now, decided anew.
Result<sim::ExplainedPod> ask_now(sim::Simulation& run, sim::DecisionLog& log,
                                  const std::string& when) {
  const std::vector<Ref<const api::Pod>> pods = log.pods().find_in(run.store());
  if (pods.empty()) return no_pod(log, when);
  return log.ask(pods.front());
}

Status check_node(const sim::ExplainedPod& explained, const std::string& node) {
  if (node.empty()) return Status();
  std::vector<std::string> names;
  for (const auto& n : explained.explanation.nodes) {
    if (n.name == node) return Status();
    names.push_back(n.name.str());
  }
  return bad_request(fmt::format("--node: no node \"{}\"; near names: {}", node,
                               joined(sim::nearest_names(node, std::move(names), 5))));
}

Result<sim::ExplainedPod> explain(const Options& o) {
  auto pods = sim::PodSelection::parse(o.pod);
  if (!pods.ok()) return pods.status();
  auto scenario = o.source.read();
  if (!scenario.ok()) return scenario.status();
  if (!o.at.empty()) {
    const Result<Duration> at = parse_duration(o.at);
    if (!at.ok() || *at < Duration{0}) {
      return bad_request(
          fmt::format("--at: must be a duration such as 90s or 5m, got \"{}\"", o.at));
    }
    scenario->until = *at;
    scenario->stop_when = {};
  }
  sim::Simulation run(*scenario);
  std::optional<sim::ExplainedPod> first;
  sim::DecisionLog log(run, std::move(*pods), [&](const sim::ExplainedPod& decided) {
    if (first || !o.at.empty()) return;
    first = decided;
    run.stop();
  });
  RETURN_IF_ERROR(run.prepare());
  run.run({});
  if (!o.at.empty()) return ask_now(run, log, fmt::format("exists at {}", o.at));
  if (first) return std::move(*first);
  // Held back, or of another scheduler: it exists, but nobody tried to place it.
  return ask_now(run, log, "was scheduled in this run");
}

int explain_pod(const Options& o) {
  Result<sim::ExplainedPod> explained = explain(o);
  Status status = explained.ok() ? check_node(*explained, o.node) : explained.status();
  if (!status.ok()) {
    print_errors(status);
    return kBadInput;
  }
  if (o.output == "json") {
    fmt::print("{}\n", sim::to_json(*explained, o.node).dump(1));
  } else if (o.output == "yaml") {
    fmt::print("{}", to_yaml(sim::to_json(*explained, o.node)));
  } else if (o.output == "csv") {
    fmt::print("{}", sim::to_csv(*explained, o.node));
  } else {
    const bool colour = !o.no_color && is_terminal(STDOUT_FILENO);
    fmt::print("{}", sim::explanation_page(
                         *explained, {static_cast<std::size_t>(o.top), o.node, colour}));
  }
  return kDone;
}

}  // namespace

void add_explain(CLI::App& app, int& code) {
  CLI::App* explain = app.add_subcommand("explain", "Explain a decision of a simulated run");
  explain->require_subcommand(1);
  CLI::App* pod = explain->add_subcommand(
      "pod", "Why the scheduler puts a pod where it does, or nowhere (docs/explain.md)");
  auto o = std::make_shared<Options>();
  pod->add_option("POD", o->pod,
                  "[NAMESPACE/]NAME, a prefix such as 'web-*', deploy/NAME or a regular "
                  "expression: the first such pod")
      ->required();
  o->source.add_to(*pod);
  pod->add_option("--at", o->at,
                  "Explain how it would be decided at this virtual time, e.g. 5m; default: its "
                  "first attempt");
  pod->add_option("--top", o->top, "So many nodes in the table; 0: all")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  pod->add_option("--node", o->node, "Also every filter and score of this node");
  pod->add_option("-o,--output", o->output, "table, json, yaml or csv")
      ->check(CLI::IsMember({"table", "json", "yaml", "csv"}))
      ->capture_default_str();
  pod->add_flag("--no-color", o->no_color, "No colours on a terminal");
  pod->footer(
      "Examples:\n  orrery explain pod deploy/hello scenarios/first-deployment.yaml\n  orrery "
      "explain pod 'hello-*' scenarios/first-deployment.yaml --at 3m --node node-1");
  pod->callback([o, &code] { code = explain_pod(*o); });
}

}  // namespace orrery::cli
