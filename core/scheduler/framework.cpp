#include "core/scheduler/framework.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/scheduler/cache.h"

namespace orrery::scheduler {

std::string_view to_string(Code code) {
  switch (code) {
    case Code::kSuccess:
      return "Success";
    case Code::kError:
      return "Error";
    case Code::kUnschedulable:
      return "Unschedulable";
    case Code::kUnschedulableAndUnresolvable:
      return "UnschedulableAndUnresolvable";
    case Code::kWait:
      return "Wait";
    case Code::kSkip:
      return "Skip";
  }
  return "Unknown";
}

void ScorePlugin::score_many(const CycleState& state, const api::Pod& pod,
                             const SchedulerCache& cache, std::span<const NodeSlot> nodes,
                             std::span<std::int64_t> out) const {
  for (std::size_t i = 0; i < nodes.size(); ++i) out[i] = score(state, pod, cache.node(nodes[i]));
}

Result<std::unique_ptr<Framework>> Framework::make(Profile profile, const PluginRegistry& registry,
                                                   const PluginContext& context) {
  std::unique_ptr<Framework> framework(new Framework(std::move(profile)));
  const std::string where = "profile \"" + framework->profile_.scheduler_name.str() + "\": ";
  if (framework->profile_.plugins.size() > kPluginsMax) {
    return bad_request(where + "at most 63 plugins may be enabled");
  }
  for (const EnabledPlugin& enabled : framework->profile_.plugins) {
    if (Status status = framework->add(enabled, registry, context); !status.ok()) {
      return status.with_prefix("profile \"" + framework->profile_.scheduler_name.str() + "\"");
    }
  }
  framework->list_plugins();
  framework->find_parts();
  if (!framework->queue_sort_) return bad_request(where + "one queue sort plugin is required");
  if (framework->binds_.empty()) {
    return bad_request(where + "at least one bind plugin is needed for binding pods to nodes");
  }
  return framework;
}

Status Framework::add(const EnabledPlugin& enabled, const PluginRegistry& registry,
                      const PluginContext& context) {
  static const PluginArgs kNoArgs;
  const auto factory = registry.find(enabled.name);
  if (factory == registry.end()) {
    return bad_request("plugin \"" + enabled.name + "\" does not exist");
  }
  if (find(enabled.name) >= 0) {
    return bad_request("plugin \"" + enabled.name + "\" is enabled twice");
  }
  const auto args = profile_.args.find(enabled.name);
  auto made = factory->second(args == profile_.args.end() ? kNoArgs : args->second, context);
  if (!made.ok()) return made.status().with_prefix("plugin \"" + enabled.name + "\"");
  plugins_.push_back(std::move(*made));
  if (dynamic_cast<QueueSortPlugin*>(plugins_.back().get()) &&
      enabled.points.has(Point::kQueueSort)) {
    if (queue_sort_) return bad_request("only one queue sort plugin may be enabled");
    queue_sort_ = dynamic_cast<QueueSortPlugin*>(plugins_.back().get());
  }
  return {};
}

void Framework::list_plugins() {
  for (std::size_t i = 0; i < kPointCount; ++i) {
    const Point point = static_cast<Point>(i);
    const auto order = profile_.order.find(point);
    if (order != profile_.order.end()) {
      for (const std::string& name : order->second) list_plugin(point, find(name));
    } else {
      for (std::size_t n = 0; n < plugins_.size(); ++n) list_plugin(point, static_cast<int>(n));
    }
  }
}

void Framework::list_plugin(Point point, int number) {
  if (number < 0) return;
  const EnabledPlugin& enabled = profile_.plugins[static_cast<std::size_t>(number)];
  if (!enabled.points.has(point)) return;
  Plugin* plugin = plugins_[static_cast<std::size_t>(number)].get();
  const auto numbered = [&]<class T>(std::vector<Numbered<T>>& list) {
    if (auto* p = dynamic_cast<T*>(plugin)) list.push_back({p, number});
  };
  const auto plain = [&]<class T>(std::vector<T*>& list) {
    if (auto* p = dynamic_cast<T*>(plugin)) list.push_back(p);
  };
  switch (point) {
    case Point::kPreEnqueue:
      return numbered(pre_enqueues_);
    case Point::kQueueSort:
      return;
    case Point::kPreFilter:
      return numbered(pre_filters_);
    case Point::kFilter:
      return numbered(filters_);
    case Point::kPostFilter:
      return plain(post_filters_);
    case Point::kPreScore:
      return numbered(pre_scores_);
    case Point::kScore:
      if (auto* p = dynamic_cast<ScorePlugin*>(plugin); p && enabled.weight != 0) {
        scores_.push_back({p, enabled.weight, number});
        if (!devices_) devices_ = dynamic_cast<DevicePlugin*>(plugin);
      }
      return;
    case Point::kReserve:
      return plain(reserves_);
    case Point::kPermit:
      return plain(permits_);
    case Point::kPreBind:
      return plain(pre_binds_);
    case Point::kBind:
      return plain(binds_);
    case Point::kPostBind:
      return plain(post_binds_);
  }
}

void Framework::find_parts() {
  for (std::size_t i = 0; i < plugins_.size(); ++i) {
    if (!plugins_[i]->is_node_local()) cluster_wide_ |= std::uint64_t{1} << i;
  }
  bool seen = false;
  for (const auto& [plugin, number] : filters_) {
    const bool is_wide = cluster_wide_ >> number & 1;
    if (seen && !is_wide) is_split_ = false;
    seen = seen || is_wide;
  }
}

int Framework::find(std::string_view name) const {
  for (std::size_t i = 0; i < plugins_.size(); ++i) {
    if (plugins_[i]->name() == name) return static_cast<int>(i);
  }
  return -1;
}

std::string Framework::names_of(std::uint64_t plugins) const {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < plugins_.size(); ++i) {
    if (plugins >> i & 1) names.push_back(plugins_[i]->name());
  }
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string_view name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

Verdict Framework::run_pre_enqueue(const api::Pod& pod) const {
  for (const auto& [plugin, number] : pre_enqueues_) {
    Verdict verdict = plugin->pre_enqueue(pod);
    if (verdict.ok()) continue;
    verdict.plugin = number;
    return verdict;
  }
  return {};
}

Verdict Framework::run_pre_filter(CycleState& state, const api::Pod& pod, NodeNames& nodes,
                                  std::uint64_t& narrowed_by, Part part) const {
  const std::uint64_t members = this->members(part);
  for (const auto& [plugin, number] : pre_filters_) {
    if (!(members >> number & 1)) continue;
    NodeNames own;
    Verdict verdict = plugin->pre_filter(state, pod, own);
    if (verdict.code == Code::kSkip) {
      state.skipped_filters |= std::uint64_t{1} << number;
    } else if (!verdict.ok()) {
      verdict.plugin = number;
      return verdict;
    }
    if (!own) continue;
    narrowed_by |= std::uint64_t{1} << number;
    if (!nodes) {
      nodes = std::move(own);
    } else {
      std::erase_if(*nodes,
                    [&](Symbol n) { return !std::binary_search(own->begin(), own->end(), n); });
    }
    if (nodes->empty()) {
      verdict.code = Code::kUnschedulableAndUnresolvable;
      verdict.plugin = number;
      verdict.reasons = {Symbol("node(s) didn't satisfy plugin(s) [" + names_of(narrowed_by) +
                                "] simultaneously")};
      return verdict;
    }
  }
  return {};
}

Verdict Framework::run_filter(const CycleState& state, const api::Pod& pod, const NodeInfo& node,
                              Part part) const {
  const std::uint64_t active = members(part) & ~state.skipped_filters;
  for (const auto& [plugin, number] : filters_) {
    if (!(active >> number & 1)) continue;
    Verdict verdict = plugin->filter(state, pod, node);
    if (verdict.ok()) continue;
    verdict.plugin = number;
    return verdict;
  }
  return {};
}

std::vector<Verdict> Framework::run_every_filter(const CycleState& state, const api::Pod& pod,
                                                 const NodeInfo& node) const {
  std::vector<Verdict> rejections;
  for (const auto& [plugin, number] : filters_) {
    if (state.skipped_filters >> number & 1) continue;
    Verdict verdict = plugin->filter(state, pod, node);
    if (verdict.ok()) continue;
    verdict.plugin = number;
    rejections.push_back(std::move(verdict));
  }
  return rejections;
}

std::vector<int> Framework::filter_order() const {
  std::vector<int> numbers;
  for (const auto& filter : filters_) numbers.push_back(filter.number);
  return numbers;
}

Verdict Framework::run_pre_score(CycleState& state, const api::Pod& pod,
                                 std::span<const NodeSlot> feasible, Part part) const {
  const std::uint64_t members = this->members(part);
  for (const auto& [plugin, number] : pre_scores_) {
    if (!(members >> number & 1)) continue;
    Verdict verdict = plugin->pre_score(state, pod, feasible);
    if (verdict.code == Code::kSkip) {
      state.skipped_scores |= std::uint64_t{1} << number;
    } else if (!verdict.ok()) {
      verdict.plugin = number;
      return verdict;
    }
  }
  return {};
}

bool Framework::filters(const CycleState& state, Part part) const {
  const std::uint64_t active = members(part) & ~state.skipped_filters;
  return std::any_of(filters_.begin(), filters_.end(),
                     [&](const auto& f) { return active >> f.number & 1; });
}

bool Framework::may_score(const CycleState& state, const api::Pod& pod, Part part) const {
  const std::uint64_t members = this->members(part);
  return std::any_of(pre_scores_.begin(), pre_scores_.end(), [&](const auto& p) {
    return (members >> p.number & 1) && p.plugin->may_score(state, pod);
  });
}

bool Framework::only_crowd(const CycleState& state, Part part) const {
  const std::uint64_t active = members(part) & ~state.skipped_filters;
  return std::all_of(filters_.begin(), filters_.end(), [&](const auto& f) {
    return !(active >> f.number & 1) || f.plugin->only_crowds();
  });
}

const std::vector<NodeSlot>* Framework::only_nodes(const CycleState& state, const api::Pod& pod,
                                                   Part part) const {
  const std::uint64_t active = members(part) & ~state.skipped_filters;
  const std::vector<NodeSlot>* fewest = nullptr;
  for (const auto& [plugin, number] : filters_) {
    if (!(active >> number & 1)) continue;
    const std::vector<NodeSlot>* nodes = plugin->only_nodes(state, pod);
    if (nodes && (!fewest || nodes->size() < fewest->size())) fewest = nodes;
  }
  return fewest;
}

bool Framework::passes(const CycleState& state, const api::Pod& pod, const NodeInfo& node,
                       Part part) const {
  const std::uint64_t active = members(part) & ~state.skipped_filters;
  for (const auto& [plugin, number] : filters_) {
    if ((active >> number & 1) && !plugin->passes(state, pod, node)) return false;
  }
  return true;
}

void Framework::add_scores(const CycleState& state, const api::Pod& pod,
                           const SchedulerCache& cache, std::span<const NodeSlot> feasible,
                           Part part, std::vector<std::int64_t>& total,
                           std::vector<std::int64_t>& scores) const {
  const std::uint64_t active = members(part) & ~state.skipped_scores;
  scores.resize(feasible.size());
  for (const Scorer& scorer : scores_) {
    if (!(active >> scorer.number & 1)) continue;
    scorer.plugin->score_many(state, pod, cache, feasible, scores);
    if (scorer.plugin->normalizes()) scorer.plugin->normalize_nodes(state, feasible, scores);
    for (std::size_t i = 0; i < feasible.size(); ++i) total[i] += scorer.weight * scores[i];
  }
}

std::vector<PluginScores> Framework::run_score(const CycleState& state, const api::Pod& pod,
                                               const SchedulerCache& cache,
                                               std::span<const NodeSlot> feasible,
                                               std::vector<std::int64_t>& total) const {
  std::vector<PluginScores> all;
  total.assign(feasible.size(), 0);
  for (const Scorer& scorer : scores_) {
    if (state.skipped_scores >> scorer.number & 1) continue;
    PluginScores& scores = all.emplace_back();
    scores.plugin = scorer.number;
    scores.weight = scorer.weight;
    scores.raw.resize(feasible.size());
    scorer.plugin->score_many(state, pod, cache, feasible, scores.raw);
    scores.normalized = scores.raw;
    if (scorer.plugin->normalizes()) {
      scorer.plugin->normalize_nodes(state, feasible, scores.normalized);
    }
    for (std::size_t i = 0; i < feasible.size(); ++i) {
      total[i] += scorer.weight * scores.normalized[i];
    }
  }
  return all;
}

bool Framework::sign(const api::Pod& pod, Signature& signature) const {
  for (std::size_t i = 0; i < plugins_.size(); ++i) {
    if (!(cluster_wide_ >> i & 1) && !plugins_[i]->sign(pod, signature)) return false;
  }
  return true;
}

std::uint64_t Framework::epoch(const CycleState& state) const {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < plugins_.size(); ++i) {
    if (!(cluster_wide_ >> i & 1)) sum += plugins_[i]->epoch(state);
  }
  return sum;
}

}  // namespace orrery::scheduler
