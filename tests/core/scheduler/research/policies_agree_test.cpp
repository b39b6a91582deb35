// The fast path and the plain one must make the same decisions with each packing policy, and FGD's
// remembered tables must give what working a node out from the start gives.
#include <gtest/gtest.h>

#include "core/scheduler/placer.h"
#include "core/scheduler/research/fragmentation.h"
#include "sim/clock/sim_driver.h"
#include "tests/core/scheduler/echo_client.h"
#include "tests/core/scheduler/research/gpu_objects.h"

namespace orrery::scheduler::test {
namespace {

const char* const kModels[] = {"T4", "V100", "A100"};

PodShape random_shape(RandomStream& random) {
  PodShape shape;
  shape.cpu_milli = static_cast<std::int64_t>(1 + random.below(16)) * 1000;
  const std::uint64_t kind = random.below(4);
  if (kind == 0) return shape;
  shape.gpus = kind == 3 ? static_cast<std::int32_t>(1 + random.below(8)) : 1;
  shape.gpu_milli =
      shape.gpus > 1 || kind == 2 ? 1000 : static_cast<std::int32_t>(1 + random.below(100)) * 10;
  if (random.chance(0.2)) shape.models = {Symbol(kModels[random.below(3)])};
  return shape;
}

struct Side {
  SchedulerCache cache;
  RandomStream ties{42};
  Placer placer{cache, ties};
  std::unique_ptr<Framework> framework;
};

class Duel {
 public:
  Duel(const std::string& policy, std::uint64_t seed) : policy_(policy), random_(seed) {
    Profile profile;
    profile.plugins = {{"PrioritySort"},
                       {"NodeResourcesFit", random_.chance(0.3) ? 1 : 0},
                       {"GpuDevice"},
                       {policy, static_cast<std::int64_t>(1 + random_.below(3))},
                       {"DefaultBinder"}};
    for (int i = 0; i < 12; ++i) {
      const PodShape shape = random_shape(random_);
      typical_.push_back({shape, static_cast<std::int64_t>(1 + random_.below(20))});
      shapes_.push_back(shape);
    }
    profile.args["FGDScore"] = FgdArgs{typical_};
    profile.percentage_of_nodes_to_score = random_.chance(0.5) ? 100 : 50;
    profile.tie_break = static_cast<TieBreak>(random_.below(3));
    for (Side* side : {&fast_, &plain_}) {
      auto made = Framework::make(profile, built_in_plugins(), {env_, client_, side->cache});
      CHECK(made.ok());
      side->framework = std::move(*made);
    }
    plain_.placer.use_fast_path(false);
    const std::uint64_t nodes = 5 + random_.below(200);
    for (std::uint64_t i = 0; i < nodes; ++i) {
      const Ref<api::Node> node =
          gpu_node("n" + std::to_string(random_.below(1000)) + "-" + std::to_string(i),
                   static_cast<int>(8 + random_.below(90)), static_cast<int>(random_.below(9)),
                   kModels[random_.below(3)]);
      both([&](SchedulerCache& c) { c.add_node(node); });
    }
  }

  void step() {
    if (!pods_.empty() && random_.chance(0.2)) {
      const std::size_t at = random_.below(pods_.size());
      both([&](SchedulerCache& c) { c.remove_pod(pods_[at]); });
      pods_.erase(pods_.begin() + static_cast<std::ptrdiff_t>(at));
      return;
    }
    const PodShape& shape = shapes_[random_.below(shapes_.size())];
    const Ref<api::Pod> pod =
        gpu_pod("p" + std::to_string(names_++), static_cast<int>(shape.cpu_milli),
                shape.gpu_milli * shape.gpus);
    if (!shape.models.empty()) {
      api::set(pod->meta.annotations, kGpuSpecKey, shape.models[0].view());
    }
    const Placement a = fast_.placer.place(*fast_.framework, pod);
    const Placement b = plain_.placer.place(*plain_.framework, pod);
    ASSERT_EQ(a.kind, b.kind);
    ASSERT_EQ(a.node, b.node);
    ASSERT_EQ(a.score, b.score);
    ASSERT_EQ(a.feasible, b.feasible);
    if (a.kind != Placement::Kind::kPlaced) return;
    const DeviceMask devices = fast_.framework->devices_for(*pod, fast_.cache.node(a.node));
    ASSERT_EQ(devices, plain_.framework->devices_for(*pod, plain_.cache.node(b.node)));
    if (policy_ == "FGDScore" && shape.gpus > 0) check_devices(shape, a.node, devices);
    both([&](SchedulerCache& c) { c.assume(pod, a.node, devices); });
    pods_.push_back(pod->meta.uid);
    ++placed_;
  }
  int placed() const { return placed_; }

 private:
  template <class F>
  void both(F&& change) {
    change(fast_.cache);
    change(plain_.cache);
  }

  /// No other device is better, and none before it is as good, worked out from the start.
  void check_devices(const PodShape& shape, NodeSlot slot, DeviceMask devices) {
    const NodeInfo node = fast_.cache.node(slot);
    const Fragmentation fragmentation(typical_);
    const Symbol model = node.labels().get(Symbol(kGpuModelLabel));
    const std::int64_t cpu = node.allocatable(kCpu) - node.requested(kCpu);
    const std::int64_t before = fragmentation.amount(model, cpu, node.gpu()->free_milli);
    const auto score_of = [&](DeviceMask mask) {
      std::vector<std::int32_t> free = node.gpu()->free_milli;
      for (std::size_t d = 0; d < free.size(); ++d) {
        if (mask >> d & 1) free[d] -= shape.gpu_milli;
      }
      return fragmentation.score(before, fragmentation.amount(model, cpu - shape.cpu_milli, free));
    };
    if (shape.gpus > 1 || shape.gpu_milli == kGpuMilli) {
      ASSERT_EQ(devices, choose_devices(*node.gpu(), {shape.gpus, shape.gpu_milli}));
      return;
    }
    DeviceMask best = 0;
    for (std::size_t d = 0; d < node.gpu()->free_milli.size(); ++d) {
      if (node.gpu()->free_milli[d] < shape.gpu_milli) continue;
      const DeviceMask one = DeviceMask{1} << d;
      if (best == 0 || score_of(one) > score_of(best)) best = one;
    }
    ASSERT_EQ(devices, best);
  }

  const std::string policy_;
  sim::SimDriver driver_{Time{std::chrono::seconds(1)}};
  EventLoop loop_{driver_};
  Random seed_{1};
  Log log_;
  Metrics metrics_;
  Env env_{loop_, seed_, log_, metrics_};
  EchoClient client_{env_};
  RandomStream random_;
  Side fast_;
  Side plain_;
  std::vector<TypicalPod> typical_;
  std::vector<PodShape> shapes_;
  std::vector<Uid> pods_;
  int names_ = 0;
  int placed_ = 0;
};

TEST(FastAndPlainPath, MakeTheSameDecisionsWithPackingPolicies) {
  for (const char* policy : {"FGDScore", "BestFitScore", "DotProductScore", "GpuClusteringScore",
                             "GpuPackingScore", "RandomScore"}) {
    int placed = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
      SCOPED_TRACE(std::string(policy) + ", seed " + std::to_string(seed));
      Duel duel(policy, seed);
      for (int i = 0; i < 400 && !::testing::Test::HasFatalFailure(); ++i) duel.step();
      if (::testing::Test::HasFatalFailure()) return;
      placed += duel.placed();
    }
    EXPECT_GT(placed, 3000) << policy;
  }
}

}  // namespace
}  // namespace orrery::scheduler::test
