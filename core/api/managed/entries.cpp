#include "core/api/managed/entries.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "core/api/managed/fields_v1.h"
#include "core/api/values/quoted.h"
#include "core/base/time.h"

namespace orrery::api::managed {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& entry, const char* key) {
  const auto it = entry.find(key);
  return it != entry.end() && it->is_string() ? it->get<std::string>() : std::string();
}

/// Whole seconds in UTC, so that text order is time order.
std::string canonical_time(std::string text) {
  if (text.empty() || (text.size() == 20 && text.back() == 'Z')) return text;
  const Result<Time> time = parse_rfc3339(text);
  return time.ok() ? format_rfc3339(*time) : text;
}

Result<Manager> decode(const Json& entry, std::size_t index) {
  if (!entry.is_object()) return bad_request("a managed fields entry is not an object");
  Manager out;
  const std::string operation = text_of(entry, "operation");
  if (operation != "Apply" && operation != "Update") {
    return bad_request("operation must be `Apply` or `Update`");
  }
  out.applied = operation == "Apply";
  out.api_version = text_of(entry, "apiVersion");
  if (out.api_version.empty()) return bad_request("apiVersion must not be empty");
  const std::string fields_type = text_of(entry, "fieldsType");
  if (fields_type.empty()) {
    return bad_request("missing fieldsType in managed fields entry " + std::to_string(index));
  }
  if (fields_type != "FieldsV1") {
    return bad_request("invalid fieldsType " + api::quoted(fields_type) +
                       " in managed fields entry " + std::to_string(index));
  }
  out.name = text_of(entry, "manager");
  out.subresource = text_of(entry, "subresource");
  out.time = canonical_time(text_of(entry, "time"));
  if (const auto it = entry.find("fieldsV1"); it != entry.end() && !it->is_null()) {
    Result<FieldSet> fields = from_fields_v1(*it);
    if (!fields.ok()) return fields.status();
    out.fields = std::move(*fields);
  }
  return out;
}

Json encode(Manager&& manager) {
  Json out = Json::object();
  auto& object = out.get_ref<Json::object_t&>();
  const auto put = [&](const char* key, Json value) {
    object.emplace_hint(object.end(), key, std::move(value));
  };
  put("apiVersion", std::move(manager.api_version));
  put("fieldsType", "FieldsV1");
  put("fieldsV1", to_fields_v1(std::move(manager.fields)));
  put("manager", std::move(manager.name));
  put("operation", manager.applied ? "Apply" : "Update");
  if (!manager.subresource.empty()) put("subresource", std::move(manager.subresource));
  if (!manager.time.empty()) put("time", std::move(manager.time));
  return out;
}

auto order_of(const Manager& m) {
  return std::tuple<bool, const std::string&, const std::string&, const std::string&,
                    const std::string&>(!m.applied, m.time, m.name, m.api_version, m.subresource);
}

/// Upstream's age order of Update entries: by time, then by identity text.
auto age_of(const Manager& m) {
  return std::tuple<const std::string&, const std::string&, const std::string&,
                    const std::string&>(m.time, m.name, m.api_version, m.subresource);
}

}  // namespace

bool Manager::is_same(const Manager& other) const {
  return applied == other.applied && name == other.name && subresource == other.subresource &&
         (applied || api_version == other.api_version);
}

std::string Manager::print() const {
  std::string out = api::quoted(name);
  if (!subresource.empty()) out += " with subresource " + api::quoted(subresource);
  if (!applied) out += " using " + api_version;
  return out;
}

Result<Managers> decode_managers(const Json& entries) {
  Managers out;
  if (entries.is_null()) return out;
  if (!entries.is_array()) return bad_request("metadata.managedFields is not a list");
  for (const Json& entry : entries) {
    Result<Manager> manager = decode(entry, out.size());
    if (!manager.ok()) return manager.status();
    if (Manager* same = find_manager(out, *manager)) {
      *same = std::move(*manager);
    } else {
      out.push_back(std::move(*manager));
    }
  }
  return out;
}

Json encode_managers(Managers managers) {
  if (managers.empty()) return nullptr;
  std::stable_sort(managers.begin(), managers.end(), [](const Manager& a, const Manager& b) {
    return order_of(a) < order_of(b);
  });
  Json out = Json::array();
  for (Manager& manager : managers) out.push_back(encode(std::move(manager)));
  return out;
}

Manager* find_manager(Managers& managers, const Manager& same) {
  const auto it = std::find_if(managers.begin(), managers.end(),
                               [&](const Manager& one) { return one.is_same(same); });
  return it == managers.end() ? nullptr : &*it;
}

void drop_empty(Managers& managers) {
  std::erase_if(managers, [](const Manager& manager) { return manager.fields.empty(); });
}

void cap_update_managers(Managers& managers) {
  const auto is_update = [](const Manager& m) { return !m.applied; };
  auto updates = static_cast<std::size_t>(
      std::count_if(managers.begin(), managers.end(), is_update));
  if (updates <= kUpdateManagersMax) return;
  std::stable_sort(managers.begin(), managers.end(), [](const Manager& a, const Manager& b) {
    return std::pair(a.applied, age_of(a)) < std::pair(b.applied, age_of(b));
  });
  // The oldest entry of a version becomes its bucket once a second one is to go there.
  std::vector<Manager> buckets;
  std::vector<Manager> kept;
  for (Manager& manager : managers) {
    if (manager.applied || updates <= kUpdateManagersMax) {
      kept.push_back(std::move(manager));
      continue;
    }
    const auto bucket =
        std::find_if(buckets.begin(), buckets.end(),
                     [&](const Manager& one) { return one.api_version == manager.api_version; });
    if (bucket == buckets.end()) {
      buckets.push_back(std::move(manager));
      continue;
    }
    bucket->name = "ancient-changes";
    bucket->subresource.clear();
    bucket->fields = union_of(bucket->fields, manager.fields);
    bucket->time = manager.time;
    --updates;
  }
  managers = std::move(buckets);
  for (Manager& manager : kept) {
    if (Manager* same = find_manager(managers, manager)) {
      same->fields = union_of(same->fields, manager.fields);
      same->time = std::max(same->time, manager.time);
    } else {
      managers.push_back(std::move(manager));
    }
  }
}

const Json& managed_fields_of(const Json& object) {
  static const Json kNone;
  if (!object.is_object()) return kNone;
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return kNone;
  const auto it = metadata->find("managedFields");
  return it == metadata->end() ? kNone : *it;
}

}  // namespace orrery::api::managed
