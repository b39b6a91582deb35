// The fast path (equivalence classes) and the plain one (every plugin on every node of the window)
// must agree on every decision: node, score, nodes looked at, feasible nodes, and the words of a
// failure.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/scheduler/placer.h"
#include "sim/clock/sim_driver.h"
#include "tests/core/scheduler/echo_client.h"
#include "tests/core/scheduler/random_cluster.h"

namespace orrery::scheduler::test {
namespace {

/// One scheduler's memory.
struct Side {
  SchedulerCache cache;
  RandomStream ties{42};
  Placer placer{cache, ties};
  std::unique_ptr<Framework> framework;
};

class Duel {
 public:
  explicit Duel(std::uint64_t seed) : random_(seed) {
    const Profile profile = random_profile(random_);
    for (Side* side : {&fast_, &plain_}) {
      auto made = Framework::make(profile, built_in_plugins(), {env_, client_, side->cache});
      CHECK(made.ok());
      side->framework = std::move(*made);
    }
    plain_.placer.use_fast_path(false);
    const std::uint64_t nodes =
        random_.chance(0.5) ? 3 + random_.below(60) : 100 + random_.below(300);
    for (std::uint64_t i = 0; i < nodes; ++i) add_node();
    for (int i = 0; i < 6; ++i) specs_.push_back(random_spec(random_));
  }

  void step() {
    const double dice = random_.unit();
    if (dice < 0.75) {
      place();
    } else if (dice < 0.78) {
      const Ref<const api::Service> service = random_service(random_);
      both([&](SchedulerCache& c) { c.on_object(Watched::kService, {}, service); });
    } else if (dice < 0.80) {
      nominate();
    } else if (dice < 0.90) {
      remove_pod();
    } else if (dice < 0.96) {
      const std::string name = nodes_[random_.below(nodes_.size())];
      const Ref<const api::Node> node = random_node(random_, name);
      both([&](SchedulerCache& c) { c.update_node(node); });
    } else if (dice < 0.98) {
      add_node();
    } else if (nodes_.size() > 2) {
      const std::size_t at = random_.below(nodes_.size());
      both([&](SchedulerCache& c) { c.remove_node(Symbol(nodes_[at])); });
      nodes_.erase(nodes_.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
  int placed() const { return placed_; }
  int refused() const { return refused_; }
  int fast_path() const { return fast_path_; }

 private:
  template <class F>
  void both(F&& change) {
    change(fast_.cache);
    change(plain_.cache);
  }
  void add_node() {
    const std::string name =
        "n" + std::to_string(random_.below(1'000'000)) + "-" + std::to_string(names_++);
    const Ref<const api::Node> node = random_node(random_, name);
    both([&](SchedulerCache& c) { c.add_node(node); });
    nodes_.push_back(name);
  }
  void place() {
    if (random_.chance(0.02)) specs_.push_back(random_spec(random_));
    const Ref<api::Pod> pod =
        make_pod("p" + std::to_string(names_++), specs_[random_.below(specs_.size())]);
    pod->meta.labels = random_labels(random_);
    if (random_.chance(0.2)) {
      const char* milli[] = {"300", "600", "1000"};
      api::set(pod->meta.annotations, kGpuMilliKey, milli[random_.below(3)]);
    }
    if (random_.chance(0.2)) api::set(pod->meta.annotations, kGpuSpecKey, "T4");
    const Placement a = fast_.placer.place(*fast_.framework, pod);
    const Placement b = plain_.placer.place(*plain_.framework, pod);
    fast_path_ += a.class_id != 0;
    ASSERT_EQ(a.kind, b.kind);
    ASSERT_EQ(a.node, b.node);
    ASSERT_EQ(a.score, b.score);
    ASSERT_EQ(a.evaluated, b.evaluated);
    ASSERT_EQ(a.feasible, b.feasible);
    ASSERT_EQ(fast_.placer.next_start(), plain_.placer.next_start());
    if (a.kind == Placement::Kind::kUnschedulable) {
      ++refused_;
      ASSERT_EQ(fit_error_text(*a.diagnosis), fit_error_text(*b.diagnosis));
      ASSERT_EQ(a.diagnosis->plugins, b.diagnosis->plugins);
      ASSERT_EQ(sorted(a.removable), sorted(b.removable));
      return;
    }
    ++placed_;
    both([&](SchedulerCache& c) { c.assume(pod, a.node); });
    pods_.push_back(pod->meta.uid);
  }
  /// A pod waits for room on a node, or no longer does.
  void nominate() {
    const Ref<api::Pod> pod =
        make_pod("waits" + std::to_string(random_.below(5)), specs_[random_.below(specs_.size())]);
    pod->meta.labels = random_labels(random_);
    const Symbol node(nodes_[random_.below(nodes_.size())]);
    const bool forget = random_.chance(0.4);
    both([&](SchedulerCache& c) {
      forget ? c.forget_nomination(pod->meta.uid) : c.nominate(pod, node);
    });
  }
  static std::vector<NodeSlot> sorted(std::vector<NodeSlot> slots) {
    std::sort(slots.begin(), slots.end());
    return slots;
  }
  void remove_pod() {
    if (pods_.empty()) return;
    const std::size_t at = random_.below(pods_.size());
    both([&](SchedulerCache& c) { c.remove_pod(pods_[at]); });
    pods_.erase(pods_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  sim::SimDriver driver_{Time{1s}};
  EventLoop loop_{driver_};
  Random unused_{1};
  Log log_;
  Metrics metrics_;
  Env env_{loop_, unused_, log_, metrics_};
  EchoClient client_{env_};
  RandomStream random_;
  Side fast_;
  Side plain_;
  std::vector<api::Shared<api::PodSpec>> specs_;
  std::vector<std::string> nodes_;
  std::vector<Uid> pods_;
  int names_ = 0;
  int placed_ = 0;
  int refused_ = 0;
  int fast_path_ = 0;
};

TEST(FastAndPlainPath, MakeTheSameDecisionsOnRandomClusters) {
  int placed = 0, refused = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Duel duel(seed);
    for (int i = 0; i < 300 && !::testing::Test::HasFatalFailure(); ++i) duel.step();
    if (::testing::Test::HasFatalFailure()) return;
    EXPECT_GT(duel.fast_path(), (duel.placed() + duel.refused()) * 9 / 10);
    placed += duel.placed();
    refused += duel.refused();
  }
  std::cout << placed << " placed, " << refused << " refused\n";
  EXPECT_GT(placed, 20000);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace orrery::scheduler::test
