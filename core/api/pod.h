// Pod (core/v1): a shared spec, the node it is bound to, and its own status.
#pragma once

#include <cstdint>
#include <optional>

#include "core/api/object.h"
#include "core/api/pod_spec.h"

namespace orrery::api {

struct PodCondition {
  Symbol type;
  Symbol status;  // True, False, Unknown
  Symbol reason;
  Text message;
  Time last_probe_time;
  Time last_transition_time;
  std::int64_t observed_generation = 0;
  bool operator==(const PodCondition&) const = default;
};

/// One of waiting, running, terminated; `kind` says which ("" = none of them is set).
struct ContainerState {
  enum class Kind : std::uint8_t { kNone, kWaiting, kRunning, kTerminated };
  Kind kind = Kind::kNone;
  std::int32_t exit_code = 0;
  std::int32_t signal = 0;
  Symbol reason;
  Text message;
  Time started_at;
  Time finished_at;
  Text container_id;
  bool operator==(const ContainerState&) const = default;
};

struct ContainerStatus {
  Symbol name;
  ContainerState state;
  Shared<ContainerState> last_state;
  bool ready = false;
  std::optional<bool> started;
  std::int32_t restart_count = 0;
  Symbol image;
  Symbol image_id;
  Text container_id;
  RawRef extra;
  bool operator==(const ContainerStatus&) const = default;
};

struct PodStatus {
  Symbol phase;
  Symbol reason;
  Symbol qos_class;
  Symbol nominated_node_name;
  Text message;
  Text host_ip;
  Text pod_ip;  // hostIPs and podIPs are written from these two
  Time start_time;
  std::int64_t observed_generation = 0;
  List<PodCondition> conditions;
  List<ContainerStatus> init_container_statuses;
  List<ContainerStatus> container_statuses;
  RawRef extra;
  bool operator==(const PodStatus&) const = default;
};

struct Pod final : ObjectOf<Pod, KindId::kPod> {
  Shared<PodSpec> spec;
  Symbol node_name;  // spec.nodeName
  PodStatus status;
  RawRef extra;
};

/// The condition of this type, or null.
const PodCondition* find_condition(const PodStatus& status, std::string_view type);
/// Sets status, reason, message; lastTransitionTime moves only when the status changes
/// (podutil.UpdatePodCondition). True if anything changed.
bool set_condition(PodStatus& status, PodCondition condition);
/// podutil.IsPodReady: condition Ready is True.
bool is_ready(const Pod& pod);
/// Ready for at least `min_ready_seconds` (podutil.IsPodAvailable).
bool is_available(const Pod& pod, std::int32_t min_ready_seconds, Time now);
/// Phase Succeeded or Failed.
bool is_terminal(const Pod& pod);

}  // namespace orrery::api
