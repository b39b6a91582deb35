// ResourceNames: numbers for resource names, so that requests and node columns are arrays. cpu,
// memory and ephemeral-storage are fixed; every other name (extended resources, hugepages) gets the
// next number when it is first seen. One per cache; numbers never leave the scheduler.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/symbol.h"

namespace orrery::scheduler {

using ResourceIndex = std::uint16_t;

inline constexpr ResourceIndex kCpu = 0;               // in milli CPU
inline constexpr ResourceIndex kMemory = 1;            // in bytes
inline constexpr ResourceIndex kEphemeralStorage = 2;  // in bytes
inline constexpr ResourceIndex kBaseResources = 3;     // extended resources start here

class ResourceNames {
 public:
  ResourceNames() : names_{Symbol("cpu"), Symbol("memory"), Symbol("ephemeral-storage")} {}

  /// The number of this name; a new one if it was never seen.
  ResourceIndex index_of(Symbol name) {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) return static_cast<ResourceIndex>(i);
    }
    names_.push_back(name);
    return static_cast<ResourceIndex>(names_.size() - 1);
  }
  Symbol name(ResourceIndex index) const { return names_[index]; }
  std::size_t size() const { return names_.size(); }

 private:
  std::vector<Symbol> names_;
};

}  // namespace orrery::scheduler
