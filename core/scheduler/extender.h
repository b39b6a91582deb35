// ExtenderChain: the scheduler extenders of a configuration, called in order over HTTP (upstream's
// pkg/scheduler/extender.go). One for all profiles. The Placer calls filter() and prioritize()
// after its plugins, preemption preempt() on its candidates, the binding cycle bind() before the
// bind plugins. All but bind() wait for the answer: time stands still meanwhile.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/api/kind_registry.h"
#include "core/ports/http_caller.h"
#include "core/runtime/env.h"
#include "core/scheduler/cache.h"
#include "core/scheduler/extender_config.h"
#include "core/scheduler/fit_error.h"
#include "core/scheduler/plugin.h"
#include "core/scheduler/preemption/dry_run.h"

namespace orrery::scheduler {

class ExtenderChain {
 public:
  /// An extender's scores are 0 to this.
  static constexpr std::int64_t kExtenderScoreMax = 10;

  /// `configs` in the order of calls.
  ExtenderChain(Env& env, HttpCaller& http, const SchedulerCache& cache,
                std::vector<ExtenderConfig> configs);
  ~ExtenderChain();
  ExtenderChain(const ExtenderChain&) = delete;
  ExtenderChain& operator=(const ExtenderChain&) = delete;

  bool empty() const { return configs_.empty(); }
  /// Whether some extender filters: then more than one feasible node is needed even if no plugin
  /// scores (hasExtenderFilters).
  bool filters() const;
  /// Whether some extender would see this pod: then nothing may be remembered for it.
  bool is_interested(const api::Pod& pod) const;

  /// Leaves in `feasible` the nodes that all extenders take, in the order of the last answer
  /// (findNodesThatPassExtenders). Those turned down with a reason are counted in `diagnosis`; of
  /// them, nodes where removing pods may help go into `removable`, if given. Not ok: an extender
  /// that is not ignorable failed.
  Status filter(const api::Pod& pod, std::vector<NodeSlot>& feasible, Diagnosis& diagnosis,
                std::vector<NodeSlot>* removable = nullptr) const;

  /// Adds to `totals` (by place in `feasible`) score x weight x 100/10 of each extender; those that
  /// fail add nothing.
  void prioritize(const api::Pod& pod, std::span<const NodeSlot> feasible,
                  std::vector<std::int64_t>& totals) const;

  /// Leaves the candidates, and of each the victims, that all extenders agree to (callExtenders).
  Status preempt(const api::Pod& pod, std::vector<Candidate>& candidates) const;

  /// As BindPlugin::bind: false = no extender binds this pod, ask the plugins.
  bool bind(const Ref<const api::Pod>& pod, Symbol node, Completion done);

 private:
  static bool is_interested(const ExtenderConfig& extender, const api::Pod& pod);
  Result<std::string> call(const ExtenderConfig& extender, const std::string& verb,
                           std::string body) const;
  HttpPost post_of(const ExtenderConfig& extender, const std::string& verb,
                   std::string body) const;
  std::string args_of(const ExtenderConfig& extender, const api::Pod& pod,
                      std::span<const NodeSlot> nodes) const;
  Status filter_by(const ExtenderConfig& extender, const api::Pod& pod,
                   std::vector<NodeSlot>& feasible, Diagnosis& diagnosis,
                   std::vector<NodeSlot>* removable) const;
  Status preempt_by(const ExtenderConfig& extender, const api::Pod& pod,
                    std::vector<Candidate>& candidates) const;
  void ignored(const ExtenderConfig& extender, std::string_view what, const Status& why) const;

  Env& env_;
  HttpCaller& http_;
  const SchedulerCache& cache_;
  std::vector<ExtenderConfig> configs_;
  api::Kinds kinds_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace orrery::scheduler
