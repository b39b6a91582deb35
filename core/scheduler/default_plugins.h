// The plugins that kube-scheduler 1.36 enables by default, in its order and with its weights
// (apis/config/v1/default_plugins.go), and GpuDevice. default_profile() and the reader of
// KubeSchedulerConfiguration start from this list; plugins that are known here but not built yet
// are left out of profiles.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/scheduler/profile.h"

namespace orrery::scheduler {

struct DefaultPlugin {
  std::string_view name;
  std::int32_t weight;  // 0: none given
};

std::span<const DefaultPlugin> default_plugins();

/// The points that upstream's plugin of this name serves; none for names that it does not have.
std::optional<PointSet> known_points(std::string_view plugin);

/// "score": the point's field in KubeSchedulerConfiguration.
std::string_view field_name(Point point);
/// "ScorePlugin": the point's interface in upstream's errors.
std::string_view interface_name(Point point);

}  // namespace orrery::scheduler
