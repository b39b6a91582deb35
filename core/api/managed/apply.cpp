#include "core/api/managed/apply.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/api/managed/config_check.h"
#include "core/api/managed/conflicts.h"
#include "core/api/managed/last_applied.h"
#include "core/api/managed/merge.h"
#include "core/api/managed/object_fields.h"
#include "core/api/managed/update.h"
#include "core/api/schema/schema_walk.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& object, const char* key) {
  if (!object.is_object()) return "";
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

/// schema.GroupVersionKind's text: "/v1, Kind=Pod", "apps/v1, Kind=Deployment".
std::string kind_text(const std::string& api_version, std::string_view kind) {
  const bool has_group = api_version.find('/') != std::string::npos;
  return (has_group ? "" : "/") + api_version + ", Kind=" + std::string(kind);
}

Status check_config(const Write& write, const Json& config) {
  const std::string version = text_of(config, "apiVersion");
  const std::string kind = text_of(config, "kind");
  if (version != write.api_version || kind != write.table.type(write.type).kind) {
    return bad_request("invalid object type: " + kind_text(version, kind));
  }
  if (!managed_fields_of(config).is_null()) {
    return bad_request("metadata.managedFields must be nil");
  }
  const std::string error = config_error(write.table, write.type, config);
  if (error.empty()) return {};
  static const Json kNone;
  const Json& metadata = config.contains("metadata") ? config["metadata"] : kNone;
  // 500 without a reason, as upstream answers.
  return Status(Reason::kUnknown, "failed to create typed patch object (" +
                                      text_of(metadata, "namespace") + "/" +
                                      text_of(metadata, "name") + "; " +
                                      kind_text(version, kind) + "): " + error);
}

/// The merge of one apply, and who owns what after it.
struct Merged {
  Json object;  // nulls: not set
  bool changed = false;
  Managers managers;
  std::vector<Conflict> conflicts;
};

/// Upstream's prune: takes out what the manager applied before and not now, unless others own it.
Json prune(const Write& write, Json merged, const Managers& managers, const FieldSet& last) {
  if (last.empty()) return merged;
  const auto named = [&](const FieldSet& set) {
    return with_named_fields(write.table, write.type, set);
  };
  const auto named_in = [&](const Json& object) {
    return named(fields_of(write.table, write.type, object));
  };
  const auto without = [&](const FieldSet& items) {
    return without_items(write.table, write.type, merged, items);
  };
  FieldSet owned;
  for (const Manager& manager : managers) owned = union_of(owned, manager.fields);
  const FieldSet before = named(last);
  const FieldSet all = named_in(merged);
  // What someone owns comes back, then what the manager did not own.
  const FieldSet kept = union_of(named_in(without(before)), named(owned));
  const FieldSet left = named_in(without(difference(all, kept)));
  return without(intersection(difference(all, left), before));
}

Manager applier(const Write& write) {
  Manager self;
  self.name = write.manager.empty() ? "unknown" : write.manager;
  self.api_version = write.api_version;
  self.subresource = write.subresource;
  self.applied = true;
  return self;
}

/// Takes the changed fields from all others; what they owned of them are conflicts.
void take_ownership(const Write& write, const Json& live, const Manager& self, Merged& out) {
  Comparison changes = compare(write.table, write.type, live, out.object);
  drop_reset_fields(write, changes);
  const FieldSet written = changes.written();
  for (Manager& other : out.managers) {
    if (other.is_same(self)) continue;
    FieldSet taken = intersection(other.fields, written);
    other.fields = difference(difference(other.fields, taken), changes.removed);
    if (taken.empty()) continue;
    Conflict conflict{other};
    conflict.manager.fields = std::move(taken);
    out.conflicts.push_back(std::move(conflict));
  }
  drop_empty(out.managers);
}

Merged merge(const Write& write, const Json& live, const Json& config, Managers managers) {
  Merged out;
  out.managers = std::move(managers);
  Manager self = applier(write);
  FieldSet last;
  if (Manager* previous = find_manager(out.managers, self)) {
    last = std::move(previous->fields);
    self.time = previous->time;
    std::swap(*previous, out.managers.back());
    out.managers.pop_back();
  }
  self.fields = fields_of(write.table, write.type, config);
  drop_reset_fields(write, self.fields);
  out.managers.push_back(self);
  out.object = merge_config(write.table, write.type, live, config);
  out.object = prune(write, std::move(out.object), out.managers, last);
  take_ownership(write, live, self, out);
  out.changed = out.object != live;
  if (Manager* entry = find_manager(out.managers, self)) {
    strip_server_fields(entry->fields);
    if (out.changed) entry->time = format_rfc3339(write.now);
  }
  drop_empty(out.managers);
  return out;
}

/// The first apply to an object without managers: its fields get an owner to conflict with.
void own_before_first_apply(const Write& write, const Json& live, Managers& managers) {
  Write first = write;
  first.manager = "before-first-apply";
  record_update(first, nullptr, live, managers);
  cap_update_managers(managers);
}

/// A create: the configuration is the object, and the applier owns it.
Merged create(const Write& write, const Json& config) {
  Merged out;
  out.object = config;
  out.changed = true;
  Manager self = applier(write);
  self.fields = fields_of(write.table, write.type, config);
  drop_reset_fields(write, self.fields);
  strip_server_fields(self.fields);
  self.time = format_rfc3339(write.now);
  if (!self.fields.empty()) out.managers.push_back(std::move(self));
  return out;
}

/// Without force: the conflicts, less those that the last-applied annotation allows "kubectl".
Status unresolved(const Write& write, const Json& live, std::vector<Conflict> conflicts) {
  if (write.manager == "kubectl") {
    if (const std::optional<FieldSet> allowed = last_applied_fields(write, live)) {
      for (Conflict& conflict : conflicts) {
        conflict.manager.fields = difference(conflict.manager.fields, *allowed);
      }
      std::erase_if(conflicts, [](const Conflict& c) { return c.manager.fields.empty(); });
    }
  }
  return conflicts.empty() ? Status() : conflict_status(std::move(conflicts));
}

ApplyOutcome outcome_of(const Write& write, const Json& config, Merged merged) {
  ApplyOutcome out;
  out.changed = merged.changed;
  Json& object = *out.object;
  object = std::move(merged.object);
  if (write.manager == "kubectl") renew_last_applied(config, object);
  drop_nulls(write.table, write.type, object);
  Json entries = encode_managers(std::move(merged.managers));
  Json& metadata = object["metadata"];
  if (!metadata.is_object()) metadata = Json::object();
  if (entries.is_null()) {
    metadata.erase("managedFields");
  } else {
    metadata["managedFields"] = std::move(entries);
  }
  return out;
}

}  // namespace

ApplyOutcome::ApplyOutcome() : object(std::make_unique<Json>()) {}
ApplyOutcome::ApplyOutcome(ApplyOutcome&&) noexcept = default;
ApplyOutcome& ApplyOutcome::operator=(ApplyOutcome&&) noexcept = default;
ApplyOutcome::~ApplyOutcome() = default;

Result<ApplyOutcome> apply(const Write& write, const Json& live, const Json& config, bool force) {
  RETURN_IF_ERROR(check_config(write, config));
  if (live.is_null()) return outcome_of(write, config, create(write, config));
  Result<Managers> managers = decode_managers(managed_fields_of(live));
  if (!managers.ok()) return managers.status().with_prefix("failed to decode managed fields");
  Json stored = live;
  if (auto it = stored.find("metadata"); it != stored.end() && it->is_object()) {
    it->erase("managedFields");
  }
  if (managers->empty()) own_before_first_apply(write, stored, *managers);
  Merged merged = merge(write, stored, config, std::move(*managers));
  if (!force && !merged.conflicts.empty()) {
    RETURN_IF_ERROR(unresolved(write, stored, std::move(merged.conflicts)));
  }
  return outcome_of(write, config, std::move(merged));
}

}  // namespace orrery::api::managed
