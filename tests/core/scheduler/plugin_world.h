// A cache, and a framework of some plugins over it, for tests of single plugins.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/scheduler/cache.h"
#include "core/scheduler/explain.h"
#include "core/scheduler/framework.h"
#include "sim/clock/sim_driver.h"
#include "tests/core/scheduler/builders.h"
#include "tests/core/scheduler/echo_client.h"

namespace orrery::scheduler::test {

struct PluginWorld {
  sim::SimDriver driver{Time{std::chrono::seconds(1'767'225'600)}};
  EventLoop loop{driver};
  Random random{1};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  EchoClient client{env};
  SchedulerCache cache;
  std::unique_ptr<Framework> framework;

  explicit PluginWorld(Profile profile = default_profile()) {
    auto made = Framework::make(std::move(profile), built_in_plugins(), {env, client, cache});
    CHECK(made.ok());
    framework = std::move(*made);
  }
  Explanation explain_pod(const api::Pod& pod) { return explain(*framework, cache, pod); }
  /// "Plugin: reason, reason" of the first node, "" if it fits.
  std::string verdict(const api::Pod& pod) {
    const Explanation e = explain_pod(pod);
    const Explanation::Node& node = e.nodes.at(0);
    return node.verdict.ok() ? "" : node.plugin + ": " + message_of(node.verdict);
  }
  /// Normalised scores of a plugin, in node order; empty if it did not score.
  std::vector<std::int64_t> scores(const api::Pod& pod, const std::string& plugin) {
    const Explanation e = explain_pod(pod);
    for (const Explanation::Plugin& p : e.scores) {
      if (p.name == plugin) return p.normalized;
    }
    return {};
  }
};

}  // namespace orrery::scheduler::test
