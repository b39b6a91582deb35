// Framework: the plugins of one profile, made and put in order, and how each extension point runs
// over them. Pure dispatch: no state of its own but the plugins.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/scheduler/plugin.h"
#include "core/scheduler/profile.h"

namespace orrery::scheduler {

/// Raw and normalised scores of one plugin over the feasible nodes, in their order.
struct PluginScores {
  int plugin = -1;
  std::int64_t weight = 0;
  std::vector<std::int64_t> raw;
  std::vector<std::int64_t> normalized;
};

/// Which of the plugins to run: all, those whose verdicts may be remembered by node, the others.
enum class Part : std::uint8_t { kAll, kNodeLocal, kClusterWide };

class Framework {
 public:
  /// At most this many plugins a profile: sets of plugins are bits of a word.
  static constexpr std::size_t kPluginsMax = 63;

  /// Fails on unknown plugin names, wrong argument types, and unless there is exactly one QueueSort
  /// and at least one Bind plugin.
  static Result<std::unique_ptr<Framework>> make(Profile profile, const PluginRegistry& registry,
                                                 const PluginContext& context);

  const Profile& profile() const { return profile_; }
  std::size_t size() const { return plugins_.size(); }
  Plugin& plugin(int number) const { return *plugins_[static_cast<std::size_t>(number)]; }
  /// The plugin's number, or -1.
  int find(std::string_view name) const;
  /// The number of the plugin that serves this extension point.
  template <class Interface>
  int number_of(const Interface* plugin) const {
    for (std::size_t i = 0; i < plugins_.size(); ++i) {
      if (dynamic_cast<const Interface*>(plugins_[i].get()) == plugin) return static_cast<int>(i);
    }
    return -1;
  }
  /// Names of the plugins in this set, sorted, joined by ", ".
  std::string names_of(std::uint64_t plugins) const;

  Verdict run_pre_enqueue(const api::Pod& pod) const;
  SortKey sort_key(const api::Pod& pod, Time queued) const {
    return queue_sort_->sort_key(pod, queued);
  }
  /// The numbers of the plugins of one part, as bits.
  std::uint64_t members(Part part) const {
    return part == Part::kAll          ? ~std::uint64_t{0}
           : part == Part::kNodeLocal ? ~cluster_wide_
                                      : cluster_wide_;
  }
  /// Every filter of a node-local plugin runs before those of the others, so that a node's first
  /// rejection can be found in two steps.
  bool is_split() const { return is_split_; }
  /// `narrowed_by`: plugins that left only some nodes.
  Verdict run_pre_filter(CycleState& state, const api::Pod& pod, NodeNames& nodes,
                         std::uint64_t& narrowed_by, Part part = Part::kAll) const;
  /// The first rejection, or success.
  Verdict run_filter(const CycleState& state, const api::Pod& pod, const NodeInfo& node,
                     Part part = Part::kAll) const;
  /// All rejections, not only the first: for explanations.
  std::vector<Verdict> run_every_filter(const CycleState& state, const api::Pod& pod,
                                        const NodeInfo& node) const;
  /// The numbers of the Filter plugins, in the order in which they run.
  std::vector<int> filter_order() const;
  Verdict run_pre_score(CycleState& state, const api::Pod& pod, std::span<const NodeSlot> feasible,
                        Part part = Part::kAll) const;
  /// Whether some plugin of the part has something to filter or to score for this pod.
  bool filters(const CycleState& state, Part part) const;
  bool may_score(const CycleState& state, const api::Pod& pod, Part part) const;
  /// FilterPlugin::only_crowds() of all filters of the part that have something to do.
  bool only_crowd(const CycleState& state, Part part) const;
  /// The fewest nodes that a filter of the part says can pass; null: any.
  const std::vector<NodeSlot>* only_nodes(const CycleState& state, const api::Pod& pod,
                                          Part part) const;
  /// run_filter().ok() of one part.
  bool passes(const CycleState& state, const api::Pod& pod, const NodeInfo& node, Part part) const;
  /// All scores over all nodes given; adds weight x normalised score to each of `total`;
  /// `scratch` is memory to work in.
  void add_scores(const CycleState& state, const api::Pod& pod, const SchedulerCache& cache,
                  std::span<const NodeSlot> feasible, Part part, std::vector<std::int64_t>& total,
                  std::vector<std::int64_t>& scratch) const;
  /// The same with all the numbers; `total` is made.
  std::vector<PluginScores> run_score(const CycleState& state, const api::Pod& pod,
                                      const SchedulerCache& cache,
                                      std::span<const NodeSlot> feasible,
                                      std::vector<std::int64_t>& total) const;
  bool has_score() const { return !scores_.empty(); }

  /// The devices that a plugin wants for this pod on this node; 0: the tightest fit.
  DeviceMask devices_for(const api::Pod& pod, const NodeInfo& node) const {
    return devices_ ? devices_->devices_for(pod, node) : 0;
  }

  struct Scorer {
    ScorePlugin* plugin;
    std::int64_t weight;
    int number;
  };
  std::span<const Scorer> scorers() const { return scores_; }
  std::span<PostFilterPlugin* const> post_filters() const { return post_filters_; }
  std::span<ReservePlugin* const> reserves() const { return reserves_; }
  std::span<PermitPlugin* const> permits() const { return permits_; }
  std::span<PreBindPlugin* const> pre_binds() const { return pre_binds_; }
  std::span<BindPlugin* const> binds() const { return binds_; }
  std::span<PostBindPlugin* const> post_binds() const { return post_binds_; }

  /// Signs the pod for equivalence; false if some plugin cannot.
  bool sign(const api::Pod& pod, Signature& signature) const;
  /// Sum of the plugins' epochs: changes when anything remembered by signature is void.
  std::uint64_t epoch(const CycleState& state) const;

 private:
  template <class T>
  struct Numbered {
    T* plugin;
    int number;
  };
  explicit Framework(Profile profile) : profile_(std::move(profile)) {}
  Status add(const EnabledPlugin& enabled, const PluginRegistry& registry,
             const PluginContext& context);
  /// Fills the lists of all points, in the profile's order.
  void list_plugins();
  void list_plugin(Point point, int number);
  void find_parts();

  Profile profile_;
  std::vector<std::unique_ptr<Plugin>> plugins_;
  std::vector<Numbered<PreEnqueuePlugin>> pre_enqueues_;
  QueueSortPlugin* queue_sort_ = nullptr;
  std::vector<Numbered<PreFilterPlugin>> pre_filters_;
  std::vector<Numbered<FilterPlugin>> filters_;
  std::vector<PostFilterPlugin*> post_filters_;
  std::vector<Numbered<PreScorePlugin>> pre_scores_;
  std::vector<Scorer> scores_;
  const DevicePlugin* devices_ = nullptr;
  std::vector<ReservePlugin*> reserves_;
  std::vector<PermitPlugin*> permits_;
  std::vector<PreBindPlugin*> pre_binds_;
  std::vector<BindPlugin*> binds_;
  std::vector<PostBindPlugin*> post_binds_;
  std::uint64_t cluster_wide_ = 0;  // plugins that are not node-local, as bits
  bool is_split_ = true;
};

}  // namespace orrery::scheduler
