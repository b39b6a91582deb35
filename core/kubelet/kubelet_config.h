// KubeletConfig: the settings of a kubelet, with upstream's defaults. One instance is shared by all
// kubelets of a process.
#pragma once

#include <cstdint>

#include "core/base/time.h"
#include "core/kubelet/backoff.h"

namespace orrery::kubelet {

struct KubeletConfig {
  BackoffPolicy restart_backoff{10s, 300s};  // containers: CrashLoopBackOff
  BackoffPolicy image_backoff{10s, 300s};    // images: ImagePullBackOff
  /// A failed sandbox, container creation or status write is tried again after this
  /// (backOffPeriod).
  Duration retry_period = 10s;
  /// ErrImagePull reads ImagePullBackOff from the next look at the runtime on (PLEG's relist
  /// period).
  Duration relist_period = 1s;
  /// What a container gets at least between preStop and KILL (minimumGracePeriodInSeconds).
  Duration grace_min = 2s;

  std::int32_t lease_duration_seconds = 40;
  Duration lease_renew_period = 10s;
  Duration node_status_report_period = 300s;  // nodeStatusReportFrequency
  Duration node_status_update_period =
      10s;  // nodeStatusUpdateFrequency: how late a change is posted

  /// The Lease says that its holder renews it (annotation orrery.dev/renews-every) and no timer
  /// runs; who keeps the leases takes the annotation away when the node dies.
  bool self_renewing_lease = false;
  /// No status between Pending and the end of the first start: one write less per pod.
  bool coalesce_start_status = false;
  /// Create the Node object and its Lease at start.
  bool register_node = true;
};

/// On a Lease: its holder renews it so often without being seen to.
inline constexpr const char* kRenewsEveryAnnotation = "orrery.dev/renews-every";

}  // namespace orrery::kubelet
