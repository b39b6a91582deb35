// CustomResource: what one established CRD says, ready to serve: names, versions, schemas, an API
// table of its own, and the functions that default, prune, validate, scale and convert its objects.
// The API server makes one when a CRD is established or changes, and drops it when it goes; it is
// immutable. Objects are JSON documents of one of its versions; a version that does not exist is a
// bug of the caller.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/checks/field_error.h"
#include "core/api/custom/schema.h"
#include "core/api/schema/api_table.h"
#include "core/base/result.h"

namespace orrery::api {

/// One printer column of a table, besides Name; the cells are found by `json_path`.
struct CustomColumn {
  std::string name, type, format, description, json_path;  // ".spec.size"
  std::int32_t priority = 0;
};

struct CustomVersion {
  std::string name;
  bool served = false, storage = false;
  bool has_status = false, has_scale = false;
  std::string spec_replicas_path, status_replicas_path, label_selector_path;  // ".spec.size"
  std::vector<CustomColumn> columns;           // Age alone where the CRD names none
  std::vector<std::string> selectable_fields;  // field selectors: "spec.color"
  /// Warning header of each request, "" if not deprecated.
  std::string deprecation_warning;
  Schema schema;

  bool has_rules() const { return schema.has_rules; }  // CEL; kept, not evaluated
};

class CustomResource {
 public:
  /// From a stored CRD that passed its checks. Errors only where the table cannot be made.
  static Result<std::shared_ptr<const CustomResource>> make(const nlohmann::json& definition);

  const std::string& name() const { return name_; }  // of the CRD: "foos.example.com"
  const std::string& group() const { return group_; }
  const std::string& kind() const { return kind_; }
  const std::string& list_kind() const { return list_kind_; }
  const std::string& plural() const { return plural_; }
  const std::string& singular() const { return singular_; }
  const std::vector<std::string>& short_names() const { return short_names_; }
  const std::vector<std::string>& categories() const { return categories_; }
  bool namespaced() const { return namespaced_; }
  const std::vector<CustomVersion>& versions() const { return versions_; }
  /// Null if there is none of this name.
  const CustomVersion* version(std::string_view name) const;
  const CustomVersion& storage_version() const;
  bool has_status(std::string_view version_name) const { return at(version_name).has_status; }
  /// Lives as long as this object.
  const ApiTable& table() const { return *table_; }

  /// Nulls and defaults of the schema. On create, update, and when read from the store.
  void apply_defaults(std::string_view version, nlohmann::json& object) const;
  /// Removes unknown fields, in metadata too, and answers their paths, sorted: the texts of
  /// fieldValidation are `unknown field "PATH"`.
  std::vector<std::string> prune(std::string_view version, nlohmann::json& object) const;

  /// Everything the strategy checks, metadata included, in upstream's order and words.
  FieldErrors validate_create(std::string_view version, const nlohmann::json& object) const;
  FieldErrors validate_update(std::string_view version, const nlohmann::json& now,
                              const nlohmann::json& old) const;
  FieldErrors validate_status_update(std::string_view version, const nlohmann::json& now,
                                     const nlohmann::json& old) const;
  /// Finalizers that are not qualified names (`old` null on create).
  static std::vector<std::string> warnings(const nlohmann::json& now, const nlohmann::json* old);

  /// The autoscaling/v1 Scale of an object; InternalError where the paths lead to other types.
  Result<nlohmann::json> scale_of(std::string_view version, const nlohmann::json& object) const;
  /// Writes spec.replicas of a Scale into the object. BadRequest where it names none and the object
  /// has none.
  Status set_scale(std::string_view version, nlohmann::json& object,
                   const nlohmann::json& scale) const;

  /// Conversion strategy None: another apiVersion, nothing else.
  void convert(std::string_view to_version, nlohmann::json& object) const;

  /// The value of a selectable field as field selectors compare it; "" where absent.
  static std::string selectable_value(const nlohmann::json& object, std::string_view field);

  /// The schemas for OpenAPI: {"com.example.v1.Foo": ..., "com.example.v1.FooList": ...}. v2 leaves
  /// out what kubectl cannot read there.
  nlohmann::json openapi_schemas(std::string_view version, bool v2) const;

 private:
  CustomResource() = default;
  const CustomVersion& at(std::string_view version) const;
  void check_type_meta(FieldErrors& errors, const CustomVersion& version,
                       const nlohmann::json& object) const;

  std::string name_, group_, kind_, list_kind_, plural_, singular_;
  std::vector<std::string> short_names_, categories_;
  bool namespaced_ = true;
  std::vector<CustomVersion> versions_;
  std::shared_ptr<const nlohmann::json> definition_;
  std::string table_text_;  // the table's views point into it
  std::unique_ptr<const ApiTable> table_;
};

}  // namespace orrery::api
