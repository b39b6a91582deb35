#include "core/api/meta.h"

#include <algorithm>

namespace orrery::api {
namespace {

template <class Items>
auto lower(Items& items, std::string_view key) {
  return std::lower_bound(items.begin(), items.end(), key,
                          [](const auto& e, std::string_view k) { return e.first.view() < k; });
}

}  // namespace

const Text* find(const TextMap& map, std::string_view key) {
  const auto* it = lower(map, key);
  return it != map.end() && it->first == key ? &it->second : nullptr;
}

void set(TextMap& map, std::string_view key, std::string_view value) {
  auto& items = map.edit();
  auto it = lower(items, key);
  if (it != items.end() && it->first == key) {
    it->second = Text(value);
  } else {
    items.insert(it, {Text(key), Text(value)});
  }
}

bool erase(TextMap& map, std::string_view key) {
  if (!find(map, key)) return false;
  auto& items = map.edit();
  items.erase(lower(items, key));
  return true;
}

const OwnerReference* controller_of(const ObjectMeta& meta) {
  for (const OwnerReference& owner : meta.owner_references) {
    if (owner.controller.value_or(false)) return &owner;
  }
  return nullptr;
}

bool has_finalizer(const ObjectMeta& meta, std::string_view finalizer) {
  return std::any_of(meta.finalizers.begin(), meta.finalizers.end(),
                     [&](Symbol f) { return f == finalizer; });
}

}  // namespace orrery::api
