#include "sim/cluster/simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/cluster/manifest_check.h"
#include "sim/cluster/model_settings.h"
#include "sim/cluster/scheduler_file.h"
#include "sim/scenario/scenario_reader.h"
#include "sim/scenario/workload_manifests.h"

namespace orrery::sim {
namespace {

constexpr Duration kStatusBatchLarge = 500ms;
constexpr std::size_t kUnschedulableShown = 5;

NodeFleet::Options fleet_options(const Scenario& scenario, bool large, bool writes_heartbeats) {
  NodeFleet::Options options;
  options.model = container_model_of(scenario);
  options.kubelet.self_renewing_lease = large || !writes_heartbeats;
  options.kubelet.coalesce_start_status = large;
  return options;
}

std::size_t planned_nodes(const Scenario& scenario) {
  return static_cast<std::size_t>(pool_nodes(scenario));
}

results::Quantiles quantiles_of(const Histogram& h) {
  return {h.count(), h.quantile(0.5), h.quantile(0.9), h.quantile(0.99), h.max()};
}

api::Kinds all_kinds(const api::ApiTable& table) {
  api::Kinds kinds;
  add_table_kinds(kinds, table);
  return kinds;
}

}  // namespace

Simulation::Simulation(Scenario scenario)
    : Simulation(std::move(scenario), nullptr, ServingOptions()) {}

Simulation::Simulation(Scenario scenario, Driver& driver, ServingOptions serving)
    : Simulation(std::move(scenario), &driver, std::move(serving)) {}

Simulation::Simulation(Scenario scenario, Driver* driver, ServingOptions serving)
    : scenario_(std::move(scenario)),
      serving_(std::move(serving)),
      own_driver_(driver ? nullptr : std::make_unique<SimDriver>(scenario_.start_time)),
      loop_(driver ? *driver : *own_driver_),
      random_(scenario_.seed),
      env_{loop_, random_, log_, metrics_},
      table_(api::ApiTable::built_in()),
      kinds_(all_kinds(table_)),
      storage_(env_, {}),
      store_(env_, kinds_, storage_, {}),
      recorder_(env_, store_),
      journal_(env_, scenario_.start_time),
      server_(env_, kinds_, table_, store_, serving_.admission),
      scheduler_client_(env_, server_, link_of(scenario_), "kube-scheduler"),
      controller_client_(env_, server_, link_of(scenario_), "kube-controller-manager"),
      node_client_(env_, server_, link_of(scenario_), "kubelet"),
      user_client_(env_, server_, link_of(scenario_), "kubectl"),
      scheduler_informers_(env_, scheduler_client_),
      controller_informers_(env_, controller_client_),
      node_informers_(env_, node_client_),
      scheduler_events_(env_, scheduler_client_, Symbol("default-scheduler")),
      node_events_(env_, node_client_, Symbol("kubelet")),
      fleet_(env_, node_client_, node_informers_,
             fleet_options(scenario_, planned_nodes(scenario_) >= kLargeCluster,
                           serving_.writes_heartbeats),
             planned_nodes(scenario_) >= kLargeCluster ? nullptr : &node_events_),
      actions_({env_, user_client_, kinds_, store_, fleet_, journal_}, scenario_,
               [this](const Action& a, bool is_fault, int line) { on_action(a, is_fault, line); }),
      expectations_(env_, recorder_, scenario_) {
  log_.set_clock(loop_.clock());
}

Simulation::~Simulation() = default;

Status Simulation::prepare() {
  Result<ImportedTrace> trace = read_trace(scenario_);
  if (!trace.ok()) return trace.status();
  trace_data_ = std::move(*trace);
  RETURN_IF_ERROR(read_manifests());
  Result<std::vector<NodePlan>> plans = make_nodes(scenario_, trace_data_);
  if (!plans.ok()) return plans.status();
  plans_ = std::move(*plans);
  nodes_planned_ = plans_.size();
  return make_scheduler();
}

Status Simulation::make_scheduler() {
  scheduler::SchedulerConfig config;
  config.kinds = &kinds_;
  const std::string& file = scenario_.scheduler.config;
  if (file.empty()) {
    config.profiles = {scheduler_profile_of(scenario_)};
  } else {
    const std::string path = scenario_.path_of(file);
    auto read = read_scheduler_file(path);
    if (!read.ok()) return read.status();
    if (!read->extenders.empty()) {
      return bad_request(path + ": extenders: a simulation calls nothing outside: leave them out");
    }
    scheduler_notes_ = std::move(read->notes);
    config.profiles = std::move(read->profiles);
    config.queue.backoff_initial = read->pod_initial_backoff;
    config.queue.backoff_max = read->pod_max_backoff;
  }
  config.decision_observer = decision_observer_;
  scheduler_events_.set_enabled(!is_large());
  scheduler_ = std::make_unique<scheduler::Scheduler>(env_, scheduler_client_, scheduler_informers_,
                                                      scheduler_events_, std::move(config));
  const Status& status = scheduler_->profiles_status();
  return status.ok() || file.empty() ? status : status.with_prefix(scenario_.path_of(file));
}

Status Simulation::read_manifests() {
  std::vector<std::string> errors;
  const auto read = [&](const std::string& path, std::vector<ManifestDocument>& into) {
    Result<std::vector<ManifestDocument>> documents = sim::read_manifests(scenario_.path_of(path));
    if (!documents.ok()) {
      for (const StatusCause& cause : documents.status().details().causes) {
        errors.push_back(cause.message);
      }
      if (documents.status().details().causes.empty())
        errors.push_back(documents.status().message());
      return;
    }
    for (std::string& e : check_manifests(kinds_, table_, *documents))
      errors.push_back(std::move(e));
    into.insert(into.end(), documents->begin(), documents->end());
  };
  for (const std::string& path : scenario_.manifests) read(path, documents_);
  for (const Action& action : scenario_.actions) {
    if (action.verb != Verb::kApply) continue;
    std::vector<ManifestDocument> documents;
    read(action.apply, documents);
    actions_.add_manifests(action.apply, std::move(documents));
  }
  for (const Workload& workload : scenario_.workloads) {
    std::vector<ManifestDocument> made = workload_manifests(workload, scenario_.file);
    if (workload.at > Duration{0}) {
      later_workloads_.emplace_back(workload.at, std::move(made));
    } else {
      documents_.insert(documents_.end(), made.begin(), made.end());
    }
  }
  if (errors.empty()) return Status();
  StatusDetails details;
  std::string message;
  for (const std::string& e : errors) {
    message += (message.empty() ? "" : "\n") + e;
    details.causes.push_back({"", e, ""});
  }
  return Status(Reason::kInvalid, message, details);
}

void Simulation::begin() {
  server_.bootstrap();
  controller::ControllerOptions options;
  options.write_events = !is_large();
  options.root_ca_pem = serving_.root_ca_pem;
  if (is_large()) options.status_batch = kStatusBatchLarge;
  controllers_ = std::make_unique<controller::ControllerManager>(
      env_, controller_client_, controller_informers_, kinds_, std::move(options));
  scheduler_informers_.start();
  controller_informers_.start();
  node_informers_.start();
  for (const std::string& note : scheduler_notes_) {
    LOG(log_, kInfo, "scheduler configuration", {"note", note});
  }
  const Status scheduling = scheduler_->start();
  CHECK(scheduling.ok());
  for (NodePlan& plan : plans_) fleet_.add(std::move(plan));
  plans_.clear();
  fleet_.start();
  // People come when the nodes are there.
  env_.loop.after(1s, [this] {
    actions_.apply(documents_);
    documents_.clear();
    if (!trace_data_.pods.empty()) {
      trace_ = std::make_unique<TracePlayer>(env_, user_client_, journal_, std::move(trace_data_),
                                             Symbol(scenario_.trace->name_space));
      trace_->start();
    }
  });
  for (auto& [at, documents] : later_workloads_) {
    env_.loop.after(at, [this, &documents = documents] { actions_.apply(documents); });
  }
  actions_.start();
  if (ends_) expectations_.start();
}

void Simulation::start() {
  ends_ = false;
  begin();
}

void Simulation::on_action(const Action&, bool is_fault, int line) {
  if (!ends_) return;
  expectations_.on_action(is_fault);
  healing_.push_back({line, env_.now(), recorder_.availability().missing()});
}

// Says of each fault and action how long the workloads missed replicas afterwards.
void Simulation::watch_healing() {
  const std::int64_t missing = recorder_.availability().missing();
  std::erase_if(healing_, [&](Healing& h) {
    if (missing > h.missing_before) {
      h.seen_loss = true;
      h.worst = std::max(h.worst, missing - h.missing_before);
    }
    if (!h.seen_loss || missing > h.missing_before ||
        !recorder_.availability().is_all_available()) {
      return false;
    }
    const double after = seconds(env_.now() - h.since);
    journal_.amend(
        h.line, fmt::format("{} replicas missing at worst, all available again after {}", h.worst,
                            format_duration(
                                Duration{static_cast<std::int64_t>(after * 10) * 100'000'000})));
    return true;
  });
}

bool Simulation::should_stop() const {
  const StopSpec& stop = scenario_.stop_when;
  const bool actions_left =
      std::any_of(scenario_.actions.begin(), scenario_.actions.end(),
                  [&](const Action& a) { return scenario_.start_time + a.at > env_.now(); });
  if (actions_left) return false;
  if (stop.all_available && recorder_.availability().workloads() > 0 &&
      recorder_.availability().is_all_available()) {
    return true;
  }
  return stop.idle && env_.now() - recorder_.last_change() >= *stop.idle;
}

void Simulation::run(Callback<void(const Progress&)> progress) {
  store_.add_observer([this](const store::Change&) {
    if (!healing_.empty()) watch_healing();
    expectations_.on_change();
  });
  begin();
  const Time end = scenario_.start_time + scenario_.until;
  const bool may_stop = scenario_.stop_when.all_available || scenario_.stop_when.idle.has_value();
  std::uint64_t next_report = kProgressEvery;
  while (!stopped_ && loop_.run_one(end)) {
    if (may_stop && should_stop()) break;
    if (progress && loop_.events_run() >= next_report) {
      next_report = loop_.events_run() + kProgressEvery;
      progress({env_.now(), scenario_.start_time, end, loop_.events_run(), &recorder_.pods()});
    }
  }
}

std::vector<std::string> Simulation::pool_names() const {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const NodePool& pool : scenario_.cluster.node_pools) {
    if (seen.insert(pool.name).second) names.push_back(pool.name);
  }
  for (const TraceNode& node : trace_data_.nodes) {
    const std::string pool = node.gpu_model.empty() ? "cpu" : node.gpu_model;
    if (seen.insert(pool).second) names.push_back(pool);
  }
  return names;
}

results::Summary Simulation::summarise() {
  results::Summary s;
  const PodTotals& pods = recorder_.pods();
  s.scenario = scenario_.name;
  s.simulated.nodes = recorder_.nodes_ready() + recorder_.nodes_not_ready();
  s.simulated.pods = pods.created;
  s.simulated.virtual_seconds = seconds(env_.now() - scenario_.start_time);
  s.simulated.events = loop_.events_run();
  s.simulated.seed = scenario_.seed;
  s.simulated.digest = recorder_.digest().hex();
  s.happened = journal_.timeline();
  s.pod_startup = quantiles_of(recorder_.startup());
  s.scheduling = quantiles_of(recorder_.scheduling());
  s.pods_by_phase = {{"Pending", pods.pending},
                     {"Running", pods.running},
                     {"Succeeded", pods.succeeded},
                     {"Failed", pods.failed}};
  s.pods_ready = pods.ready;
  s.restarts = pods.restarts;
  for (const auto& [name, pool] : recorder_.pools()) {
    s.pools[name] = {pool.cpu_share(), pool.memory_share(), pool.gpu_share(), pool.cpu_share_max,
                     pool.nodes};
  }
  if (pods.pending > 0) {
    store_.table(api::KindId::kPod).for_each([&](const api::ObjectRef& o) {
      const auto& pod = static_cast<const api::Pod&>(*o);
      const api::PodCondition* scheduled = api::find_condition(pod.status, "PodScheduled");
      if (scheduled && scheduled->status == "False") ++s.unschedulable_count;
    });
  }
  if (s.unschedulable_count > 0) {
    for (const api::ObjectRef& o : store_.table(api::KindId::kPod).sorted()) {
      const auto& pod = static_cast<const api::Pod&>(*o);
      const api::PodCondition* scheduled = api::find_condition(pod.status, "PodScheduled");
      if (!scheduled || !(scheduled->status == "False")) continue;
      s.unschedulable.push_back({api::key_of(*o), scheduled->message.str()});
      if (s.unschedulable.size() == kUnschedulableShown) break;
    }
  }
  s.expectations = expectations_.finish();
  s.problems = journal_.problems();
  return s;
}

}  // namespace orrery::sim
