#include "tests/fuzz/targets.h"

#include <array>

namespace orrery::fuzz {

std::span<const Target> targets() {
  static constexpr std::array<Target, 6> kTargets = {{{"scenario", scenario},
                                                      {"manifest", manifest},
                                                      {"csv", csv},
                                                      {"values", values},
                                                      {"object", object},
                                                      {"patch", patch}}};
  return kTargets;
}

}  // namespace orrery::fuzz
