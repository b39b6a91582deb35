// container_fate: what will become of one started container, drawn when it starts. A draw depends
// on the seed, the pod's uid, the container's name and the attempt alone, so that no pod's fate
// moves another's.
#pragma once

#include <string_view>

#include "sim/container_model/container_model_config.h"

namespace orrery::sim {

struct ContainerFate {
  Duration lives = kForever;
  std::int32_t exit_code = 0;
  Symbol exit_reason;
  Duration ready_after{};  // kForever: never
  Duration liveness_fails_after = kForever;
  bool ignores_term = false;
  bool hook_fails = false;
};

ContainerFate container_fate(const ContainerModelConfig& config, const api::Pod& pod,
                             Symbol container, bool init, std::uint32_t attempt);
/// A behaviour says that this pod's pulls of the image fail.
bool pull_fails(const ContainerModelShared& shared, const api::Pod& pod, Symbol image);
/// Size by the longest pattern that matches.
std::int64_t image_bytes(const ContainerModelConfig& config, Symbol image);

/// The stream of one purpose for one pod.
RandomStream fate_stream(std::uint64_t seed, Uid pod, std::string_view purpose,
                         std::uint32_t attempt);

}  // namespace orrery::sim
