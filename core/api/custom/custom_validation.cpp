// CustomResource: defaults, pruning and validation of its objects.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/api/checks/formats.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/custom/custom_resource.h"
#include "core/api/custom/nested_field.h"
#include "core/api/custom/schema_shape.h"
#include "core/api/custom/schema_validation.h"
#include "core/api/schema/schema_walk.h"

namespace orrery::api {
namespace {

constexpr std::int64_t kReplicasMax = std::numeric_limits<std::int32_t>::max();

void check_replicas(FieldErrors& errors, const Json& object_json, const std::string& path) {
  const NestedField found = nested_integer(object_json, path);
  const auto invalid = [&](std::string why) {
    errors.add({FieldError::Type::kInvalid, path, std::to_string(found.integer), std::move(why)});
  };
  if (!found.error.empty()) {
    invalid(found.error);
  } else if (found.integer < 0) {
    invalid("should be a non-negative integer");
  } else if (found.integer > kReplicasMax) {
    invalid(fmt::format("should be less than or equal to {}", kReplicasMax));
  }
}

void check_scale_status(FieldErrors& errors, const CustomVersion& version,
                        const Json& object_json) {
  if (!version.has_scale) return;
  check_replicas(errors, object_json, version.status_replicas_path);
  if (version.label_selector_path.empty()) return;
  const NestedField found = nested_text(object_json, version.label_selector_path);
  if (found.error.empty()) return;
  errors.add({FieldError::Type::kInvalid, version.label_selector_path, "\"\"", found.error});
}

void check_scale(FieldErrors& errors, const CustomVersion& version, const Json& object_json) {
  if (!version.has_scale) return;
  check_replicas(errors, object_json, version.spec_replicas_path);
  check_scale_status(errors, version, object_json);
}

// With rules (CEL), upstream says so when earlier errors kept it from running them.
void add_unchecked_rules(FieldErrors& errors, const Schema& schema) {
  using Type = FieldError::Type;
  if (!schema.has_rules) return;
  const bool blocked =
      std::any_of(errors.list().begin(), errors.list().end(), [](const FieldError& error) {
        return error.type == Type::kNotSupported || error.type == Type::kRequired ||
               error.type == Type::kTooLong || error.type == Type::kTooMany ||
               error.type == Type::kTypeInvalid;
      });
  if (!blocked) return;
  errors.add({Type::kInvalid, "<nil>", "null",
              "some validation rules were not checked because the object was invalid; correct the "
              "existing errors to complete validation"});
}

const Schema& status_schema(const CustomVersion& version) {
  static const Schema kNone;
  const Schema* found = version.schema.property("status");
  return found ? *found : kNone;
}

void finalizer_warnings(std::vector<std::string>& out, std::string_view finalizer) {
  const auto warn = [&](std::string_view why) {
    out.push_back(fmt::format("metadata.finalizers: \"{}\": {}", finalizer, why));
  };
  for (const std::string& message : qualified_name_messages(finalizer)) warn(message);
  if (finalizer.find('/') != std::string_view::npos) return;
  if (finalizer == "orphan" || finalizer == "foregroundDeletion" || finalizer == "kubernetes")
    return;
  warn(finalizer.find('.') != std::string_view::npos
           ? "prefer a domain-qualified finalizer name including a path (/) to avoid accidental "
             "conflicts with other finalizer writers"
           : "prefer a domain-qualified finalizer name to avoid accidental conflicts with other "
             "finalizer writers");
}

}  // namespace

void CustomResource::apply_defaults(std::string_view version_name, Json& object_json) const {
  if (object_json.is_object()) apply_schema_defaults(at(version_name).schema, object_json);
}

std::vector<std::string> CustomResource::prune(std::string_view version_name,
                                               Json& object_json) const {
  if (!object_json.is_object()) return {};
  std::vector<std::string> unknown = prune_by_schema(at(version_name).schema, object_json, true);
  const int meta = table_->find_type("meta/v1.ObjectMeta");
  const auto it = object_json.find("metadata");
  if (meta < 0 || it == object_json.end()) return unknown;
  for (const FieldFault& fault : check_fields(*table_, static_cast<std::size_t>(meta), *it)) {
    if (fault.kind == FieldFault::Kind::kUnknownField) unknown.push_back("metadata." + fault.path);
  }
  prune_unknown(*table_, static_cast<std::size_t>(meta), *it);
  std::sort(unknown.begin(), unknown.end());
  return unknown;
}

void CustomResource::check_type_meta(FieldErrors& errors, const CustomVersion& version,
                                     const Json& object_json) const {
  const std::string_view kind = text(object_json, "kind");
  if (kind != kind_) errors.invalid(Path("kind"), kind, fmt::format("must be {}", kind_));
  const std::string wanted = fmt::format("{}/{}", group_, version.name);
  const std::string_view api_version = text(object_json, "apiVersion");
  if (api_version != wanted) {
    errors.invalid(Path("apiVersion"), api_version, fmt::format("must be {}", wanted));
  }
}

FieldErrors CustomResource::validate_create(std::string_view version_name,
                                            const Json& object_json) const {
  const CustomVersion& version = at(version_name);
  FieldErrors errors;
  check_type_meta(errors, version, object_json);
  if (errors.empty()) {
    const Scope scope = namespaced_ ? Scope::kNamespaced : Scope::kCluster;
    check_object_meta(errors, object_json, scope, subdomain_name, false);
    errors.append(validate_by_schema(version.schema, object_json));
    check_scale(errors, version, object_json);
  }
  check_embedded(errors, version.schema, object_json);
  check_list_types(errors, version.schema, object_json);
  add_unchecked_rules(errors, version.schema);
  // rest.BeforeCreate looks at the metadata once more.
  if (errors.empty()) {
    check_object_meta(errors, object_json, Scope::kUnknown, path_segment_name, false);
  }
  return errors;
}

FieldErrors CustomResource::validate_update(std::string_view version_name, const Json& now,
                                            const Json& old) const {
  const CustomVersion& version = at(version_name);
  FieldErrors errors;
  check_object_meta_update(errors, now, old, false);  // rest.BeforeUpdate
  FieldErrors type_errors;
  check_type_meta(type_errors, version, now);
  if (type_errors.empty()) {
    check_object_meta_update(errors, now, old, false);
    errors.append(validate_by_schema(version.schema, now, &old));
    check_scale(errors, version, now);
  }
  errors.append(std::move(type_errors));
  check_embedded(errors, version.schema, now);
  FieldErrors old_lists;
  check_list_types(old_lists, version.schema, old);
  if (old_lists.empty()) check_list_types(errors, version.schema, now);
  add_unchecked_rules(errors, version.schema);
  return errors;
}

FieldErrors CustomResource::validate_status_update(std::string_view version_name, const Json& now,
                                                   const Json& old) const {
  const CustomVersion& version = at(version_name);
  FieldErrors errors;
  check_object_meta_update(errors, now, old, false);
  FieldErrors type_errors;
  check_type_meta(type_errors, version, now);
  if (!type_errors.empty()) {
    errors.append(std::move(type_errors));
  } else {
    check_object_meta_update(errors, now, old, false);
    if (const auto it = now.find("status"); it != now.end()) {
      errors.append(
          validate_by_schema(status_schema(version), *it, member(old, "status"), "status"));
    }
    check_scale_status(errors, version, now);
  }
  check_embedded(errors, version.schema, now);
  FieldErrors old_lists;
  check_list_types(old_lists, version.schema, old);
  if (old_lists.empty()) check_list_types(errors, version.schema, now);
  add_unchecked_rules(errors, version.schema);
  return errors;
}

std::vector<std::string> CustomResource::warnings(const Json& now, const Json* old) {
  const Json& before = old ? array(object(*old, "metadata"), "finalizers") : empty_array();
  std::vector<std::string> names;
  for (const Json& finalizer : array(object(now, "metadata"), "finalizers")) {
    if (std::find(before.begin(), before.end(), finalizer) == before.end()) {
      names.emplace_back(as_text(finalizer));
    }
  }
  std::sort(names.begin(), names.end());
  std::vector<std::string> out;
  for (const std::string& name : names) finalizer_warnings(out, name);
  return out;
}

}  // namespace orrery::api
