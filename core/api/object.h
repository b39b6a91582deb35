// Object: what the store keeps: a kind, metadata and, in a derived struct, the rest. Stored objects
// are immutable `Ref<const Object>`; to change one, clone it, change the copy, write it back with
// the resourceVersion that you read.
#pragma once

#include <string>

#include "core/api/kinds.h"
#include "core/api/meta.h"

namespace orrery::api {

struct Object : RefCounted {
  explicit Object(KindId k) : kind(k) {}
  virtual Ref<Object> clone() const = 0;

  KindId kind;
  ObjectMeta meta;
};

using ObjectRef = Ref<const Object>;

/// Base of each typed kind: `struct Pod final : ObjectOf<Pod, KindId::kPod>`.
template <class T, KindId K>
struct ObjectOf : Object {
  static constexpr KindId kKind = K;
  ObjectOf() : Object(K) {}
  Ref<Object> clone() const override { return Ref<Object>(new T(static_cast<const T&>(*this))); }
};

/// A kind without a struct: metadata typed, everything else raw JSON (without metadata, kind,
/// apiVersion).
struct Dynamic final : Object {
  explicit Dynamic(KindId k) : Object(k) {}
  Ref<Object> clone() const override { return Ref<Object>(new Dynamic(*this)); }
  RawRef body;
};

/// The object as its struct, or null if it is of another kind.
template <class T>
const T* as(const Object* object) {
  return object && object->kind == T::kKind ? static_cast<const T*>(object) : nullptr;
}
template <class T>
Ref<const T> as(const ObjectRef& object) {
  return Ref<const T>(as<T>(object.get()));
}

/// "namespace/name", or "name" for cluster-scoped objects.
std::string key_of(const Object& object);

}  // namespace orrery::api
