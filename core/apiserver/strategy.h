// Strategies: what differs between kinds when objects are created and updated: which have a status of
// their own, how spec and status are told apart, whether metadata.generation counts spec changes
// (registry strategies: PrepareForCreate, PrepareForUpdate).
#pragma once

#include "core/api/kind_registry.h"

namespace orrery::apiserver {

struct Strategy {
  bool tracks_generation = false;
  /// Puts `from`'s status into `to`; null: the kind has none.
  void (*copy_status)(api::Object& to, const api::Object& from) = nullptr;
  /// Everything but metadata and status equal; null: compare documents.
  bool (*same_spec)(const api::Object& a, const api::Object& b) = nullptr;
  /// Typed bodies of this kind need no document checks on create and update: their producers are core's
  /// own and their fields have no free form (leases, events, endpoint slices).
  bool trusted = false;
};

const Strategy& strategy_of(api::KindId kind);

}  // namespace orrery::apiserver
