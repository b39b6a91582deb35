#include "core/controller/taint_eviction_controller.h"

#include <algorithm>

#include "core/client/typed_client.h"

namespace orrery::controller {
namespace {

std::vector<api::Taint> no_execute(const api::Node* node) {
  std::vector<api::Taint> out;
  if (!node) return out;
  for (const api::Taint& t : node->spec.taints) {
    if (t.effect == "NoExecute") out.push_back(t);
  }
  return out;
}

const api::List<api::Toleration>& tolerations_of(const api::Pod& pod) {
  static const api::List<api::Toleration> kNone;
  return pod.spec ? pod.spec->tolerations : kNone;
}

}  // namespace

bool tolerates(const api::Toleration& toleration, const api::Taint& taint) {
  if (!toleration.effect.empty() && toleration.effect != taint.effect) return false;
  if (!toleration.key.empty() && toleration.key != taint.key) return false;
  if (toleration.operator_ == "Exists") return true;
  return (toleration.operator_.empty() || toleration.operator_ == "Equal") &&
         toleration.value == taint.value;
}

std::optional<Duration> time_tolerated(const std::vector<api::Taint>& taints,
                                       const api::List<api::Toleration>& tolerations) {
  std::optional<Duration> least;
  for (const api::Taint& taint : taints) {
    const auto* match = std::find_if(tolerations.begin(), tolerations.end(),
                                     [&](const api::Toleration& t) { return tolerates(t, taint); });
    if (match == tolerations.end()) return Duration{};
    if (!match->toleration_seconds) continue;
    const Duration time = std::chrono::seconds(
        std::clamp<std::int64_t>(*match->toleration_seconds, 0, 1'000'000'000));
    if (!least || time < *least) least = time;
  }
  return least;
}

TaintEvictionController::TaintEvictionController(Env& env, Client& client, Informers& informers,
                                                 PodCache& pods)
    : Reconciler(env, {"taint-eviction-controller", 100'000}),
      client_(client),
      pods_(pods),
      events_(env, client, Symbol("taint-eviction-controller")) {
  informers.get<api::Node>().on_change(
      [this](const Ref<const api::Node>& old, const Ref<const api::Node>& now) {
        on_node(old, now);
      });
  pods_.pods.on_change(
      [this](const Ref<const api::Pod>& old, const Ref<const api::Pod>& now) { on_pod(old, now); });
}

TaintEvictionController::~TaintEvictionController() { *alive_ = false; }

void TaintEvictionController::on_node(const Ref<const api::Node>& old,
                                      const Ref<const api::Node>& now) {
  if (old && now && old->spec.taints.same(now->spec.taints)) return;
  const api::Object& node = now ? static_cast<const api::Object&>(*now) : *old;
  const Symbol name(node.meta.name.view());
  const auto before = tainted_.find(name.id());
  std::vector<api::Taint> taints = no_execute(now.get());
  if (before == tainted_.end() ? taints.empty() : before->second == taints) return;
  if (taints.empty()) {
    tainted_.erase(name.id());
    pods_.pods.for_each_in(pods_.by_node, symbol_index_key(name),
                           [&](const api::Pod& pod) { cancel(pod, true); });
    return;
  }
  tainted_[name.id()] = taints;
  pods_.pods.for_each_in(pods_.by_node, symbol_index_key(name),
                         [&](const api::Pod& pod) { judge(pod, taints); });
}

void TaintEvictionController::on_pod(const Ref<const api::Pod>& old,
                                     const Ref<const api::Pod>& now) {
  if (!now) {
    cancel(*old, false);
    return;
  }
  if (now->node_name.empty() || tainted_.empty()) return;
  const bool news = !old || old->node_name != now->node_name || old->meta.uid != now->meta.uid ||
                    !(tolerations_of(*old) == tolerations_of(*now));
  if (!news) return;
  const auto it = tainted_.find(now->node_name.id());
  if (it != tainted_.end()) judge(*now, it->second);
}

void TaintEvictionController::judge(const api::Pod& pod, const std::vector<api::Taint>& taints) {
  const std::optional<Duration> stay = time_tolerated(taints, tolerations_of(pod));
  if (!stay) {
    cancel(pod, true);
    return;
  }
  const ObjectKey key = ObjectKey::of(pod);
  const auto [it, fresh] = evictions_.try_emplace(key);
  Eviction& eviction = it->second;
  if (fresh) eviction.since = env_.now();
  const Time due = eviction.since + *stay;
  if (!fresh && eviction.due <= due && due > env_.now()) return;  // the earlier one stands
  if (eviction.timer) env_.loop.cancel(eviction.timer);
  eviction.timer = {};
  eviction.due = due;
  if (due <= env_.now()) {
    enqueue(key);
    return;
  }
  eviction.timer = env_.loop.at(due, [this, key, alive = alive_] {
    if (!*alive) return;
    const auto found = evictions_.find(key);
    if (found == evictions_.end()) return;
    found->second.timer = {};
    enqueue(key);
  });
}

void TaintEvictionController::cancel(const api::Object& pod, bool with_event) {
  const auto it = evictions_.find(ObjectKey::of(pod));
  if (it == evictions_.end()) return;
  if (it->second.timer) env_.loop.cancel(it->second.timer);
  evictions_.erase(it);
  if (with_event) tell(pod, "Cancelling deletion of Pod ");
}

void TaintEvictionController::tell(const api::Object& pod, std::string_view what) {
  static const Symbol kV1("v1"), kPod("Pod"), kNormal("Normal"), kReason("TaintManagerEviction");
  events_.event(pod, kV1, kPod, kNormal, kReason, Text(std::string(what) + api::key_of(pod)));
}

void TaintEvictionController::reconcile(const ObjectKey& key, const PassRef& pass) {
  const auto it = evictions_.find(key);
  if (it == evictions_.end() || it->second.due > env_.now()) return;
  const Ref<const api::Pod> pod = pods_.pods.find(key.namespace_, key.name.view());
  if (!pod || pod->meta.is_being_deleted()) return;
  tell(*pod, "Marking for deletion Pod ");
  const auto remove_pod = [this, pod, pass] {
    remove(client_, *pod, {}, [pass](Status status) {
      if (!status.is(Reason::kNotFound) && !status.is(Reason::kConflict)) pass->fail(status);
    });
  };
  static const Symbol kType("DisruptionTarget"), kTrue("True"), kWhy("DeletionByTaintManager");
  Ref<api::Pod> marked = copy_of(pod);
  api::PodCondition condition;
  condition.type = kType;
  condition.status = kTrue;
  condition.reason = kWhy;
  condition.message = Text("Taint manager: deleting due to NoExecute taint");
  condition.last_transition_time = truncate_to_second(env_.now());
  condition.observed_generation = pod->meta.generation;
  if (!api::set_condition(marked->status, std::move(condition))) {
    remove_pod();
    return;
  }
  update_status<api::Pod>(client_, marked, [pass, remove_pod](Result<Ref<const api::Pod>> done) {
    if (done.ok()) {
      remove_pod();
    } else if (!done.status().is(Reason::kNotFound)) {
      pass->fail(done.status());
    }
  });
}

}  // namespace orrery::controller
