// Node and Namespace (core/v1).
#pragma once

#include "core/api/object.h"
#include "core/api/resources.h"

namespace orrery::api {

struct Taint {
  Symbol key;
  Symbol value;
  Symbol effect;  // NoSchedule, PreferNoSchedule, NoExecute
  Time time_added;
  bool operator==(const Taint&) const = default;
};

struct NodeSpec {
  Symbol pod_cidr;
  Text provider_id;
  bool unschedulable = false;
  List<Taint> taints;
  RawRef extra;
  bool operator==(const NodeSpec&) const = default;
};

struct NodeCondition {
  Symbol type;
  Symbol status;
  Symbol reason;
  Text message;
  Time last_heartbeat_time;
  Time last_transition_time;
  bool operator==(const NodeCondition&) const = default;
};

struct NodeAddress {
  Symbol type;
  Text address;
  bool operator==(const NodeAddress&) const = default;
};

struct ContainerImage {
  List<Symbol> names;
  std::int64_t size_bytes = 0;
  bool operator==(const ContainerImage&) const = default;
};

struct NodeStatus {
  ResourceList capacity;
  ResourceList allocatable;
  List<NodeCondition> conditions;
  List<NodeAddress> addresses;
  List<ContainerImage> images;
  RawRef extra;  // nodeInfo, daemonEndpoints, ...
  bool operator==(const NodeStatus&) const = default;
};

struct Node final : ObjectOf<Node, KindId::kNode> {
  NodeSpec spec;
  NodeStatus status;
  RawRef extra;
};

const NodeCondition* find_condition(const NodeStatus& status, std::string_view type);

struct Namespace final : ObjectOf<Namespace, KindId::kNamespace> {
  List<Symbol> finalizers;  // spec.finalizers
  Symbol phase;             // status.phase: Active, Terminating
  RawRef extra;             // status.conditions among others
};

}  // namespace orrery::api
