#include "sim/benchmarks/bench_cluster.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/cluster/manifest_check.h"

namespace orrery::sim {
namespace {

// Any instant; the same in each run.
constexpr Time kStart{std::chrono::seconds(1'767'225'600)};
constexpr LinkModel kNoLatency{{Duration{}, Duration{}}, {Duration{}, Duration{}}};

api::Kinds all_kinds(const api::ApiTable& table) {
  api::Kinds kinds;
  add_table_kinds(kinds, table);
  return kinds;
}

// Upstream's harness switches off ServiceAccount, TaintNodesByCondition and Priority.
apiserver::Admission harness_admission() {
  apiserver::Admission admission;
  admission.priority = false;
  return admission;
}

scheduler::SchedulerConfig config_of(const BenchScheduler& wanted,
                                     scheduler::AttemptObserver* observer,
                                     const api::Kinds& kinds) {
  scheduler::SchedulerConfig config;
  config.kinds = &kinds;
  config.profiles = wanted.profiles;
  config.queue = wanted.queue;
  config.fast_path = wanted.fast_path;
  config.attempt_observer = observer;
  return config;
}

}  // namespace

RequestPacer::RequestPacer(EventLoop& loop, Client& client, double per_second)
    : loop_(loop), client_(client), next_group_(loop.now()) {
  if (per_second <= 0) return;
  period_ = Duration{static_cast<std::int64_t>(static_cast<double>(kGroup) * 1e9 / per_second)};
}

void RequestPacer::call(Request request, Callback<void(Response)> done) {
  if (period_ == Duration{}) return client_.call(std::move(request), std::move(done));
  waiting_.emplace_back(std::move(request), std::move(done));
  release();
}

void RequestPacer::release() {
  if (loop_.now() >= next_group_) {
    next_group_ = loop_.now() + period_;
    left_ = kGroup;
  }
  for (; left_ > 0 && !waiting_.empty(); --left_) {
    auto [request, done] = std::move(waiting_.front());
    waiting_.pop_front();
    client_.call(std::move(request), std::move(done));
  }
  if (waiting_.empty() || armed_) return;
  armed_ = true;
  loop_.at(next_group_, [this] {
    armed_ = false;
    release();
  });
}

BenchCluster::BenchCluster(const BenchScheduler& scheduler_wanted, const Options& options)
    : driver(kStart),
      loop(driver),
      random(options.seed),
      env{loop, random, log, metrics},
      table(api::ApiTable::built_in()),
      kinds(all_kinds(table)),
      storage(env, {}),
      store(env, kinds, storage, {}),
      server(env, kinds, table, store, harness_admission()),
      scheduler_client(env, server, kNoLatency, "kube-scheduler"),
      user_client(env, server, kNoLatency, "scheduler-perf"),
      informers(env, scheduler_client),
      events(env, scheduler_client, Symbol("default-scheduler")),
      scheduler(env, scheduler_client, informers, events,
                config_of(scheduler_wanted, options.observer, kinds)),
      pacer(loop, user_client, options.requests_per_second) {
  log.set_clock(loop.clock());
  events.set_enabled(options.writes_events);
  server.bootstrap();
}

void BenchCluster::create(Ref<const api::Object> object, Callback<void(Response)> done) {
  Request request;
  request.verb = Verb::kCreate;
  request.kind = object->kind;
  request.namespace_ = object->meta.namespace_;
  request.name = object->meta.name;
  request.object = std::move(object);
  pacer.call(std::move(request), std::move(done));
}

void BenchCluster::create(const api::KindInfo& info, Symbol name_space, api::RawRef document,
                          Callback<void(Response)> done) {
  Request request;
  request.verb = Verb::kCreate;
  request.kind = info.id;
  if (info.namespaced) request.namespace_ = name_space;
  const auto& json = document.json();
  const nlohmann::json::json_pointer name("/metadata/name");
  if (json.contains(name)) request.name = Text(json[name].get<std::string>());
  request.document = std::move(document);
  pacer.call(std::move(request), std::move(done));
}

void BenchCluster::update_status(Ref<const api::Object> object, Callback<void(Response)> done) {
  Request request;
  request.verb = Verb::kUpdate;
  request.subresource = Subresource::kStatus;
  request.kind = object->kind;
  request.namespace_ = object->meta.namespace_;
  request.name = object->meta.name;
  request.object = std::move(object);
  pacer.call(std::move(request), std::move(done));
}

void BenchCluster::remove(const api::KindInfo& info, Symbol name_space, Text name,
                          DeleteOptions options, Callback<void(Response)> done) {
  Request request;
  request.verb = Verb::kDelete;
  request.kind = info.id;
  if (info.namespaced) request.namespace_ = name_space;
  request.name = std::move(name);
  request.remove = std::move(options);
  pacer.call(std::move(request), std::move(done));
}

}  // namespace orrery::sim
