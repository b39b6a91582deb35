// ResourceList: quantities by resource name, e.g. {cpu: 500m, memory: 1Gi, nvidia.com/gpu: 2}.
#pragma once

#include <utility>

#include "core/api/cow.h"
#include "core/api/raw.h"
#include "core/api/values/quantity.h"
#include "core/base/symbol.h"

namespace orrery::api {

/// Sorted by resource name.
class ResourceList {
 public:
  using Entry = std::pair<Symbol, Quantity>;
  ResourceList() = default;
  const Quantity* find(Symbol name) const {
    for (const Entry& e : entries_) {
      if (e.first == name) return &e.second;
    }
    return nullptr;
  }
  void set(Symbol name, Quantity quantity) {
    auto& items = entries_.edit();
    auto it = items.begin();
    while (it != items.end() && it->first < name) ++it;
    if (it != items.end() && it->first == name) {
      it->second = std::move(quantity);
    } else {
      items.insert(it, {name, std::move(quantity)});
    }
  }
  const Entry* begin() const { return entries_.begin(); }
  const Entry* end() const { return entries_.end(); }
  bool empty() const { return entries_.empty(); }
  bool operator==(const ResourceList&) const = default;

 private:
  List<Entry> entries_;
};

struct ResourceRequirements {
  ResourceList limits;
  ResourceList requests;
  RawRef extra;
  bool operator==(const ResourceRequirements&) const = default;
};

}  // namespace orrery::api
