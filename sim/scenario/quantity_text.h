// Kubernetes quantities in a scenario, to and from CPU milli and bytes; durations in their short
// form. Used by the field tables and the generated manifests.
#pragma once

#include <optional>
#include <string>

#include "core/base/time.h"
#include "sim/scenario/cluster_spec.h"
#include "sim/scenario/tree.h"

namespace orrery::sim {

/// "500m", "2", 2, 0.5; never negative; rounded up to whole milli as Kubernetes does.
std::optional<CpuMilli> read_cpu(const Tree& value);
/// "128Mi", "32Gi", "1e9", 1024; never negative; rounded up to whole bytes.
std::optional<Bytes> read_bytes(const Tree& value);
std::string cpu_text(CpuMilli value);
/// With the largest of Ki, Mi, Gi, Ti that divides it.
std::string bytes_text(Bytes value);
/// Go's form without zero parts: "5m", not "5m0s".
std::string short_duration(Duration value);

}  // namespace orrery::sim
