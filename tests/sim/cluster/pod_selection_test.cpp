#include "sim/cluster/pod_selection.h"

#include "sim/cluster/decision_log.h"
#include "tests/sim/cluster/small_cluster.h"

namespace orrery::sim {
namespace {

Ref<api::Pod> pod_named(std::string_view name_space, std::string_view name) {
  auto pod = make_ref<api::Pod>();
  pod->meta.namespace_ = Symbol(name_space);
  pod->meta.name = Text(name);
  return pod;
}

/// A scenario that is prepared, but has not run.
Result<Scenario> small_scenario() {
  return parse_scenario(
      "apiVersion: orrery.dev/v1alpha1\nkind: Scenario\nmetadata: {name: small}\nspec:\n"
      "  until: 1m\n"
      "  cluster: {nodePools: [{name: node, count: 3, cpu: \"2\", memory: 4Gi}]}\n"
      "  manifests: [workloads/hello]\n",
      "scenarios/small.yaml", true);
}

TEST(PodSelection, KnowsNamesPrefixesAndExpressions) {
  auto scenario = small_scenario();
  ASSERT_TRUE(scenario.ok()) << scenario.status().message();
  Simulation empty(*scenario);
  struct Case {
    const char* asked;
    const char* name_space;
    const char* name;
    bool matches;
  };
  for (const Case& c : std::vector<Case>{{"web-0", "default", "web-0", true},
                                         {"web-0", "shop", "web-0", true},
                                         {"shop/web-0", "default", "web-0", false},
                                         {"shop/web-0", "shop", "web-0", true},
                                         {"web-*", "default", "web-1234", true},
                                         {"web-*", "default", "a-web-1", false},
                                         {"a,b-*", "default", "b-7", true},
                                         {"a,b-*", "default", "c", false},
                                         {"^web-[0-9]{1,2}$", "default", "web-12", true},
                                         {"^web-[0-9]{1,2}$", "default", "web-123", false},
                                         {"^shop/web", "shop", "web-1", true},
                                         {"deploy/web", "default", "web-1", false}}) {
    auto selection = PodSelection::parse(c.asked);
    ASSERT_TRUE(selection.ok()) << c.asked;
    EXPECT_EQ(selection->matches(*pod_named(c.name_space, c.name), empty.store()), c.matches)
        << c.asked << " of " << c.name_space << "/" << c.name;
  }
}

TEST(PodSelection, RefusesWhatNamesNoPod) {
  for (const char* asked : {"", "a,,b", "a/b/c/d", "/a", "deploy/", "web-["}) {
    EXPECT_FALSE(PodSelection::parse(asked).ok()) << asked;
  }
}

TEST(PodSelection, FindsNearNamesInSpiteOfRandomEnds) {
  EXPECT_EQ(nearest_names("wbe", {"default/cart-1234", "default/web-7f9c-abcde"}, 1),
            std::vector<std::string>{"default/web-7f9c-abcde"});
  EXPECT_EQ(nearest_names("deploy/crat", {"default/web", "default/deploy/cart"}, 1),
            std::vector<std::string>{"default/deploy/cart"});
}

TEST(DecisionLog, TellsEachDecisionOfADeploymentAndChangesNothing) {
  std::vector<std::string> digests;
  std::vector<ExplainedPod> told;
  for (const bool explained : {true, false}) {
    auto scenario = small_scenario();
    ASSERT_TRUE(scenario.ok());
    Simulation run(*scenario);
    std::optional<DecisionLog> log;
    if (explained) {
      auto pods = PodSelection::parse("default/deploy/hello");
      ASSERT_TRUE(pods.ok());
      log.emplace(run, std::move(*pods), [&](const ExplainedPod& x) { told.push_back(x); });
    }
    ASSERT_TRUE(run.prepare().ok());
    run.run({});
    EXPECT_TRUE(run.summarise().problems.empty());
    digests.push_back(run.recorder().digest().hex());
    if (!explained) continue;
    for (const ExplainedPod& x : told) {
      const std::string name = x.pod.substr(x.pod.find('/') + 1);
      const api::ObjectRef* pod = run.store().find(api::KindId::kPod, Symbol("default"), name);
      ASSERT_NE(pod, nullptr) << x.pod;
      ASSERT_TRUE(x.explanation.chosen);
      EXPECT_EQ(api::as<api::Pod>(*pod)->node_name,
                x.explanation.nodes[*x.explanation.chosen].name);
    }
  }
  EXPECT_EQ(told.size(), 3u);
  EXPECT_EQ(digests[0], digests[1]);
}

}  // namespace
}  // namespace orrery::sim
