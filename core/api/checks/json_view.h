// How the checks read a JSON object that was decoded: an absent or null member is Go's zero value,
// and a member of a wrong type (which decoding has refused before) too. For the .cpp files of this
// folder and of core/apiserver/tables only.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>  // tidy: for .cpp files only
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace orrery::api {
// Short names for short code; inline keeps them apart from other folders' at link time.
inline namespace json_view {

using Json = nlohmann::json;

inline const Json& empty_array() {
  static const Json kEmpty = Json::array();
  return kEmpty;
}
inline const Json& empty_object() {
  static const Json kEmpty = Json::object();
  return kEmpty;
}

/// The member, or null where it is absent or JSON null (a nil pointer in Go).
inline const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto it = object.find(key);
  return it == object.end() || it->is_null() ? nullptr : &*it;
}
inline bool has(const Json& object, const char* key) { return member(object, key) != nullptr; }

inline std::string_view as_text(const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  return text ? std::string_view(*text) : std::string_view();
}
inline std::string_view text(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value ? as_text(*value) : std::string_view();
}
/// Null where absent; an empty text is a value.
inline std::optional<std::string_view> maybe_text(const Json& object, const char* key) {
  const Json* value = member(object, key);
  if (!value) return std::nullopt;
  return as_text(*value);
}

inline std::int64_t as_integer(const Json& value) {
  return value.is_number() ? value.get<std::int64_t>() : 0;
}
inline std::optional<std::int64_t> maybe_integer(const Json& object, const char* key) {
  const Json* value = member(object, key);
  if (!value || !value->is_number()) return std::nullopt;
  return value->get<std::int64_t>();
}
inline std::int64_t integer(const Json& object, const char* key) {
  return maybe_integer(object, key).value_or(0);
}

inline std::optional<bool> maybe_flag(const Json& object, const char* key) {
  const Json* value = member(object, key);
  if (!value || !value->is_boolean()) return std::nullopt;
  return value->get<bool>();
}
inline bool flag(const Json& object, const char* key) {
  return maybe_flag(object, key).value_or(false);
}

inline const Json& array(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value && value->is_array() ? *value : empty_array();
}
inline const Json& object(const Json& parent, const char* key) {
  const Json* value = member(parent, key);
  return value && value->is_object() ? *value : empty_object();
}

/// The elements of an array member, to change in place; none where it is absent or holds others
/// than objects.
inline std::span<Json> items_of(Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto it = object.find(key);
  if (it == object.end() || !it->is_array()) return {};
  auto& list = it->get_ref<Json::array_t&>();
  for (const Json& item : list) {
    if (!item.is_object()) return {};
  }
  return list;
}
/// A member to write to: made an empty object where absent or null.
inline Json& make_object(Json& parent, const char* key) {
  Json& value = parent[key];
  if (!value.is_object()) value = Json::object();
  return value;
}
/// Sets the member where it is absent or null (a default of a pointer).
template <class T>
void set_if_absent(Json& parent, const char* key, T&& value) {
  if (!member(parent, key)) parent[key] = std::forward<T>(value);
}
/// Sets the member where it is absent, null or "" (a default of a Go string).
inline void set_if_empty(Json& parent, const char* key, std::string_view value) {
  if (text(parent, key).empty()) parent[key] = value;
}
/// Sets the member where it is absent, null or 0 (a default of a Go integer).
inline void set_if_zero(Json& parent, const char* key, std::int64_t value) {
  if (integer(parent, key) == 0) parent[key] = value;
}

}  // namespace json_view
}  // namespace orrery::api
