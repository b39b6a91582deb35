// The plain scalars of YAML as kubectl reads them (sigs.k8s.io/yaml, which is go-yaml v2): yes, on
// and y are booleans, 0644 is octal, 1_000 is a number, a timestamp stays text. Called by the YAML
// reader.
#pragma once

#include <string_view>

#include "sim/scenario/tree.h"

namespace orrery::sim {

/// The value of an unquoted scalar; `text` keeps the scalar as written.
Tree resolve_plain_scalar(std::string_view scalar);
/// True for true, false and their spellings with capitals; not for yes, no, on, off, y, n.
bool is_true_or_false(std::string_view scalar);

}  // namespace orrery::sim
