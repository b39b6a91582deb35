#include "sim/scenario/node_plan.h"

#include <fmt/format.h>

#include "sim/scenario/quantity_text.h"

namespace orrery::sim {
namespace {

const Zone* find_zone(const ClusterSpec& cluster, const std::string& name) {
  for (const Zone& zone : cluster.zones) {
    if (zone.name == name) return &zone;
  }
  return nullptr;
}

}  // namespace

PoolShape shape_of(const NodePool& pool) {
  PoolShape out;
  out.capacity["cpu"] = cpu_text(pool.cpu);
  out.capacity["memory"] = bytes_text(pool.memory);
  out.capacity["ephemeral-storage"] = bytes_text(pool.ephemeral_storage);
  out.capacity["pods"] = fmt::format("{}", pool.pods);
  if (pool.gpu.count > 0) out.capacity[pool.gpu.resource] = fmt::format("{}", pool.gpu.count);
  for (const auto& [name, count] : pool.resources) out.capacity[name] = fmt::format("{}", count);
  out.allocatable = out.capacity;
  const auto left = [](std::int64_t whole, std::int64_t kept) {
    return whole > kept ? whole - kept : 0;
  };
  const ReservedSpec& kept = pool.reserved;
  out.allocatable["cpu"] = cpu_text({left(pool.cpu.milli, kept.cpu.milli)});
  out.allocatable["memory"] = bytes_text({left(pool.memory.bytes, kept.memory.bytes)});
  out.allocatable["ephemeral-storage"] =
      bytes_text({left(pool.ephemeral_storage.bytes, kept.ephemeral_storage.bytes)});
  out.labels = {{"kubernetes.io/os", "linux"},
                {"kubernetes.io/arch", "amd64"},
                {"orrery.dev/pool", pool.name}};
  if (pool.gpu.count > 0 && !pool.gpu.model.empty())
    out.labels["orrery.dev/gpu-model"] = pool.gpu.model;
  for (const auto& [key, value] : pool.labels) out.labels[key] = value;
  return out;
}

std::vector<PlannedNode> plan_nodes(const ClusterSpec& cluster) {
  std::vector<PlannedNode> out;
  std::map<std::string, std::int64_t> next_in_zone;  // spreads nodes over a zone's racks
  for (std::size_t p = 0; p < cluster.node_pools.size(); ++p) {
    const NodePool& pool = cluster.node_pools[p];
    for (std::int64_t i = 0; i < pool.count; ++i) {
      PlannedNode node{fmt::format("{}-{}", pool.name, i), p, "", "", ""};
      if (!pool.zones.empty())
        node.zone = pool.zones[static_cast<std::size_t>(i) % pool.zones.size()];
      if (const Zone* zone = find_zone(cluster, node.zone)) {
        node.region = zone->region;
        if (zone->racks > 0) {
          node.rack = fmt::format("{}-r{}", zone->name, next_in_zone[zone->name]++ % zone->racks);
        }
      }
      out.push_back(std::move(node));
    }
  }
  return out;
}

std::map<std::string, std::string> labels_of(const PlannedNode& node, const PoolShape& shape) {
  std::map<std::string, std::string> out = shape.labels;
  out["kubernetes.io/hostname"] = node.name;
  if (!node.zone.empty()) out["topology.kubernetes.io/zone"] = node.zone;
  if (!node.region.empty()) out["topology.kubernetes.io/region"] = node.region;
  if (!node.rack.empty()) out["orrery.dev/rack"] = node.rack;
  return out;
}

}  // namespace orrery::sim
