#include "core/api/custom/schema_shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "core/api/checks/formats.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/custom/schema_validation.h"

namespace orrery::api {
namespace {

bool is_meta_field(std::string_view key) {
  return key == "apiVersion" || key == "kind" || key == "metadata";
}

void drop_nulls(const Schema* schema, Json& value) {
  if (value.is_object()) {
    for (auto it = value.begin(); it != value.end();) {
      const Schema* child = schema ? schema->member_schema(it.key()) : nullptr;
      if (it->is_null() && child && !child->nullable && !child->default_value) {
        it = value.erase(it);
        continue;
      }
      drop_nulls(child, *it);
      ++it;
    }
  } else if (value.is_array()) {
    for (Json& item : value) drop_nulls(schema ? schema->items.get() : nullptr, item);
  }
}

// A null that may not be one takes the default; without a default it stays null.
void default_null(const Schema& schema, Json& value) {
  if (value.is_null() && !schema.nullable && schema.default_value) value = *schema.default_value;
}

void set_defaults(const Schema& schema, Json& value) {
  if (value.is_object()) {
    for (const auto& [name, property] : schema.properties) {
      if (!property.default_value) continue;
      const auto it = value.find(name);
      if (it == value.end() || (it->is_null() && !property.nullable)) {
        value[name] = *property.default_value;
      }
    }
    for (auto it = value.begin(); it != value.end(); ++it) {
      const Schema* child = schema.member_schema(it.key());
      if (!child) continue;
      if (!schema.property(it.key())) default_null(*child, *it);
      set_defaults(*child, *it);
    }
  } else if (value.is_array() && schema.items) {
    for (Json& item : value) {
      default_null(*schema.items, item);
      set_defaults(*schema.items, item);
    }
  }
}

class Pruner {
 public:
  void prune(const Schema* schema, Json& value, bool embedded);
  std::vector<std::string> take() {
    std::sort(unknown_.begin(), unknown_.end());
    return std::move(unknown_);
  }

 private:
  void prune_object(const Schema& schema, Json& value, bool embedded);
  void prune_list(const Schema* schema, Json& value, bool keep);
  void keep(const Schema& schema, Json& value, bool embedded);
  void remove_all(Json& value);
  template <class F>
  void below(const std::string& key, F visit) {
    const std::size_t size = path_.size();
    path_.append(path_.empty() ? "" : ".").append(key);
    visit();
    path_.resize(size);
  }
  void record(const std::string& key) {
    unknown_.push_back(path_.empty() ? key : path_ + "." + key);
  }

  std::string path_;
  std::vector<std::string> unknown_;
};

void Pruner::prune(const Schema* schema, Json& value, bool embedded) {
  if (schema && schema->preserve_unknown) return keep(*schema, value, embedded);
  if (value.is_object()) {
    if (!schema) return remove_all(value);
    return prune_object(*schema, value, embedded);
  }
  if (value.is_array()) prune_list(schema ? schema->items.get() : nullptr, value, false);
}

void Pruner::remove_all(Json& value) {
  for (const auto& [key, item] : value.items()) record(key);
  value.clear();
}

void Pruner::prune_object(const Schema& schema, Json& value, bool embedded) {
  for (auto it = value.begin(); it != value.end();) {
    const std::string& key = it.key();
    if (embedded && is_meta_field(key)) {
      ++it;
      continue;
    }
    const Schema* child = schema.member_schema(key);
    if (!child && !schema.property(key) && schema.additional == Schema::Additional::kUnset) {
      if (!is_meta_field(key) || !path_.empty()) record(key);
      it = value.erase(it);
      continue;
    }
    below(key, [&] { prune(child, *it, child && child->embedded); });
    ++it;
  }
}

void Pruner::prune_list(const Schema* schema, Json& value, bool keeping) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::size_t size = path_.size();
    path_ += fmt::format("[{}]", i);
    if (!keeping) {
      prune(schema, value[i], schema && schema->embedded);
    } else if (schema) {
      keep(*schema, value[i], schema->embedded);
    }
    path_.resize(size);
  }
}

// Below x-kubernetes-preserve-unknown-fields, only what the schema names is pruned again.
void Pruner::keep(const Schema& schema, Json& value, bool embedded) {
  if (value.is_object()) {
    for (auto it = value.begin(); it != value.end(); ++it) {
      if (embedded && is_meta_field(it.key())) continue;
      const Schema* child = schema.member_schema(it.key());
      if (!child && schema.additional == Schema::Additional::kUnset) continue;
      below(it.key(), [&] { prune(child, *it, child && child->embedded); });
    }
  } else if (value.is_array()) {
    prune_list(schema.items.get(), value, true);
  }
}

// Indexes of the second appearance of each value that appears more than once.
std::vector<std::size_t> repeated(const std::vector<Json>& values) {
  std::map<std::string, int> seen;
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (++seen[values[i].dump()] == 2) out.push_back(i);
  }
  return out;
}

void check_set(FieldErrors& errors, const Json& list, const std::string& path) {
  const std::vector<Json> values(list.begin(), list.end());
  for (const std::size_t i : repeated(values)) {
    errors.add(
        {FieldError::Type::kDuplicate, fmt::format("{}[{}]", path, i), error_value(values[i]), {}});
  }
}

void check_map(FieldErrors& errors, const Schema& schema, const Json& list,
               const std::string& path) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].is_null() || list[i].is_object()) continue;
    errors.add({FieldError::Type::kInvalid, fmt::format("{}[{}]", path, i), error_value(list[i]),
                "must be an object for an array of list-type map"});
    return;
  }
  std::vector<Json> keys;
  for (const Json& item : list) {
    Json key = Json::object();
    for (const std::string& name : schema.list_keys) {
      if (item.is_object() && item.contains(name)) key[name] = item[name];
    }
    keys.push_back(std::move(key));
  }
  for (const std::size_t i : repeated(keys)) {
    errors.add({FieldError::Type::kDuplicate, fmt::format("{}[{}]", path, i), keys[i].dump(), {}});
  }
}

void check_embedded_object(FieldErrors& errors, const Json& value, const std::string& path) {
  const auto place = [&](const char* key) {
    return path.empty() ? std::string(key) : path + "." + key;
  };
  const auto invalid = [&](const char* key, const Json& bad, std::string why) {
    errors.add({FieldError::Type::kInvalid, place(key), error_value(bad), std::move(why)});
  };
  for (const char* key : {"apiVersion", "kind"}) {
    const auto it = value.find(key);
    if (it == value.end()) {
      errors.add({FieldError::Type::kRequired, place(key), {}, {}});
    } else if (!it->is_string()) {
      invalid(key, *it, "must be a string");
    } else if (as_text(*it).empty()) {
      invalid(key, *it, "must not be empty");
    } else if (std::string_view(key) == "apiVersion") {
      const std::string_view version = as_text(*it);
      if (std::count(version.begin(), version.end(), '/') > 1) {
        invalid(key, *it, fmt::format("unexpected GroupVersion string: {}", version));
      }
    } else {
      std::string lower(as_text(*it));
      for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      const Messages messages = dns_1035_label_messages(lower);
      if (!messages.empty()) {
        invalid(key, *it,
                fmt::format("may have mixed case, but should otherwise match: {}",
                            fmt::join(messages, ",")));
      }
    }
  }
  if (!value.contains("metadata")) return;
  Json copy = {{"metadata", value["metadata"]}};
  if (text(object(copy, "metadata"), "name").empty()) copy["metadata"]["name"] = "fakename";
  FieldErrors found;
  check_object_meta(found, copy, Scope::kUnknown, path_segment_name, false);
  for (FieldError error : found.list()) {
    if (!path.empty()) error.field = path + "." + error.field;
    errors.add(std::move(error));
  }
}

}  // namespace

void apply_schema_defaults(const Schema& schema, Json& value) {
  drop_nulls(&schema, value);
  set_defaults(schema, value);
}

std::vector<std::string> prune_by_schema(const Schema& schema, Json& value, bool is_root) {
  Pruner pruner;
  pruner.prune(&schema, value, is_root || schema.embedded);
  return pruner.take();
}

void check_list_types(FieldErrors& errors, const Schema& schema, const Json& value,
                      const std::string& path) {
  if (value.is_array()) {
    if (schema.list_type == "set") check_set(errors, value, path);
    if (schema.list_type == "map") check_map(errors, schema, value, path);
    if (!schema.items) return;
    for (std::size_t i = 0; i < value.size(); ++i) {
      check_list_types(errors, *schema.items, value[i], fmt::format("{}[{}]", path, i));
    }
    return;
  }
  if (!value.is_object()) return;
  if (schema.additional_schema) {
    for (const auto& [key, item] : value.items()) {
      check_list_types(errors, *schema.additional_schema, item, fmt::format("{}[{}]", path, key));
    }
  }
  for (const auto& [key, item] : value.items()) {
    const Schema* child = schema.property(key);
    if (child) check_list_types(errors, *child, item, path.empty() ? key : path + "." + key);
  }
}

void check_embedded(FieldErrors& errors, const Schema& schema, const Json& value,
                    const std::string& path) {
  if (value.is_array() && schema.items) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      check_embedded(errors, *schema.items, value[i], fmt::format("{}[{}]", path, i));
    }
    return;
  }
  if (!value.is_object()) return;
  if (schema.embedded) check_embedded_object(errors, value, path);
  for (const auto& [key, item] : value.items()) {
    if (const Schema* child = schema.property(key)) {
      check_embedded(errors, *child, item, path.empty() ? key : path + "." + key);
    } else if (schema.additional_schema) {
      check_embedded(errors, *schema.additional_schema, item, fmt::format("{}[{}]", path, key));
    }
  }
}

}  // namespace orrery::api
