// Recorded clusters and cases of the real kube-scheduler, read line by line, and our scheduler's
// parts set up with the same nodes, pods and profile.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/api/kind_registry.h"
#include "core/scheduler/cache.h"
#include "core/scheduler/framework.h"
#include "sim/clock/sim_driver.h"

namespace orrery::scheduler::test {

/// $ORRERY_GOLDEN/scheduler/NAME; empty if it is not there.
std::string golden_path(const std::string& name);
/// Calls visit with each line's document.
void for_each_line(const std::string& path,
                   const std::function<void(const nlohmann::json&)>& visit);
/// The profile that the recordings call NAME, as far as its plugins are built.
Profile recorded_profile(const std::string& name);

template <class T>
Ref<const T> decode(const api::Kinds& kinds, const nlohmann::json& document);

/// A client that nobody calls.
class DeadClient final : public Client {
 public:
  void call(Request, Callback<void(Response)>) override { CHECK(false); }
  std::unique_ptr<Watch> watch(WatchRequest, WatchSink&) override { return nullptr; }
};

struct GoldenCluster {
  GoldenCluster(const api::Kinds& kinds, const nlohmann::json& cluster);
  /// Tells the cache of each object under cluster[list].
  void add_objects(const api::Kinds& kinds, const nlohmann::json& cluster, const std::string& list,
                   Watched kind, api::KindId id);

  sim::SimDriver driver{Time{std::chrono::seconds(1)}};
  EventLoop loop{driver};
  Random random{1};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  DeadClient client;
  SchedulerCache cache;
  std::unique_ptr<Framework> framework;
};

}  // namespace orrery::scheduler::test
