// Shared<T> and List<T>: copy-on-write parts of API objects, one word each. Copying an object
// copies words; what did not change stays shared between revisions and between the pods of one
// template. Equality is by value. edit() is for objects that are not stored yet.
#pragma once

#include <initializer_list>
#include <vector>

#include "core/base/ref.h"

namespace orrery::api {

namespace detail {
template <class T>
struct Box final : RefCounted {
  Box() = default;
  explicit Box(T v) : value(std::move(v)) {}
  T value{};
};
}  // namespace detail

/// An optional, shared sub-object. Null means absent in JSON.
template <class T>
class Shared {
 public:
  Shared() = default;
  Shared(std::nullptr_t) {}
  Shared(T value) : box_(make_ref<detail::Box<T>>(std::move(value))) {}

  explicit operator bool() const { return static_cast<bool>(box_); }
  const T* get() const { return box_ ? &box_->value : nullptr; }
  const T* operator->() const { return &box_->value; }
  const T& operator*() const { return box_->value; }
  /// The value to change; made if absent, copied first if someone else holds it.
  T& edit() {
    if (!box_) {
      box_ = make_ref<detail::Box<T>>();
    } else if (box_->ref_count() > 1) {
      box_ = make_ref<detail::Box<T>>(box_->value);
    }
    return box_->value;
  }
  bool same(const Shared& o) const { return box_ == o.box_; }
  /// For lookup tables only: the same address means the same value while a copy is held.
  const void* identity() const { return box_.get(); }
  friend bool operator==(const Shared& a, const Shared& b) {
    return a.box_ == b.box_ || (a.box_ && b.box_ && a.box_->value == b.box_->value);
  }

 private:
  Ref<detail::Box<T>> box_;
};

/// A shared list; empty is null.
template <class T>
class List {
 public:
  using value_type = T;
  List() = default;
  List(std::vector<T> items) {
    if (!items.empty()) items_ = Shared<std::vector<T>>(std::move(items));
  }
  List(std::initializer_list<T> items) : List(std::vector<T>(items)) {}

  const T* begin() const { return items_ ? items_->data() : nullptr; }
  const T* end() const { return items_ ? items_->data() + items_->size() : nullptr; }
  std::size_t size() const { return items_ ? items_->size() : 0; }
  bool empty() const { return size() == 0; }
  const T& operator[](std::size_t i) const { return (*items_)[i]; }
  const T& front() const { return items_->front(); }
  const T& back() const { return items_->back(); }
  std::vector<T>& edit() { return items_.edit(); }
  bool same(const List& o) const { return items_.same(o.items_); }
  const void* identity() const { return items_.identity(); }
  friend bool operator==(const List& a, const List& b) {
    if (a.items_.same(b.items_)) return true;
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!(a[i] == b[i])) return false;
    }
    return true;
  }

 private:
  Shared<std::vector<T>> items_;
};

}  // namespace orrery::api
