// workload_revision: the ControllerRevisions of a StatefulSet or DaemonSet: what they are called,
// what they hold, which is the current one, which may go. Only this file makes JSON of templates.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "core/api/apps.h"

namespace orrery::controller {

using RevisionRef = Ref<const api::ControllerRevision>;

/// The revision of a DaemonSet's template: named and labelled by the pod template hash.
Ref<api::ControllerRevision> daemon_revision(const api::DaemonSet& set);
/// The revision of a StatefulSet's template: named and labelled by the hash of its data.
Ref<api::ControllerRevision> stateful_revision(const api::StatefulSet& set,
                                               std::int32_t collision_count);
/// history.EqualRevision: the same data.
bool same_revision(const api::ControllerRevision& a, const api::ControllerRevision& b);
/// The template that a revision holds; the given one if it holds none.
api::PodTemplateSpec template_of(const api::ControllerRevision& revision,
                                 const api::PodTemplateSpec& otherwise);
/// By revision number, then creation time, then name.
void sort_revisions(std::vector<RevisionRef>& revisions);

}  // namespace orrery::controller
