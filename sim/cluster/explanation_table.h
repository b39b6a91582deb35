// The page that a person reads of an ExplainedPod: what was decided, the best nodes side by side,
// the others by reason, preemption. Called by `orrery explain pod`.
#pragma once

#include <string>

#include "sim/cluster/explained_pod.h"

namespace orrery::sim {

struct ExplanationPageOptions {
  std::size_t top = 10;  // nodes that are shown by name; 0: all
  std::string node;      // also every filter's verdict and every score of this one; may be empty
  bool colour = false;
};

std::string explanation_page(const ExplainedPod& explained, const ExplanationPageOptions& options);

}  // namespace orrery::sim
