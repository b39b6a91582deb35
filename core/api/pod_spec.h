// PodSpec and its parts (core/v1). A PodSpec is shared by all pods of a template; spec.nodeName is
// not part of it but a member of Pod. Heavy parts are lists that share, so a changed copy is cheap.
#pragma once

#include <cstdint>
#include <optional>

#include "core/api/cow.h"
#include "core/api/meta.h"
#include "core/api/raw.h"
#include "core/api/resources.h"
#include "core/api/values/int_or_string.h"
#include "core/api/values/selector.h"
#include "core/base/symbol.h"
#include "core/base/text.h"

namespace orrery::api {

struct ContainerPort {
  Symbol name;
  std::int32_t container_port = 0;
  std::int32_t host_port = 0;
  Symbol protocol;  // TCP, UDP, SCTP
  Symbol host_ip;
  RawRef extra;
  bool operator==(const ContainerPort&) const = default;
};

struct ExecAction {
  List<Text> command;
  RawRef extra;
  bool operator==(const ExecAction&) const = default;
};

struct HttpGetAction {
  Text path;
  IntOrString port;
  Text host;
  Symbol scheme;
  RawRef extra;
  bool operator==(const HttpGetAction&) const = default;
};

struct TcpSocketAction {
  IntOrString port;
  Text host;
  RawRef extra;
  bool operator==(const TcpSocketAction&) const = default;
};

struct GrpcAction {
  std::int32_t port = 0;
  std::optional<Text> service;
  RawRef extra;
  bool operator==(const GrpcAction&) const = default;
};

struct SleepAction {
  std::int64_t seconds = 0;
  RawRef extra;
  bool operator==(const SleepAction&) const = default;
};

struct Probe {
  Shared<ExecAction> exec;
  Shared<HttpGetAction> http_get;
  Shared<TcpSocketAction> tcp_socket;
  Shared<GrpcAction> grpc;
  std::int32_t initial_delay_seconds = 0;
  std::int32_t timeout_seconds = 0;
  std::int32_t period_seconds = 0;
  std::int32_t success_threshold = 0;
  std::int32_t failure_threshold = 0;
  std::optional<std::int64_t> termination_grace_period_seconds;
  RawRef extra;
  bool operator==(const Probe&) const = default;
};

struct LifecycleHandler {
  Shared<ExecAction> exec;
  Shared<HttpGetAction> http_get;
  Shared<TcpSocketAction> tcp_socket;
  Shared<SleepAction> sleep;
  RawRef extra;
  bool operator==(const LifecycleHandler&) const = default;
};

struct Lifecycle {
  Shared<LifecycleHandler> post_start;
  Shared<LifecycleHandler> pre_stop;
  RawRef extra;
  bool operator==(const Lifecycle&) const = default;
};

struct VolumeMount {
  Symbol name;
  Text mount_path;
  RawRef extra;
  bool operator==(const VolumeMount&) const = default;
};

struct Container {
  Symbol name;
  Symbol image;
  List<Text> command;
  List<Text> args;
  List<ContainerPort> ports;
  ResourceRequirements resources;
  List<VolumeMount> volume_mounts;
  Shared<Probe> liveness_probe;
  Shared<Probe> readiness_probe;
  Shared<Probe> startup_probe;
  Shared<Lifecycle> lifecycle;
  Symbol image_pull_policy;
  Symbol restart_policy;  // init containers: "Always" makes a sidecar
  RawRef extra;           // env, envFrom, securityContext, ...
  bool operator==(const Container&) const = default;
};

struct Toleration {
  Symbol key;
  Symbol operator_;  // "" reads as Equal
  Symbol value;
  Symbol effect;
  std::optional<std::int64_t> toleration_seconds;
  bool operator==(const Toleration&) const = default;
};

struct NodeSelectorRequirement {
  Symbol key;
  Symbol operator_;  // In, NotIn, Exists, DoesNotExist, Gt, Lt
  List<Symbol> values;
  bool operator==(const NodeSelectorRequirement&) const = default;
};

struct NodeSelectorTerm {
  List<NodeSelectorRequirement> match_expressions;
  List<NodeSelectorRequirement> match_fields;
  bool operator==(const NodeSelectorTerm&) const = default;
};

struct NodeSelector {
  List<NodeSelectorTerm> node_selector_terms;
  bool operator==(const NodeSelector&) const = default;
};

struct PreferredSchedulingTerm {
  std::int32_t weight = 0;
  NodeSelectorTerm preference;
  bool operator==(const PreferredSchedulingTerm&) const = default;
};

struct NodeAffinity {
  Shared<NodeSelector> required;  // requiredDuringSchedulingIgnoredDuringExecution
  List<PreferredSchedulingTerm> preferred;
  RawRef extra;
  bool operator==(const NodeAffinity&) const = default;
};

struct PodAffinityTerm {
  Shared<LabelSelector> label_selector;
  List<Symbol> namespaces;
  Symbol topology_key;
  Shared<LabelSelector> namespace_selector;
  List<Symbol> match_label_keys;
  List<Symbol> mismatch_label_keys;
  bool operator==(const PodAffinityTerm&) const = default;
};

struct WeightedPodAffinityTerm {
  std::int32_t weight = 0;
  PodAffinityTerm pod_affinity_term;
  bool operator==(const WeightedPodAffinityTerm&) const = default;
};

/// PodAffinity or PodAntiAffinity.
struct PodAffinity {
  List<PodAffinityTerm> required;
  List<WeightedPodAffinityTerm> preferred;
  RawRef extra;
  bool operator==(const PodAffinity&) const = default;
};

struct Affinity {
  Shared<NodeAffinity> node_affinity;
  Shared<PodAffinity> pod_affinity;
  Shared<PodAffinity> pod_anti_affinity;
  RawRef extra;
  bool operator==(const Affinity&) const = default;
};

struct TopologySpreadConstraint {
  std::int32_t max_skew = 0;
  Symbol topology_key;
  Symbol when_unsatisfiable;
  Shared<LabelSelector> label_selector;
  std::optional<std::int32_t> min_domains;
  std::optional<Symbol> node_affinity_policy;
  std::optional<Symbol> node_taints_policy;
  List<Symbol> match_label_keys;
  bool operator==(const TopologySpreadConstraint&) const = default;
};

struct PersistentVolumeClaimVolumeSource {
  Text claim_name;
  bool read_only = false;
  RawRef extra;
  bool operator==(const PersistentVolumeClaimVolumeSource&) const = default;
};

struct Volume {
  Text name;
  Shared<PersistentVolumeClaimVolumeSource> persistent_volume_claim;
  RawRef extra;  // every other source
  bool operator==(const Volume&) const = default;
};

struct PodSpec {
  List<Volume> volumes;
  List<Container> init_containers;
  List<Container> containers;
  Symbol restart_policy;
  std::optional<std::int64_t> termination_grace_period_seconds;
  std::optional<std::int64_t> active_deadline_seconds;
  LabelSet node_selector;
  Symbol service_account_name;
  bool host_network = false;
  Shared<Affinity> affinity;
  Symbol scheduler_name;
  List<Toleration> tolerations;
  Symbol priority_class_name;
  std::optional<std::int32_t> priority;
  Symbol preemption_policy;
  Text hostname;
  Text subdomain;
  ResourceList overhead;
  Shared<ResourceRequirements> resources;  // pod-level
  List<TopologySpreadConstraint> topology_spread_constraints;
  List<Symbol> readiness_gates;   // conditionType of each
  List<Symbol> scheduling_gates;  // name of each
  RawRef extra;
  bool operator==(const PodSpec&) const = default;
};

struct PodTemplateSpec {
  ObjectMeta metadata;
  Shared<PodSpec> spec;
  RawRef extra;
  bool operator==(const PodTemplateSpec&) const = default;
};

}  // namespace orrery::api
