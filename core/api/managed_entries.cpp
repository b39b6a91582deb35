#include "core/api/managed_entries.h"

#include <nlohmann/json.hpp>

namespace orrery::api {

using nlohmann::json;

void pack_managers(json& managers) {
  if (managers.is_array()) managers = managers.dump(-1, ' ', false, json::error_handler_t::replace);
}

void unpack_managers(json& managers) {
  if (!managers.is_string()) return;
  json list = json::parse(managers.get_ref<const std::string&>(), nullptr, false);
  if (list.is_array()) managers = std::move(list);
}

json managers_of(const ObjectMeta& meta) {
  if (!meta.extra) return json();
  const auto it = meta.extra.json().find(kManagedFields);
  if (it == meta.extra.json().end()) return json();
  json managers = *it;
  unpack_managers(managers);
  return managers;
}

void set_managers(ObjectMeta& meta, const json& managers) {
  json rest = meta.extra ? meta.extra.json() : json::object();
  rest.erase(kManagedFields);
  if (!managers.is_null() && !managers.empty()) pack_managers(rest[kManagedFields] = managers);
  meta.extra = rest.empty() ? RawRef() : RawRef(std::move(rest));
}

}  // namespace orrery::api
