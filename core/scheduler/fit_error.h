// Diagnosis: why a pod fits nowhere, counted by reason; and kube-scheduler's text for it:
// `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s).`
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/scheduler/plugin.h"

namespace orrery::scheduler {

/// In a set of plugins: the extenders. No plugin has this number.
inline constexpr std::uint64_t kExtenders = std::uint64_t{1} << 63;

struct Diagnosis {
  struct Rejection {
    Verdict verdict;
    std::int64_t nodes = 0;  // turned down with this verdict
  };
  std::int64_t nodes_total = 0;
  std::vector<Rejection> rejections;
  /// Set if PreFilter turned the pod down before any node was looked at.
  std::string pre_filter_message;
  /// What preemption says; empty if it was not tried.
  std::string post_filter_message;
  /// Plugins that turned the pod down, as bits: who is asked for queueing hints.
  std::uint64_t plugins = 0;

  /// Counts one node.
  void add(const Verdict& verdict, std::int64_t nodes = 1);
};

/// FitError.Error() of upstream, or "no nodes available to schedule pods".
std::string fit_error_text(const Diagnosis& diagnosis);

/// The reasons of one verdict joined by ", ".
std::string message_of(const Verdict& verdict);

}  // namespace orrery::scheduler
