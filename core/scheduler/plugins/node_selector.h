// Matching nodes against node selectors (component-helpers/scheduling/corev1/nodeaffinity): terms
// are ORed, what is in a term is ANDed; an empty or malformed term matches nothing.
#pragma once

#include "core/api/node.h"
#include "core/api/pod.h"
#include "core/scheduler/signature.h"

namespace orrery::scheduler {

bool matches(const api::NodeSelectorTerm& term, const api::Node& node);
bool matches(const api::NodeSelector& selector, const api::Node& node);
/// spec.nodeSelector and the required node affinity (GetRequiredNodeAffinity).
bool matches_required_affinity(const api::PodSpec& spec, const api::Node& node);
/// Sum of the weights of the terms that match.
std::int64_t preferred_weight(const api::List<api::PreferredSchedulingTerm>& terms,
                              const api::Node& node);
/// The pod's required node affinity, or null.
const api::NodeSelector* required_affinity(const api::PodSpec& spec);
/// False if a term names nodes by field: verdicts are then too individual to be shared.
bool sign_node_selector(const api::PodSpec& spec, Signature& signature);

}  // namespace orrery::scheduler
