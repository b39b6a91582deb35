#include "sim/cluster/sampler.h"

#include <algorithm>

namespace orrery::sim {

using results::cell;

Sampler::Sampler(Env& env, Recorder& recorder, Options options)
    : env_(env), recorder_(recorder), options_(options), start_(env.now()), last_sample_(start_) {}

Status Sampler::start(const std::string& dir, const std::vector<std::string>& pools) {
  pools_ = pools;
  if (options_.series_interval > Duration{0}) {
    std::vector<std::string> columns = {"time_s",           "pods_pending", "pods_running",
                                        "pods_succeeded",   "pods_failed",  "pods_ready",
                                        "pods_terminating", "nodes_ready",  "nodes_not_ready"};
    for (const char* what : {"cpu", "memory", "gpu"}) {
      for (const std::string& pool : pools_) {
        columns.push_back(std::string(what) + "_requested_share:" + pool);
      }
    }
    for (const char* c : {"pending_time_p50_s", "pending_time_p99_s", "events_per_s"}) {
      columns.push_back(c);
    }
    Result<results::CsvFile> file = results::CsvFile::create(dir + "/series.csv", columns);
    if (!file.ok()) return file.status();
    series_ = std::move(*file);
    next_sample();
  }
  if (options_.placement_interval > Duration{0}) {
    Result<results::CsvFile> file = results::CsvFile::create(
        dir + "/placement.csv", {"time", "node", "zone", "pool", "pods", "cpu_share"});
    if (!file.ok()) return file.status();
    placement_ = std::move(*file);
    next_map();
  }
  return Status();
}

void Sampler::next_sample() {
  if (env_.now() + options_.series_interval > options_.until) return;
  env_.loop.after(options_.series_interval, [this] {
    sample();
    next_sample();
  });
}

void Sampler::next_map() {
  if (env_.now() + options_.placement_interval > options_.until) return;
  env_.loop.after(options_.placement_interval, [this] {
    map();
    next_map();
  });
}

void Sampler::sample() {
  const PodTotals& p = recorder_.pods();
  const double elapsed = seconds(env_.now() - last_sample_);
  std::vector<std::string> row = {cell(seconds(env_.now() - start_))};
  for (const std::int64_t n : {p.pending, p.running, p.succeeded, p.failed, p.ready, p.terminating,
                               recorder_.nodes_ready(), recorder_.nodes_not_ready()}) {
    row.push_back(std::to_string(n));
  }
  const auto shares = [&](double (PoolTotals::*share)() const) {
    for (const std::string& pool : pools_) {
      const auto it = recorder_.pools().find(pool);
      row.push_back(cell(it == recorder_.pools().end() ? 0 : (it->second.*share)()));
    }
  };
  shares(&PoolTotals::cpu_share);
  shares(&PoolTotals::memory_share);
  shares(&PoolTotals::gpu_share);
  const Histogram recent = recorder_.take_recent_scheduling();
  row.push_back(cell(recent.quantile(0.5)));
  row.push_back(cell(recent.quantile(0.99)));
  const auto changes = static_cast<double>(recorder_.changes() - changes_before_);
  row.push_back(cell(elapsed > 0 ? changes / elapsed : 0));
  changes_before_ = recorder_.changes();
  last_sample_ = env_.now();
  series_->row(row);
}

void Sampler::map() {
  const std::string time = cell(seconds(env_.now() - start_));
  for (const auto& [name, use] : recorder_.node_uses()) {
    if (placement_rows_++ >= options_.placement_rows_max) return;
    placement_->row({time, name, use.zone.str(), use.pool.str(), std::to_string(use.pods),
                     cell(PoolTotals::share(use.cpu_milli_used, use.cpu_milli))});
  }
}

Status Sampler::finish() {
  if (series_) {
    if (env_.now() > last_sample_) sample();
    RETURN_IF_ERROR(series_->close());
  }
  if (placement_) RETURN_IF_ERROR(placement_->close());
  return Status();
}

}  // namespace orrery::sim
