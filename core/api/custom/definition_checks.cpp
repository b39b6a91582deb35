#include "core/api/custom/definition_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/custom/definition_spec.h"
#include "core/api/custom/definition_status.h"
#include "core/api/custom/schema_defaults.h"
#include "core/api/custom/string_formats.h"
#include "core/api/custom/structural_rules.h"

namespace orrery::api {
namespace {

constexpr char kApproval[] = "api-approved.kubernetes.io";

const Json& root_schema(const Json& version) {
  return object(object(version, "schema"), "openAPIV3Schema");
}

template <class Test>
bool any_version(const Json& definition, Test test) {
  const Json& versions = array(object(definition, "spec"), "versions");
  return std::any_of(versions.begin(), versions.end(), test);
}

std::string_view storage_version(const Json& definition) {
  for (const Json& version : array(object(definition, "spec"), "versions")) {
    if (flag(version, "storage")) return text(version, "name");
  }
  return {};
}

void check_stored_versions(FieldErrors& errors, const Json& definition) {
  const Json& stored = array(object(definition, "status"), "storedVersions");
  const Path status("status");
  const Path path = status.child("storedVersions");
  if (stored.empty()) {
    errors.invalid_raw(path, "null", "must have at least one stored version");
    return;
  }
  std::vector<std::string_view> left;
  for (const Json& version : stored) left.push_back(as_text(version));
  for (const Json& version : array(object(definition, "spec"), "versions")) {
    const std::string_view name = text(version, "name");
    const auto it = std::find(left.begin(), left.end(), name);
    if (it == left.end() && flag(version, "storage")) {
      errors.invalid_raw(path, stored.dump(),
                         fmt::format("must have the storage version {}", name));
    }
    if (it != left.end()) *it = {};
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i].empty()) continue;
    errors.invalid(
        path.index(i), left[i],
        fmt::format("missing from spec.versions; {0} was previously a storage version, and must "
                    "remain in spec.versions until a storage migration ensures no data remains "
                    "persisted in {0} and removes {0} from status.storedVersions",
                    left[i]));
  }
}

enum class Approval { kMissing, kBypassed, kApproved, kInvalid };

Approval approval_of(const Json& definition) {
  const std::string_view value =
      text(object(object(definition, "metadata"), "annotations"), kApproval);
  if (value.empty()) return Approval::kMissing;
  if (value.starts_with("unapproved")) return Approval::kBypassed;
  const std::size_t colon = value.find("://");
  const bool url = colon != std::string_view::npos && colon > 0 && colon + 3 < value.size() &&
                   matches_format("uri", value);
  return url ? Approval::kApproved : Approval::kInvalid;
}

// Groups of the Kubernetes community need an approval.
void check_approval(FieldErrors& errors, const Json& now, const Json* old) {
  const std::string_view group = text(object(now, "spec"), "group");
  const bool is_protected = group == "k8s.io" || group.ends_with(".k8s.io") ||
                            group == "kubernetes.io" || group.ends_with(".kubernetes.io");
  if (!is_protected) return;
  const Approval approval = approval_of(now);
  if (old && approval_of(*old) == approval) return;
  const Path metadata("metadata");
  const Path annotations = metadata.child("annotations");
  const std::string must =
      fmt::format("protected groups must have approval annotation \"{}\"", kApproval);
  constexpr std::string_view kSee = ", see https://github.com/kubernetes/enhancements/pull/1111";
  if (approval == Approval::kMissing) {
    errors.required(annotations.key(kApproval), must + std::string(kSee));
  } else if (approval == Approval::kInvalid) {
    errors.invalid(
        annotations.key(kApproval), text(object(object(now, "metadata"), "annotations"), kApproval),
        fmt::format("{} with either a URL or a reason starting with \"unapproved\"{}", must, kSee));
  }
}

void check_preserve_unknown(FieldErrors& errors, const Json& now, const Json* old) {
  if (old && flag(object(*old, "spec"), "preserveUnknownFields")) return;
  if (!flag(object(now, "spec"), "preserveUnknownFields")) return;
  const Path spec("spec");
  errors.invalid_raw(spec.child("preserveUnknownFields"), "true",
                     "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in "
                     "spec.versions[*].schema instead");
}

void check_accepted_names(FieldErrors& errors, const Json& definition) {
  const Path status("status");
  check_definition_names(errors, object(object(definition, "status"), "acceptedNames"),
                         status.child("acceptedNames"));
}

// Everything that stands after the metadata and the spec, on create and on update.
void check_rest(FieldErrors& errors, const Json& now, const Json* old) {
  check_accepted_names(errors, now);
  check_stored_versions(errors, now);
  check_approval(errors, now, old);
  check_preserve_unknown(errors, now, old);
}

bool has_wrong_set(const Json& schema) {
  const Json& items = object(schema, "items");
  if (text(schema, "x-kubernetes-list-type") != "set") return false;
  if (text(items, "type") == "array") {
    const auto list_type = maybe_text(items, "x-kubernetes-list-type");
    return list_type && list_type != "atomic";
  }
  return text(items, "type") == "object" && text(items, "x-kubernetes-map-type") != "atomic";
}

bool has_wrong_type(const Json& schema) {
  const std::string_view type = text(schema, "type");
  return !type.empty() && type != "array" && type != "boolean" && type != "integer" &&
         type != "number" && type != "object" && type != "string";
}

// An update does not insist on what the stored object broke already.
DefinitionRules rules_for_update(const Json& old) {
  DefinitionRules rules;
  const auto no_schema = [](const Json& version) {
    return !has(object(version, "schema"), "openAPIV3Schema");
  };
  const auto not_structural = [](const Json& version) {
    const Json& schema = root_schema(version);
    if (schema.empty()) return false;
    return !structural_conversion_error(schema).empty() ||
           !check_structural(schema, Path("")).empty();
  };
  rules.schema_required = !any_version(old, no_schema);
  rules.schema.structural = !any_version(old, not_structural);
  rules.schema.valid_types =
      !any_version(old, [](const Json& v) { return any_schema(root_schema(v), has_wrong_type); });
  rules.schema.pruned_defaults =
      !any_version(old, [](const Json& v) { return has_unpruned_defaults(root_schema(v)); });
  rules.schema.set_items =
      !any_version(old, [](const Json& v) { return any_schema(root_schema(v), has_wrong_set); });
  rules.schema.map_keys = !any_version(old, [](const Json& v) {
    return any_schema(root_schema(v), [](const Json& schema) {
      return !check_list_keys(schema, Path("")).empty();
    });
  });
  const Json& versions = array(object(object(object(old, "spec"), "conversion"), "webhook"),
                               "conversionReviewVersions");
  rules.known_review_versions =
      versions.empty() || std::any_of(versions.begin(), versions.end(),
                                      [](const Json& v) { return v == "v1" || v == "v1beta1"; });
  return rules;
}

void collect_warnings(const Json& schema, std::vector<std::string>& formats,
                      std::set<std::string>& sets) {
  if (!schema.is_object() || schema.empty()) return;
  const std::string_view format = text(schema, "format");
  if (!format.empty() && !is_supported_format(text(schema, "type"), format)) {
    formats.push_back(fmt::format("unrecognized format \"{}\"", format));
  }
  const std::string_view item_type = text(object(schema, "items"), "type");
  if (text(schema, "x-kubernetes-list-type") == "set" &&
      (item_type == "object" || item_type == "array")) {
    sets.insert(
        fmt::format("x-kubernetes-list-type: set for items of type \"{}\" is not supported "
                    "by server-side apply or CEL validation rules",
                    item_type));
  }
  const auto each = [&](const Json& list) {
    for (const Json& part : list) collect_warnings(part, formats, sets);
  };
  collect_warnings(object(schema, "items"), formats, sets);
  for (const char* key : {"allOf", "anyOf", "oneOf"}) each(array(schema, key));
  collect_warnings(object(schema, "not"), formats, sets);
  each(object(schema, "properties"));
  collect_warnings(object(schema, "additionalProperties"), formats, sets);
}

std::vector<std::string> warnings_of(const Json& definition) {
  std::vector<std::string> formats;
  std::set<std::string> sets;
  for (const Json& version : array(object(definition, "spec"), "versions")) {
    collect_warnings(root_schema(version), formats, sets);
  }
  formats.insert(formats.end(), sets.begin(), sets.end());
  return formats;
}

}  // namespace

void default_definition(Json& definition) {
  Json& spec = make_object(definition, "spec");
  Json& names = make_object(spec, "names");
  const std::string kind(text(names, "kind"));
  std::string singular = kind;
  for (char& c : singular) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (!singular.empty()) set_if_empty(names, "singular", singular);
  if (!kind.empty()) set_if_empty(names, "listKind", kind + "List");
  set_if_absent(spec, "conversion", Json{{"strategy", "None"}});
  Json& conversion = spec["conversion"];
  if (const Json* webhook = member(conversion, "webhook");
      webhook && has(object(*webhook, "clientConfig"), "service")) {
    set_if_absent(conversion["webhook"]["clientConfig"]["service"], "port", 443);
  }
  if (array(object(definition, "status"), "storedVersions").empty()) {
    prepare_definition(definition);
  }
}

void prepare_definition(Json& definition) {
  const std::string version(storage_version(definition));
  if (version.empty()) return;
  Json& status = make_object(definition, "status");
  if (!member(status, "storedVersions")) status["storedVersions"] = Json::array();
  Json& stored = status["storedVersions"];
  if (std::find(stored.begin(), stored.end(), Json(version)) == stored.end()) {
    stored.push_back(version);
  }
}

void check_definition(FieldErrors& errors, const Json& definition) {
  check_object_meta(errors, definition, Scope::kCluster, subdomain_name);
  const Json& spec = object(definition, "spec");
  const std::string_view name = text(object(definition, "metadata"), "name");
  const std::string wanted =
      fmt::format("{}.{}", text(object(spec, "names"), "plural"), text(spec, "group"));
  const Path metadata("metadata");
  if (!name.empty() && name != wanted) {
    errors.invalid(metadata.child("name"), name, "must be spec.names.plural+\".\"+spec.group");
  }
  check_definition_spec(errors, spec, {}, Path("spec"));
  check_rest(errors, definition, nullptr);
}

void check_definition_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  const Json& spec = object(now, "spec");
  const Json& old_spec = object(old, "spec");
  const Path path("spec");
  check_definition_spec(errors, spec, rules_for_update(old), path);
  const Json& names = object(spec, "names");
  const Json& old_names = object(old_spec, "names");
  const Path names_path = path.child("names");
  if (is_condition_true(old, "Established")) {
    check_immutable(errors, member(spec, "scope"), member(old_spec, "scope"), path.child("scope"));
    check_immutable(errors, member(names, "kind"), member(old_names, "kind"),
                    names_path.child("kind"));
  }
  check_immutable(errors, member(spec, "group"), member(old_spec, "group"), path.child("group"));
  check_immutable(errors, member(names, "plural"), member(old_names, "plural"),
                  names_path.child("plural"));
  check_rest(errors, now, &old);
}

void check_definition_status(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_accepted_names(errors, now);
}

std::vector<std::string> definition_warnings(const Json& now, const Json* old) {
  std::vector<std::string> found = warnings_of(now);
  if (!old) return found;
  const std::vector<std::string> before = warnings_of(*old);
  std::erase_if(found, [&](const std::string& warning) {
    return std::find(before.begin(), before.end(), warning) != before.end();
  });
  return found;
}

}  // namespace orrery::api
