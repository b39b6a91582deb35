#include "sim/cluster/explained_pod.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace orrery::sim {
namespace {

using nlohmann::json;
using scheduler::Explanation;
using scheduler::Placement;

json reasons_of(const scheduler::Verdict& verdict) {
  json out = json::array();
  for (const Symbol reason : verdict.reasons) out.push_back(reason.str());
  return out;
}

json to_json(const Explanation::Rejection& rejection) {
  return {{"plugin", rejection.plugin},
          {"code", std::string(to_string(rejection.verdict.code))},
          {"reasons", reasons_of(rejection.verdict)}};
}

json names_of(const Explanation& e, const std::vector<std::size_t>& nodes) {
  json out = json::array();
  for (const std::size_t i : nodes) out.push_back(e.nodes[i].name.str());
  return out;
}

json scores_of(const Explanation& e, std::size_t at) {
  json out = json::object();
  for (const Explanation::Plugin& p : e.scores) {
    out[p.name] = {
        {"raw", p.raw[at]}, {"normalized", p.normalized[at]}, {"weighted", p.weighted(at)}};
  }
  return out;
}

json node_json(const ExplainedPod& x, std::size_t index, std::size_t scored_at) {
  const Explanation& e = x.explanation;
  const Explanation::Node& node = e.nodes[index];
  json out = {{"node", node.name.str()},
              {"looked_at", node.looked_at},
              {"fits", node.verdict.ok()},
              {"chosen", e.chosen == index},
              {"tied", node.best}};
  if (!node.verdict.ok()) {
    out["rejected_by"] = node.plugin;
    out["code"] = std::string(to_string(node.verdict.code));
    out["reasons"] = reasons_of(node.verdict);
    json rejections = json::array();
    for (const auto& r : node.rejections) rejections.push_back(to_json(r));
    out["rejections"] = std::move(rejections);
  }
  if (scored_at != ExplainedPod::kNotScored && !e.scores.empty()) {
    out["total"] = node.total;
    out["scores"] = scores_of(e, scored_at);
    if (e.chosen && index != *e.chosen) {
      out["behind"] = e.score - node.total;
      out["differences"] = differences(e, index, *e.chosen);
    }
  }
  return out;
}

/// What every filter says of one node.
json verdicts_of(const Explanation& e, const Explanation::Node& node) {
  json out = json::array();
  for (const Explanation::Filter& filter : e.filters) {
    const auto found =
        std::find_if(node.rejections.begin(), node.rejections.end(),
                     [&](const auto& r) { return r.plugin == filter.name; });
    if (found != node.rejections.end()) {
      out.push_back(to_json(*found));
    } else {
      const bool was_asked = node.verdict.ok() || !node.rejections.empty();
      out.push_back({{"plugin", filter.name},
                     {"code", !was_asked ? "NotAsked" : filter.is_skipped ? "Skip" : "Success"},
                     {"reasons", json::array()}});
    }
  }
  return out;
}

json preemption_json(const scheduler::PreemptionPlan& plan) {
  json candidates = json::array();
  for (std::size_t i = 0; i < plan.candidates.size(); ++i) {
    const auto& c = plan.candidates[i];
    json victims = json::array();
    for (const auto& v : c.victims) victims.push_back({{"pod", v.pod}, {"priority", v.priority}});
    candidates.push_back({{"node", c.node.str()},
                          {"victims", std::move(victims)},
                          {"pdb_violations", c.pdb_violations},
                          {"highest_priority", c.highest_priority},
                          {"priority_sum", c.priority_sum},
                          {"chosen", plan.chosen == i}});
  }
  json others = json::array();
  for (const auto& [node, why] : plan.others) {
    others.push_back({{"node", node.str()}, {"reason", why}});
  }
  return {{"eligible", plan.is_eligible},
          {"node", plan.chosen ? json(plan.candidates[*plan.chosen].node.str()) : json()},
          {"message", plan.refusal},
          {"candidates", std::move(candidates)},
          {"others", std::move(others)}};
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\n") == text.npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

}  // namespace

std::string_view to_string(Placement::Kind outcome) {
  switch (outcome) {
    case Placement::Kind::kPlaced:
      return "Placed";
    case Placement::Kind::kUnschedulable:
      return "Unschedulable";
    case Placement::Kind::kError:
      return "Error";
  }
  return "Unknown";
}

std::string_view to_string(scheduler::TieBreak rule) {
  switch (rule) {
    case scheduler::TieBreak::kRandom:
      return "Random";
    case scheduler::TieBreak::kLowestName:
      return "LowestName";
    case scheduler::TieBreak::kFirstIndex:
      return "FirstIndex";
  }
  return "Unknown";
}

std::vector<std::size_t> ExplainedPod::ranking() const {
  const Explanation& e = explanation;
  std::vector<std::size_t> order = e.feasible;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if ((e.chosen == a) != (e.chosen == b)) return e.chosen == a;
    return e.nodes[a].total > e.nodes[b].total;
  });
  return order;
}

std::vector<std::size_t> ExplainedPod::scored_at() const {
  std::vector<std::size_t> at(explanation.nodes.size(), kNotScored);
  for (std::size_t i = 0; i < explanation.feasible.size(); ++i) at[explanation.feasible[i]] = i;
  return at;
}

std::string headline(const ExplainedPod& x) {
  const Explanation& e = x.explanation;
  const std::string attempt = x.attempt > 0 ? fmt::format("attempt {}: ", x.attempt) : "";
  const std::string looked = fmt::format("looked at {} of {} nodes, {} fit", e.window.looked_at,
                                         e.nodes.size(), e.window.feasible);
  if (e.outcome == Placement::Kind::kError) return attempt + e.error;
  if (!e.chosen) {
    if (!e.preemption || !e.preemption->chosen) return attempt + e.fit_error;
    const auto& plan = e.preemption->candidates[*e.preemption->chosen];
    return fmt::format("{}{} preempts {} pods on {}", attempt, e.fit_error, plan.victims.size(),
                       plan.node.view());
  }
  const std::string_view node = e.nodes[*e.chosen].name.view();
  if (e.by_nomination) return fmt::format("{}{}, which it waited for", attempt, node);
  if (e.score < 0) return fmt::format("{}{}, the only one that fits; {}", attempt, node, looked);
  return fmt::format("{}{} with {} points{}; {}", attempt, node, e.score,
                     e.ties.size() > 1 ? fmt::format(", one of {} equal", e.ties.size()) : "",
                     looked);
}

std::string differences(const Explanation& e, std::size_t node, std::size_t chosen) {
  const auto at = [&](std::size_t index) {
    return static_cast<std::size_t>(
        std::find(e.feasible.begin(), e.feasible.end(), index) - e.feasible.begin());
  };
  const std::size_t here = at(node), there = at(chosen);
  std::vector<std::pair<std::int64_t, std::string_view>> parts;
  for (const Explanation::Plugin& p : e.scores) {
    const std::int64_t gap = p.weighted(here) - p.weighted(there);
    if (gap != 0) parts.emplace_back(gap, p.name);
  }
  std::sort(parts.begin(), parts.end());
  std::string text;
  for (const auto& [gap, name] : parts) {
    text += fmt::format("{}{} {:+}", text.empty() ? "" : ", ", name, gap);
  }
  return text;
}

json to_json(const ExplainedPod& x, std::string_view only) {
  const Explanation& e = x.explanation;
  const std::vector<std::size_t> at = x.scored_at();
  json filters = json::array(), weights = json::object(), nodes = json::array();
  for (const auto& f : e.filters) filters.push_back({{"name", f.name}, {"skipped", f.is_skipped}});
  for (const Explanation::Plugin& p : e.scores) weights[p.name] = p.weight;
  for (std::size_t i = 0; i < e.nodes.size(); ++i) {
    if (!only.empty() && !(e.nodes[i].name == only)) continue;
    nodes.push_back(node_json(x, i, at[i]));
    if (!only.empty()) nodes.back()["verdicts"] = verdicts_of(e, e.nodes[i]);
  }
  json names;
  if (e.pre_filter_nodes) {
    names = json::array();
    for (const Symbol name : *e.pre_filter_nodes) names.push_back(name.str());
  }
  return {{"pod", x.pod},
          {"t", x.seconds},
          {"attempt", x.attempt > 0 ? json(x.attempt) : json()},
          {"placed_on", x.placed_on.empty() ? json() : json(x.placed_on)},
          {"scheduler", x.scheduler},
          {"priority", x.priority},
          {"outcome", std::string(to_string(e.outcome))},
          {"node", e.chosen ? json(e.nodes[*e.chosen].name.str()) : json()},
          {"score", e.score >= 0 ? json(e.score) : json()},
          {"by_nomination", e.by_nomination},
          {"ties", names_of(e, e.ties)},
          {"tie_break", std::string(to_string(e.tie_break))},
          {"message", e.outcome == Placement::Kind::kError ? e.error : e.fit_error},
          {"held_back", e.held_back ? to_json(*e.held_back) : json()},
          {"window",
           {{"all_nodes", e.nodes.size()},
            {"nodes", e.window.nodes},
            {"start", e.window.start},
            {"wanted", e.window.wanted},
            {"looked_at", e.window.looked_at},
            {"feasible", e.window.feasible},
            {"percentage_of_nodes_to_score", e.percentage_of_nodes_to_score}}},
          {"pre_filter_nodes", std::move(names)},
          {"filters", std::move(filters)},
          {"weights", std::move(weights)},
          {"skipped_scores", e.skipped_scores},
          {"nodes", std::move(nodes)},
          {"preemption", e.preemption ? preemption_json(*e.preemption) : json()}};
}

std::string to_csv(const ExplainedPod& x, std::string_view only) {
  const Explanation& e = x.explanation;
  std::string out = "node,looked_at,fits,chosen,tied,total,rejected_by,reasons";
  for (const Explanation::Plugin& p : e.scores) {
    out += fmt::format(",{0}:raw,{0}:normalized,{0}:weighted", p.name);
  }
  out += '\n';
  const std::vector<std::size_t> at = x.scored_at();
  for (std::size_t i = 0; i < e.nodes.size(); ++i) {
    const Explanation::Node& node = e.nodes[i];
    if (!only.empty() && !(node.name == only)) continue;
    const bool is_scored = at[i] != ExplainedPod::kNotScored && !e.scores.empty();
    out += fmt::format("{},{},{},{},{},{},{},{}", csv_cell(node.name.view()), node.looked_at,
                       node.verdict.ok(), e.chosen == i, node.best,
                       is_scored ? std::to_string(node.total) : "", node.plugin,
                       csv_cell(message_of(node.verdict)));
    for (const Explanation::Plugin& p : e.scores) {
      out += is_scored ? fmt::format(",{},{},{}", p.raw[at[i]], p.normalized[at[i]],
                                     p.weighted(at[i]))
                       : ",,,";
    }
    out += '\n';
  }
  return out;
}

}  // namespace orrery::sim
