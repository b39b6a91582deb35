#include "core/scheduler/gpu.h"

#include <algorithm>
#include <bit>
#include <charconv>

namespace orrery::scheduler {
namespace {

/// The number that `text` is, or -1.
std::int64_t parse_count(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= 0 ? value : -1;
}

std::vector<Symbol> parse_models(std::string_view text) {
  std::vector<Symbol> models;
  while (!text.empty()) {
    const std::size_t bar = text.find('|');
    if (bar != 0) models.push_back(Symbol(text.substr(0, bar)));
    if (bar == std::string_view::npos) break;
    text.remove_prefix(bar + 1);
  }
  return models;
}

void set_from_annotations(const api::ObjectMeta& meta, const Text& milli_text, GpuDemand& demand) {
  const std::int64_t milli = parse_count(milli_text.view());
  const Text* count_text = api::find(meta.annotations, kGpuCountKey);
  const std::int64_t count = count_text ? parse_count(count_text->view()) : 1;
  if (milli == 0 || count == 0) return;
  demand.invalid = milli < 0 || milli > kGpuMilli || count < 0 ||
                   count > static_cast<std::int64_t>(kGpuDevicesMax);
  if (demand.invalid) return;
  demand.milli = static_cast<std::int32_t>(milli);
  demand.count = static_cast<std::int32_t>(count);
}

void set_from_requests(const api::PodSpec& spec, GpuDemand& demand) {
  static const Symbol kWhole{kGpuResource};
  static const Symbol kMilli{kGpuMilliKey};
  std::int64_t whole = 0;
  std::int64_t milli = 0;
  for (const api::Container& c : spec.containers) {
    if (const api::Quantity* q = c.resources.requests.find(kWhole)) whole += q->value();
    if (const api::Quantity* q = c.resources.requests.find(kMilli)) milli += q->value();
  }
  if (whole == 0 && milli == 0) return;
  if (whole > 0 && milli == 0) milli = whole * kGpuMilli;
  // More than one device must be asked for in whole devices.
  demand.invalid = milli < 0 || (milli > kGpuMilli && milli % kGpuMilli != 0) ||
                   milli > kGpuMilli * static_cast<std::int64_t>(kGpuDevicesMax) ||
                   (whole > 0 && milli != whole * kGpuMilli);
  if (demand.invalid) return;
  demand.count = milli > kGpuMilli ? static_cast<std::int32_t>(milli / kGpuMilli) : 1;
  demand.milli = milli > kGpuMilli ? kGpuMilli : static_cast<std::int32_t>(milli);
}

}  // namespace

GpuDemand gpu_demand(const api::Pod& pod) {
  GpuDemand demand;
  if (const Text* milli = api::find(pod.meta.annotations, kGpuMilliKey)) {
    set_from_annotations(pod.meta, *milli, demand);
  } else if (pod.spec) {
    set_from_requests(*pod.spec, demand);
  }
  if (!demand.asks()) return demand;
  if (const Text* models = api::find(pod.meta.annotations, kGpuSpecKey)) {
    demand.models = parse_models(models->view());
  }
  return demand;
}

DeviceMask recorded_devices(const api::Pod& pod) {
  const Text* text = api::find(pod.meta.annotations, kGpuDevicesKey);
  if (!text) return 0;
  DeviceMask mask = 0;
  std::string_view rest = text->view();
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::int64_t device = parse_count(rest.substr(0, comma));
    if (device < 0 || device >= static_cast<std::int64_t>(kGpuDevicesMax)) return 0;
    mask |= DeviceMask{1} << device;
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  return mask;
}

std::string format_devices(DeviceMask devices) {
  std::string text;
  for (; devices != 0; devices &= devices - 1) {
    if (!text.empty()) text += ',';
    text += std::to_string(std::countr_zero(devices));
  }
  return text;
}

void GpuNode::resize(std::size_t count) {
  free_milli.assign(std::min(count, kGpuDevicesMax), kGpuMilli);
  std::vector<Share> held;
  held.swap(shares);
  for (const Share& share : held) take(share);
}

void GpuNode::take(const Share& share) {
  for (DeviceMask m = share.devices; m != 0; m &= m - 1) {
    const auto device = static_cast<std::size_t>(std::countr_zero(m));
    if (device < free_milli.size()) free_milli[device] -= share.milli;
  }
  shares.push_back(share);
}

void GpuNode::release(std::uint32_t pod) {
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares[i].pod != pod) continue;
    for (DeviceMask m = shares[i].devices; m != 0; m &= m - 1) {
      const auto device = static_cast<std::size_t>(std::countr_zero(m));
      if (device < free_milli.size()) free_milli[device] += shares[i].milli;
    }
    shares[i] = shares.back();
    shares.pop_back();
    return;
  }
}

DeviceMask choose_devices(const GpuNode& node, const GpuDemand& demand) {
  if (demand.invalid || demand.count == 0) return 0;
  if (demand.count == 1) {
    std::size_t best = kGpuDevicesMax;
    for (std::size_t i = 0; i < node.free_milli.size(); ++i) {
      if (node.free_milli[i] < demand.milli) continue;
      if (best == kGpuDevicesMax || node.free_milli[i] < node.free_milli[best]) best = i;
    }
    return best == kGpuDevicesMax ? 0 : DeviceMask{1} << best;
  }
  DeviceMask mask = 0;
  std::int32_t missing = demand.count;
  for (std::size_t i = 0; i < node.free_milli.size() && missing > 0; ++i) {
    if (node.free_milli[i] != kGpuMilli) continue;
    mask |= DeviceMask{1} << i;
    --missing;
  }
  return missing == 0 ? mask : 0;
}

DeviceMask force_devices(const GpuNode& node, const GpuDemand& demand) {
  if (const DeviceMask mask = choose_devices(node, demand)) return mask;
  DeviceMask mask = 0;
  for (std::int32_t n = 0; n < demand.count; ++n) {
    std::size_t best = kGpuDevicesMax;
    for (std::size_t i = 0; i < node.free_milli.size(); ++i) {
      if (mask >> i & 1) continue;
      if (best == kGpuDevicesMax || node.free_milli[i] > node.free_milli[best]) best = i;
    }
    if (best == kGpuDevicesMax) break;
    mask |= DeviceMask{1} << best;
  }
  return mask;
}

}  // namespace orrery::scheduler
