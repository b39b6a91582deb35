// The names of the enums' values in scenario files, in the order of the enums.
#include "sim/scenario/field_table.h"

namespace orrery::sim {

using Names = std::vector<std::string_view>;

template <>
const Names& enum_names<TaintEffect>() {
  static const Names kNames{"NoSchedule", "PreferNoSchedule", "NoExecute"};
  return kNames;
}
template <>
const Names& enum_names<Pick>() {
  static const Names kNames{"random", "first"};
  return kNames;
}
template <>
const Names& enum_names<Fault>() {
  static const Names kNames{"",
                            "pod-kill",
                            "node-crash",
                            "node-hang",
                            "node-recover",
                            "zone-outage",
                            "image-pull-failure",
                            "slow-node"};
  return kNames;
}
template <>
const Names& enum_names<Verb>() {
  static const Names kNames{"apply",  "delete",   "scale", "set",  "patch",
                            "cordon", "uncordon", "drain", "kill", "fault"};
  return kNames;
}
template <>
const Names& enum_names<TraceFormat>() {
  static const Names kNames{"openb", "csv"};
  return kNames;
}
template <>
const Names& enum_names<TraceNodes>() {
  static const Names kNames{"all", "gpu", "none"};
  return kNames;
}
template <>
const Names& enum_names<TieBreak>() {
  static const Names kNames{"random", "lowest-name", "first-index"};
  return kNames;
}
template <>
const Names& enum_names<ScoringStrategy>() {
  static const Names kNames{"LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"};
  return kNames;
}
template <>
const Names& enum_names<GpuPolicy>() {
  static const Names kNames{"tightest", "spread", "first"};
  return kNames;
}

}  // namespace orrery::sim
