// ObjectKey: namespace and name, what work queues carry.
#pragma once

#include <string>

#include "core/api/object.h"
#include "core/base/hash.h"

namespace orrery {

struct ObjectKey {
  Symbol namespace_;
  Text name;
  bool operator==(const ObjectKey&) const = default;
  /// "namespace/name" or "name".
  std::string str() const {
    return namespace_.empty() ? name.str() : namespace_.str() + "/" + name.str();
  }
  static ObjectKey of(const api::Object& o) { return {o.meta.namespace_, o.meta.name}; }
};

struct ObjectKeyHash {
  std::size_t operator()(const ObjectKey& key) const {
    return hash_text(key.name.view(), key.namespace_.id() + 1);
  }
};

}  // namespace orrery
