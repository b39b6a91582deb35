#include "core/api/custom/definition_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "core/api/checks/formats.h"
#include "core/api/checks/json_view.h"
#include "core/api/custom/definition_form.h"
#include "core/api/custom/selectable_path.h"

namespace orrery::api {
namespace {

constexpr std::size_t kSelectableFieldsMax = 8;  // upstream's MaxSelectableFields

std::string joined(const Messages& messages) { return fmt::format("{}", fmt::join(messages, ",")); }

bool has_status(const Json* subresources) { return subresources && has(*subresources, "status"); }

bool has_schema(const Json& version) {
  const Json* schema = member(version, "schema");
  return schema && has(*schema, "openAPIV3Schema");
}

// Whether a schema of the spec has a node for which `test` holds.
bool any_schema_of(const Json& spec, bool (*test)(const Json& schema)) {
  const Json& versions = array(spec, "versions");
  return std::any_of(versions.begin(), versions.end(), [&](const Json& version) {
    return any_schema(object(object(version, "schema"), "openAPIV3Schema"), test);
  });
}

class SpecCheck {
 public:
  SpecCheck(FieldErrors& errors, const Json& spec, const DefinitionRules& rules, const Path& path)
      : errors_(errors), spec_(spec), rules_(rules), path_(path), form_(spec) {}
  void run();

 private:
  void check_group();
  void check_scope();
  void check_schemas_given();
  void check_preserve();
  void check_versions();
  void check_version(const Json& version, const Path& path);
  void check_counts(bool unique, int storage);
  void check_required_names();
  void check_shared_parts();
  void check_selectable(const Json& fields, const Json* validation, const Path& path);
  void check_deprecation(const Json& version, const Path& path);
  bool preserves() const { return flag(spec_, "preserveUnknownFields"); }

  FieldErrors& errors_;
  const Json& spec_;
  DefinitionRules rules_;
  const Path& path_;
  DefinitionForm form_;
};

void SpecCheck::check_group() {
  const std::string_view group = text(spec_, "group");
  const Path path = path_.child("group");
  if (group.empty()) {
    errors_.required(path);
  } else if (const Messages messages = dns_subdomain_messages(group); !messages.empty()) {
    errors_.invalid(path, group, joined(messages));
  } else if (group.find('.') == std::string_view::npos) {
    errors_.invalid(path, group, "should be a domain with at least one dot");
  }
}

void SpecCheck::check_scope() {
  const std::string_view scope = text(spec_, "scope");
  const Path path = path_.child("scope");
  if (scope.empty()) {
    errors_.required(path);
  } else if (scope != "Cluster" && scope != "Namespaced") {
    errors_.not_supported(path, scope, {"Cluster", "Namespaced"});
  }
}

void SpecCheck::check_schemas_given() {
  const Json& versions = array(spec_, "versions");
  const bool shared = form_.validation && has(*form_.validation, "openAPIV3Schema");
  for (std::size_t i = 0; i < versions.size() && !shared; ++i) {
    if (has_schema(versions[i])) continue;
    const Path version = path_.at("versions", i);
    const Path schema = version.child("schema");
    if (rules_.schema_required) {
      errors_.required(schema.child("openAPIV3Schema"));
    } else if (!preserves() && flag(versions[i], "served")) {
      errors_.required(schema.child("openAPIV3Schema"), "because otherwise all fields are pruned");
    }
  }
}

void SpecCheck::check_preserve() {
  if (!preserves()) rules_.schema.structural = true;
  if (any_schema_of(spec_, [](const Json& schema) { return has(schema, "default"); })) {
    rules_.schema.structural = true;
    if (preserves()) {
      errors_.invalid_raw(path_.child("preserveUnknownFields"), "true",
                          "must be false in order to use defaults in the schema");
    }
  }
  const auto extended = [](const Json& schema) {
    return flag(schema, "x-kubernetes-embedded-resource") ||
           has(schema, "x-kubernetes-preserve-unknown-fields") ||
           flag(schema, "x-kubernetes-int-or-string") ||
           !array(schema, "x-kubernetes-list-map-keys").empty() ||
           has(schema, "x-kubernetes-list-type") ||
           !array(schema, "x-kubernetes-validations").empty();
  };
  if (any_schema_of(spec_, extended)) rules_.schema.structural = true;
}

void SpecCheck::check_deprecation(const Json& version, const Path& path) {
  const auto warning = maybe_text(version, "deprecationWarning");
  if (!warning) return;
  const Path warning_path = path.child("deprecationWarning");
  if (!flag(version, "deprecated")) {
    errors_.invalid(warning_path, *warning, "can only be set for deprecated versions");
    return;
  }
  if (warning->size() > 256)
    errors_.invalid(warning_path, *warning, "must be <= 256 characters long");
  if (warning->empty()) errors_.invalid(warning_path, *warning, "must not be an empty string");
  for (std::size_t i = 0; i < warning->size(); ++i) {
    const auto byte = static_cast<unsigned char>((*warning)[i]);
    if (byte >= 0x20 && byte != 0x7f) continue;
    errors_.invalid(warning_path, *warning,
                    fmt::format("must only contain printable UTF-8 characters; non-printable "
                                "character found at index {}",
                                i));
    break;
  }
}

void SpecCheck::check_selectable(const Json& fields, const Json* validation, const Path& path) {
  const Json* schema = validation ? member(*validation, "openAPIV3Schema") : nullptr;
  if (!schema) {
    errors_.invalid(path, "",
                    "may only be set when `version.schema.openAPIV3Schema` is not included");
    return;
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Path item = path.index(i);
    const Path json_path = item.child("jsonPath");
    const std::string_view value = text(fields[i], "jsonPath");
    if (value.empty()) {
      errors_.required(json_path);
      continue;
    }
    const FieldPathTarget target = resolve_field_path(value, *schema, false);
    if (!target.error.empty()) {
      errors_.invalid(json_path, value, "is an invalid path: " + target.error);
      continue;
    }
    if (target.first == "metadata") {
      errors_.invalid(json_path, value, "must not point to fields in metadata");
    }
    const std::string_view type = text(*target.schema, "type");
    if (type != "string" && type != "boolean" && type != "integer") {
      errors_.invalid(json_path, value,
                      "must point to a field of type string, boolean or integer. Enum string "
                      "fields and strings with formats are allowed.");
    }
    if (!seen.insert(target.path).second) errors_.duplicate(json_path, value);
  }
  if (seen.size() > kSelectableFieldsMax) errors_.too_many(path, seen.size(), kSelectableFieldsMax);
}

void SpecCheck::check_version(const Json& version, const Path& path) {
  check_deprecation(version, path);
  const Json* subresources = form_.version_subresources(version);
  if (const Json* schema = form_.version_schema(version)) {
    const Json* effective = subresources ? subresources : form_.subresources;
    errors_.append(
        check_validation(*schema, has_status(effective), rules_.schema, path.child("schema")));
  }
  check_custom_subresources(errors_, subresources, path.child("subresources"));
  if (const Json* columns = form_.version_columns(version)) {
    for (std::size_t i = 0; i < columns->size(); ++i) {
      check_printer_column(errors_, (*columns)[i], path.at("additionalPrinterColumns", i));
    }
  }
  if (const Json* fields = form_.version_selectable(version)) {
    check_selectable(*fields, form_.version_schema(version), path.child("selectableFields"));
  }
}

void SpecCheck::check_counts(bool unique, int storage) {
  const Path path = path_.child("versions");
  const auto refuse = [&](std::string_view why) {
    errors_.invalid_raw(path, go_versions(array(spec_, "versions"), form_), why);
  };
  if (!unique) refuse("must contain unique version names");
  if (storage != 1) refuse("must have exactly one version marked as storage version");
}

void SpecCheck::check_versions() {
  const Json& versions = array(spec_, "versions");
  int storage = 0;
  bool unique = true;
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const Path version_path = path_.at("versions", i);
    const std::string_view name = text(versions[i], "name");
    if (flag(versions[i], "storage")) ++storage;
    unique = names.insert(name).second && unique;
    const Messages messages = dns_1035_label_messages(name);
    if (!messages.empty()) errors_.invalid(version_path.child("name"), name, joined(messages));
    check_version(versions[i], version_path);
  }
  check_counts(unique, storage);
  if (versions.empty()) return;
  const std::string_view first = text(versions[0], "name");
  const Messages messages = dns_1035_label_messages(first);
  if (!first.empty() && !messages.empty()) {
    errors_.invalid(path_.child("version"), first, joined(messages));
  }
}

void SpecCheck::check_required_names() {
  const Json& names = object(spec_, "names");
  const Path path = path_.child("names");
  for (const char* key : {"plural", "singular", "kind", "listKind"}) {
    if (text(names, key).empty()) errors_.required(path.child(key));
  }
  check_definition_names(errors_, names, path);
}

void SpecCheck::check_shared_parts() {
  if (form_.validation) {
    bool status = has_status(form_.subresources);
    for (const Json& version : array(spec_, "versions")) {
      status = status || has_status(form_.version_subresources(version));
    }
    errors_.append(
        check_validation(*form_.validation, status, rules_.schema, path_.child("validation")));
  }
  check_custom_subresources(errors_, form_.subresources, path_.child("subresources"));
  for (std::size_t i = 0; form_.columns && i < form_.columns->size(); ++i) {
    check_printer_column(errors_, (*form_.columns)[i], path_.at("additionalPrinterColumns", i));
  }
  if (!form_.selectable) return;
  const Path selectable = path_.child("selectableFields");
  if (!form_.validation) {
    errors_.invalid(selectable, "", "may only be set when validations.schema is included");
  } else {
    check_selectable(*form_.selectable, form_.validation, selectable);
  }
}

void SpecCheck::run() {
  check_group();
  check_scope();
  check_schemas_given();
  check_preserve();
  check_versions();
  check_required_names();
  check_shared_parts();
  const Json* conversion = member(spec_, "conversion");
  if (!conversion) return;
  const Path conversion_path = path_.child("conversion");
  if (text(*conversion, "strategy") != "None" && preserves()) {
    errors_.invalid(conversion_path.child("strategy"), text(*conversion, "strategy"),
                    "must be None if spec.preserveUnknownFields is true");
  }
  check_conversion(errors_, *conversion, rules_.known_review_versions, conversion_path);
}

}  // namespace

void check_definition_spec(FieldErrors& errors, const Json& spec, const DefinitionRules& rules,
                           const Path& path) {
  SpecCheck(errors, spec, rules, path).run();
}

}  // namespace orrery::api
