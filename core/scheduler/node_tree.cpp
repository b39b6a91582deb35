#include "core/scheduler/node_tree.h"

#include <algorithm>

namespace orrery::scheduler {
namespace {

Symbol label(const api::Labels& labels, Symbol name, Symbol old_name) {
  const Symbol* value = labels.find(name);
  return value ? *value : labels.get(old_name);
}

}  // namespace

std::string zone_key(const api::Node& node) {
  static const Symbol kZone{"topology.kubernetes.io/zone"};
  static const Symbol kRegion{"topology.kubernetes.io/region"};
  static const Symbol kOldZone{"failure-domain.beta.kubernetes.io/zone"};
  static const Symbol kOldRegion{"failure-domain.beta.kubernetes.io/region"};
  const Symbol zone = label(*node.meta.labels, kZone, kOldZone);
  const Symbol region = label(*node.meta.labels, kRegion, kOldRegion);
  if (zone.empty() && region.empty()) return {};
  std::string key = region.str();
  key += std::string_view(":\0:", 3);
  key += zone.view();
  return key;
}

void NodeTree::add(NodeSlot slot, const std::string& zone) {
  auto it =
      std::find_if(zones_.begin(), zones_.end(), [&](const Zone& z) { return z.key == zone; });
  if (it == zones_.end()) it = zones_.insert(it, Zone{zone, {}});
  it->nodes.push_back(slot);
  ++size_;
}

void NodeTree::remove(NodeSlot slot, const std::string& zone) {
  const auto it =
      std::find_if(zones_.begin(), zones_.end(), [&](const Zone& z) { return z.key == zone; });
  if (it == zones_.end()) return;
  size_ -= std::erase(it->nodes, slot);
  if (it->nodes.empty()) zones_.erase(it);
}

std::vector<NodeSlot> NodeTree::list() const {
  std::vector<NodeSlot> order;
  order.reserve(size_);
  for (std::size_t i = 0; order.size() < size_; ++i) {
    for (const Zone& zone : zones_) {
      if (i < zone.nodes.size()) order.push_back(zone.nodes[i]);
    }
  }
  return order;
}

}  // namespace orrery::scheduler
