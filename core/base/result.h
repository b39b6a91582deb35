// Result<T>: a value or the Status that says why there is none.
#pragma once

#include <utility>
#include <variant>

#include "core/base/check.h"
#include "core/base/status.h"

namespace orrery {

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : rep_(std::in_place_index<0>, std::move(value)) {}
  Result(Status status) : rep_(std::in_place_index<1>, std::move(status)) {
    CHECK(!std::get<1>(rep_).ok());
  }

  bool ok() const { return rep_.index() == 0; }
  Status status() const { return ok() ? Status() : std::get<1>(rep_); }

  T& value() & {
    CHECK(ok());
    return *std::get_if<0>(&rep_);
  }
  const T& value() const& {
    CHECK(ok());
    return *std::get_if<0>(&rep_);
  }
  T&& value() && {
    CHECK(ok());
    return std::move(*std::get_if<0>(&rep_));
  }
  T value_or(T other) const { return ok() ? value() : std::move(other); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, Status> rep_;
};

}  // namespace orrery
