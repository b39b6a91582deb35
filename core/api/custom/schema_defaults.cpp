#include "core/api/custom/schema_defaults.h"

#include "core/api/checks/json_view.h"
#include "core/api/custom/schema.h"
#include "core/api/custom/schema_shape.h"
#include "core/api/custom/schema_validation.h"

namespace orrery::api {
namespace {

bool is_meta_field(std::string_view key) {
  return key == "metadata" || key == "kind" || key == "apiVersion";
}

bool is_pruned(const Schema& schema, const Json& value) {
  Json copy = value;
  prune_by_schema(schema, copy, false);
  return copy == value;
}

class DefaultCheck {
 public:
  DefaultCheck(FieldErrors& errors, bool pruned) : errors_(errors), pruned_(pruned) {}

  void check(const Schema& schema, const Path& path, bool is_root, bool in_meta) {
    const bool embedded = is_root || schema.embedded;
    if (embedded) in_meta = false;
    if (schema.default_value) check_value(schema, path.child("default"), in_meta);
    // Not into additionalProperties: defaults there have nothing to stand for.
    if (schema.items) check(*schema.items, path.child("items"), false, in_meta);
    const Path properties = path.child("properties");
    for (const auto& [key, property] : schema.properties) {
      check(property, properties.key(key), false, in_meta || (embedded && is_meta_field(key)));
    }
  }

 private:
  void check_value(const Schema& schema, const Path& path, bool in_meta) {
    const Json& value = *schema.default_value;
    if (pruned_ && !in_meta && !is_pruned(schema, value)) {
      errors_.invalid_raw(path, error_value(value), "must not have unknown fields");
    }
    FieldErrors embedded;
    check_embedded(embedded, schema, value, path.text());
    if (!embedded.empty()) {
      errors_.append(std::move(embedded));
      return;
    }
    errors_.append(validate_by_schema(schema, value, nullptr, path.text()));
  }

  FieldErrors& errors_;
  bool pruned_;
};

bool any_unpruned(const Schema& schema) {
  if (schema.default_value && !is_pruned(schema, *schema.default_value)) return true;
  if (schema.items && any_unpruned(*schema.items)) return true;
  for (const auto& [key, property] : schema.properties) {
    if (any_unpruned(property)) return true;
  }
  return false;
}

}  // namespace

FieldErrors check_schema_defaults(const Json& schema, const Path& path, bool pruned) {
  FieldErrors errors;
  DefaultCheck(errors, pruned)
      .check(compile_schema(schema, SchemaReading::kStructural), path, true, false);
  return errors;
}

bool has_unpruned_defaults(const Json& schema) {
  return any_unpruned(compile_schema(schema, SchemaReading::kStructural));
}

}  // namespace orrery::api
