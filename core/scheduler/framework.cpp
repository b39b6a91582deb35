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

Result<std::unique_ptr<Framework>> Framework::make(Profile profile, const PluginRegistry& registry,
                                                   const PluginContext& context) {
  std::unique_ptr<Framework> framework(new Framework(std::move(profile)));
  const std::string where = "profile \"" + framework->profile_.scheduler_name.str() + "\": ";
  if (framework->profile_.plugins.size() > kPluginsMax) {
    return bad_request(where + "at most 64 plugins may be enabled");
  }
  for (const EnabledPlugin& enabled : framework->profile_.plugins) {
    if (Status status = framework->add(enabled, registry, context); !status.ok()) {
      return status.with_prefix("profile \"" + framework->profile_.scheduler_name.str() + "\"");
    }
  }
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
  const int number = static_cast<int>(plugins_.size());
  plugins_.push_back(std::move(*made));
  Plugin* plugin = plugins_.back().get();
  if (auto* p = dynamic_cast<PreEnqueuePlugin*>(plugin)) pre_enqueues_.push_back({p, number});
  if (auto* p = dynamic_cast<QueueSortPlugin*>(plugin)) {
    if (queue_sort_) return bad_request("only one queue sort plugin may be enabled");
    queue_sort_ = p;
  }
  if (auto* p = dynamic_cast<FilterPlugin*>(plugin); p && enabled.filters) {
    filters_.push_back({p, number});
  }
  if (auto* p = dynamic_cast<PreFilterPlugin*>(plugin); p && enabled.filters) {
    pre_filters_.push_back({p, number});
  }
  if (auto* p = dynamic_cast<PostFilterPlugin*>(plugin)) post_filters_.push_back(p);
  if (auto* p = dynamic_cast<ScorePlugin*>(plugin); p && enabled.scores && enabled.weight != 0) {
    scores_.push_back({p, enabled.weight, number});
    if (auto* pre = dynamic_cast<PreScorePlugin*>(plugin)) pre_scores_.push_back({pre, number});
  }
  if (auto* p = dynamic_cast<ReservePlugin*>(plugin)) reserves_.push_back(p);
  if (auto* p = dynamic_cast<PermitPlugin*>(plugin)) permits_.push_back(p);
  if (auto* p = dynamic_cast<PreBindPlugin*>(plugin)) pre_binds_.push_back(p);
  if (auto* p = dynamic_cast<BindPlugin*>(plugin)) binds_.push_back(p);
  if (auto* p = dynamic_cast<PostBindPlugin*>(plugin)) post_binds_.push_back(p);
  return {};
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
                                  std::uint64_t& narrowed_by) const {
  for (const auto& [plugin, number] : pre_filters_) {
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

Verdict Framework::run_filter(const CycleState& state, const api::Pod& pod,
                              const NodeInfo& node) const {
  for (const auto& [plugin, number] : filters_) {
    if (state.skipped_filters >> number & 1) continue;
    Verdict verdict = plugin->filter(state, pod, node);
    if (verdict.ok()) continue;
    verdict.plugin = number;
    return verdict;
  }
  return {};
}

Verdict Framework::run_pre_score(CycleState& state, const api::Pod& pod,
                                 std::span<const NodeSlot> feasible) const {
  for (const auto& [plugin, number] : pre_scores_) {
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
    scores.raw.reserve(feasible.size());
    for (const NodeSlot slot : feasible) {
      scores.raw.push_back(scorer.plugin->score(state, pod, cache.node(slot)));
    }
    scores.normalized = scores.raw;
    if (scorer.plugin->normalizes()) scorer.plugin->normalize(scores.normalized);
    for (std::size_t i = 0; i < feasible.size(); ++i) {
      total[i] += scorer.weight * scores.normalized[i];
    }
  }
  return all;
}

bool Framework::sign(const api::Pod& pod, Signature& signature) const {
  for (const auto& plugin : plugins_) {
    if (!plugin->sign(pod, signature)) return false;
  }
  return true;
}

std::uint64_t Framework::epoch(const CycleState& state) const {
  std::uint64_t sum = 0;
  for (const auto& plugin : plugins_) sum += plugin->epoch(state);
  return sum;
}

}  // namespace orrery::scheduler
