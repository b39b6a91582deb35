// The counts that cluster-wide plugins read must always be what counting from scratch would give,
// whatever came, went or changed.
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "core/base/random.h"
#include "core/scheduler/cache.h"
#include "tests/core/scheduler/affinity_builders.h"

namespace orrery::scheduler::test {
namespace {

std::string pick(RandomStream& r, const std::vector<std::string>& from) {
  return from[r.below(from.size())];
}

TEST(SlotCounts, HoldWhatWasAddedSparseOrDense) {
  for (const std::size_t slots : {10u, 300u, 5000u}) {
    RandomStream r(slots);
    SlotCounts counts;
    std::map<NodeSlot, std::int32_t> wanted;
    std::int64_t total = 0;
    for (int i = 0; i < 8000; ++i) {
      const auto slot = static_cast<NodeSlot>(r.below(i < 2000 ? slots / 10 : slots));
      std::int32_t& mine = wanted[slot];
      const bool takes = mine > 0 && r.chance(0.6);
      const std::int32_t delta = takes ? -mine : 1;
      mine += delta;
      total += delta;
      ASSERT_EQ(counts.add(slot, delta), mine);
      if (i % 97 != 0) continue;
      for (std::size_t s = 0; s < slots; ++s) {
        const auto at = static_cast<NodeSlot>(s);
        ASSERT_EQ(counts.get(at), wanted.contains(at) ? wanted[at] : 0);
      }
    }
    EXPECT_EQ(counts.get(1'000'000), 0);
    EXPECT_EQ(counts.total(), total);
    std::int64_t seen = 0;
    counts.for_each([&](NodeSlot slot, std::int32_t count) {
      seen += count;
      EXPECT_EQ(count, wanted[slot]);
    });
    EXPECT_EQ(seen, total);
  }
}

/// A cache under random changes, and what is asked of it.
class RandomWorld {
 public:
  explicit RandomWorld(std::uint64_t seed) : random_(seed) {
    for (int i = 0; i < 8; ++i) change_node(i, true);
  }

  void step() {
    const std::uint64_t kind = random_.below(20);
    if (kind < 12) return change_pod();
    if (kind < 15) return change_node(static_cast<int>(random_.below(12)), random_.chance(0.8));
    if (kind < 16) return change_namespace();
    if (kind < 18 || asked_.size() < 3) return ask();
    asked_.erase(asked_.begin() + static_cast<long>(random_.below(asked_.size())));
  }

  void check() {
    for (const Asked& asked : asked_) check(asked);
    check_terms();
  }
  void finish() {
    asked_.clear();
    EXPECT_EQ(cache_.pod_groups().query_count(), 0u);
    EXPECT_EQ(cache_.pod_groups().tally_count(), 0u);
    EXPECT_EQ(cache_.pod_groups().coverage_count(), 0u);
  }

 private:
  struct Asked {
    PodQuery what;
    Symbol key;
    NodeFilter filter;
    PodGroups::QueryRef query;
    PodGroups::TallyRef tally;
  };
  using Domains = std::map<std::string, std::int64_t>;

  void change_node(int number, bool stays) {
    const std::string name = "n" + std::to_string(number);
    if (!stays) return cache_.remove_node(Symbol(name));
    Ref<api::Node> node = make_node(name);
    if (random_.chance(0.8)) set_label(node, "zone", "z" + std::to_string(random_.below(4)));
    if (random_.chance(0.7)) set_label(node, "disk", pick(random_, {"ssd", "hdd"}));
    if (random_.chance(0.2)) add_taint(node, "hard", "NoSchedule");
    cache_.update_node(node);
  }

  Ref<api::Pod> random_pod(const std::string& name, const std::string& ns) {
    Pairs labels{{"app", pick(random_, {"a", "b", "c"})}};
    if (random_.chance(0.5)) labels.emplace_back("tier", pick(random_, {"x", "y"}));
    Wishes wishes;
    if (random_.chance(0.2)) wishes.affinity = {near(pick(random_, {"a", "b"}), "zone")};
    if (random_.chance(0.2)) wishes.preferred_anti = {{5, near("a", "zone")}};
    if (random_.chance(0.1)) {
      api::PodAffinityTerm everywhere = near("c", "kubernetes.io/hostname");
      everywhere.namespace_selector = select({{"team", "red"}});
      wishes.anti_affinity = {everywhere};
    }
    Ref<api::Pod> pod = make_pod(name, labels, wishes, ns);
    if (random_.chance(0.1)) pod->meta.deletion_timestamp = Time{std::chrono::seconds(1)};
    return pod;
  }

  void change_pod() {
    const std::uint64_t number = random_.below(40);
    const std::string name = "p" + std::to_string(number);
    Ref<api::Pod> pod = random_pod(name, number % 2 ? "one" : "two");
    const Uid uid = pod->meta.uid;
    if (!cache_.knows_pod(uid)) {
      cache_.add_pod(on_node(pod, "n" + std::to_string(random_.below(12))));
    } else if (random_.chance(0.5)) {
      cache_.remove_pod(uid);
    } else {
      cache_.update_pod(on_node(pod, cache_.node_of(uid).str()));
    }
  }

  void change_namespace() {
    const std::string name = pick(random_, {"one", "two"});
    auto ns = make_ref<api::Dynamic>(api::KindId::kNamespace);
    ns->meta.name = Text(name);
    ns->meta.labels = make_labels({{"team", pick(random_, {"red", "blue"})}});
    api::ObjectRef& known = namespaces_[name];
    const api::ObjectRef now = random_.chance(0.8) ? api::ObjectRef(ns) : api::ObjectRef();
    if (!known && !now) return;
    cache_.on_object(Watched::kNamespace, known, now);
    known = now;
  }

  void ask() {
    Asked asked;
    if (random_.chance(0.7)) asked.what.namespaces = {Symbol(pick(random_, {"one", "two"}))};
    if (random_.chance(0.3)) asked.what.namespace_selector = selector_of(select({{"team", "red"}}));
    if (random_.chance(0.8)) {
      asked.what.selectors = {selector_of(select({{"app", pick(random_, {"a", "b"})}}))};
    }
    asked.what.skips_terminating = random_.chance(0.5);
    asked.key = Symbol(pick(random_, {"zone", "kubernetes.io/hostname"}));
    std::string identity;
    if (random_.chance(0.5)) {
      identity = "ssd without taints";
      asked.filter = [](const api::Node& node) {
        return node.meta.labels.get(Symbol("disk")) == "ssd" && node.spec.taints.empty();
      };
    }
    PodGroups& groups = cache_.pod_groups();
    asked.query = groups.query(asked.what);
    asked.tally =
        groups.tally(asked.query, cache_.topology_keys().of(asked.key), asked.filter, identity);
    if (random_.chance(0.5)) asked.query = nullptr;  // the tally must keep it
    asked_.push_back(std::move(asked));
  }

  std::int64_t matching(const PodQuery& what, NodeSlot slot) const {
    std::int64_t count = 0;
    cache_.node(slot).for_each_pod([&](const api::Pod& pod) {
      const auto ns = namespaces_.find(pod.meta.namespace_.str());
      const bool known = ns != namespaces_.end() && ns->second;
      count += what.matches(pod.meta.namespace_, known ? &*ns->second->meta.labels : nullptr,
                            *pod.meta.labels, pod.meta.is_being_deleted());
    });
    return count;
  }

  std::optional<std::string> domain(NodeSlot slot, Symbol key) const {
    const NodeRow& row = cache_.table().row(slot);
    if (!row.in_use || !row.node || !row.node->meta.labels.has(key)) return std::nullopt;
    return row.node->meta.labels.get(key).str();
  }
  template <class F>
  void for_each_slot(F&& visit) const {
    for (std::size_t s = 0; s < cache_.table().slots(); ++s) visit(static_cast<NodeSlot>(s));
  }

  void check(const Asked& asked) {
    Domains sums;
    for_each_slot([&](NodeSlot slot) {
      const auto value = domain(slot, asked.key);
      const bool covered = value && (!asked.filter || asked.filter(*cache_.table().row(slot).node));
      ASSERT_EQ(asked.tally->covers(slot), covered);
      if (covered) sums[*value] += matching(asked.what, slot);
      if (asked.query) {
        ASSERT_EQ(asked.query->counts.get(slot), matching(asked.what, slot));
      }
    });
    Domains ours;
    const TopologyKeys& keys = cache_.topology_keys();
    for (std::size_t d = 0; d < keys.domain_count(asked.tally->key()); ++d) {
      const auto at = static_cast<Domain>(d);
      if (!asked.tally->has_domain(at)) continue;
      ours[keys.value(asked.tally->key(), at).str()] = asked.tally->in(at);
    }
    ASSERT_EQ(ours, sums);
    std::int64_t total = 0, least = sums.empty() ? 0 : sums.begin()->second;
    for (const auto& [value, pods] : sums) {
      total += pods;
      least = std::min(least, pods);
    }
    ASSERT_EQ(asked.tally->domains(), sums.size());
    ASSERT_EQ(asked.tally->total(), total);
    ASSERT_EQ(asked.tally->least(), least);
    for_each_slot([&](NodeSlot slot) {
      const auto value = domain(slot, asked.key);
      ASSERT_EQ(asked.tally->at(slot), value && sums.contains(*value) ? sums[*value] : 0);
    });
  }

  /// What each term says, as text, with the pods that carry it by domain.
  void check_terms() {
    const Ref<api::Pod> probe = random_pod("probe", pick(random_, {"one", "two"}));
    std::map<std::string, Domains> ours, wanted;
    TopologyKeys& keys = cache_.topology_keys();
    cache_.carried_terms().for_each_matching(*probe, [&](const CarriedTerm& term) {
      const KeyId key = term.tally->key();
      Domains& domains = ours[name_of(term.kind, term.weight, keys.name(key), term.what)];
      for (std::size_t d = 0; d < keys.domain_count(key); ++d) {
        const auto at = static_cast<Domain>(d);
        if (const auto n = term.tally->in(at)) domains[keys.value(key, at).str()] = n;
      }
    });
    for_each_slot([&](NodeSlot slot) {
      cache_.node(slot).for_each_pod(
          [&](const api::Pod& pod) { count_terms(pod, slot, *probe, wanted); });
    });
    ASSERT_EQ(ours, wanted);
  }

  static std::string name_of(TermKind kind, std::int32_t weight, Symbol key, const PodQuery& what) {
    return std::to_string(static_cast<int>(kind)) + "/" + std::to_string(weight) + "/" + key.str() +
           "/" + what.identity();
  }

  void count_terms(const api::Pod& pod, NodeSlot slot, const api::Pod& probe,
                   std::map<std::string, Domains>& into) {
    const auto count = [&](TermKind kind, std::int32_t weight, const api::PodAffinityTerm& term) {
      const PodQuery what = query_of(term, pod.meta.namespace_);
      const auto ns = namespaces_.find(probe.meta.namespace_.str());
      const bool known = ns != namespaces_.end() && ns->second;
      if (!what.matches(probe.meta.namespace_, known ? &*ns->second->meta.labels : nullptr,
                        *probe.meta.labels, probe.meta.is_being_deleted())) {
        return;
      }
      Domains& domains = into[name_of(kind, weight, term.topology_key, what)];
      if (const auto value = domain(slot, term.topology_key)) ++domains[*value];
    };
    if (!pod.spec->affinity) return;
    const api::Affinity& affinity = *pod.spec->affinity;
    if (affinity.pod_affinity) {
      for (const auto& t : affinity.pod_affinity->required) {
        count(TermKind::kRequiredAffinity, 0, t);
      }
    }
    if (!affinity.pod_anti_affinity) return;
    for (const auto& t : affinity.pod_anti_affinity->required) {
      count(TermKind::kRequiredAntiAffinity, 0, t);
    }
    for (const auto& t : affinity.pod_anti_affinity->preferred) {
      count(TermKind::kPreferredAntiAffinity, t.weight, t.pod_affinity_term);
    }
  }

  RandomStream random_;
  std::map<std::string, api::ObjectRef> namespaces_;
  SchedulerCache cache_;
  std::vector<Asked> asked_;  // goes before the cache
};

TEST(Topology, CountsKeptByChangesEqualCountingFromScratch) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    RandomWorld world(seed);
    for (int i = 0; i < 300; ++i) {
      world.step();
      if (i % 3 == 0) world.check();
      if (testing::Test::HasFatalFailure()) return;
    }
    world.finish();
  }
}

TEST(PodGroups, CountAQueryOnceHoweverOftenItIsAsked) {
  SchedulerCache cache;
  cache.add_node(make_node("n"));
  PodQuery what;
  what.namespaces = {Symbol("default")};
  const auto a = cache.pod_groups().query(what);
  const auto b = cache.pod_groups().query(what);
  EXPECT_EQ(a, b);
  const KeyId key = cache.topology_keys().of(Symbol("kubernetes.io/hostname"));
  EXPECT_EQ(cache.pod_groups().tally(a, key), cache.pod_groups().tally(b, key));
}

TEST(PodGroups, ForgetGroupsThatHaveNoPods) {
  SchedulerCache cache;
  cache.add_node(make_node("n"));
  std::vector<Ref<const api::Pod>> pods;
  for (int i = 0; i < 20; ++i) {
    pods.push_back(
        on_node(make_pod("p" + std::to_string(i), {{"app", std::to_string(i)}}, {}), "n"));
    cache.add_pod(pods.back());
  }
  EXPECT_EQ(cache.pod_groups().group_count(), 20u);
  for (std::size_t i = 0; i < pods.size(); ++i) cache.remove_pod(pods[(i * 7) % 20]->meta.uid);
  EXPECT_EQ(cache.pod_groups().group_count(), 0u);
}

TEST(TopologyKeys, KnowWhetherEveryNodeHasALabel) {
  SchedulerCache cache;
  TopologyKeys& keys = cache.topology_keys();
  const KeyId zone = keys.of(Symbol("zone"));
  EXPECT_TRUE(keys.is_everywhere(zone));
  Ref<api::Node> a = make_node("a"), b = make_node("b");
  set_label(a, "zone", "z1");
  cache.add_node(a);
  EXPECT_TRUE(keys.is_everywhere(zone));
  cache.add_node(b);
  EXPECT_FALSE(keys.is_everywhere(zone));
  Ref<api::Node> labelled = copy_of(b);
  set_label(labelled, "zone", "z2");
  cache.update_node(labelled);
  EXPECT_TRUE(keys.is_everywhere(zone));
  cache.update_node(b);
  cache.remove_node(Symbol("b"));
  EXPECT_TRUE(keys.is_everywhere(zone));
  EXPECT_EQ(keys.find(zone, Symbol("z1")), keys.domain(zone, cache.find_node(Symbol("a"))));
  EXPECT_EQ(keys.find(zone, Symbol("nowhere")), kNoDomain);
}

}  // namespace
}  // namespace orrery::scheduler::test
