// ObjectMeta and its parts: metadata that every object carries. Fields as in metav1.ObjectMeta;
// what is not named here (managedFields, selfLink) is kept in `extra`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/api/cow.h"
#include "core/api/raw.h"
#include "core/api/values/labels.h"
#include "core/base/symbol.h"
#include "core/base/text.h"
#include "core/base/time.h"
#include "core/base/uid.h"

namespace orrery::api {

/// resourceVersion: the store's revision at the object's last write; 0 = not set.
using Revision = std::uint64_t;

/// One word: labels shared by all objects made from one template. Null reads as empty.
class LabelSet {
 public:
  LabelSet() = default;
  LabelSet(Labels labels) {
    if (!labels.empty()) labels_ = Ref<const Labels>(new Labels(std::move(labels)));
  }
  const Labels& operator*() const {
    static const Labels kEmpty;
    return labels_ ? *labels_ : kEmpty;
  }
  const Labels* operator->() const { return &**this; }
  bool empty() const { return !labels_; }
  Symbol get(Symbol key) const { return (**this).get(key); }
  bool has(Symbol key) const { return (**this).has(key); }
  bool same(const LabelSet& o) const { return labels_ == o.labels_; }
  const void* identity() const { return labels_.get(); }
  friend bool operator==(const LabelSet& a, const LabelSet& b) {
    return a.labels_ == b.labels_ || *a == *b;
  }

 private:
  Ref<const Labels> labels_;
};

/// Sorted text -> text map for annotations and ConfigMap data; values may be large.
using TextMap = List<std::pair<Text, Text>>;
/// The value, or null.
const Text* find(const TextMap& map, std::string_view key);
/// Sets or replaces, keeping the order of keys.
void set(TextMap& map, std::string_view key, std::string_view value);
bool erase(TextMap& map, std::string_view key);

struct OwnerReference {
  Symbol api_version;
  Symbol kind;
  Text name;
  Uid uid;
  std::optional<bool> controller;
  std::optional<bool> block_owner_deletion;
  RawRef extra;
  bool operator==(const OwnerReference&) const = default;
};

struct ObjectMeta {
  Text name;
  Text generate_name;
  Symbol namespace_;
  Uid uid;
  Revision resource_version = 0;
  std::int64_t generation = 0;
  Time creation_timestamp;
  Time deletion_timestamp;  // set: the object is being deleted
  std::optional<std::int64_t> deletion_grace_period_seconds;
  LabelSet labels;
  TextMap annotations;
  List<OwnerReference> owner_references;
  List<Symbol> finalizers;
  RawRef extra;

  bool operator==(const ObjectMeta&) const = default;
  bool is_being_deleted() const { return is_set(deletion_timestamp); }
};

/// The owner reference with controller: true, or null (metav1.GetControllerOf).
const OwnerReference* controller_of(const ObjectMeta& meta);
bool has_finalizer(const ObjectMeta& meta, std::string_view finalizer);

}  // namespace orrery::api
