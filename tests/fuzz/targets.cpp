#include "tests/fuzz/targets.h"

#include <array>

namespace orrery::fuzz {

std::span<const Target> targets() {
  static constexpr std::array<Target, 12> kTargets = {{{"scenario", scenario},
                                                       {"manifest", manifest},
                                                       {"csv", csv},
                                                       {"values", values},
                                                       {"object", object},
                                                       {"patch", patch},
                                                       {"request", request},
                                                       {"websocket", websocket},
                                                       {"spdy", spdy},
                                                       {"channel", channel},
                                                       {"protobuf", protobuf},
                                                       {"yaml", yaml}}};
  return kTargets;
}

}  // namespace orrery::fuzz
