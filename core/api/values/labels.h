// Labels: a small sorted map of interned text, for labels and node selectors. Objects of one
// template share one instance through Ref<const Labels>.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/ref.h"
#include "core/base/symbol.h"

namespace orrery::api {

class Labels final : public RefCounted {
 public:
  using Entry = std::pair<Symbol, Symbol>;

  Labels() = default;
  /// Sorts by key text; of equal keys the later one wins.
  explicit Labels(std::vector<Entry> entries) {
    for (const Entry& e : entries) set(e.first, e.second);
  }

  /// The value, or null where the key is absent (an empty value is a value).
  const Symbol* find(Symbol key) const {
    for (const Entry& e : entries_) {
      if (e.first == key) return &e.second;
    }
    return nullptr;
  }
  bool has(Symbol key) const { return find(key) != nullptr; }
  /// The value, or the empty symbol.
  Symbol get(Symbol key) const {
    const Symbol* value = find(key);
    return value ? *value : Symbol();
  }
  void set(Symbol key, Symbol value) {
    auto it = std::lower_bound(entries_.begin(), entries_.end(), key,
                               [](const Entry& e, Symbol k) { return e.first < k; });
    if (it != entries_.end() && it->first == key) {
      it->second = value;
    } else {
      entries_.insert(it, {key, value});
    }
  }
  bool erase(Symbol key) {
    return std::erase_if(entries_, [key](const Entry& e) { return e.first == key; }) > 0;
  }
  /// In the order of the keys' text.
  const std::vector<Entry>& entries() const { return entries_; }
  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  bool operator==(const Labels& o) const { return entries_ == o.entries_; }

 private:
  std::vector<Entry> entries_;
};

}  // namespace orrery::api
