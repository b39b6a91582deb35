// Uid: a UUID in 16 bytes. All zero means "not set".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/hash.h"
#include "core/base/random.h"

namespace orrery {

struct Uid {
  std::uint64_t high = 0, low = 0;

  bool empty() const { return high == 0 && low == 0; }
  /// "3f2504e0-4f89-41d3-9a0c-0305e82c3301"; "" when not set.
  std::string str() const;
  std::uint64_t hash() const { return mix64(high ^ (low * 0x9e3779b97f4a7c15ull)); }
  auto operator<=>(const Uid&) const = default;

  /// A version 4 UUID from the stream.
  static Uid draw(RandomStream& stream);
  /// Kubernetes does not check the form: short text that is not a UUID stays as it is, longer text
  /// keeps its identity by hashing.
  static Uid parse(std::string_view text);
};

}  // namespace orrery
