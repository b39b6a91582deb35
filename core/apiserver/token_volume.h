// The projected volume through which a pod gets its service account's token, the cluster's CA and
// its namespace (plugin ServiceAccount). Called by admission only, where a cluster provides tokens.
#pragma once

#include "core/api/config.h"
#include "core/api/pod.h"

namespace orrery::apiserver {

/// Adds the volume and its mounts, and the account's image pull secrets, unless pod or account say
/// no. The volume's name hangs on the spec alone, so that the pods of a template keep sharing it.
void mount_token(api::Pod& pod, const api::ServiceAccount& account);

}  // namespace orrery::apiserver
