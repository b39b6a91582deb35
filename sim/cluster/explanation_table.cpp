#include "sim/cluster/explanation_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace orrery::sim {
namespace {

using scheduler::Explanation;
using scheduler::Placement;

constexpr std::size_t kNamesShown = 5;  // of a group of nodes
constexpr std::size_t kColumns = 100;

/// "NodeResourcesBalancedAllocation" is too wide for a column.
constexpr std::string_view kLongPrefix = "NodeResources";
std::string_view short_name(std::string_view plugin) {
  return plugin.size() > kLongPrefix.size() && plugin.starts_with(kLongPrefix)
             ? plugin.substr(kLongPrefix.size())
             : plugin;
}

std::string count_of(std::size_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

/// Cells under their headings; the first `left` columns and the last one start at the left, the
/// others end at the right.
class Grid {
 public:
  using Row = std::vector<std::string>;
  explicit Grid(Row head, std::size_t left = 1) : rows_{std::move(head)}, left_(left) {}
  void add(Row row) { rows_.push_back(std::move(row)); }
  /// Lines without colours, the heading first.
  std::vector<std::string> lines() const {
    std::vector<std::size_t> widths(rows_[0].size());
    for (const Row& row : rows_) {
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::vector<std::string> out;
    for (const Row& row : rows_) {
      std::string line = " ";
      for (std::size_t i = 0; i < row.size(); ++i) {
        const bool is_last = i + 1 == row.size();
        line += is_last ? fmt::format("  {}", row[i])
                : i < left_ ? fmt::format("{}{:<{}}", i ? "  " : " ", row[i], widths[i])
                            : fmt::format("  {:>{}}", row[i], widths[i]);
      }
      out.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
    }
    return out;
  }

 private:
  std::vector<Row> rows_;
  std::size_t left_;
};

class Page {
 public:
  Page(const ExplainedPod& x, const ExplanationPageOptions& options)
      : x_(x), e_(x.explanation), options_(options) {}

  std::string write() {
    opening();
    outcome();
    window();
    if (!options_.node.empty()) one_node();
    scores();
    rejected();
    not_looked_at();
    preemption();
    return std::move(out_);
  }

 private:
  std::string paint(std::string_view text, int code) const {
    return options_.colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }
  void head(std::string_view text) { out_ += "\n" + paint(text, 1) + "\n"; }
  void line(std::string_view text) { out_.append("  ").append(text).append("\n"); }
  /// A list of things, broken at its commas to fit the screen.
  void wrapped(std::string_view text, std::size_t indent) {
    std::string prefix(2, ' ');
    while (prefix.size() + text.size() > kColumns) {
      const std::size_t comma = text.rfind(", ", kColumns - prefix.size());
      if (comma == text.npos) break;
      out_.append(prefix).append(text.substr(0, comma + 1)).append("\n");
      text.remove_prefix(comma + 2);
      prefix.assign(indent, ' ');
    }
    out_.append(prefix).append(text).append("\n");
  }
  std::string_view name(std::size_t node) const { return e_.nodes[node].name.view(); }

  void opening() {
    const std::string when =
        x_.attempt > 0 ? fmt::format("attempt {} at {:.3f}s", x_.attempt, x_.seconds)
        : x_.placed_on.empty()
            ? fmt::format("as it would be decided at {:.3f}s", x_.seconds)
            : fmt::format("as it would be decided anew at {:.3f}s (it is on {})", x_.seconds,
                          x_.placed_on);
    out_ += paint(fmt::format("Pod {}: {}", x_.pod, when), 1) + "\n";
    line(fmt::format("scheduler {}, priority {}", x_.scheduler, x_.priority));
    if (e_.held_back) {
      line(paint(fmt::format("held back, not tried yet (PreEnqueue, {}): {}",
                             e_.held_back->plugin, message_of(e_.held_back->verdict)),
                 31));
    }
  }

  void outcome() {
    head("Decision");
    if (e_.outcome == Placement::Kind::kError) return line(paint("failed: " + e_.error, 31));
    if (!e_.chosen) {
      line(paint("no node: " + e_.fit_error, 31));
      if (!e_.preemption || !e_.preemption->chosen) return;
      const auto& room = e_.preemption->candidates[*e_.preemption->chosen];
      return line(fmt::format("makes room on {}: {} preempted", paint(room.node.view(), 32),
                              count_of(room.victims.size(), "pod")));
    }
    const std::string node = paint(name(*e_.chosen), 32);
    if (e_.by_nomination) {
      return line(node + ": it waited for this node, which fits; no other was looked at");
    }
    if (e_.score < 0) return line(node + ": the only node that fits, so nothing was scored");
    if (e_.ties.size() == 1) return line(fmt::format("{} with {} points", node, e_.score));
    const char* how = e_.tie_break == scheduler::TieBreak::kRandom       ? "one drawn out"
                      : e_.tie_break == scheduler::TieBreak::kLowestName ? "the least name"
                                                                         : "the first";
    line(fmt::format("{} with {} points, {} of {} equal nodes (tie-break {})", node, e_.score, how,
                     e_.ties.size(), to_string(e_.tie_break)));
    wrapped("equal: " + list(e_.ties), 9);
  }

  std::string list(const std::vector<std::size_t>& nodes) const {
    const std::size_t shown =
        options_.top == 0 ? nodes.size() : std::min(nodes.size(), kNamesShown);
    std::string text;
    for (std::size_t i = 0; i < shown; ++i) text.append(i ? ", " : "").append(name(nodes[i]));
    if (shown < nodes.size()) text += fmt::format(", {} more", nodes.size() - shown);
    return text;
  }

  void window() {
    const Explanation::Window& w = e_.window;
    if (e_.pre_filter_nodes) {
      line(fmt::format("PreFilter left {} of {}", w.nodes, count_of(e_.nodes.size(), "node")));
    }
    if (e_.by_nomination || w.nodes == 0) return;
    const std::string share = e_.percentage_of_nodes_to_score > 0
                                  ? std::to_string(e_.percentage_of_nodes_to_score)
                                  : "adaptive";
    line(fmt::format("looked at {} of {} from number {} on: {} fit, {} wanted "
                     "(percentageOfNodesToScore {})",
                     w.looked_at, count_of(static_cast<std::size_t>(w.nodes), "node"), w.start,
                     w.feasible, w.wanted, share));
  }

  bool is_same_for_all(const Explanation::Plugin& p) const {
    for (std::size_t i = 1; i < p.raw.size(); ++i) {
      if (p.raw[i] != p.raw[0] || p.normalized[i] != p.normalized[0]) return false;
    }
    return true;
  }

  void scores() {
    if (e_.scores.empty()) return;
    std::vector<const Explanation::Plugin*> columns;
    std::string same;
    for (const Explanation::Plugin& p : e_.scores) {
      if (!is_same_for_all(p)) {
        columns.push_back(&p);
        continue;
      }
      same += fmt::format("{}{} {}/{}/{}", same.empty() ? "" : ", ", short_name(p.name), p.raw[0],
                          p.normalized[0], p.weighted(0));
    }
    head("Scores (raw/normalised/weighted)");
    Grid::Row titles{"NODE", "TOTAL"};
    for (const auto* p : columns) {
      titles.push_back(fmt::format("{} x{}", short_name(p->name), p->weight));
    }
    titles.push_back("WHY");
    Grid grid(std::move(titles));
    const std::vector<std::size_t> order = x_.ranking();
    const std::vector<std::size_t> at = x_.scored_at();
    const std::size_t shown =
        options_.top == 0 ? order.size() : std::min(options_.top, order.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const std::size_t s = at[order[i]];
      Grid::Row row{std::string(name(order[i])), std::to_string(e_.nodes[order[i]].total)};
      for (const auto* p : columns) {
        row.push_back(fmt::format("{}/{}/{}", p->raw[s], p->normalized[s], p->weighted(s)));
      }
      row.push_back(why(order[i]));
      grid.add(std::move(row));
    }
    const std::vector<std::string> lines = grid.lines();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const int code = i == 0 ? 2 : order[i - 1] == *e_.chosen ? 32 : 0;
      out_ += (code ? paint(lines[i], code) : lines[i]) + "\n";
    }
    if (shown < order.size()) {
      line(fmt::format("... {} more with {} points or fewer (--top 0 shows all)",
                       order.size() - shown, e_.nodes[order[shown]].total));
    }
    if (!same.empty()) wrapped("the same for all: " + same, 4);
    if (!e_.skipped_scores.empty()) wrapped("not scored: " + skipped(), 4);
  }

  std::string skipped() const {
    std::string text;
    for (const std::string& plugin : e_.skipped_scores) {
      text.append(text.empty() ? "" : ", ").append(short_name(plugin));
    }
    return text + " (nothing to say of this pod)";
  }

  std::string why(std::size_t node) const {
    if (node == *e_.chosen) return "chosen";
    if (!e_.nodes[node].best) {
      std::string text = differences(e_, node, *e_.chosen);
      for (std::size_t at; (at = text.find(kLongPrefix)) != text.npos;) {
        text.erase(at, kLongPrefix.size());
      }
      return fmt::format("{} less: {}", e_.score - e_.nodes[node].total, text);
    }
    return e_.tie_break == scheduler::TieBreak::kRandom       ? "equal, but not drawn"
           : e_.tie_break == scheduler::TieBreak::kLowestName ? "equal, but a later name"
                                                              : "equal, but later in the scan";
  }

  static std::string reason_of(const Explanation::Node& node) {
    std::string text = node.plugin;
    text.append(text.empty() ? "" : ": ").append(message_of(node.verdict));
    if (node.verdict.code == scheduler::Code::kUnschedulableAndUnresolvable) {
      text += " [preemption does not help]";
    }
    return text;
  }

  void rejected() {
    std::map<std::string, std::vector<std::size_t>> groups;
    std::size_t total = 0;
    for (std::size_t i = 0; i < e_.nodes.size(); ++i) {
      const Explanation::Node& node = e_.nodes[i];
      // PreFilter turns nodes down before the scan.
      const bool is_counted = node.looked_at || node.rejections.empty();
      if (node.verdict.ok() || !is_counted) continue;
      groups[reason_of(node)].push_back(i);
      ++total;
    }
    if (total == 0) return;
    head(fmt::format("Turned down: {}", count_of(total, "node")));
    std::vector<std::pair<std::string, std::vector<std::size_t>>> order(groups.begin(),
                                                                        groups.end());
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return a.second.size() > b.second.size();
    });
    for (const auto& [reason, nodes] : order) {
      line(fmt::format("{:>5}  {}", nodes.size(), paint(reason, 33)));
      wrapped("       " + list(nodes), 9);
    }
  }

  void not_looked_at() {
    std::size_t fit = 0, not_fit = 0;
    for (const Explanation::Node& node : e_.nodes) {
      if (node.looked_at || (!node.verdict.ok() && node.rejections.empty())) continue;
      ++(node.verdict.ok() ? fit : not_fit);
    }
    if (fit + not_fit == 0) return;
    head(fmt::format("Not looked at: {}", count_of(fit + not_fit, "node")));
    line(fmt::format("{} would fit, {} would be turned down", fit, not_fit));
  }

  void preemption() {
    if (!e_.preemption) return;
    const scheduler::PreemptionPlan& plan = *e_.preemption;
    head("Preemption");
    if (!plan.chosen) line("nobody is preempted");
    std::vector<std::size_t> order(plan.candidates.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return (plan.chosen == a) > (plan.chosen == b);
    });
    const std::size_t shown =
        options_.top == 0 ? order.size() : std::min(options_.top, order.size());
    Grid grid({"NODE", "VICTIMS", "BUDGETS BROKEN", "HIGHEST PRIORITY", "PODS"});
    for (std::size_t i = 0; i < shown; ++i) {
      const auto& c = plan.candidates[order[i]];
      std::string pods = plan.chosen == order[i] ? "(chosen) " : "";
      for (std::size_t v = 0; v < c.victims.size() && (options_.top == 0 || v < kNamesShown); ++v) {
        pods += fmt::format("{}{} ({})", v ? ", " : "", c.victims[v].pod, c.victims[v].priority);
      }
      if (options_.top != 0 && c.victims.size() > kNamesShown) {
        pods += fmt::format(", {} more", c.victims.size() - kNamesShown);
      }
      grid.add({c.node.str(), std::to_string(c.victims.size()), std::to_string(c.pdb_violations),
                std::to_string(c.highest_priority), std::move(pods)});
    }
    if (!order.empty()) {
      for (const std::string& text : grid.lines()) out_ += text + "\n";
    }
    if (shown < order.size()) line(fmt::format("... {} more candidates", order.size() - shown));
    std::map<std::string_view, std::size_t> whys;
    for (const auto& [node, why] : plan.others) ++whys[why];
    for (const auto& [why, count] : whys) {
      line(fmt::format("no victims help on {}: {}", count_of(count, "node"), why));
    }
  }

  void one_node() {
    for (std::size_t i = 0; i < e_.nodes.size(); ++i) {
      if (e_.nodes[i].name == options_.node) return one_node(i);
    }
  }

  void one_node(std::size_t index) {
    const Explanation::Node& node = e_.nodes[index];
    head(fmt::format("Node {}: {}", options_.node,
                     e_.chosen == index   ? "chosen"
                     : !node.verdict.ok() ? "turned down"
                     : !node.looked_at    ? "would fit, but was not looked at"
                                          : "fits"));
    const bool is_asked = node.verdict.ok() || !node.rejections.empty();
    if (!is_asked) line(reason_of(node));
    Grid filters({"FILTER", "VERDICT", "REASON"}, 2);
    for (const Explanation::Filter& filter : e_.filters) {
      const auto found = std::find_if(node.rejections.begin(), node.rejections.end(),
                                      [&](const auto& r) { return r.plugin == filter.name; });
      const bool rejects = found != node.rejections.end();
      filters.add({filter.name,
                   rejects              ? std::string(to_string(found->verdict.code))
                   : !is_asked          ? "not asked"
                   : filter.is_skipped ? "nothing to do"
                                        : "fits",
                   rejects ? message_of(found->verdict) : ""});
    }
    for (const std::string& text : filters.lines()) out_ += text + "\n";
    const std::size_t at = x_.scored_at()[index];
    if (at == ExplainedPod::kNotScored || e_.scores.empty()) return;
    out_ += "\n";
    Grid scores({"SCORE", "RAW", "NORMALISED", "WEIGHT", "WEIGHTED", ""});
    for (const Explanation::Plugin& p : e_.scores) {
      scores.add({p.name, std::to_string(p.raw[at]), std::to_string(p.normalized[at]),
                  std::to_string(p.weight), std::to_string(p.weighted(at)), ""});
    }
    scores.add({"total", "", "", "", std::to_string(node.total), why(index)});
    for (const std::string& text : scores.lines()) out_ += text + "\n";
  }

  const ExplainedPod& x_;
  const Explanation& e_;
  const ExplanationPageOptions& options_;
  std::string out_;
};

}  // namespace

std::string explanation_page(const ExplainedPod& explained,
                             const ExplanationPageOptions& options) {
  return Page(explained, options).write();
}

}  // namespace orrery::sim
