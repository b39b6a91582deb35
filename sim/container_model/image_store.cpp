#include "sim/container_model/image_store.h"

#include <algorithm>

namespace orrery::sim {

bool ImageStore::has(Symbol image) const {
  return std::find(images_.begin(), images_.end(), image) != images_.end();
}

void ImageStore::add(Symbol image) {
  if (!has(image)) images_.push_back(image);
}

Time ImageStore::begin_pull(Symbol image, Time now, Duration duration, bool serialize) {
  for (const Pull& pull : pulls_) {
    if (pull.image == image && pull.done >= now) return pull.done;
  }
  const Time begin = serialize ? std::max(now, free_at_) : now;
  const Time done = begin + duration;
  if (serialize) free_at_ = done;
  pulls_.push_back({image, done});
  return done;
}

void ImageStore::end_pull(Symbol image, bool ok) {
  std::erase_if(pulls_, [&](const Pull& p) { return p.image == image; });
  if (pulls_.empty()) pulls_.shrink_to_fit();
  if (ok) add(image);
}

void ImageStore::abandon_pulls() {
  pulls_.clear();
  free_at_ = {};
}

}  // namespace orrery::sim
