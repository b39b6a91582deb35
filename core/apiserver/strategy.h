// Strategies: what differs between kinds when objects are created and updated: which have a status
// of their own, how spec and status are told apart, whether metadata.generation counts spec changes
// (registry strategies: PrepareForCreate, PrepareForUpdate).
#pragma once

#include "core/api/kind_registry.h"

namespace orrery::apiserver {

struct Strategy {
  bool tracks_generation = false;
  /// Metadata whose change raises the generation too; null: none.
  bool (*same_counted_meta)(const api::ObjectMeta& a, const api::ObjectMeta& b) = nullptr;
  /// Puts `from`'s status into `to`; null: the kind has none.
  void (*copy_status)(api::Object& to, const api::Object& from) = nullptr;
  /// Everything but metadata and status equal; null: compare documents.
  bool (*same_spec)(const api::Object& a, const api::Object& b) = nullptr;
  /// Everything but metadata equal; null: compare documents.
  bool (*same_body)(const api::Object& a, const api::Object& b) = nullptr;
  /// The pod templates (or, of kinds without one, the specs) equal: an update by a component then
  /// has nothing in it that needs a check; null: it always has.
  bool (*same_checked)(const api::Object& a, const api::Object& b) = nullptr;
  /// Typed bodies of this kind need no document checks on create and update: their producers are
  /// core's own and their fields have no free form (leases, events, endpoint slices).
  bool trusted = false;
  /// A delete that removes the object at once answers with it, not with a Status.
  bool returns_deleted = false;
  bool graceful = false;  // deleted in two steps: marked first, then gone (pods)
};

const Strategy& strategy_of(const api::KindInfo& info);

/// Of metadata that a client sent, what only the server writes and no member holds: selfLink, and,
/// unless the write keeps track of them, managedFields.
void drop_server_fields(api::ObjectMeta& meta, bool keeps_managers);
/// managedFields as they were.
void keep_managers(api::ObjectMeta& meta, const api::ObjectMeta& old);

}  // namespace orrery::apiserver
