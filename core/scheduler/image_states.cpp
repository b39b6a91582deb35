#include "core/scheduler/image_states.h"

#include <algorithm>

namespace orrery::scheduler {

Symbol normalized_image(Symbol name) {
  const std::string_view text = name.view();
  const std::size_t colon = text.rfind(':');
  const std::size_t slash = text.rfind('/');
  const bool has_tag =
      colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
  return has_tag ? name : Symbol(std::string(text) + ":latest");
}

std::vector<std::uint32_t> ImageStates::replace(const std::vector<std::uint32_t>& old,
                                                const api::Node* node) {
  std::vector<std::uint32_t> ids;
  const auto images = node ? node->status.images : api::List<api::ContainerImage>();
  for (const api::ContainerImage& image : images) {
    for (const Symbol name : image.names) {
      if (std::find(ids.begin(), ids.end(), name.id()) != ids.end()) continue;
      ids.push_back(name.id());
      if (std::binary_search(old.begin(), old.end(), name.id())) continue;
      State& state = states_[name.id()];
      if (state.nodes++ == 0) state.size_bytes = image.size_bytes;
      state.version = ++version_;
    }
  }
  std::sort(ids.begin(), ids.end());
  for (const std::uint32_t id : old) {
    if (std::binary_search(ids.begin(), ids.end(), id)) continue;
    const auto it = states_.find(id);
    it->second.version = ++version_;
    if (--it->second.nodes == 0) states_.erase(it);
  }
  return ids;
}

}  // namespace orrery::scheduler
