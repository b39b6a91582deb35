// FaultTarget: what faults act on: the machines of the cluster. NodeFleet implements it in the
// simulator; the same verbs act on real nodes in live tests.
#pragma once

#include <string_view>

#include "core/base/symbol.h"

namespace orrery::sim {

class FaultTarget {
 public:
  virtual ~FaultTarget() = default;
  /// Power gone: kubelet and containers stop at once.
  virtual void crash(Symbol node) = 0;
  /// Everything on the node stands still, but nothing is lost.
  virtual void hang(Symbol node) = 0;
  /// A crashed node boots, a hanging one goes on, a cut-off one is reachable.
  virtual void recover(Symbol node) = 0;
  /// Containers run on, but the node cannot reach the API server.
  virtual void cut_off(Symbol node) = 0;
  /// Ends cut_off(); nodes in any other state stay as they are.
  virtual void reconnect(Symbol node) = 0;
  /// Starts take `factor` times as long; 1 ends it.
  virtual void slow_down(Symbol node, double factor) = 0;
  /// Pulls of images that match the pattern fail, or work again.
  virtual void fail_pulls(std::string_view pattern, bool failing) = 0;
};

}  // namespace orrery::sim
