// Which events make InterPodAffinity ask for another try (isSchedulableAfter...Change of upstream).
#include <gtest/gtest.h>

#include "core/scheduler/plugins/inter_pod_affinity.h"
#include "tests/core/scheduler/affinity_builders.h"

namespace orrery::scheduler::test {
namespace {

struct PodEventCase {
  const char* what;
  Ref<api::Pod> pending, old, now;
  bool wanted;
};

TEST(InterPodAffinityHints, OfPodsOnNodes) {
  const Ref<api::Pod> none;
  const Pairs pa{{"app", "a"}}, pb{{"app", "b"}};
  const auto a = make_pod("a", pa, {}), b = make_pod("b", pb, {});
  const auto wants = make_pod("p", {{"app", "p"}}, {.affinity = {near("a", "zone")}});
  const auto avoids = make_pod("p", {{"app", "p"}},
                               {.anti_affinity = {near("a", "zone"), near("c", "zone")}});
  const auto plain = make_pod("p", {{"app", "p"}}, {});
  const auto hater = make_pod("h", {}, {.anti_affinity = {near("p", "zone")}});
  const PodEventCase cases[] = {
      {"a wanted pod comes", wants, none, a, true},
      {"another comes", wants, none, b, false},
      {"a wanted pod goes", wants, a, none, false},
      {"a pod becomes wanted", wants, b, a, true},
      {"a pod stays wanted", wants, a, a, false},
      {"a pod comes", avoids, none, b, false},
      {"an avoided pod goes", avoids, a, none, true},
      {"another goes", avoids, b, none, false},
      {"a pod is avoided no more", avoids, a, b, true},
      {"a pod becomes avoided", avoids, b, a, false},
      {"a pod that kept it away goes", plain, hater, none, true},
      {"a pod that did not goes", b, hater, none, false},
  };
  SchedulerCache cache;
  InterPodAffinity plugin({}, cache);
  for (const PodEventCase& c : cases) {
    ClusterEvent event;
    event.kinds = !c.old   ? events::kAssignedPodAdd
                  : !c.now ? events::kAssignedPodDelete
                           : events::kAssignedPodLabel;
    event.old_pod = c.old.get();
    event.pod = c.now.get();
    EXPECT_EQ(plugin.events() & event.kinds, event.kinds);
    EXPECT_EQ(plugin.is_worth_retrying(event, *c.pending), c.wanted) << c.what;
  }
}

TEST(InterPodAffinityHints, OfNodes) {
  const auto zoned = [](const char* zone) {
    auto node = make_node("n");
    if (*zone != 0) set_label(node, "zone", zone);
    return node;
  };
  const auto wants = make_pod("p", Pairs{}, {.affinity = {near("a", "zone")}});
  const auto avoids = make_pod("p", Pairs{}, {.anti_affinity = {near("a", "zone")}});
  struct Case {
    const char* what;
    const char *old, *now;  // zones; "" = none, null = no such node
    bool wants, avoids;
  };
  const Case cases[] = {
      {"a node with the key comes", nullptr, "z", true, true},
      {"a node without it comes", nullptr, "", false, true},
      {"a node gets the key", "", "z", true, false},
      {"a node loses the key", "z", "", false, true},
      {"a node moves", "z", "y", true, true},
      {"a node stays", "z", "z", false, false},
  };
  SchedulerCache cache;
  InterPodAffinity plugin({}, cache);
  for (const Case& c : cases) {
    const auto old = c.old ? zoned(c.old) : Ref<api::Node>();
    const auto now = zoned(c.now);
    ClusterEvent event;
    event.kinds = c.old ? events::kNodeLabel : events::kNodeAdd;
    event.old_node = old.get();
    event.node = now.get();
    EXPECT_EQ(plugin.is_worth_retrying(event, *wants), c.wants) << c.what;
    EXPECT_EQ(plugin.is_worth_retrying(event, *avoids), c.avoids) << c.what;
  }
}

TEST(InterPodAffinityHints, OfThePodItself) {
  SchedulerCache cache;
  InterPodAffinity plugin({}, cache);
  const auto old = make_pod("p", Pairs{{"app", "a"}}, {});
  const auto now = make_pod("p", Pairs{{"app", "b"}}, {});
  ClusterEvent event;
  event.kinds = events::kPendingPod;
  event.old_pod = old.get();
  event.pod = now.get();
  EXPECT_TRUE(plugin.is_worth_retrying(event, *now));
  event.old_pod = now.get();
  EXPECT_FALSE(plugin.is_worth_retrying(event, *now));
}

}  // namespace
}  // namespace orrery::scheduler::test
