// Which taints a pod tolerates (Toleration.ToleratesTaint), shared by the plugins that ask.
#pragma once

#include "core/api/node.h"
#include "core/api/pod_spec.h"
#include "core/scheduler/signature.h"

namespace orrery::api {
struct Pod;
}

namespace orrery::scheduler {

bool tolerates(const api::Toleration& toleration, const api::Taint& taint);
/// Some toleration of the list tolerates the taint.
bool tolerates(const api::List<api::Toleration>& tolerations, const api::Taint& taint);
void sign_tolerations(const api::Pod& pod, Signature& signature);

}  // namespace orrery::scheduler
