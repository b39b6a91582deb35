#include "docs/examples/zone_packing.h"

#include <algorithm>

namespace example {

using namespace orrery::scheduler;
using orrery::Symbol;
namespace api = orrery::api;

namespace {

bool takes_part(const api::Pod& pod) {
  static const Symbol kKey{"example.com/pack"};
  return pod.meta.labels.get(kKey) == "zones";
}

}  // namespace

std::size_t ZonePacking::rank(const api::Labels& labels) const {
  static const Symbol kZone{"topology.kubernetes.io/zone"};
  const auto found = std::find(args_.zones.begin(), args_.zones.end(), labels.get(kZone));
  return static_cast<std::size_t>(found - args_.zones.begin());
}

bool ZonePacking::is_worth_retrying(const ClusterEvent& event, const api::Pod&) const {
  return !event.node || rank(*event.node->meta.labels) < args_.zones.size();
}

bool ZonePacking::sign(const api::Pod& pod, Signature& signature) {
  signature.add(std::int64_t{takes_part(pod)});
  return true;
}

Verdict ZonePacking::pre_filter(CycleState&, const api::Pod& pod, NodeNames&) {
  if (!takes_part(pod)) return {Code::kSkip, {}};
  return {};
}

Verdict ZonePacking::filter(const CycleState&, const api::Pod&, const NodeInfo& node) const {
  static const Symbol kReason{"node(s) were in none of the pod's zones"};
  if (rank(node.labels()) < args_.zones.size()) return {};
  // No removal of pods moves a node: preemption need not try.
  return {Code::kUnschedulableAndUnresolvable, {kReason}};
}

Verdict ZonePacking::pre_score(CycleState&, const api::Pod& pod, std::span<const NodeSlot>) {
  if (!takes_part(pod)) return {Code::kSkip, {}};
  return {};
}

std::int64_t ZonePacking::score(const CycleState&, const api::Pod&, const NodeInfo& node) const {
  const auto zones = static_cast<std::int64_t>(args_.zones.size());
  const auto place = static_cast<std::int64_t>(rank(node.labels()));
  return kScoreMax * (zones - place) / zones;  // integers: no rounding differs between machines
}

PluginFactory zone_packing(ZonePackingArgs args) {
  return [args = std::move(args)](const PluginArgs&, const PluginContext&)
             -> orrery::Result<std::unique_ptr<Plugin>> {
    if (args.zones.empty()) return orrery::bad_request("zones: required: at least one zone");
    return std::unique_ptr<Plugin>(std::make_unique<ZonePacking>(args));
  };
}

}  // namespace example
