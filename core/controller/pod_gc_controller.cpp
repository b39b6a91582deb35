#include "core/controller/pod_gc_controller.h"

#include <algorithm>

#include "core/client/typed_client.h"

namespace orrery::controller {
namespace {

constexpr Duration kPeriod = 20s;      // gcCheckPeriod
constexpr Duration kQuarantine = 40s;  // quarantineTime: a node may come back

// Keys: a pod's own for unscheduled ones; these prefixes (no names of the API) for the others.
constexpr std::string_view kNodePrefix = "node:";
constexpr std::string_view kTerminatedKey = "terminated:";

ObjectKey node_key(std::string_view node) {
  return {Symbol(), Text(std::string(kNodePrefix).append(node))};
}

}  // namespace

PodGcController::PodGcController(Env& env, Client& client, Informers& informers, PodCache& pods,
                                 Options options)
    : Reconciler(env, {"pod-garbage-collector", 1}),
      client_(client),
      nodes_(informers.get<api::Node>()),
      pods_(pods),
      options_(options) {
  nodes_.on_change([this](const Ref<const api::Node>& old, const Ref<const api::Node>& now) {
    if (old && !now) enqueue_after(node_key(old->meta.name.view()), kQuarantine);
  });
  pods_.pods.on_change([this](const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
    on_pod(old, now);
  });
}

void PodGcController::on_pod(const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) {
  if (old && api::is_terminal(*old)) --terminated_;
  if (now && api::is_terminal(*now)) ++terminated_;
  if (options_.terminated_pods_max > 0 && terminated_ > options_.terminated_pods_max) {
    enqueue_after({Symbol(), Text(kTerminatedKey)}, kPeriod);
  }
  if (!now) return;
  if (now->node_name.empty()) {
    if (now->meta.is_being_deleted()) enqueue_after(ObjectKey::of(*now), kPeriod);
  } else if ((!old || old->node_name != now->node_name) &&
             !nodes_.find({}, now->node_name.view())) {
    enqueue_after(node_key(now->node_name.view()), kQuarantine);
  }
}

void PodGcController::reconcile(const ObjectKey& key, const PassRef& pass) {
  const std::string_view name = key.name.view();
  if (!key.namespace_.empty()) {
    collect_unscheduled(key, pass);
  } else if (name.starts_with(kNodePrefix)) {
    collect_orphaned(Text(name.substr(kNodePrefix.size())), pass);
  } else {
    collect_terminated(pass);
  }
}

void PodGcController::collect_orphaned(const Text& node, const PassRef& pass) {
  if (nodes_.find({}, node.view())) return;
  const Symbol name = Symbol::find(node.view());
  if (name.empty() || pods_.pods.base().table().in(pods_.by_node, symbol_index_key(name)).empty()) {
    return;
  }
  get<api::Node>(client_, {}, node, [this, name, pass](Result<Ref<const api::Node>> live) {
    if (live.ok()) return;
    if (!live.status().is(Reason::kNotFound)) {
      pass->fail(live.status());
      return;
    }
    pods_.pods.for_each_in(pods_.by_node, symbol_index_key(name), [&](const api::Pod& pod) {
      if (pod.node_name == name) {
        fail_and_remove(Ref<const api::Pod>(&pod), "PodGC: node no longer exists", pass);
      }
    });
  });
}

void PodGcController::collect_unscheduled(const ObjectKey& key, const PassRef& pass) {
  const Ref<const api::Pod> pod = pods_.pods.find(key.namespace_, key.name.view());
  if (!pod || !pod->node_name.empty() || !pod->meta.is_being_deleted()) return;
  fail_and_remove(pod, "", pass);
}

void PodGcController::collect_terminated(const PassRef& pass) {
  std::vector<Ref<const api::Pod>> finished;
  pods_.pods.for_each([&](const api::Pod& pod) {
    if (api::is_terminal(pod)) finished.push_back(Ref<const api::Pod>(&pod));
  });
  if (finished.size() <= options_.terminated_pods_max) return;
  // byEvictionAndCreationTimestamp: evicted ones first, then the oldest.
  std::sort(finished.begin(), finished.end(), [](const auto& a, const auto& b) {
    const bool evicted_a = a->status.reason == "Evicted";
    const bool evicted_b = b->status.reason == "Evicted";
    if (evicted_a != evicted_b) return evicted_a;
    if (a->meta.creation_timestamp != b->meta.creation_timestamp) {
      return a->meta.creation_timestamp < b->meta.creation_timestamp;
    }
    if (!(a->meta.name == b->meta.name)) return a->meta.name < b->meta.name;
    return a->meta.namespace_ < b->meta.namespace_;
  });
  finished.resize(finished.size() - options_.terminated_pods_max);
  for (const Ref<const api::Pod>& pod : finished) remove_now(*pod, pass);
}

// markFailedAndDeletePodWithCondition; an empty message sets no condition.
void PodGcController::fail_and_remove(const Ref<const api::Pod>& pod, std::string_view message,
                                      const PassRef& pass) {
  if (api::is_terminal(*pod)) {
    remove_now(*pod, pass);
    return;
  }
  Ref<api::Pod> failed = copy_of(pod);
  failed->status.phase = Symbol("Failed");
  if (!message.empty()) {
    api::PodCondition condition;
    condition.type = Symbol("DisruptionTarget");
    condition.status = Symbol("True");
    condition.reason = Symbol("DeletionByPodGC");
    condition.message = Text(message);
    condition.last_transition_time = truncate_to_second(env_.now());
    api::set_condition(failed->status, std::move(condition));
  }
  update_status<api::Pod>(client_, failed,
                          [this, pod, pass](Result<Ref<const api::Pod>> answer) {
                            if (answer.ok()) {
                              remove_now(*pod, pass);
                            } else if (!answer.status().is(Reason::kNotFound)) {
                              pass->fail(answer.status());
                            }
                          });
}

void PodGcController::remove_now(const api::Pod& pod, const PassRef& pass) {
  DeleteOptions options;
  options.grace_period_seconds = 0;
  remove(client_, pod, options, [pass](Status status) {
    if (!status.is(Reason::kNotFound) && !status.is(Reason::kConflict)) pass->fail(status);
  });
}

}  // namespace orrery::controller
