// ImageStore: the images on one node and the pulls under way. Says when a pull will be done; the
// ContainerModel waits. Pulls go one after the other unless the settings say otherwise, and two
// pods that want one image share its pull.
#pragma once

#include <vector>

#include "sim/container_model/container_model_config.h"

namespace orrery::sim {

class ImageStore {
 public:
  bool has(Symbol image) const;
  void add(Symbol image);
  /// When a pull that takes `duration` and begins at `now` ends.
  Time begin_pull(Symbol image, Time now, Duration duration, bool serialize);
  /// That pull ended; the image is there if it went well.
  void end_pull(Symbol image, bool ok);
  /// Pulls are given up (the node went down); images on disk stay.
  void abandon_pulls();
  std::size_t size() const { return images_.size(); }
  std::size_t capacity_bytes() const { return images_.capacity() * sizeof(Symbol); }

 private:
  struct Pull {
    Symbol image;
    Time done;
  };
  std::vector<Symbol> images_;  // few: searched one by one
  std::vector<Pull> pulls_;
  Time free_at_;
};

}  // namespace orrery::sim
