// What preemption relies on, on random clusters: a NodeTrial leaves no trace and shows plugins what
// a real change would show; DryRun's memory never changes its answer.
#include <gtest/gtest.h>

#include <iostream>

#include "core/scheduler/cache_trial.h"
#include "core/scheduler/preemption/dry_run.h"
#include "sim/clock/sim_driver.h"
#include "tests/core/scheduler/echo_client.h"
#include "tests/core/scheduler/random_cluster.h"

namespace orrery::scheduler::test {
namespace {

class Cluster {
 public:
  explicit Cluster(std::uint64_t seed, bool node_local_only) : random(seed) {
    auto made = Framework::make(default_profile(), built_in_plugins(), {env_, client_, cache});
    CHECK(made.ok());
    framework = std::move(*made);
    const std::uint64_t nodes = 2 + random.below(8);
    for (std::uint64_t i = 0; i < nodes; ++i) {
      nodes_.push_back("n" + std::to_string(i));
      cache.add_node(random_node(random, nodes_.back()));
    }
    cache.refresh_order();
    for (int i = 0; i < 6; ++i) {
      api::Shared<api::PodSpec> spec = random_spec(random);
      if (node_local_only) {
        api::PodSpec local = *spec;
        local.affinity = {};
        local.topology_spread_constraints = {};
        spec = api::Shared<api::PodSpec>(std::move(local));
      }
      specs_.push_back(spec);
    }
    for (int i = 0; i < 40; ++i) add_pod();
  }

  Ref<api::Pod> new_pod() {
    const Ref<api::Pod> pod =
        make_pod("p" + std::to_string(names_++), specs_[random.below(specs_.size())]);
    api::Labels labels = *random_labels(random);
    if (random.chance(0.2)) labels.set(Symbol("scheduling.x-k8s.io/pod-group"), Symbol("g"));
    pod->meta.labels = std::move(labels);
    if (random.chance(0.3)) {
      const char* milli[] = {"300", "600", "1000"};
      api::set(pod->meta.annotations, kGpuMilliKey, milli[random.below(3)]);
    }
    if (random.chance(0.5)) pod->status.start_time = Time{std::chrono::seconds(random.below(5))};
    return pod;
  }
  /// Puts a pod on a node where it need not fit.
  void add_pod() {
    pods_.push_back(on_node(new_pod(), some_node()));
    cache.add_pod(pods_.back());
  }
  void change() {
    const double dice = random.unit();
    if (dice < 0.3) {
      add_pod();
    } else if (dice < 0.5 && !pods_.empty()) {
      const std::size_t at = random.below(pods_.size());
      cache.remove_pod(pods_[at]->meta.uid);
      pods_.erase(pods_.begin() + static_cast<std::ptrdiff_t>(at));
    } else if (dice < 0.65 && !pods_.empty()) {  // it starts, or begins to end
      Ref<const api::Pod>& pod = pods_[random.below(pods_.size())];
      Ref<api::Pod> changed = copy_of(pod);
      changed->status.start_time = Time{std::chrono::seconds(random.below(5))};
      if (random.chance(0.1)) changed->meta.deletion_timestamp = Time{1s};
      pod = changed;
      cache.add_pod(pod);
    } else if (dice < 0.75) {
      cache.update_node(random_node(random, some_node()));
    } else if (dice < 0.9) {
      const Ref<api::Pod> waits = new_pod();
      waits->meta.uid = Uid::parse("waits" + std::to_string(random.below(4)));
      cache.nominate(waits, Symbol(some_node()));
    } else {
      cache.forget_nomination(Uid::parse("waits" + std::to_string(random.below(4))));
    }
    cache.refresh_order();
  }
  std::string some_node() { return nodes_[random.below(nodes_.size())]; }

  /// Everything that the cache holds by node, and what all plugins make of it for `probes`.
  std::string text(const std::vector<Ref<api::Pod>>& probes) {
    const GangKey gang{Symbol("default"), Symbol("g")};
    std::string out = "gang " + std::to_string(cache.gangs().placed(gang));
    out += " groups " + std::to_string(cache.pod_groups().group_count());
    for (const NodeSlot slot : cache.order()) append_row(out, slot);
    for (const Ref<api::Pod>& probe : probes) append_verdicts(out, *probe);
    return out;
  }
  std::string verdict(const CycleState& state, const api::Pod& pod, NodeSlot slot) const {
    const Verdict v = framework->run_filter(state, pod, cache.node(slot));
    std::string out = std::to_string(static_cast<int>(v.code)) + "/" + std::to_string(v.plugin);
    for (const Symbol reason : v.reasons) out += ";" + reason.str();
    return out;
  }
  /// Not ok: no node may take the pod.
  bool prepare(CycleState& state, const api::Pod& pod) const {
    NodeNames names;
    std::uint64_t narrowed_by = 0;
    return framework->run_pre_filter(state, pod, names, narrowed_by).ok();
  }

  SchedulerCache cache;
  RandomStream random;
  std::unique_ptr<Framework> framework;

 private:
  void append_row(std::string& out, NodeSlot slot) const {
    const NodeRow& row = cache.table().row(slot);
    out += "\n" + row.name.str();
    for (std::size_t i = 0; i < row.pods.size(); ++i) {
      const PodRecord& record = cache.pods()[row.pods[i]];
      EXPECT_EQ(record.position, i);
      EXPECT_EQ(record.node, slot);
      out += " " + record.pod->meta.uid.str();
    }
    for (const HostPort& port : row.ports) out += " :" + std::to_string(port.port);
    for (ResourceIndex r = 0; r < 8; ++r) {  // all that the random pods ask for
      out += " " + std::to_string(cache.table().requested(r, slot));
    }
    out += " " + std::to_string(cache.table().nonzero_cpu(slot));
    out += " " + std::to_string(cache.table().nonzero_memory(slot));
    out += " nominated " + std::to_string(row.nominated.size());
    if (!row.gpu) return;
    for (const std::int32_t free : row.gpu->free_milli) out += " gpu " + std::to_string(free);
    for (const GpuNode::Share& s : row.gpu->shares) {
      out += " " + std::to_string(s.pod) + "x" + std::to_string(s.milli) + "@" +
             std::to_string(s.devices);
    }
  }
  void append_verdicts(std::string& out, const api::Pod& probe) const {
    CycleState state;
    out += "\n" + probe.meta.name.str();
    if (!prepare(state, probe)) return;
    for (const NodeSlot slot : cache.order()) out += " " + verdict(state, probe, slot);
    if (!framework->run_pre_score(state, probe, cache.order()).ok()) return;
    std::vector<std::int64_t> totals;
    framework->run_score(state, probe, cache, cache.order(), totals);
    for (const std::int64_t total : totals) out += " " + std::to_string(total);
  }

  sim::SimDriver driver_{Time{1s}};
  EventLoop loop_{driver_};
  Random unused_{1};
  Log log_;
  Metrics metrics_;
  Env env_{loop_, unused_, log_, metrics_};
  EchoClient client_{env_};
  std::vector<api::Shared<api::PodSpec>> specs_;
  std::vector<std::string> nodes_;
  std::vector<Ref<const api::Pod>> pods_;
  int names_ = 0;
};

TEST(NodeTrial, LeavesTheCacheAsItWas) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Cluster c(seed, false);
    std::vector<Ref<api::Pod>> probes;
    for (int i = 0; i < 4; ++i) probes.push_back(c.new_pod());
    for (int round = 0; round < 10; ++round) {
      c.change();
      const std::string before = c.text(probes);
      {
        NodeTrial trial(c.cache, c.cache.find_node(Symbol(c.some_node())));
        const std::vector<std::uint32_t> pods = trial.pods();
        for (const std::uint32_t number : pods) {
          if (c.random.chance(0.7)) trial.remove(number);
          else continue;
          if (c.random.chance(0.4)) trial.restore(number);
        }
        for (std::uint64_t i = c.random.below(3); i > 0; --i) trial.add(c.new_pod());
        NodeTrial inner(c.cache, c.cache.find_node(Symbol(c.some_node())));
        inner.add(c.new_pod());
      }
      ASSERT_EQ(c.text(probes), before);
    }
  }
}

TEST(NodeTrial, ShowsPluginsWhatARealRemovalWouldShow) {
  int differences_made = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Cluster c(seed, false);
    for (int round = 0; round < 10; ++round) {
      c.change();
      const Ref<api::Pod> probe = c.new_pod();
      const NodeSlot slot = c.cache.find_node(Symbol(c.some_node()));
      CycleState state;
      if (!c.prepare(state, *probe)) continue;
      const std::string as_it_is = c.verdict(state, *probe, slot);
      std::vector<Ref<const api::Pod>> gone;
      std::string on_trial;
      {
        NodeTrial trial(c.cache, slot);
        const std::vector<std::uint32_t> pods = trial.pods();
        for (const std::uint32_t number : pods) {
          if (c.random.chance(0.4)) continue;
          gone.push_back(c.cache.pods()[number].pod);
          trial.remove(number);
        }
        on_trial = c.verdict(state, *probe, slot);
      }
      for (const auto& pod : gone) c.cache.remove_pod(pod->meta.uid);
      CycleState fresh;
      ASSERT_TRUE(c.prepare(fresh, *probe));
      ASSERT_EQ(on_trial, c.verdict(fresh, *probe, slot));
      differences_made += on_trial != as_it_is;
      for (const auto& pod : gone) c.cache.add_pod(pod);
    }
  }
  EXPECT_GT(differences_made, 50);
}

std::string text_of(const SchedulerCache& cache, const DryRunResult& result) {
  std::string out;
  for (const Candidate& candidate : result.candidates) {
    out += cache.node(candidate.node).name().str() + ":";
    for (const std::uint32_t n : candidate.victims) {
      out += " " + cache.pods()[n].pod->meta.uid.str();
    }
    out += " " + std::to_string(candidate.highest_priority) + " " +
           std::to_string(candidate.priority_sum) + " " +
           std::to_string(candidate.earliest_start.time_since_epoch().count()) + "\n";
  }
  for (const auto& [slot, verdict] : result.others) {
    out += cache.node(slot).name().str();
    for (const Symbol reason : verdict.reasons) out += ";" + reason.str();
    out += "\n";
  }
  return out;
}

TEST(DryRun, AnswersFromMemoryWhatItWouldAnswerAnew) {
  std::size_t candidates = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Cluster c(seed, seed % 3 != 0);
    DryRun remembers(c.cache);
    Ref<api::Pod> pod = c.new_pod();
    for (int round = 0; round < 60; ++round) {
      c.change();
      if (c.random.chance(0.7)) pod = c.new_pod();
      if (c.random.chance(0.2)) pod->meta.uid = Uid::parse("waits1");
      const std::vector<NodeSlot> nodes = c.cache.order();
      const std::size_t offset = c.random.below(nodes.size());
      DryRun fresh(c.cache);
      const DryRunResult expected = fresh.run(*c.framework, pod, nodes, offset, nodes.size());
      candidates += expected.candidates.size();
      const DryRunResult result = remembers.run(*c.framework, pod, nodes, offset, nodes.size());
      ASSERT_EQ(text_of(c.cache, result), text_of(c.cache, expected)) << round;
    }
  }
  std::cout << candidates << " candidates\n";
  EXPECT_GT(candidates, 500u);
}

}  // namespace
}  // namespace orrery::scheduler::test
