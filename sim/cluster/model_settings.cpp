#include "sim/cluster/model_settings.h"

namespace orrery::sim {
namespace {

ContainerBehaviour behaviour_of(const Behaviour& b) {
  ContainerBehaviour out;
  out.image = b.match.image;
  out.container = b.match.container;
  out.name_space = b.match.name_space;
  for (const auto& [key, value] : b.match.labels)
    out.labels.emplace_back(Symbol(key), Symbol(value));
  if (b.exits) {
    out.exits_after = b.exits->after;
    out.exit_code = static_cast<std::int32_t>(b.exits->code);
  }
  if (b.crash_loop) {
    out.crashes_after = b.crash_loop->after;
    out.crash_code = static_cast<std::int32_t>(b.crash_loop->code);
    out.crash_times = static_cast<std::uint32_t>(b.crash_loop->times);
  }
  if (b.oom) {
    out.oom_after = b.oom->after;
    out.oom_memory = b.oom->memory.bytes;
  }
  if (b.readiness) {
    out.ready_after = b.readiness->delay;
    out.never_ready = b.readiness->never;
  }
  out.run_time = b.run_time;
  out.pull_fails = b.pull_fails;
  return out;
}

}  // namespace

ContainerModelConfig container_model_of(const Scenario& scenario) {
  const StartLatency& start = scenario.models.start_latency;
  ContainerModelConfig config;
  config.seed = scenario.seed;
  config.sandbox = start.sandbox;
  config.container = start.container;
  config.pull_overhead = start.image_pull.overhead;
  config.pull_per_gib = start.image_pull.per_gib;
  config.image_bytes = start.image_pull.default_size.bytes;
  for (const auto& [pattern, size] : start.image_pull.sizes) {
    config.image_sizes.emplace_back(pattern, size.bytes);
  }
  config.job_run_time = scenario.models.run_time;
  for (const Behaviour& b : scenario.models.behaviours)
    config.behaviours.push_back(behaviour_of(b));
  return config;
}

scheduler::Profile scheduler_profile_of(const Scenario& scenario) {
  const SchedulerSpec& spec = scenario.scheduler;
  scheduler::Profile profile = scheduler::default_profile();
  profile.tie_break = static_cast<scheduler::TieBreak>(spec.tie_break);
  profile.percentage_of_nodes_to_score =
      static_cast<std::int32_t>(spec.percentage_of_nodes_to_score);
  if (spec.scoring_strategy != ScoringStrategy::kLeastAllocated) {
    scheduler::NodeResourcesFitArgs args;
    args.strategy = static_cast<scheduler::ScoringStrategy>(spec.scoring_strategy);
    for (const ShapePoint& p : spec.shape) args.shape.push_back({p.utilization, p.score});
    profile.args["NodeResourcesFit"] = args;
  }
  return profile;
}

LinkModel link_of(const Scenario& scenario) {
  LinkModel link;
  // A request takes one way out and one back; the scenario gives the time of both.
  const auto half = [](LatencyModel m) { return LatencyModel{m.p50 / 2, m.p99 / 2}; };
  const auto given = [](const LatencyModel& m) {
    return m.p50 > Duration{0} || m.p99 > Duration{0};
  };
  if (given(scenario.models.api_latency)) link.request = half(scenario.models.api_latency);
  if (given(scenario.models.watch_latency)) link.watch = scenario.models.watch_latency;
  return link;
}

}  // namespace orrery::sim
