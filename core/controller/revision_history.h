// trim_revisions: deletes the oldest ControllerRevisions that nobody uses any more, as StatefulSet
// and DaemonSet controllers do at the end of a pass (truncateHistory, cleanupHistory).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/controller/reconciler.h"
#include "core/controller/workload_revision.h"
#include "core/ports/client.h"

namespace orrery::controller {

/// `unused`: sorted, oldest first. Keeps spec.revisionHistoryLimit of them, 10 if it is not set.
void trim_revisions(Client& client, const std::vector<RevisionRef>& unused,
                    std::optional<std::int32_t> limit, const PassRef& pass);

}  // namespace orrery::controller
