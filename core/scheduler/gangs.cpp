#include "core/scheduler/gangs.h"

#include <nlohmann/json.hpp>

namespace orrery::scheduler {
namespace {

using nlohmann::json;

/// The number at spec/a/b, or -1.
std::int64_t number_at(const api::Dynamic& object, const json::json_pointer& at) {
  if (!object.body) return -1;
  const json& body = object.body.json();
  if (!body.is_object() || !body.contains(at)) return -1;
  const json& value = body[at];
  return value.is_number_integer() ? value.get<std::int64_t>() : -1;
}

/// The group of a pod whose spec names this one, perhaps none.
GangKey gang_of(const api::Pod& pod, Symbol pod_group) {
  static const Symbol kLabel{"scheduling.x-k8s.io/pod-group"};
  if (!pod_group.empty()) return {pod.meta.namespace_, pod_group};
  return {pod.meta.namespace_, pod.meta.labels.get(kLabel)};
}

}  // namespace

Symbol pod_group_of(const api::PodSpec& spec) {
  if (!spec.extra) return {};
  const json& extra = spec.extra.json();
  const auto group = extra.is_object() ? extra.find("schedulingGroup") : extra.end();
  if (group == extra.end() || !group->is_object()) return {};
  const auto name = group->find("podGroupName");
  if (name == group->end() || !name->is_string()) return {};
  return Symbol(name->get_ref<const std::string&>());
}

GangKey gang_of(const api::Pod& pod) {
  return gang_of(pod, pod.spec ? pod_group_of(*pod.spec) : Symbol());
}

const Gangs::Gang* Gangs::find(const GangKey& key) const {
  const auto found = gangs_.find(key);
  return found == gangs_.end() ? nullptr : &found->second;
}

void Gangs::drop_if_empty(const GangKey& key) {
  const Gang* gang = find(key);
  if (gang && gang->pods.empty() && gang->placed == 0) gangs_.erase(key);
}

GangKey Gangs::on_pod(const api::Pod* old, const api::Pod* now) {
  const GangKey key = gang_of(now ? *now : *old);
  if (now && old && !old->meta.labels.same(now->meta.labels)) {
    const GangKey before = gang_of(*old);
    if (before.is_set() && (before < key || key < before)) on_pod(old, nullptr);
  }
  if (!key.is_set()) return key;
  if (now && !api::is_terminal(*now) && !now->meta.is_being_deleted()) {
    gangs_[key].pods.insert(now->meta.uid);
  } else if (find(key)) {
    gangs_[key].pods.erase((now ? now : old)->meta.uid);
    drop_if_empty(key);
  }
  return key;
}

void Gangs::count_placed(const api::Pod& pod, Symbol pod_group, int delta) {
  const GangKey key = gang_of(pod, pod_group);
  if (!key.is_set()) return;
  gangs_[key].placed += delta;
  drop_if_empty(key);
}

std::int64_t Gangs::minimum(const GangKey& key) const {
  const auto* group =
      objects_.find<api::Dynamic>(Watched::kPodGroup, key.ns, key.name.view());
  if (group) {
    static const json::json_pointer kMinCount("/spec/schedulingPolicy/gang/minCount");
    return std::max<std::int64_t>(0, number_at(*group, kMinCount));
  }
  group = objects_.find<api::Dynamic>(Watched::kCoschedulingPodGroup, key.ns, key.name.view());
  if (!group) return -1;
  static const json::json_pointer kMinMember("/spec/minMember");
  return std::max<std::int64_t>(0, number_at(*group, kMinMember));
}

std::int64_t Gangs::created(const GangKey& key) const {
  const Gang* gang = find(key);
  return gang ? static_cast<std::int64_t>(gang->pods.size()) : 0;
}

std::int64_t Gangs::placed(const GangKey& key) const {
  const Gang* gang = find(key);
  return gang ? gang->placed : 0;
}

const std::set<Uid>& Gangs::pods(const GangKey& key) const {
  static const std::set<Uid> kNone;
  const Gang* gang = find(key);
  return gang ? gang->pods : kNone;
}

}  // namespace orrery::scheduler
