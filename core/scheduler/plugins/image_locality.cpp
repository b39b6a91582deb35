#include "core/scheduler/plugins/image_locality.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/scheduler/cache.h"

namespace orrery::scheduler {
namespace {

constexpr std::int64_t kMiB = 1024 * 1024;
constexpr std::int64_t kThresholdMin = 23 * kMiB;                // minThreshold
constexpr std::int64_t kThresholdMaxPerContainer = 1000 * kMiB;  // maxContainerThreshold

struct ImageData final : CycleData {
  std::vector<Symbol> images;  // normalised; one a container
};

/// sizeBytes x (nodes with the image / nodes), in upstream's floating point.
std::int64_t scaled_size(const ImageStates::State& state, std::size_t nodes) {
  const double spread = static_cast<double>(state.nodes) / static_cast<double>(nodes);
  return static_cast<std::int64_t>(static_cast<double>(state.size_bytes) * spread);
}

std::int64_t to_score(std::int64_t sum, std::size_t containers) {
  const std::int64_t most = kThresholdMaxPerContainer * static_cast<std::int64_t>(containers);
  const std::int64_t clamped = std::clamp(sum, kThresholdMin, std::max(most, kThresholdMin));
  return most <= kThresholdMin ? 0 : kScoreMax * (clamped - kThresholdMin) / (most - kThresholdMin);
}

}  // namespace

bool ImageLocality::sign(const api::Pod& pod, Signature& signature) {
  if (!pod.spec) return false;
  signature.add(
      static_cast<std::int64_t>(pod.spec->init_containers.size() + pod.spec->containers.size()));
  for (const api::Container& c : pod.spec->init_containers) signature.add(c.image);
  for (const api::Container& c : pod.spec->containers) signature.add(c.image);
  return true;
}

std::uint64_t ImageLocality::epoch(const CycleState& state) const {
  const auto* data = state.get<ImageData>(this);
  if (!data) return 0;
  std::int64_t all = 0;
  std::uint64_t version = 0;
  for (const Symbol image : data->images) {
    const ImageStates::State* known = cache_.images().find(image);
    if (!known) continue;
    all += scaled_size(*known, cache_.node_count());
    version += known->version;
  }
  if (all <= kThresholdMin) return 0;
  return mix64(version * 1000003 + cache_.node_count());
}

Verdict ImageLocality::pre_score(CycleState& state, const api::Pod& pod,
                                 std::span<const NodeSlot>) {
  auto data = std::make_unique<ImageData>();
  for (const api::Container& c : pod.spec->init_containers) {
    data->images.push_back(normalized_image(c.image));
  }
  for (const api::Container& c : pod.spec->containers) {
    data->images.push_back(normalized_image(c.image));
  }
  state.put(this, std::move(data));
  return {};
}

std::int64_t ImageLocality::score(const CycleState& state, const api::Pod&,
                                  const NodeInfo& node) const {
  const ImageData& data = *state.get<ImageData>(this);
  const auto have = node.images();
  if (have.empty()) return 0;
  std::int64_t sum = 0;
  for (const Symbol image : data.images) {
    if (!std::binary_search(have.begin(), have.end(), image.id())) continue;
    sum += scaled_size(*cache_.images().find(image), cache_.node_count());
  }
  return to_score(sum, data.images.size());
}

}  // namespace orrery::scheduler
