// How upstream sees a CRD inside: what is equal in all versions (schema, subresources, columns,
// selectable fields) moves from the versions to the spec, so errors name "spec.validation...", and
// some errors print whole versions as Go marshals its internal structs. The checks of CRDs use it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace orrery::api {

/// The top-level parts after the move; a null pointer where the part is per version or absent.
/// Points into the document.
struct DefinitionForm {
  explicit DefinitionForm(const nlohmann::json& spec);

  bool schema_moved = true, subresources_moved = true, columns_moved = true,
       selectable_moved = true;
  const nlohmann::json* validation = nullptr;  // CustomResourceValidation
  const nlohmann::json* subresources = nullptr;
  const nlohmann::json* columns = nullptr;
  const nlohmann::json* selectable = nullptr;

  /// The part of one version; null where it moved or is absent.
  const nlohmann::json* version_schema(const nlohmann::json& version) const;
  const nlohmann::json* version_subresources(const nlohmann::json& version) const;
  const nlohmann::json* version_columns(const nlohmann::json& version) const;
  const nlohmann::json* version_selectable(const nlohmann::json& version) const;
};

/// spec.versions as Go's internal type marshals.
std::string go_versions(const nlohmann::json& versions, const DefinitionForm& form);
/// A JSONSchemaProps as Go's internal type marshals.
std::string go_schema(const nlohmann::json& schema);
/// Whether Go's field of this name (e.g. "XListType") has a value other than zero, in the order of
/// the struct: the first for which `refused` is true, "" if none.
std::string first_schema_field(const nlohmann::json& schema, bool (*refused)(std::string_view));

}  // namespace orrery::api
