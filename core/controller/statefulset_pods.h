// statefulset_pods: the pod and the claims of one ordinal of a StatefulSet: names, labels, hostname
// and volumes that stay with the ordinal (upstream: stateful_set_utils.go). Pure.
#pragma once

#include "core/api/pod.h"
#include "core/controller/workload_revision.h"
#include "core/ports/client.h"

namespace orrery::controller {

/// newStatefulSetPod from the template of a revision.
Ref<api::Pod> stateful_pod(const api::StatefulSet& set, const api::PodTemplateSpec& pod_template,
                           const Text& revision, std::int32_t ordinal);
/// A create request for each volumeClaimTemplate of this ordinal.
std::vector<Request> claim_requests(const api::StatefulSet& set, std::int32_t ordinal);

}  // namespace orrery::controller
