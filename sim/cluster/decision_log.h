// DecisionLog: tells the scheduling decisions of some pods of a run as they happen. Make it before
// Simulation::prepare(); it only reads, so a run with and without it does the same.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/cluster/explained_pod.h"
#include "sim/cluster/pod_selection.h"
#include "sim/cluster/simulation.h"

namespace orrery::sim {

class DecisionLog final : public scheduler::DecisionObserver {
 public:
  using Sink = Callback<void(const ExplainedPod&)>;
  /// Decisions told of at most; later ones are only counted.
  static constexpr std::uint64_t kToldMax = 10'000;

  DecisionLog(Simulation& run, PodSelection pods, Sink sink);

  std::uint64_t told() const { return told_; }
  std::uint64_t left_out() const { return left_out_; }
  const PodSelection& pods() const { return pods_; }

  /// How this pod would be decided now.
  Result<ExplainedPod> ask(const Ref<const api::Pod>& pod);
  /// Names that are like what was asked for: pods seen so far and Deployments.
  std::vector<std::string> near_names() const;

  void before_decision(const scheduler::QueuedPod& queued) override;
  void after_decision(const scheduler::QueuedPod& queued,
                      const scheduler::Placement& placement) override;

 private:
  static constexpr std::size_t kSeenMax = 10'000;

  Simulation& run_;
  PodSelection pods_;
  Sink sink_;
  std::set<std::string> seen_;
  std::optional<ExplainedPod> next_;
  std::uint64_t told_ = 0, left_out_ = 0;
};

}  // namespace orrery::sim
