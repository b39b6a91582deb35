// BenchCluster: what a workload runs against: store, API server, scheduler with its informers, and
// the client that makes objects, in one process on a virtual clock. No kubelets and no controllers,
// as in upstream's harness. Links have no latency: virtual time passes between requests only.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/api/schema/api_table.h"
#include "core/apiserver/api_server.h"
#include "core/scheduler/scheduler.h"
#include "sim/clock/sim_driver.h"
#include "sim/cluster/local_client.h"
#include "sim/storage/memory_storage.h"

namespace orrery::sim {

/// A scheduler to compare: its profiles, and which path they take.
struct BenchScheduler {
  std::string name = "default";
  std::vector<scheduler::Profile> profiles{scheduler::default_profile()};
  scheduler::SchedulingQueue::Options queue;
  bool fast_path = true;
};

/// Lets requests through at a rate in virtual time: upstream's harness has a client of 5,000
/// requests a second (QPS). They go in groups, one for each of its 30 workers.
class RequestPacer {
 public:
  static constexpr std::int64_t kGroup = 30;

  /// `per_second` 0: all at once.
  RequestPacer(EventLoop& loop, Client& client, double per_second);
  void call(Request request, Callback<void(Response)> done);

 private:
  void release();

  EventLoop& loop_;
  Client& client_;
  Duration period_{};  // of a group
  Time next_group_;
  std::int64_t left_ = 0;
  bool armed_ = false;
  std::deque<std::pair<Request, Callback<void(Response)>>> waiting_;
};

struct BenchCluster {
  struct Options {
    std::uint64_t seed = 1;
    double requests_per_second = 5000;
    bool writes_events = true;
    scheduler::AttemptObserver* observer = nullptr;
  };
  BenchCluster(const BenchScheduler& scheduler_wanted, const Options& options);

  SimDriver driver;
  EventLoop loop;
  Random random;
  Log log;
  Metrics metrics;
  Env env;
  api::ApiTable table;
  api::Kinds kinds;
  MemoryStorage storage;
  store::Store store;
  apiserver::ApiServer server;
  LocalClient scheduler_client;
  LocalClient user_client;
  Informers informers;
  EventRecorder events;
  scheduler::Scheduler scheduler;
  RequestPacer pacer;

  /// Creates `object`; through the pacer, as all that a workload does.
  void create(Ref<const api::Object> object, Callback<void(Response)> done);
  /// The same for a document of this kind; the namespace only for kinds that have one.
  void create(const api::KindInfo& info, Symbol name_space, api::RawRef document,
              Callback<void(Response)> done);
  void update_status(Ref<const api::Object> object, Callback<void(Response)> done);
  void remove(const api::KindInfo& info, Symbol name_space, Text name, DeleteOptions options,
              Callback<void(Response)> done);
};

}  // namespace orrery::sim
