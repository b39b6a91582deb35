// Fragmentation: how much of a node's idle GPU capacity the typical pods cannot use (FGD, USENIX
// ATC 2023). Amounts are whole numbers: milli GPU times weight(), so that nothing depends on the
// order of additions. Called by FGDScore and by whoever reports fragmentation.
//
// For one typical pod all idle capacity is a fragment if the pod cannot run on the node or asks for
// no GPU; else the idle capacity of the devices that have less free than the pod asks of one.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/scheduler/research/typical_pods.h"

namespace orrery::scheduler {

class Fragmentation {
 public:
  explicit Fragmentation(std::span<const TypicalPod> typical);

  /// Sum of the typical pods' counts.
  std::int64_t weight() const { return weight_; }
  /// The node's fragments: milli GPU times weight(). `free`: by device, in any order.
  std::int64_t amount(Symbol model, std::int64_t cpu_free,
                      std::span<const std::int32_t> free) const;

  /// The amount is a step function of the free CPU; it has steps() values.
  std::size_t steps() const { return cpu_.size() + 1; }
  /// Which of them counts with this much CPU free.
  std::size_t step_of(std::int64_t cpu_free) const;
  /// All of them for these devices. `out`: steps() numbers.
  void tabulate(Symbol model, std::span<const std::int32_t> free,
                std::span<std::int64_t> out) const;

  /// 0..100: the integer part of 100 * sigmoid(less / 1000), where `less` is by how much milli GPU
  /// the fragments shrink.
  std::int64_t score(std::int64_t before, std::int64_t after) const;

 private:
  /// Typical pods that ask the same of devices.
  struct Demand {
    std::int32_t milli = 0;
    std::int32_t count = 0;
    std::vector<Symbol> models;
    bool admits(Symbol model) const;
  };
  struct Term {
    std::size_t demand;
    std::int64_t count;
  };

  std::int64_t weight_ = 0;
  std::vector<Demand> demands_;    // by milli, greatest first
  std::vector<std::int64_t> cpu_;  // distinct CPU requests of typical pods with GPUs, ascending
  std::vector<Term> terms_;        // by CPU request
  std::vector<std::size_t> terms_end_;       // of each CPU request, in terms_
  std::array<std::int64_t, 99> score_at_{};  // least shrinking that scores 1, 2, ... 99
};

}  // namespace orrery::scheduler
