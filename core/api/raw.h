// Raw: an immutable JSON subtree, kept as it came: what a typed struct does not know, and the body
// of kinds that have no struct. Shared by reference.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "core/base/ref.h"

namespace orrery::api {

class Raw final : public RefCounted {
 public:
  explicit Raw(nlohmann::json json);
  ~Raw() override;
  const nlohmann::json& json() const { return *json_; }
  bool operator==(const Raw& o) const;

 private:
  std::unique_ptr<const nlohmann::json> json_;
};

/// One word; null means nothing. Equality is by content.
class RawRef {
 public:
  RawRef() = default;
  explicit RawRef(nlohmann::json json);
  explicit operator bool() const { return static_cast<bool>(raw_); }
  const nlohmann::json& json() const { return raw_->json(); }
  friend bool operator==(const RawRef& a, const RawRef& b) {
    return a.raw_ == b.raw_ || (a.raw_ && b.raw_ && *a.raw_ == *b.raw_);
  }

 private:
  Ref<const Raw> raw_;
};

}  // namespace orrery::api
