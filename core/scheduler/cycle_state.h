// CycleState: what plugins remember between the extension points of one pod's scheduling cycle, one
// value a plugin, keyed by the plugin itself; and which plugins have nothing to do for this pod.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace orrery::scheduler {

/// Base of what a plugin keeps for a cycle.
class CycleData {
 public:
  virtual ~CycleData() = default;
};

class CycleState {
 public:
  void put(const void* plugin, std::unique_ptr<CycleData> data) {
    for (auto& [owner, held] : items_) {
      if (owner == plugin) {
        held = std::move(data);
        return;
      }
    }
    items_.emplace_back(plugin, std::move(data));
  }
  /// The plugin's data, or null if it put none.
  template <class T>
  const T* get(const void* plugin) const {
    for (const auto& [owner, held] : items_) {
      if (owner == plugin) return static_cast<const T*>(held.get());
    }
    return nullptr;
  }

  /// PreFilter or PreScore answered Skip: bit = the plugin's number in its framework.
  std::uint64_t skipped_filters = 0;
  std::uint64_t skipped_scores = 0;

 private:
  std::vector<std::pair<const void*, std::unique_ptr<CycleData>>> items_;
};

}  // namespace orrery::scheduler
