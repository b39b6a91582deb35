// ImageStates: which container images the nodes have, how large they are and on how many nodes, for
// ImageLocality. The size is the one that the first node reported.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/api/node.h"

namespace orrery::scheduler {

/// The name with ":latest" if it has no tag (normalizedImageName).
Symbol normalized_image(Symbol name);

class ImageStates {
 public:
  struct State {
    std::int64_t size_bytes = 0;
    std::int32_t nodes = 0;
    std::uint64_t version = 0;  // changes with the two above
  };

  /// Counts a node's images instead of `old` (ids, sorted); returns their ids, sorted.
  std::vector<std::uint32_t> replace(const std::vector<std::uint32_t>& old, const api::Node* node);
  /// What is known of an image, or null.
  const State* find(Symbol image) const {
    const auto it = states_.find(image.id());
    return it == states_.end() ? nullptr : &it->second;
  }

 private:
  std::unordered_map<std::uint32_t, State> states_;  // by symbol id; lookup only
  std::uint64_t version_ = 0;
};

}  // namespace orrery::scheduler
