// Every recorded preemption of the real kube-scheduler: who is eligible, which nodes are candidates
// with which victims and broken budgets, which are best, and what the pod is told.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/scheduler/explain.h"
#include "core/scheduler/plugins/default_preemption.h"
#include "core/scheduler/post_filter.h"
#include "tests/golden/scheduler/golden_cluster.h"

namespace orrery::scheduler::test {
namespace {

using nlohmann::json;

/// Our decision in the words of the recording.
json decision_as_json(GoldenCluster& cluster, const DefaultPreemption::Decision& decision) {
  json candidates = json::object();
  std::set<std::string> best;
  const auto name = [&](NodeSlot slot) { return cluster.cache.node(slot).name().str(); };
  for (const Candidate& c : decision.dry_run.candidates) {
    json victims = json::array();
    for (const std::uint32_t number : c.victims) {
      victims.push_back(api::key_of(*cluster.cache.pods()[number].pod));
    }
    candidates[name(c.node)] = {{"victims", victims}, {"numPDBViolations", c.pdb_violations}};
    if (compare(c, decision.dry_run.candidates[decision.chosen]) == 0) best.insert(name(c.node));
  }
  json others = json::object();
  for (const auto& [slot, verdict] : decision.dry_run.others) {
    std::set<std::string> reasons;
    for (const Symbol reason : verdict.reasons) reasons.insert(reason.str());
    others[name(slot)] = {{"code", to_string(verdict.code)}, {"reasons", reasons}};
  }
  return {{"eligible", decision.is_eligible},
          {"candidates", candidates},
          {"others", others},
          {"best", best}};
}

json recording_as_json(const json& theirs) {
  json candidates = json::object();
  for (const json& c : theirs["candidates"]) {
    candidates[c["node"].get<std::string>()] = {{"victims", c["victims"]},
                                                {"numPDBViolations", c["numPDBViolations"]}};
  }
  json others = json::object();
  for (const json& n : theirs.value("nodesWithoutCandidate", json::array())) {
    const auto reasons = n["reasons"].get<std::set<std::string>>();
    others[n["node"].get<std::string>()] = {{"code", n["code"]}, {"reasons", reasons}};
  }
  return {{"eligible", theirs["eligible"]},
          {"candidates", candidates},
          {"others", others},
          {"best", theirs["best"].get<std::set<std::string>>()}};
}

struct Tally {
  int cases = 0, candidates = 0, messages = 0, wrong = 0;
};

void compare_case(const json& document, GoldenCluster& cluster, const api::Kinds& kinds,
                  Tally& tally) {
  const json& theirs = document["out"]["preemption"];
  const Ref<const api::Pod> pod = decode<api::Pod>(kinds, document["pod"]);
  const Explanation explained = explain(*cluster.framework, cluster.cache, *pod);
  std::vector<NodeSlot> removable;
  for (const Explanation::Node& node : explained.nodes) {
    if (node.verdict.code != Code::kUnschedulable) continue;
    removable.push_back(cluster.cache.find_node(node.name));
  }
  const Framework& f = *cluster.framework;
  const FailedCycle cycle{f, removable, static_cast<std::int64_t>(explained.nodes.size())};
  auto& plugin = dynamic_cast<DefaultPreemption&>(f.plugin(f.find("DefaultPreemption")));
  const DefaultPreemption::Decision decision = plugin.decide(pod, cycle);
  ++tally.cases;
  tally.candidates += static_cast<int>(decision.dry_run.candidates.size());
  const json ours = decision_as_json(cluster, decision);
  if (ours != recording_as_json(theirs) && ++tally.wrong <= 10) {
    ADD_FAILURE() << document["id"] << " wants " << recording_as_json(theirs) << "\n got " << ours;
  }
  if (!theirs.contains("fitErrorWithPostFilter")) return;
  ++tally.messages;
  const std::string message = run_post_filters(pod, cycle).message;
  const std::string text = explained.fit_error + " " + message;
  if ((message != theirs["postFilterMessage"].get<std::string>() ||
       text != theirs["fitErrorWithPostFilter"].get<std::string>()) &&
      ++tally.wrong <= 10) {
    ADD_FAILURE() << document["id"] << " wants " << theirs["fitErrorWithPostFilter"] << "\n got "
                  << text;
  }
}

TEST(PreemptionGolden, EveryRecordedPreemptionIsEqual) {
  const std::string clusters_path = golden_path("clusters.jsonl");
  const std::string cases_path = golden_path("cases.jsonl");
  if (clusters_path.empty() || cases_path.empty()) GTEST_SKIP() << "no recorded data";
  const api::Kinds kinds;
  std::map<std::string, std::unique_ptr<GoldenCluster>> clusters;
  for_each_line(clusters_path, [&](const json& cluster) {
    clusters[cluster["id"].get<std::string>()] = std::make_unique<GoldenCluster>(kinds, cluster);
  });
  Tally tally;
  for_each_line(cases_path, [&](const json& document) {
    if (!document["out"].contains("preemption")) return;
    compare_case(document, *clusters.at(document["cluster"].get<std::string>()), kinds, tally);
  });
  EXPECT_EQ(tally.wrong, 0);
  EXPECT_GT(tally.cases, 1000);
  std::cout << tally.cases << " cases, " << tally.candidates << " candidates, " << tally.messages
            << " messages\n";
}

}  // namespace
}  // namespace orrery::scheduler::test
