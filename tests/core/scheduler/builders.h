// Short ways to write nodes and pods in tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/api/node.h"
#include "core/api/pod.h"

namespace orrery::scheduler::test {

using Resources = std::vector<std::pair<std::string, std::string>>;

inline api::ResourceList resource_list(const Resources& amounts) {
  api::ResourceList list;
  for (const auto& [name, text] : amounts) {
    list.set(Symbol(name), api::Quantity::parse(text).value());
  }
  return list;
}

inline Ref<api::Node> make_node(const std::string& name, Resources allocatable = {}) {
  if (allocatable.empty()) allocatable = {{"cpu", "4"}, {"memory", "8Gi"}, {"pods", "110"}};
  auto node = make_ref<api::Node>();
  node->meta.name = Text(name);
  node->meta.uid = Uid::parse("node-" + name);
  node->meta.labels = api::Labels({{Symbol("kubernetes.io/hostname"), Symbol(name)}});
  node->status.allocatable = resource_list(allocatable);
  return node;
}

inline void set_label(Ref<api::Node>& node, const std::string& key, const std::string& value) {
  api::Labels labels = *node->meta.labels;
  labels.set(Symbol(key), Symbol(value));
  node->meta.labels = std::move(labels);
}

inline void add_taint(Ref<api::Node>& node, const std::string& key, const std::string& effect) {
  node->spec.taints.edit().push_back({Symbol(key), Symbol(), Symbol(effect), {}});
}

inline api::PodSpec make_spec(const Resources& requests) {
  api::PodSpec spec;
  api::Container container;
  container.name = Symbol("c0");
  container.image = Symbol("app:1");
  container.resources.requests = resource_list(requests);
  spec.containers = {container};
  spec.scheduler_name = Symbol("default-scheduler");
  return spec;
}

inline Ref<api::Pod> make_pod(const std::string& name, api::Shared<api::PodSpec> spec) {
  auto pod = make_ref<api::Pod>();
  pod->meta.name = Text(name);
  pod->meta.namespace_ = Symbol("default");
  pod->meta.uid = Uid::parse("pod-" + name);
  pod->spec = std::move(spec);
  return pod;
}

inline Ref<api::Pod> make_pod(const std::string& name, const Resources& requests) {
  return make_pod(name, api::Shared<api::PodSpec>(make_spec(requests)));
}

inline Ref<const api::Pod> on_node(const Ref<api::Pod>& pod, const std::string& node) {
  Ref<api::Pod> bound = copy_of(pod);
  bound->node_name = Symbol(node);
  return bound;
}

}  // namespace orrery::scheduler::test
