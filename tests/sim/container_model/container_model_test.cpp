#include "sim/container_model/container_model.h"

#include <gtest/gtest.h>

#include "tests/core/kubelet/kubelet_world.h"

namespace orrery::sim {
namespace {

using kubelet::KubeletWorld;
using kubelet::steady_times;

class ModelWorld {
 public:
  explicit ModelWorld(ContainerModelConfig config = steady_times()) : shared(std::move(config)) {
    model.set_pod_cidr("10.244.1.0/24");
  }
  Duration now() const { return loop.now() - kubelet::kStart; }
  /// When a pull begun now is answered, and whether it went well.
  void pull(const char* pod, const char* image) {
    model.pull_image(KubeletWorld::pod(pod), Symbol(image), [this](const Result<Symbol>& r) {
      pulls.push_back({now(), r.ok()});
      if (!r.ok()) error = r.status().message();
    });
  }

  SimDriver driver{kubelet::kStart};
  EventLoop loop{driver};
  Random random{7};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  ContainerModelShared shared;
  ContainerModel model{env, shared, "n1"};
  std::vector<std::pair<Duration, bool>> pulls;
  std::string error;
};

TEST(ContainerModel, PullsOneImageAfterTheOther) {
  ContainerModelConfig config = steady_times();
  config.pull_per_gib = 8s;
  config.image_bytes = 1ll << 30;
  ModelWorld w(config);
  w.pull("a", "x:1");
  w.pull("b", "y:1");
  w.pull("c", "x:1");  // shares the first pull
  w.loop.run();
  ASSERT_EQ(w.pulls.size(), 3u);
  EXPECT_EQ(w.pulls[0].first, 9s);
  EXPECT_EQ(w.pulls[1].first, 9s);
  EXPECT_EQ(w.pulls[2].first, 18s);
  EXPECT_TRUE(w.model.has_image(Symbol("x:1")));
}

TEST(ContainerModel, PullsAtOnceWhereNotSerialised) {
  ContainerModelConfig config = steady_times();
  config.serialize_pulls = false;
  ModelWorld w(config);
  w.pull("a", "x:1");
  w.pull("b", "y:1");
  w.loop.run();
  EXPECT_EQ(w.pulls[0].first, 1s);
  EXPECT_EQ(w.pulls[1].first, 1s);
}

TEST(ContainerModel, FailsPullsOfFailingImages) {
  ModelWorld w;
  w.shared.failing_images = {"bad/*"};
  w.pull("a", "bad/x:1");
  w.pull("a", "good/x:1");
  w.loop.run();
  EXPECT_FALSE(w.pulls[0].second);
  EXPECT_TRUE(w.pulls[1].second);
  EXPECT_EQ(
      w.error,
      "rpc error: code = NotFound desc = failed to pull and unpack image \"bad/x:1\": failed to "
      "resolve reference \"bad/x:1\": bad/x:1: not found");
  EXPECT_FALSE(w.model.has_image(Symbol("bad/x:1")));
}

TEST(ContainerModel, ASlowNodeTakesLonger) {
  ModelWorld w;
  w.model.slow_down(3);
  w.pull("a", "x:1");
  w.loop.run();
  EXPECT_EQ(w.pulls[0].first, 3s);
}

TEST(ContainerModel, AnswersNothingAfterACrash) {
  ModelWorld w;
  w.pull("a", "x:1");
  w.loop.run(w.loop.now() + 500ms);
  w.model.crash();
  w.loop.run();
  EXPECT_TRUE(w.pulls.empty());
  EXPECT_FALSE(w.model.has_image(Symbol("x:1")));
  w.model.boot();
  w.pull("a", "x:1");
  w.loop.run();
  EXPECT_EQ(w.pulls.size(), 1u);
}

TEST(ContainerModel, AnswersLateAfterHanging) {
  ModelWorld w;
  w.model.hang();
  w.pull("a", "x:1");
  w.loop.run(w.loop.now() + 60s);
  EXPECT_TRUE(w.pulls.empty());
  w.model.resume();
  ASSERT_EQ(w.pulls.size(), 1u);
  EXPECT_EQ(w.pulls[0].first, 60s);
}

TEST(ContainerModel, GivesNoTwoPodsOneAddress) {
  ModelWorld w;
  std::vector<std::string> ips;
  for (int i = 0; i < 50; ++i) {
    w.model.run_pod_sandbox({KubeletWorld::pod("p" + std::to_string(i)), 0},
                            [&](const Result<SandboxStatus>& s) { ips.push_back(s->ip.str()); });
  }
  w.loop.run();
  std::sort(ips.begin(), ips.end());
  EXPECT_EQ(ips.size(), 50u);
  EXPECT_EQ(std::unique(ips.begin(), ips.end()), ips.end());
}

TEST(ContainerModel, HasTheSameTimesInEveryRun) {
  const auto run = [] {
    ModelWorld w{ContainerModelConfig{}};
    std::vector<Duration> times;
    for (int i = 0; i < 20; ++i) {
      w.model.run_pod_sandbox({KubeletWorld::pod("p" + std::to_string(i)), 0},
                              [&](const Result<SandboxStatus>&) { times.push_back(w.now()); });
    }
    w.loop.run();
    return times;
  };
  const std::vector<Duration> first = run();
  EXPECT_EQ(first, run());
  EXPECT_NE(first.front(), first.back());
}

TEST(ContainerModel, FreesWhatARemovedSandboxHeld) {
  KubeletWorld w;
  for (int i = 0; i < 20; ++i) w.add(KubeletWorld::pod("p" + std::to_string(i)));
  w.run(5s);
  EXPECT_EQ(w.model.containers_running(), 20u);
  for (int i = 0; i < 20; ++i) w.remove("p" + std::to_string(i), 30);
  w.run(5s);
  NodeRuntime::Inventory left;
  w.model.list([&](const Result<NodeRuntime::Inventory>& r) { left = *r; });
  w.run(1ms);
  EXPECT_TRUE(left.sandboxes.empty());
  EXPECT_TRUE(left.containers.empty());
}

}  // namespace
}  // namespace orrery::sim
