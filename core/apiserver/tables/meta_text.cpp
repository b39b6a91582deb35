// ObjectMeta as JSON text, without a DOM: the metadata of typed objects in table rows.
#include "core/api/checks/json_view.h"
#include "core/api/managed_entries.h"
#include "core/apiserver/tables/json_text.h"
#include "core/apiserver/tables/partial_metadata.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

void append_member(std::string& out, std::string_view key, std::string_view value) {
  append_key(out, key);
  append_quoted(out, value);
}

void append_optional(std::string& out, std::string_view key, std::string_view value) {
  if (!value.empty()) append_member(out, key, value);
}

void append_time(std::string& out, std::string_view key, Time time) {
  if (is_set(time)) append_member(out, key, format_rfc3339(time));
}

void append_extra(std::string& out, const api::RawRef& extra) {
  if (!extra || !extra.json().is_object()) return;
  for (const auto& [key, value] : extra.json().items()) {
    append_key(out, key);
    if (key == api::kManagedFields && value.is_string()) {
      out += value.get_ref<const std::string&>();  // kept as text
    } else {
      append_json(out, value);
    }
  }
}

void append_flag(std::string& out, std::string_view key, std::optional<bool> value) {
  if (!value) return;
  append_key(out, key);
  out += *value ? "true" : "false";
}

void append_owners(std::string& out, const api::List<api::OwnerReference>& owners) {
  if (owners.empty()) return;
  append_key(out, "ownerReferences");
  char separator = '[';
  for (const api::OwnerReference& owner : owners) {
    out += separator;
    out += '{';
    append_member(out, "apiVersion", owner.api_version.view());
    append_member(out, "kind", owner.kind.view());
    append_member(out, "name", owner.name.view());
    append_member(out, "uid", owner.uid.str());
    append_flag(out, "controller", owner.controller);
    append_flag(out, "blockOwnerDeletion", owner.block_owner_deletion);
    append_extra(out, owner.extra);
    out += '}';
    separator = ',';
  }
  out += ']';
}

template <class Entries>
void append_map(std::string& out, std::string_view key, const Entries& entries) {
  if (entries.empty()) return;
  append_key(out, key);
  out += '{';
  for (const auto& [name, value] : entries) append_member(out, name.view(), value.view());
  out += '}';
}

void append_finalizers(std::string& out, const api::List<Symbol>& finalizers) {
  if (finalizers.empty()) return;
  append_key(out, "finalizers");
  char separator = '[';
  for (const Symbol finalizer : finalizers) {
    out += separator;
    append_quoted(out, finalizer.view());
    separator = ',';
  }
  out += ']';
}

}  // namespace

void append_meta(std::string& out, const api::ObjectMeta& meta) {
  out += '{';
  append_optional(out, "name", meta.name.view());
  append_optional(out, "generateName", meta.generate_name.view());
  append_optional(out, "namespace", meta.namespace_.view());
  append_optional(out, "uid", meta.uid.str());
  if (meta.resource_version != 0) {
    append_member(out, "resourceVersion", std::to_string(meta.resource_version));
  }
  if (meta.generation != 0) {
    append_key(out, "generation");
    append_integer(out, meta.generation);
  }
  append_time(out, "creationTimestamp", meta.creation_timestamp);
  append_time(out, "deletionTimestamp", meta.deletion_timestamp);
  if (meta.deletion_grace_period_seconds) {
    append_key(out, "deletionGracePeriodSeconds");
    append_integer(out, *meta.deletion_grace_period_seconds);
  }
  append_map(out, "labels", meta.labels->entries());
  append_map(out, "annotations", meta.annotations);
  append_owners(out, meta.owner_references);
  append_finalizers(out, meta.finalizers);
  append_extra(out, meta.extra);
  out += '}';
}

}  // namespace orrery::apiserver
