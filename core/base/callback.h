// Callback<R(Args...)>: a move-only std::function with room for 48 bytes of captures before it
// allocates. What event loops, clients and informers store.
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

#include "core/base/check.h"

namespace orrery {

template <class Signature>
class Callback;

template <class R, class... Args>
class Callback<R(Args...)> {
 public:
  Callback() = default;
  Callback(std::nullptr_t) {}
  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, Callback> && std::is_invocable_r_v<R, F&, Args...>)
      Callback(F&& f) {
    using Fn = std::decay_t<F>;
    if constexpr (fits<Fn>()) {
      new (room_) Fn(std::forward<F>(f));
      ops_ = &kInline<Fn>;
    } else {
      *reinterpret_cast<Fn**>(room_) = new Fn(std::forward<F>(f));
      ops_ = &kHeap<Fn>;
    }
  }
  Callback(Callback&& other) noexcept { take(other); }
  Callback& operator=(Callback&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  ~Callback() { reset(); }

  explicit operator bool() const { return ops_ != nullptr; }

  R operator()(Args... args) {
    CHECK(ops_ != nullptr);
    return ops_->call(room_, std::forward<Args>(args)...);
  }

 private:
  static constexpr std::size_t kRoom = 48;
  struct Ops {
    R (*call)(void*, Args&&...);
    void (*move)(void* to, void* from);
    void (*destroy)(void*);
  };
  template <class Fn>
  static constexpr bool fits() {
    return sizeof(Fn) <= kRoom && alignof(Fn) <= alignof(std::max_align_t) &&
           std::is_nothrow_move_constructible_v<Fn>;
  }
  template <class Fn>
  static constexpr Ops kInline = {[](void* p, Args&&... args) -> R {
                                    return (*static_cast<Fn*>(p))(std::forward<Args>(args)...);
                                  },
                                  [](void* to, void* from) {
                                    new (to) Fn(std::move(*static_cast<Fn*>(from)));
                                    static_cast<Fn*>(from)->~Fn();
                                  },
                                  [](void* p) { static_cast<Fn*>(p)->~Fn(); }};
  template <class Fn>
  static constexpr Ops kHeap = {
      [](void* p, Args&&... args) -> R {
        return (**static_cast<Fn**>(p))(std::forward<Args>(args)...);
      },
      [](void* to, void* from) { *static_cast<Fn**>(to) = *static_cast<Fn**>(from); },
      [](void* p) { delete *static_cast<Fn**>(p); }};

  void take(Callback& other) {
    ops_ = other.ops_;
    if (ops_) ops_->move(room_, other.room_);
    other.ops_ = nullptr;
  }
  void reset() {
    if (ops_) ops_->destroy(room_);
    ops_ = nullptr;
  }

  alignas(std::max_align_t) std::byte room_[kRoom];
  const Ops* ops_ = nullptr;
};

}  // namespace orrery
