// explain_decision must tell what the Placer then does, integer by integer, and change nothing: a
// cluster that is explained all the time goes the way of its twin that never is.
#include "core/scheduler/explain.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/scheduler/plugins/default_preemption.h"
#include "core/scheduler/scheduler.h"
#include "sim/clock/sim_driver.h"
#include "tests/core/scheduler/echo_client.h"
#include "tests/core/scheduler/random_cluster.h"

namespace orrery::scheduler::test {
namespace {

struct World {
  sim::SimDriver driver{Time{std::chrono::seconds(1'767'225'600)}};
  EventLoop loop{driver};
  Random random{1};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  EchoClient client{env};
};

/// One cluster and what schedules on it.
struct Side {
  World world;
  SchedulerCache cache;
  RandomStream ties{42};
  Placer placer{cache, ties};
  std::unique_ptr<Framework> framework;

  explicit Side(const Profile& profile) {
    auto made = Framework::make(profile, built_in_plugins(), {world.env, world.client, cache});
    CHECK(made.ok());
    framework = std::move(*made);
  }
  DefaultPreemption& preemption() {
    return dynamic_cast<DefaultPreemption&>(
        framework->plugin(framework->find("DefaultPreemption")));
  }
  Explanation explained(const Ref<const api::Pod>& pod) {
    return explain_decision(*framework, cache, pod, {placer.next_start(), placer.tie_break()});
  }
};

/// What scheduling is about, as the explanation tells it.
void expect_equal(const Explanation& told, const Placement& done, const SchedulerCache& cache) {
  ASSERT_EQ(told.outcome, done.kind);
  ASSERT_EQ(told.score, done.score);
  ASSERT_EQ(told.window.looked_at, done.evaluated);
  ASSERT_EQ(told.window.feasible, done.feasible);
  ASSERT_EQ(told.nodes.size(), cache.node_count());
  ASSERT_EQ(std::count_if(told.nodes.begin(), told.nodes.end(),
                          [](const Explanation::Node& n) { return n.looked_at; }),
            done.evaluated);
  if (done.kind != Placement::Kind::kPlaced) {
    const std::string text = fit_error_text(*done.diagnosis);
    ASSERT_EQ(told.fit_error.substr(0, text.size()), text);
    return;
  }
  ASSERT_TRUE(told.chosen);
  ASSERT_EQ(told.nodes[*told.chosen].name, cache.node(done.node).name());
  ASSERT_NE(std::find(told.ties.begin(), told.ties.end(), *told.chosen), told.ties.end());
  for (std::size_t i = 0; i < told.feasible.size(); ++i) {
    std::int64_t total = 0;
    for (const Explanation::Plugin& plugin : told.scores) total += plugin.weighted(i);
    ASSERT_EQ(told.nodes[told.feasible[i]].total, total);
    ASSERT_LE(total, std::max<std::int64_t>(told.score, 0));
  }
}

class Twins {
 public:
  explicit Twins(std::uint64_t seed)
      : random_(seed), profile_(random_profile(random_)), told_(profile_), silent_(profile_) {
    const std::uint64_t nodes =
        random_.chance(0.5) ? 3 + random_.below(40) : 100 + random_.below(200);
    for (std::uint64_t i = 0; i < nodes; ++i) {
      const std::string name = "n" + std::to_string(i);
      const Ref<const api::Node> node = random_node(random_, name);
      both([&](SchedulerCache& c) { c.add_node(node); });
      nodes_.push_back(name);
    }
    for (int i = 0; i < 6; ++i) specs_.push_back(random_spec(random_));
  }

  void step() {
    const double dice = random_.unit();
    if (dice < 0.8) return place();
    if (dice < 0.85) return nominate();
    if (dice < 0.95) return explain_a_placed_pod();
    const Ref<const api::Node> node = random_node(random_, nodes_[random_.below(nodes_.size())]);
    both([&](SchedulerCache& c) { c.update_node(node); });
  }
  int placed = 0, refused = 0, preempting = 0, tied = 0, narrowed = 0, waiting = 0;

 private:
  template <class F>
  void both(F&& change) {
    change(told_.cache);
    change(silent_.cache);
  }
  Ref<api::Pod> next_pod() {
    const Ref<api::Pod> pod =
        make_pod("p" + std::to_string(names_++), specs_[random_.below(specs_.size())]);
    pod->meta.labels = random_labels(random_);
    return pod;
  }

  void place() {
    if (random_.chance(0.02)) specs_.push_back(random_spec(random_));
    const Ref<api::Pod> pod = next_pod();
    if (random_.chance(0.05)) {
      pod->status.nominated_node_name = Symbol(nodes_[random_.below(nodes_.size())]);
    }
    const Explanation e = told_.explained(pod);
    const Placement done = told_.placer.place(*told_.framework, pod);
    const Placement twin = silent_.placer.place(*silent_.framework, pod);
    ASSERT_EQ(done.node, twin.node);
    ASSERT_EQ(done.score, twin.score);
    ASSERT_NO_FATAL_FAILURE(expect_equal(e, done, told_.cache));
    tied += e.ties.size() > 1;
    narrowed += e.window.looked_at < e.window.nodes;
    waiting += e.by_nomination;
    if (done.kind != Placement::Kind::kPlaced) return expect_preemption(pod, e, done, twin);
    ++placed;
    both([&](SchedulerCache& c) { c.assume(pod, done.node); });
    pod->status.nominated_node_name = Symbol();
    pods_.push_back(pod);
  }

  void expect_preemption(const Ref<const api::Pod>& pod, const Explanation& e,
                         const Placement& done, const Placement& twin) {
    ++refused;
    const FailedCycle cycle{*told_.framework, done.removable, done.diagnosis->nodes_total};
    const FailedCycle same{*silent_.framework, twin.removable, twin.diagnosis->nodes_total};
    const DefaultPreemption::Decision decision = told_.preemption().decide(pod, cycle);
    const DefaultPreemption::Decision other = silent_.preemption().decide(pod, same);
    ASSERT_TRUE(e.preemption);
    ASSERT_EQ(e.preemption->chosen.has_value(), decision.verdict.ok());
    ASSERT_EQ(e.preemption->candidates.size(), decision.dry_run.candidates.size());
    ASSERT_EQ(e.preemption->others.size(), decision.dry_run.others.size());
    ASSERT_EQ(other.chosen, decision.chosen);
    for (std::size_t i = 0; i < decision.dry_run.candidates.size(); ++i) {
      const Candidate& theirs = decision.dry_run.candidates[i];
      const PreemptionPlan::Candidate& ours = e.preemption->candidates[i];
      ASSERT_EQ(ours.node, told_.cache.node(theirs.node).name());
      ASSERT_EQ(ours.victims.size(), theirs.victims.size());
      ASSERT_EQ(ours.priority_sum, theirs.priority_sum);
      for (std::size_t v = 0; v < theirs.victims.size(); ++v) {
        ASSERT_EQ(ours.victims[v].pod, api::key_of(*told_.cache.pods()[theirs.victims[v]].pod));
      }
    }
    if (!decision.verdict.ok()) {
      ASSERT_NE(e.fit_error.find(message_of(decision.verdict)), std::string::npos);
      return;
    }
    ++preempting;
    ASSERT_EQ(*e.preemption->chosen, decision.chosen);
    ASSERT_EQ(e.fit_error, fit_error_text(*done.diagnosis));
  }

  void nominate() {
    const Ref<const api::Pod> pod = make_pod("waits" + std::to_string(random_.below(5)),
                                             specs_[random_.below(specs_.size())]);
    const Symbol node(nodes_[random_.below(nodes_.size())]);
    const bool forget = random_.chance(0.4);
    both([&](SchedulerCache& c) {
      forget ? c.forget_nomination(pod->meta.uid) : c.nominate(pod, node);
    });
  }

  /// Without its own request, as on a twin where it has been taken away for real.
  void explain_a_placed_pod() {
    if (pods_.empty()) return;
    const std::size_t at = random_.below(pods_.size());
    const Ref<const api::Pod> pod = pods_[at];
    const Explanation before = told_.explained(pod);
    pods_.erase(pods_.begin() + static_cast<std::ptrdiff_t>(at));
    both([&](SchedulerCache& c) { c.remove_pod(pod->meta.uid); });
    const Explanation after = told_.explained(pod);
    ASSERT_EQ(before.outcome, after.outcome);
    ASSERT_EQ(before.chosen, after.chosen);
    ASSERT_EQ(before.fit_error, after.fit_error);
    ASSERT_EQ(before.feasible, after.feasible);
    for (std::size_t i = 0; i < before.nodes.size(); ++i) {
      ASSERT_EQ(before.nodes[i].verdict, after.nodes[i].verdict);
      ASSERT_EQ(before.nodes[i].total, after.nodes[i].total);
    }
  }

  RandomStream random_;
  Profile profile_;
  Side told_;
  Side silent_;
  std::vector<api::Shared<api::PodSpec>> specs_;
  std::vector<std::string> nodes_;
  std::vector<Ref<const api::Pod>> pods_;
  int names_ = 0;
};

TEST(ExplainDecision, TellsWhatThePlacerDoesOnRandomClustersAndChangesNothing) {
  int placed = 0, refused = 0, preempting = 0, tied = 0, narrowed = 0, waiting = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Twins twins(seed);
    for (int i = 0; i < 150 && !::testing::Test::HasFatalFailure(); ++i) twins.step();
    if (::testing::Test::HasFatalFailure()) return;
    placed += twins.placed;
    refused += twins.refused;
    preempting += twins.preempting;
    tied += twins.tied;
    narrowed += twins.narrowed;
    waiting += twins.waiting;
  }
  std::cout << placed << " placed (" << tied << " with ties, " << narrowed << " by a window, "
            << waiting << " where they waited), " << refused << " refused (" << preempting
            << " preempt)\n";
  EXPECT_GT(placed, 2000);
  EXPECT_GT(refused, 200);
  EXPECT_GT(preempting, 50);
  EXPECT_GT(tied, 100);
  EXPECT_GT(narrowed, 100);
  EXPECT_GT(waiting, 20);
}

TEST(ExplainDecision, NamesEveryFilterThatTurnsANodeDownTheFirstFirst) {
  Side side(default_profile());
  Ref<api::Node> node = make_node("a");
  add_taint(node, "x", "NoSchedule");
  side.cache.add_node(node);
  const Explanation e = side.explained(make_pod("p", {{"cpu", "5"}}));
  ASSERT_EQ(e.nodes.size(), 1u);
  EXPECT_EQ(e.nodes[0].plugin, "TaintToleration");
  ASSERT_EQ(e.nodes[0].rejections.size(), 2u);
  EXPECT_EQ(e.nodes[0].rejections[0].plugin, "TaintToleration");
  EXPECT_EQ(e.nodes[0].rejections[1].plugin, "NodeResourcesFit");
  EXPECT_EQ(message_of(e.nodes[0].rejections[1].verdict), "Insufficient cpu");
}

TEST(ExplainDecision, LooksAtAHundredOfAHundredAndFiftyNodes) {
  Side side(default_profile());
  for (int i = 0; i < 150; ++i) side.cache.add_node(make_node("n" + std::to_string(i)));
  const Explanation e = side.explained(make_pod("p", {{"cpu", "1"}}));
  EXPECT_EQ(e.window.nodes, 150);
  EXPECT_EQ(e.window.wanted, 100);
  EXPECT_EQ(e.window.looked_at, 100);
  EXPECT_EQ(e.ties.size(), 100u);
  EXPECT_FALSE(e.nodes[149].looked_at);
  EXPECT_TRUE(e.nodes[149].verdict.ok());
}

TEST(ExplainDecision, DoesNotScoreTheOnlyNodeThatFits) {
  Side side(default_profile());
  side.cache.add_node(make_node("a"));
  const Explanation e = side.explained(make_pod("p", {{"cpu", "1"}}));
  EXPECT_EQ(e.outcome, Placement::Kind::kPlaced);
  EXPECT_EQ(e.score, -1);
  EXPECT_TRUE(e.scores.empty());
}

/// Keeps what it is told, and what the scheduler says it will do.
struct Diary final : DecisionObserver {
  Scheduler* scheduler = nullptr;
  std::vector<std::string> lines;
  std::optional<Explanation> told;
  void before_decision(const QueuedPod& queued) override {
    told = *scheduler->explain_pod(queued.pod);
    lines.push_back("before " + queued.pod->meta.name.str() + " " +
                    std::to_string(queued.attempts));
  }
  void after_decision(const QueuedPod&, const Placement& placement) override {
    expect_equal(*told, placement, scheduler->cache());
    lines.push_back(placement.kind == Placement::Kind::kPlaced ? "placed" : "turned down");
  }
};

TEST(DecisionObserver, HearsOfEachAttemptBeforeAndAfterTheDecision) {
  World w;
  Informers informers(w.env, w.client);
  EventRecorder recorder(w.env, w.client, Symbol("default-scheduler"));
  Diary diary;
  SchedulerConfig config;
  config.decision_observer = &diary;
  Scheduler scheduler(w.env, w.client, informers, recorder, std::move(config));
  diary.scheduler = &scheduler;
  ASSERT_TRUE(scheduler.start().ok());
  informers.start();
  w.client.put(make_node("small", {{"cpu", "500m"}, {"memory", "8Gi"}, {"pods", "9"}}));
  w.client.put(make_pod("p", {{"cpu", "1"}}));
  w.loop.run(w.loop.now() + 5s);
  w.client.put(make_node("a"));
  w.loop.run(w.loop.now() + 5s);
  EXPECT_EQ(diary.lines, (std::vector<std::string>{"before p 1", "turned down", "before p 2",
                                                   "placed"}));
}

}  // namespace
}  // namespace orrery::scheduler::test
