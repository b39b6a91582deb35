#include "core/scheduler/config/configuration.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/scheduler/default_plugins.h"

namespace orrery::scheduler {
namespace {

using nlohmann::json;

Result<SchedulerConfiguration> parse(json fields) {
  fields["apiVersion"] = "kubescheduler.config.k8s.io/v1";
  fields["kind"] = "KubeSchedulerConfiguration";
  return parse_scheduler_configuration(fields, "c.yaml");
}

/// What is wrong with the document, "" if nothing is.
std::string wrong(const char* text) {
  auto made = parse(json::parse(text));
  return made.ok() ? "" : made.status().message();
}

/// What is wrong with `args` of a plugin, without the path of the arguments.
std::string wrong_args(const char* plugin, const char* args) {
  json profile;
  profile["pluginConfig"] = {{{"name", plugin}, {"args", json::parse(args)}}};
  auto made = parse({{"profiles", {profile}}});
  if (made.ok()) return "";
  std::string out;
  const std::string prefix = "c.yaml: profiles[0].pluginConfig[0].args.";
  for (const StatusCause& cause : made.status().details().causes) {
    EXPECT_TRUE(cause.message.starts_with(prefix)) << cause.message;
    if (!cause.message.starts_with(prefix)) continue;
    out += (out.empty() ? "" : "\n") + cause.message.substr(prefix.size());
  }
  return out;
}

template <class T>
T args_of(const char* plugin, const char* args) {
  json profile;
  profile["pluginConfig"] = {{{"name", plugin}, {"args", json::parse(args)}}};
  auto made = parse({{"profiles", {profile}}});
  EXPECT_TRUE(made.ok()) << made.status().message();
  return std::get<T>(made->profiles[0].args.at(plugin));
}

TEST(SchedulerConfiguration, AnEmptyOneIsTheDefaultProfile) {
  auto made = parse(json::object());
  ASSERT_TRUE(made.ok()) << made.status().message();
  EXPECT_EQ(made->pod_initial_backoff, 1s);
  EXPECT_EQ(made->pod_max_backoff, 10s);
  EXPECT_EQ(made->parallelism, 16);
  ASSERT_EQ(made->profiles.size(), 1u);
  const Profile& profile = made->profiles[0];
  const Profile expected = default_profile();
  EXPECT_EQ(profile.scheduler_name, expected.scheduler_name);
  EXPECT_EQ(profile.percentage_of_nodes_to_score, 0);
  EXPECT_TRUE(profile.order.empty());
  ASSERT_EQ(profile.plugins.size(), expected.plugins.size());
  for (std::size_t i = 0; i < expected.plugins.size(); ++i) {
    EXPECT_EQ(profile.plugins[i].name, expected.plugins[i].name);
    EXPECT_EQ(profile.plugins[i].weight, expected.plugins[i].weight);
    EXPECT_EQ(profile.plugins[i].points, expected.plugins[i].points);
  }
}

TEST(SchedulerConfiguration, NamesFieldsThatItDoesNotKnow) {
  EXPECT_EQ(wrong(R"({"profiles": [{"plugins": {"score": {"enabled": [
              {"name": "NodeName", "weght": 2}]}}}], "parallelsm": 2})"),
            "c.yaml: profiles[0].plugins.score.enabled[0].weght: unknown field\n"
            "c.yaml: parallelsm: unknown field");
  EXPECT_EQ(wrong_args("NodeResourcesFit", R"({"scoringStrategy": {"typ": 1}})"),
            "scoringStrategy.typ: unknown field");
  EXPECT_EQ(wrong(R"({"leaderElection": {"leaderElekt": true}, "profiles": 3})"),
            "c.yaml: leaderElection.leaderElekt: unknown field\n"
            "c.yaml: profiles: must be a list, got 3");
}

TEST(SchedulerConfiguration, NamesTheLineOfAMistake) {
  const json document = {{"apiVersion", "kubescheduler.config.k8s.io/v1"},
                         {"kind", "KubeSchedulerConfiguration"},
                         {"parallelism", 0},
                         {"percentageOfNodesToScore", 101}};
  auto made = parse_scheduler_configuration(document, "c.yaml", [](std::string_view path) {
    return path == "parallelism" ? 9 : 4;
  });
  EXPECT_EQ(made.status().message(),
            "c.yaml:4: percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]\n"
            "c.yaml:9: parallelism: Invalid value: 0: should be an integer value greater than "
            "zero");
}

TEST(SchedulerConfiguration, AsksForItsVersionAndKind) {
  EXPECT_EQ(parse_scheduler_configuration(json::object(), "c.yaml").status().message(),
            "c.yaml: apiVersion: must be \"kubescheduler.config.k8s.io/v1\", got \"\"");
  EXPECT_EQ(parse_scheduler_configuration(json::array(), "c.yaml").status().message(),
            "c.yaml: must be an object, got array\n"
            "c.yaml: apiVersion: must be \"kubescheduler.config.k8s.io/v1\", got \"\"");
}

TEST(SchedulerConfiguration, ChecksWhatIsGlobal) {
  EXPECT_EQ(wrong(R"({"podInitialBackoffSeconds": 0})"),
            "c.yaml: podInitialBackoffSeconds: Invalid value: 0: must be greater than 0");
  EXPECT_EQ(wrong(R"({"podInitialBackoffSeconds": 5, "podMaxBackoffSeconds": 4})"),
            "c.yaml: podMaxBackoffSeconds: Invalid value: 4: must be greater than or equal to "
            "PodInitialBackoffSeconds");
  auto made = parse({{"podInitialBackoffSeconds", 2},
                     {"podMaxBackoffSeconds", 60},
                     {"leaderElection", {{"leaderElect", false}}},
                     {"percentageOfNodesToScore", 40}});
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->pod_initial_backoff, 2s);
  EXPECT_EQ(made->pod_max_backoff, 60s);
  EXPECT_EQ(made->profiles[0].percentage_of_nodes_to_score, 40);
  ASSERT_FALSE(made->notes.empty());
  EXPECT_EQ(made->notes[0], "leaderElection has no effect");
}

TEST(SchedulerConfiguration, ProfilesHaveNamesOfTheirOwnAndOneQueueSort) {
  EXPECT_EQ(wrong(R"({"profiles": [{"schedulerName": "a"}, {"schedulerName": "a"}, {}]})"),
            "c.yaml: profiles[2].schedulerName: Required value\n"
            "c.yaml: profiles[1].schedulerName: Duplicate value: \"profiles[0].schedulerName\"");
  EXPECT_EQ(wrong(R"({"profiles": [{"schedulerName": "a"}, {"schedulerName": "b",
              "plugins": {"queueSort": {"disabled": [{"name": "*"}]}}}]})"),
            "c.yaml: profiles[1].plugins.queueSort: Invalid value: \"\": must be the same for all "
            "profiles");
  auto made = parse(json::parse(R"({"percentageOfNodesToScore": 10, "profiles": [
      {"schedulerName": "a", "tieBreak": "LowestName"},
      {"schedulerName": "b", "percentageOfNodesToScore": 30}]})"));
  ASSERT_TRUE(made.ok()) << made.status().message();
  EXPECT_EQ(made->profiles[0].tie_break, TieBreak::kLowestName);
  EXPECT_EQ(made->profiles[0].percentage_of_nodes_to_score, 10);
  EXPECT_EQ(made->profiles[1].tie_break, TieBreak::kRandom);
  EXPECT_EQ(made->profiles[1].percentage_of_nodes_to_score, 30);
}

TEST(SchedulerConfiguration, SaysWhatIsWrongWithPlugins) {
  EXPECT_EQ(wrong(R"({"profiles": [{"plugins": {"filter": {"enabled": [
              {"name": "EBSLimits"}, {"name": "ImageLocality"}]}}, "tieBreak": "First"}]})"),
            "c.yaml: profiles[0].plugins.filter.enabled[0]: Invalid value: \"EBSLimits\": was "
            "invalid in version \"kubescheduler.config.k8s.io/v1\" (KubeSchedulerConfiguration is "
            "version \"kubescheduler.config.k8s.io/v1\")\n"
            "c.yaml: profiles[0].plugins.filter.enabled[0].name: Invalid value: \"EBSLimits\": "
            "FilterPlugin \"EBSLimits\" does not exist\n"
            "c.yaml: profiles[0].plugins.filter.enabled[1].name: Invalid value: "
            "\"ImageLocality\": plugin \"ImageLocality\" does not extend FilterPlugin plugin\n"
            "c.yaml: profiles[0].tieBreak: Unsupported value: \"First\": supported values: "
            "\"Random\", \"LowestName\", \"FirstIndex\"");
  EXPECT_EQ(wrong(R"({"profiles": [{"pluginConfig": [
              {"name": "NodeAffinity"}, {"name": "NodeAffinity"}]}]})"),
            "c.yaml: profiles[0].pluginConfig[1]: Duplicate value: \"NodeAffinity\"");
  EXPECT_EQ(wrong_args("NodeAffinity", R"({"kind": "InterPodAffinityArgs"})"),
            "kind: args for plugin NodeAffinity were not of type "
            "NodeAffinityArgs.kubescheduler.config.k8s.io, got InterPodAffinityArgs");
}

TEST(SchedulerConfiguration, ChecksArgumentsInUpstreamsWords) {
  struct Case {
    const char *plugin, *args, *expected;
  };
  const Case cases[] = {
      {"NodeResourcesFit", R"({"scoringStrategy": {"type": "Best"}})",
       "scoringStrategy.type: Unsupported value: \"Best\": supported values: \"LeastAllocated\", "
       "\"MostAllocated\", \"RequestedToCapacityRatio\""},
      {"NodeResourcesFit",
       R"({"scoringStrategy": {"type": "LeastAllocated", 
           "resources": [{"name": "cpu", "weight": 101}],
           "requestedToCapacityRatio": {}}})",
       "scoringStrategy.resources[0].weight: Invalid value: 101: resource weight of cpu not in "
       "valid range (0, 100]\nscoringStrategy.requestedToCapacityRatio: Forbidden: must be nil "
       "when type is not RequestedToCapacityRatio"},
      {"NodeResourcesFit", R"({"scoringStrategy": {"type": "RequestedToCapacityRatio"}})",
       "scoringStrategy.requestedToCapacityRatio: Required value: must be specified when type is "
       "RequestedToCapacityRatio"},
      {"NodeResourcesFit",
       R"({"scoringStrategy": {"type": "RequestedToCapacityRatio", "requestedToCapacityRatio":
           {"shape": [{"utilization": 50, "score": 11}, {"utilization": 50, "score": 1}]}}})",
       "scoringStrategy.requestedToCapacityRatio.shape[1].utilization: Invalid value: 50: values "
       "must be sorted in increasing order\nscoringStrategy.requestedToCapacityRatio.shape[0]."
       "score: Invalid value: 11: not in valid range [0, 10]"},
      {"NodeResourcesFit", R"({"ignoredResourceGroups": ["a/b"]})",
       "ignoredResourceGroups[0]: Invalid value: \"a/b\": resource group name can't contain '/'"},
      {"NodeResourcesBalancedAllocation",
       R"({"resources": [{"name": "cpu", "weight": 2}, {"name": "cpu"}]})",
       "resources[0].weight: Invalid value: 2: must be 1\n"
       "resources[1].name: Duplicate value: \"cpu\""},
      {"InterPodAffinity", R"({"hardPodAffinityWeight": 101})",
       "hardPodAffinityWeight: Invalid value: 101: not in valid range [0, 100]"},
      {"DefaultPreemption",
       R"({"minCandidateNodesPercentage": 0, "minCandidateNodesAbsolute": 0})",
       "minCandidateNodesPercentage: Invalid value: 0: cannot be zero at the same time as "
       "minCandidateNodesAbsolute\nminCandidateNodesAbsolute: Invalid value: 0: cannot be zero at "
       "the same time as minCandidateNodesPercentage"},
      {"VolumeBinding", R"({"bindTimeoutSeconds": -1})",
       "bindTimeoutSeconds: Invalid value: -1: invalid BindTimeoutSeconds, should not be a "
       "negative value"},
      {"PodTopologySpread",
       R"({"defaultConstraints": [
           {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}]})",
       "defaultingType: Invalid value: \"System\": when .defaultConstraints are not empty"},
      {"PodTopologySpread",
       R"({"defaultingType": "List", "defaultConstraints": [
           {"maxSkew": 0, "topologyKey": "zone", "whenUnsatisfiable": "Never",
            "labelSelector": {}}]})",
       "defaultConstraints[0].maxSkew: Invalid value: 0: not in valid range (0, inf)\n"
       "defaultConstraints[0].whenUnsatisfiable: Unsupported value: \"Never\": supported values: "
       "\"DoNotSchedule\", \"ScheduleAnyway\"\n"
       "defaultConstraints[0].labelSelector: Forbidden: constraint must not define a selector, as "
       "they deduced for each pod"},
      {"NodeAffinity",
       R"({"addedAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms":
           [{"matchExpressions": [{"key": "a", "operator": "In"}]}]}}})",
       "addedAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]."
       "matchExpressions[0].values: Invalid value: []: for 'in', 'notin' operators, values set "
       "can't be empty"},
  };
  for (const Case& c : cases) EXPECT_EQ(wrong_args(c.plugin, c.args), c.expected) << c.args;
}

TEST(SchedulerConfiguration, ReadsTheArgumentsOfPlugins) {
  const auto fit = args_of<NodeResourcesFitArgs>(
      "NodeResourcesFit", R"({"scoringStrategy": {"type": "RequestedToCapacityRatio",
      "resources": [{"name": "cpu"}, {"name": "nvidia.com/gpu", "weight": 3}],
      "requestedToCapacityRatio": {"shape": [{"utilization": 0, "score": 0},
      {"utilization": 100, "score": 10}]}}, "ignoredResources": ["example.com/foo"]})");
  EXPECT_EQ(fit.strategy, ScoringStrategy::kRequestedToCapacityRatio);
  ASSERT_EQ(fit.resources.size(), 2u);
  EXPECT_EQ(fit.resources[0].weight, 1);
  EXPECT_EQ(fit.resources[1].weight, 3);
  EXPECT_EQ(fit.shape.size(), 2u);
  EXPECT_EQ(fit.ignored_resources, std::vector<Symbol>{Symbol("example.com/foo")});
  const auto affinity = args_of<InterPodAffinityArgs>(
      "InterPodAffinity",
      R"({"hardPodAffinityWeight": 0, "ignorePreferredTermsOfExistingPods": true})");
  EXPECT_EQ(affinity.hard_pod_affinity_weight, 0);
  EXPECT_TRUE(affinity.ignore_preferred_terms_of_existing_pods);
  EXPECT_EQ(args_of<InterPodAffinityArgs>("InterPodAffinity", "{}").hard_pod_affinity_weight, 1);
  const auto spread = args_of<PodTopologySpreadArgs>(
      "PodTopologySpread", R"({"defaultingType": "List", "defaultConstraints": [
      {"maxSkew": 2, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}]})");
  EXPECT_FALSE(spread.system_defaulting);
  ASSERT_EQ(spread.default_constraints.size(), 1u);
  EXPECT_EQ(spread.default_constraints[0].max_skew, 2);
  const auto preemption = args_of<DefaultPreemptionArgs>("DefaultPreemption", "{}");
  EXPECT_EQ(preemption.min_candidate_nodes_percentage, 10);
  EXPECT_EQ(preemption.min_candidate_nodes_absolute, 100);
  EXPECT_EQ(args_of<VolumeBindingArgs>("VolumeBinding", "{}").bind_timeout_seconds, 600);
  EXPECT_FALSE(
      args_of<GpuDeviceArgs>("GpuDevice", R"({"recordsDevices": false})").records_devices);
  const auto node = args_of<NodeAffinityArgs>("NodeAffinity", R"({"addedAffinity": {
      "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 7, "preference":
      {"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}}]}})");
  ASSERT_EQ(node.added_affinity->preferred.size(), 1u);
  EXPECT_EQ(node.added_affinity->preferred[0].weight, 7);
}

TEST(SchedulerConfiguration, ReadsTheTypicalPodsOfFgd) {
  const auto args = args_of<FgdArgs>("FGDScore", R"({"typicalPods": [
      {"cpuMilli": 4000, "gpus": 1, "gpuMilli": 500, "models": ["T4"], "count": 7},
      {"cpuMilli": 1000}]})");
  EXPECT_EQ(args.typical_pods, (std::vector<TypicalPod>{{{4000, 500, 1, {Symbol("T4")}}, 7},
                                                        {{1000, 0, 0, {}}, 1}}));
  EXPECT_EQ(wrong_args("FGDScore", "{}"),
            "typicalPods: Required value: at least one pod shape must be specified");
  EXPECT_EQ(wrong_args("FGDScore", R"({"typicalPods": [{"gpus": 2, "count": 0}]})"),
            "typicalPods[0].gpuMilli: Invalid value: 0: not in valid range [1, 1000]\n"
            "typicalPods[0].count: Invalid value: 0: not in valid range [1, 1000000000]");
}

TEST(SchedulerConfiguration, ReadsExtendersIgnorableOnesLast) {
  auto made = parse(json::parse(R"({"extenders": [
      {"urlPrefix": "http://a", "filterVerb": "filter", "ignorable": true, "httpTimeout": "200ms",
       "managedResources": [{"name": "example.com/a", "ignoredByScheduler": true}]},
      {"urlPrefix": "https://b", "prioritizeVerb": "prioritize", "weight": 4, "bindVerb": "bind",
       "enableHTTPS": true, "tlsConfig": {"insecure": true, "caData": "YWJj"},
       "nodeCacheCapable": true}]})"));
  ASSERT_TRUE(made.ok()) << made.status().message();
  ASSERT_EQ(made->extenders.size(), 2u);
  const ExtenderConfig &b = made->extenders[0], &a = made->extenders[1];
  EXPECT_EQ(b.url_prefix, "https://b");
  EXPECT_EQ(b.weight, 4);
  EXPECT_EQ(b.http_timeout, 5s);
  EXPECT_TRUE(b.node_cache_capable);
  EXPECT_EQ(b.tls->ca_data, "abc");
  EXPECT_TRUE(a.ignorable);
  EXPECT_EQ(a.http_timeout, 200ms);
  const auto& fit = std::get<NodeResourcesFitArgs>(made->profiles[0].args.at("NodeResourcesFit"));
  EXPECT_EQ(fit.ignored_resources, std::vector<Symbol>{Symbol("example.com/a")});
}

TEST(SchedulerConfiguration, ChecksExtendersInUpstreamsWords) {
  EXPECT_EQ(wrong(R"({"extenders": [
      {"prioritizeVerb": "p", "bindVerb": "b", "managedResources": [{"name": "cpu"}]},
      {"bindVerb": "b", "managedResources": [{"name": "a.io/x"}, {"name": "a.io/x"}]}]})"),
            "c.yaml: extenders[0].weight: Invalid value: 0: must have a positive weight applied to "
            "it\n"
            "c.yaml: extenders[0].managedResources[0].name: Invalid value: \"cpu\": is an invalid "
            "extended resource name\n"
            "c.yaml: extenders[1].managedResources[1].name: Invalid value: \"a.io/x\": duplicate "
            "extender managed resource name\n"
            "c.yaml: extenders: Invalid value: \"found 2 extenders implementing bind\": only one "
            "extender can implement bind");
}

}  // namespace
}  // namespace orrery::scheduler
