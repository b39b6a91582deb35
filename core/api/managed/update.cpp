#include "core/api/managed/update.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/api/managed/object_fields.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

/// `[]` or `[{}]`: the client wants the managers forgotten.
bool is_reset(const Json& entries) {
  if (!entries.is_array()) return false;
  return entries.empty() || (entries.size() == 1 && entries[0].is_object() && entries[0].empty());
}

Managers managers_before(const Write& write, const Json& live, const Json& fresh) {
  if (write.subresource.empty()) {
    const Json& entries = managed_fields_of(fresh);
    if (is_reset(entries)) return {};
    Result<Managers> given = decode_managers(entries);
    if (given.ok() && !given->empty()) return std::move(*given);
  }
  return decode_managers(managed_fields_of(live)).value_or({});
}

Comparison changes_of(const Write& write, const Json& live, const Json& fresh) {
  Comparison out;
  if (live.is_null()) {
    out.added = created_fields(write.table, write.type, fresh, write.custom_resource);
  } else {
    out = compare(write.table, write.type, live, fresh);
  }
  drop_reset_fields(write, out);
  return out;
}

Json without_times(Json entries) {
  if (entries.is_array()) {
    for (Json& entry : entries) {
      if (entry.is_object()) entry.erase("time");
    }
  }
  return entries;
}

}  // namespace

void record_update(const Write& write, const Json& live, const Json& fresh, Managers& managers) {
  Comparison changes = changes_of(write, live, fresh);
  if (changes.added.empty() && changes.modified.empty() && changes.removed.empty()) return;
  FieldSet written =
      changes.modified.empty() ? std::move(changes.added) : changes.written();
  for (Manager& other : managers) {
    other.fields = difference(difference(other.fields, written), changes.removed);
  }
  drop_empty(managers);
  strip_server_fields(written);
  if (written.empty()) return;
  Manager self;
  self.name = write.manager.empty() ? "unknown" : write.manager;
  self.api_version = write.api_version;
  self.subresource = write.subresource;
  self.time = format_rfc3339(write.now);
  if (Manager* previous = find_manager(managers, self)) {
    previous->fields = union_of(previous->fields, written);
    previous->time = std::move(self.time);
    return;
  }
  self.fields = std::move(written);
  managers.push_back(std::move(self));
}

Json updated_managers(const Write& write, const Json& live, const Json& fresh) {
  Managers managers = managers_before(write, live, fresh);
  // An object that nobody's fields are known of stays so until it is applied to.
  if (managers.empty() && !live.is_null()) return nullptr;
  record_update(write, live, fresh, managers);
  cap_update_managers(managers);
  return encode_managers(std::move(managers));
}

void keep_times_if_unchanged(const Json& live, Json& fresh) {
  const Json& stored = managed_fields_of(live);
  const Json& entries = managed_fields_of(fresh);
  if (stored == entries || stored.is_null() || entries.is_null()) return;
  if (without_times(stored) != without_times(entries)) return;
  Json settled = fresh;
  settled["metadata"]["managedFields"] = stored;
  if (settled == live) fresh = std::move(settled);
}

}  // namespace orrery::api::managed
