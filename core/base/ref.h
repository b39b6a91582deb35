// Ref<T>: a counted pointer to an object that derives from RefCounted, one word wide.
// API objects are held as Ref<const T>: immutable, shared by store, watch log, caches and workers.
// The count is not atomic: a Ref belongs to the thread of the event loop that made it; what crosses
// to another thread is copied out or encoded first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace orrery {

class RefCounted {
 public:
  RefCounted() = default;
  RefCounted(const RefCounted&) {}  // a copy starts its own count
  RefCounted& operator=(const RefCounted&) { return *this; }
  std::uint32_t ref_count() const { return count_; }
  /// Counts are not part of a value: lets derived classes default their own comparison.
  bool operator==(const RefCounted&) const { return true; }

 protected:
  virtual ~RefCounted() = default;  // only Ref deletes

 private:
  template <class T>
  friend class Ref;
  // Out of line: small at each call, and g++ 12 sees a use after free where two Refs are inlined.
  [[gnu::noinline]] static void destroy(const RefCounted* object) { delete object; }
  mutable std::uint32_t count_ = 0;
};

template <class T>
class Ref {
 public:
  Ref() = default;
  Ref(std::nullptr_t) {}
  explicit Ref(T* object) : object_(object) { retain(); }
  Ref(const Ref& other) : object_(other.object_) { retain(); }
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  template <class U>
  requires std::is_convertible_v<U*, T*> Ref(const Ref<U>& other) : object_(other.get()) {
    retain();
  }
  template <class U>
  requires std::is_convertible_v<U*, T*> Ref(Ref<U>&& other)
  noexcept : object_(other.release()) {}
  ~Ref() { drop(); }

  Ref& operator=(Ref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }

  T* get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }
  /// Identity: the same object, not an equal one.
  template <class U>
  bool operator==(const Ref<U>& other) const {
    return object_ == other.get();
  }
  bool operator==(std::nullptr_t) const { return object_ == nullptr; }

  /// Gives the pointer away without touching the count.
  T* release() { return std::exchange(object_, nullptr); }

 private:
  void retain() const {
    if (object_) ++static_cast<const RefCounted*>(object_)->count_;
  }
  void drop() const {
    if (object_ && --static_cast<const RefCounted*>(object_)->count_ == 0) {
      RefCounted::destroy(object_);
    }
  }
  T* object_ = nullptr;
};

/// Makes an object and the first Ref to it.
template <class T, class... Args>
Ref<T> make_ref(Args&&... args) {
  return Ref<T>(new T(std::forward<Args>(args)...));
}

/// A Ref to a fresh, still mutable copy: copy, change, write with the resourceVersion you read.
template <class T>
Ref<std::remove_const_t<T>> copy_of(const Ref<T>& original) {
  return Ref<std::remove_const_t<T>>(new std::remove_const_t<T>(*original));
}

}  // namespace orrery
