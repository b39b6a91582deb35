// Every recorded decision of the real kube-scheduler, as far as its plugins are built here: who
// rejects which node and with what words, raw and normalised scores over the recorded feasible
// nodes, FitError.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/scheduler/explain.h"
#include "tests/golden/scheduler/golden_cluster.h"

namespace orrery::scheduler::test {
namespace {

using nlohmann::json;

struct Tally {
  int cases = 0, verdicts = 0, scores = 0, fit_errors = 0, skips = 0,
      post_filters = 0, wrong = 0;
};

struct Case {
  const json& document;
  const json& out;
  GoldenCluster& cluster;
  Ref<const api::Pod> pod;
  Tally& tally;
  std::string id;

  bool builds(const std::string& plugin) const {
    return plugin.empty() || cluster.framework->find(plugin) >= 0;
  }
  void differs(const std::string& what) const {
    if (++tally.wrong <= 20) ADD_FAILURE() << id << ": " << what;
  }
};

void compare_verdicts(const Case& c, const Explanation& ours) {
  std::map<std::string, const json*> rejected;
  for (const json& r : c.out["rejected"]) rejected[r["node"].get<std::string>()] = &r;
  for (const Explanation::Node& node : ours.nodes) {
    const auto theirs = rejected.find(node.name.str());
    const bool mine =
        theirs != rejected.end() && c.builds((*theirs->second)["plugin"].get<std::string>());
    ++c.tally.verdicts;
    if (!mine) {
      if (!node.verdict.ok()) {
        c.differs(node.name.str() + " should pass our plugins, but: " + node.plugin + " " +
                  message_of(node.verdict));
      }
      continue;
    }
    const json& r = *theirs->second;
    std::set<std::string> reasons, wanted;
    for (const Symbol s : node.verdict.reasons) reasons.insert(s.str());
    for (const json& s : r["reasons"]) wanted.insert(s.get<std::string>());
    if (to_string(node.verdict.code) != r["code"].get<std::string>() ||
        node.plugin != r["plugin"].get<std::string>() || reasons != wanted) {
      c.differs(node.name.str() + " wants " + r.dump() + ", got " +
                std::string(to_string(node.verdict.code)) + " " + node.plugin + " " +
                message_of(node.verdict));
    }
  }
}

void compare_scores(const Case& c) {
  if (!c.out.contains("scores")) return;
  std::vector<NodeSlot> feasible;
  for (const json& name : c.out["feasible"]) {
    feasible.push_back(c.cluster.cache.find_node(Symbol(name.get<std::string>())));
  }
  CycleState state;
  NodeNames names;
  std::uint64_t narrowed = 0;
  const Framework& f = *c.cluster.framework;
  if (!f.run_pre_filter(state, *c.pod, names, narrowed).ok() ||
      !f.run_pre_score(state, *c.pod, feasible).ok()) {
    c.differs("rejected before scoring");
    return;
  }
  std::vector<std::int64_t> total;
  std::map<std::string, PluginScores> ours;
  for (PluginScores& s : f.run_score(state, *c.pod, c.cluster.cache, feasible, total)) {
    ours.emplace(f.plugin(s.plugin).name(), std::move(s));
  }
  for (const json& theirs : c.out["scores"]) {
    const std::string name = theirs["name"].get<std::string>();
    if (f.find(name) < 0) continue;
    ++c.tally.scores;
    const auto mine = ours.find(name);
    if (mine == ours.end()) {
      c.differs(name + " was skipped");
      continue;
    }
    if (json(mine->second.raw) != theirs["raw"] ||
        json(mine->second.normalized) != theirs["norm"] ||
        mine->second.weight != theirs["weight"].get<std::int64_t>()) {
      c.differs(name + " wants " + theirs.dump() + ", got " + json(mine->second.raw).dump());
    }
    ours.erase(mine);
  }
  for (const auto& [name, scores] : ours) c.differs(name + " should be skipped");
}

void compare_fit_error(const Case& c, const Explanation& ours) {
  if (!c.out.contains("fitError")) return;
  for (const json& r : c.out["rejected"]) {
    if (!c.builds(r["plugin"].get<std::string>())) return;
  }
  ++c.tally.fit_errors;
  if (ours.fit_error != c.out["fitError"].get<std::string>()) {
    c.differs("wants \"" + c.out["fitError"].get<std::string>() + "\", got \"" + ours.fit_error +
              "\"");
  }
}

/// Which plugins answered Skip at PreFilter, and the nodes that it left.
void compare_pre_filter(const Case& c, const Explanation& ours) {
  std::set<std::string> skipped(ours.skipped_filters.begin(), ours.skipped_filters.end());
  std::set<std::string> wanted;
  for (const json& name : c.out.value("skippedFilterPlugins", json::array())) {
    if (c.builds(name.get<std::string>())) wanted.insert(name.get<std::string>());
  }
  c.tally.skips += static_cast<int>(wanted.size());
  if (skipped != wanted) {
    c.differs("wants Skip of " + json(wanted).dump() + ", got " + json(skipped).dump());
  }
  std::set<std::string> left;
  for (const json& name : c.out.value("preFilterNodeNames", json::array())) {
    left.insert(name.get<std::string>());
  }
  std::set<std::string> names;
  if (ours.pre_filter_nodes) {
    for (const Symbol name : *ours.pre_filter_nodes) names.insert(name.str());
  }
  if (names != left) c.differs("wants nodes " + json(left).dump() + ", got " + json(names).dump());
}

/// The whole pod was turned down at PreFilter: every node has the same verdict.
void compare_rejection(const Case& c, const Explanation& ours) {
  const json& r = c.out["preFilterRejected"];
  for (const Explanation::Node& node : ours.nodes) {
    ++c.tally.verdicts;
    const std::vector<Symbol>& reasons = node.verdict.reasons;
    if (to_string(node.verdict.code) != r["code"].get<std::string>() ||
        node.plugin != r["plugin"].get<std::string>() || reasons.size() != 1 ||
        reasons[0].str() != r["reasons"][0].get<std::string>()) {
      c.differs("wants " + r.dump() + ", got " + std::string(to_string(node.verdict.code)) + " " +
                node.plugin + " " + message_of(node.verdict));
    }
  }
}

/// What DynamicResources adds at PostFilter; an error ends it, so it is the whole message.
void compare_post_filter(const Case& c, const Explanation& ours) {
  const std::string wanted =
      c.out.value("preemption", json::object()).value("postFilterMessage", std::string());
  const Framework& f = *c.cluster.framework;
  const int number = f.find("DynamicResources");
  if (wanted.empty() || number < 0) return;
  std::vector<NodeSlot> removable;
  for (const Explanation::Node& node : ours.nodes) {
    if (node.verdict.code != Code::kUnschedulable) continue;
    removable.push_back(c.cluster.cache.find_node(node.name));
  }
  const auto total = static_cast<std::int64_t>(ours.nodes.size());
  const Verdict verdict = dynamic_cast<PostFilterPlugin&>(f.plugin(number))
                              .post_filter(c.pod, {f, removable, total})
                              .verdict;
  const std::string message = message_of(verdict);
  ++c.tally.post_filters;
  if (verdict.code == Code::kError ? message != wanted : !wanted.starts_with(message + ", ")) {
    c.differs("wants \"" + wanted + "\", got \"" + message + "\"");
  }
}

TEST(SchedulerGolden, EveryRecordedVerdictAndScoreOfOurPluginsIsEqual) {
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
    const json& out = document["out"];
    GoldenCluster& cluster = *clusters.at(document["cluster"].get<std::string>());
    Case c{document, out,
           cluster,  decode<api::Pod>(kinds, document["pod"]),
           tally,    document["id"].get<std::string>()};
    ++tally.cases;
    const Explanation ours = explain(*cluster.framework, cluster.cache, *c.pod);
    compare_pre_filter(c, ours);
    if (out.contains("preFilterRejected")) {
      compare_rejection(c, ours);
    } else {
      compare_verdicts(c, ours);
    }
    compare_post_filter(c, ours);
    compare_scores(c);
    compare_fit_error(c, ours);
  });
  EXPECT_EQ(tally.wrong, 0);
  EXPECT_EQ(tally.cases, 3075);
  std::cout << tally.cases << " cases, " << tally.verdicts << " verdicts, " << tally.scores
            << " score vectors, " << tally.fit_errors << " fit errors, " << tally.skips
            << " skips, " << tally.post_filters << " PostFilter messages\n";
}

}  // namespace
}  // namespace orrery::scheduler::test
