// compute_status: the PodStatus that a kubelet reports, from its record of the pod. Pure; the
// status writer compares it with what the API has and writes the difference.
#pragma once

#include "core/kubelet/kubelet_config.h"
#include "core/kubelet/pod_conditions.h"
#include "core/kubelet/pod_record.h"

namespace orrery::kubelet {

struct StatusContext {
  const KubeletConfig& config;
  ConditionCache& conditions;
  Text host_ip;
  Time now;
};

/// Fields that others own (nominatedNodeName, qosClass, foreign conditions, unknown fields) are
/// kept from the record's pod.
api::PodStatus compute_status(const PodRecord& record, const StatusContext& context);

}  // namespace orrery::kubelet
