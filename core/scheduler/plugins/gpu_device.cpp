#include "core/scheduler/plugins/gpu_device.h"

#include <algorithm>

#include "core/client/typed_client.h"
#include "core/scheduler/cache.h"
#include "core/scheduler/plugins/requests_data.h"

namespace orrery::scheduler {

bool GpuDevice::sign(const api::Pod& pod, Signature& signature) {
  const Ref<const PodRequests> requests = cache_.requests_of(pod);
  const GpuDemand& gpu = requests->gpu;
  signature.add(gpu.invalid ? -1 : gpu.count);
  signature.add(gpu.milli);
  signature.add(static_cast<std::int64_t>(gpu.models.size()));
  for (const Symbol model : gpu.models) signature.add(model);
  return true;
}

Verdict GpuDevice::pre_filter(CycleState& state, const api::Pod& pod, NodeNames&) {
  static const Symbol kInvalid{"pod has invalid GPU requests"};
  Ref<const PodRequests> requests = cache_.requests_of(pod);
  if (!requests->gpu.asks()) return {Code::kSkip};
  if (requests->gpu.invalid) return {Code::kUnschedulableAndUnresolvable, {kInvalid}};
  state.put(this, std::make_unique<RequestsData>(std::move(requests)));
  return {};
}

Verdict GpuDevice::filter(const CycleState& state, const api::Pod&, const NodeInfo& node) const {
  static const Symbol kModelLabel{kGpuModelLabel};
  static const Symbol kNoDevices{"node(s) had no GPU devices"};
  static const Symbol kModel{"node(s) didn't have the requested GPU model"};
  static const Symbol kFull{"Insufficient free GPU devices"};
  const GpuDemand& demand = state.get<RequestsData>(this)->requests->gpu;
  if (!node.gpu() || static_cast<std::size_t>(demand.count) > node.gpu()->free_milli.size()) {
    return {Code::kUnschedulableAndUnresolvable, {kNoDevices}};
  }
  if (!demand.models.empty() && std::find(demand.models.begin(), demand.models.end(),
                                          node.labels().get(kModelLabel)) == demand.models.end()) {
    return {Code::kUnschedulableAndUnresolvable, {kModel}};
  }
  if (choose_devices(*node.gpu(), demand) == 0) return {Code::kUnschedulable, {kFull}};
  return {};
}

bool GpuDevice::pre_bind(CycleState&, const Ref<const api::Pod>& pod, Symbol, Completion done) {
  if (!args_.records_devices) return false;
  const DeviceMask devices = cache_.devices_of(pod->meta.uid);
  if (devices == 0) return false;
  Ref<api::Pod> annotated = copy_of(pod);
  api::set(annotated->meta.annotations, kGpuDevicesKey, format_devices(devices));
  update<api::Pod>(client_, annotated, [done](Result<Ref<const api::Pod>> result) {
    if (result.ok()) {
      done({});
    } else {
      done({Code::kError}, result.status().message());
    }
  });
  return true;
}

}  // namespace orrery::scheduler
