// Server-side apply: a configuration merged into the stored object, with the managers that own
// what afterwards. The API server calls it for apply patches, then defaults, validates and writes
// the outcome. It never looks at defaults: what they add gets no owner.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "core/api/managed/ownership.h"
#include "core/base/result.h"

namespace orrery::api::managed {

struct ApplyOutcome {
  ApplyOutcome();
  ApplyOutcome(ApplyOutcome&&) noexcept;
  ApplyOutcome& operator=(ApplyOutcome&&) noexcept;
  ~ApplyOutcome();

  /// The merged object before defaulting, with its new metadata.managedFields. Never null.
  std::unique_ptr<nlohmann::json> object;
  /// Whether anything but managers changed.
  bool changed = false;
};

/// `live` is the stored object or null; `config` the decoded configuration. Without `force`, fields
/// of others that would change are a Conflict with one FieldManagerConflict cause each. BadRequest:
/// another kind, or managedFields in the configuration. Code 500: it does not fit the type.
Result<ApplyOutcome> apply(const Write& write, const nlohmann::json& live,
                           const nlohmann::json& config, bool force);

}  // namespace orrery::api::managed
