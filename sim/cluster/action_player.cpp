#include "sim/cluster/action_player.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/apps.h"
#include "core/api/node.h"
#include "core/api/object_codec.h"
#include "core/api/pod.h"
#include "core/client/typed_client.h"

namespace orrery::sim {
namespace {

using nlohmann::json;

constexpr Duration kEvictRetry = 5s;  // kubectl drain's wait after a 429
constexpr int kEvictTriesMax = 720;   // an hour

// Keeps `count` or `percent` of the items, in their order or drawn.
template <class Item, class Selector>
void narrow(std::vector<Item>& items, const Selector& selector, RandomStream& stream) {
  std::size_t wanted = items.size();
  if (selector.count)
    wanted = std::min<std::size_t>(wanted, static_cast<std::size_t>(*selector.count));
  if (selector.percent) {
    wanted = (items.size() * static_cast<std::size_t>(*selector.percent) + 99) / 100;
  }
  if (wanted >= items.size()) return;
  if (selector.pick == Pick::kRandom) {
    for (std::size_t i = 0; i < wanted; ++i) {
      std::swap(items[i], items[i + stream.below(items.size() - i)]);
    }
  }
  items.resize(wanted);
}

std::string list_names(const std::vector<Symbol>& nodes) {
  constexpr std::size_t kShown = 3;
  std::string out;
  for (std::size_t i = 0; i < nodes.size() && i < kShown; ++i) {
    out += (i ? ", " : "") + nodes[i].str();
  }
  if (nodes.size() > kShown) out += fmt::format(" and {} more", nodes.size() - kShown);
  return out;
}

// The fault's name as scenarios write it.
std::string fault_name(const Action& action) {
  switch (action.verb == Verb::kKill ? Fault::kPodKill : action.fault) {
    case Fault::kPodKill:
      return "pod-kill";
    case Fault::kNodeCrash:
      return "node-crash";
    case Fault::kNodeHang:
      return "node-hang";
    case Fault::kNodeRecover:
      return "node-recover";
    case Fault::kZoneOutage:
      return "zone-outage";
    case Fault::kImagePullFailure:
      return "image-pull-failure";
    case Fault::kSlowNode:
      return "slow-node";
    case Fault::kNone:
      break;
  }
  return "";
}

}  // namespace

ActionPlayer::ActionPlayer(World world, const Scenario& scenario, Played played)
    : world_(world),
      scenario_(scenario),
      played_(std::move(played)),
      stream_(world.env.random.stream("sim.actions")) {}

void ActionPlayer::start() {
  for (const Action& action : scenario_.actions) {
    world_.env.loop.after(action.at, [this, &action] { play(action); });
  }
}

void ActionPlayer::apply(const std::vector<ManifestDocument>& documents) {
  for (const ManifestDocument& document : documents) apply_document(document);
}

void ActionPlayer::play(const Action& action) {
  if (action.verb == Verb::kFault || action.verb == Verb::kKill) return play_fault(action);
  const std::string what = apply_one(action);
  const int line = world_.journal.note("action", what, "", "");
  played_(action, false, line);
}

// The action's kubectl-like name, having been carried out.
std::string ActionPlayer::apply_one(const Action& action) {
  switch (action.verb) {
    case Verb::kApply:
      apply(manifests_[action.apply]);
      return "apply -f " + action.apply;
    case Verb::kDelete:
      remove(*action.remove);
      return fmt::format("delete {} {}", action.remove->kind, action.remove->name);
    case Verb::kScale:
      scale(*action.scale);
      return fmt::format("scale {} {} --replicas={}", action.scale->kind, action.scale->name,
                         action.scale->replicas);
    case Verb::kSet:
      set(*action.set);
      return action.set->image ? fmt::format("set image deployment/{} {}",
                                             action.set->image->deployment, action.set->image->to)
                               : fmt::format("set env deployment/{}", action.set->env->deployment);
    case Verb::kPatch:
      patch(*action.patch);
      return fmt::format("patch {} {}", action.patch->kind, action.patch->name);
    case Verb::kCordon:
      cordon(action.cordon, true);
      return "cordon " + action.cordon;
    case Verb::kUncordon:
      cordon(action.uncordon, false);
      return "uncordon " + action.uncordon;
    case Verb::kDrain:
      drain(action.drain);
      return "drain " + action.drain;
    case Verb::kKill:
    case Verb::kFault:
      break;
  }
  return "";
}

std::string ActionPlayer::on_nodes(const Action& action, void (FaultTarget::*verb)(Symbol)) {
  const std::vector<Symbol> nodes = pick_nodes(action);
  if (nodes.empty()) world_.journal.problem("a fault found no node to act on");
  for (const Symbol node : nodes) (world_.faults.*verb)(node);
  if (action.lasts && verb != &FaultTarget::recover) {
    const auto undo =
        verb == &FaultTarget::cut_off ? &FaultTarget::reconnect : &FaultTarget::recover;
    const std::string object = action.zone.empty() ? list_names(nodes) : action.zone;
    world_.env.loop.after(*action.lasts, [this, nodes, undo, object, name = fault_name(action)] {
      for (const Symbol node : nodes) (world_.faults.*undo)(node);
      world_.journal.note("fault", name + " over", object, "");
    });
  }
  return list_names(nodes);
}

void ActionPlayer::play_fault(const Action& action) {
  std::string object;
  switch (action.verb == Verb::kKill ? Fault::kPodKill : action.fault) {
    case Fault::kPodKill:
      object = kill(action.kill ? *action.kill : *action.pods);
      break;
    case Fault::kNodeCrash:
      object = on_nodes(action, &FaultTarget::crash);
      break;
    case Fault::kNodeHang:
      object = on_nodes(action, &FaultTarget::hang);
      break;
    case Fault::kNodeRecover:
      object = on_nodes(action, &FaultTarget::recover);
      break;
    case Fault::kZoneOutage:
      object = action.zone;
      on_nodes(action, &FaultTarget::cut_off);
      break;
    case Fault::kImagePullFailure:
      object = fail_pulls(action);
      break;
    case Fault::kSlowNode:
      object = slow_down(action);
      break;
    case Fault::kNone:
      return;
  }
  const int line = world_.journal.note("fault", fault_name(action), object, "");
  played_(action, action.fault != Fault::kNodeRecover, line);
}

std::string ActionPlayer::fail_pulls(const Action& action) {
  world_.faults.fail_pulls(action.image, true);
  if (action.lasts) {
    world_.env.loop.after(*action.lasts, [this, &action] {
      world_.faults.fail_pulls(action.image, false);
      world_.journal.note("fault", fault_name(action) + " over", action.image, "");
    });
  }
  return action.image;
}

std::string ActionPlayer::slow_down(const Action& action) {
  const std::vector<Symbol> nodes = pick_nodes(action);
  for (const Symbol node : nodes) world_.faults.slow_down(node, action.factor);
  if (action.lasts) {
    world_.env.loop.after(*action.lasts, [this, nodes, &action] {
      for (const Symbol node : nodes) world_.faults.slow_down(node, 1);
      world_.journal.note("fault", fault_name(action) + " over", list_names(nodes), "");
    });
  }
  return list_names(nodes);
}

std::vector<Symbol> ActionPlayer::pick_nodes(const Action& action) {
  if (!action.node.empty()) {
    const bool known = world_.store.find(api::KindId::kNode, Symbol(), action.node) != nullptr;
    return known ? std::vector<Symbol>{Symbol(action.node)} : std::vector<Symbol>{};
  }
  NodeSelector selector = action.nodes.value_or(NodeSelector{});
  if (!action.zone.empty()) selector.zone = action.zone;
  std::vector<Symbol> nodes;
  for (const api::ObjectRef& o : world_.store.table(api::KindId::kNode).sorted()) {
    const api::LabelSet& labels = o->meta.labels;
    const auto fits = [&](std::string_view key, const std::string& wanted) {
      return wanted.empty() || labels.get(Symbol(key)) == wanted;
    };
    const bool named =
        selector.names.empty() || std::find(selector.names.begin(), selector.names.end(),
                                            o->meta.name.view()) != selector.names.end();
    if (named && fits("orrery.dev/pool", selector.pool) &&
        fits("topology.kubernetes.io/zone", selector.zone) &&
        fits("orrery.dev/rack", selector.rack)) {
      nodes.push_back(Symbol(o->meta.name.view()));
    }
  }
  narrow(nodes, selector, stream_);
  return nodes;
}

std::vector<api::ObjectRef> ActionPlayer::pick_pods(const PodSelector& selector) {
  std::vector<api::ObjectRef> pods;
  for (const api::ObjectRef& o : world_.store.table(api::KindId::kPod).sorted()) {
    const auto& pod = static_cast<const api::Pod&>(*o);
    if (!selector.name.empty() && !(pod.meta.name == selector.name)) continue;
    if (!selector.name_space.empty() && !(pod.meta.namespace_ == selector.name_space)) continue;
    if (!selector.node.empty() && !(pod.node_name == selector.node)) continue;
    const bool labelled = std::all_of(
        selector.labels.begin(), selector.labels.end(),
        [&](const auto& l) { return pod.meta.labels.get(Symbol(l.first)) == l.second; });
    if (!labelled || api::is_terminal(pod) || pod.meta.is_being_deleted()) continue;
    if (!selector.deployment.empty()) {
      const api::OwnerReference* owner = api::controller_of(pod.meta);
      const std::string prefix = selector.deployment + "-";
      if (!owner || !owner->name.view().starts_with(prefix) ||
          owner->name.view().find('-', prefix.size()) != std::string_view::npos) {
        continue;
      }
    }
    pods.push_back(o);
  }
  narrow(pods, selector, stream_);
  return pods;
}

std::string ActionPlayer::kill(const PodSelector& selector) {
  const std::vector<api::ObjectRef> pods = pick_pods(selector);
  if (pods.empty()) world_.journal.problem("pod-kill found no pod to act on");
  for (const api::ObjectRef& pod : pods) {
    DeleteOptions now;
    now.grace_period_seconds = 0;
    orrery::remove(world_.client, *pod, now, [](Status) {});
  }
  return pods.size() == 1 ? api::key_of(*pods[0]) : fmt::format("{} pods", pods.size());
}

void ActionPlayer::send(Request request, std::string what) {
  world_.client.call(std::move(request), [this, what = std::move(what)](Response response) {
    if (response.status.ok()) return;
    world_.journal.problem(fmt::format("{}: {}", what, response.status.message()));
  });
}

void ActionPlayer::apply_document(const ManifestDocument& document) {
  const json& object = *document.json;
  const api::KindInfo* kind =
      world_.kinds.find(object.value("apiVersion", ""), object.value("kind", ""));
  if (!kind) {
    return world_.journal.problem(document.error_line("kind", "is not a kind of this API"));
  }
  const json& meta = object["metadata"];
  Request request;
  request.verb = orrery::Verb::kCreate;
  request.kind = kind->id;
  if (kind->namespaced) request.namespace_ = Symbol(meta.value("namespace", "default"));
  request.name = Text(meta.value("name", ""));
  request.document = api::RawRef(object);
  Request again = request;
  again.verb = orrery::Verb::kPatch;
  again.patch_type = PatchType::kMerge;
  const std::string where = document.error_line("", "cannot be applied");
  world_.client.call(std::move(request), [this, again, where](Response response) mutable {
    if (response.status.ok()) return;
    if (response.status.is(Reason::kAlreadyExists)) return send(std::move(again), where);
    world_.journal.problem(fmt::format("{}: {}", where, response.status.message()));
  });
}

void ActionPlayer::remove(const ObjectName& target) {
  Request request;
  request.verb = orrery::Verb::kDelete;
  for (const api::KindInfo& kind : world_.kinds.all()) {
    if (!(kind.kind == target.kind)) continue;
    request.kind = kind.id;
    if (kind.namespaced) request.namespace_ = Symbol(target.name_space);
    request.name = Text(target.name);
    request.remove.propagation = Propagation::kBackground;
    return send(std::move(request), fmt::format("delete {} {}", target.kind, target.name));
  }
  world_.journal.problem(fmt::format("delete: no kind \"{}\"", target.kind));
}

void ActionPlayer::scale(const ScaleAction& scale) {
  PatchAction patch;
  patch.kind = scale.kind;
  patch.name = scale.name;
  patch.name_space = scale.name_space;
  patch.patch = tree_of({{"spec", {{"replicas", scale.replicas}}}});
  this->patch(patch);
}

void ActionPlayer::patch(const PatchAction& patch) {
  for (const api::KindInfo& kind : world_.kinds.all()) {
    if (!(kind.kind == patch.kind)) continue;
    Request request;
    request.verb = orrery::Verb::kPatch;
    request.patch_type = PatchType::kMerge;
    request.kind = kind.id;
    if (kind.namespaced) request.namespace_ = Symbol(patch.name_space);
    request.name = Text(patch.name);
    request.document = api::RawRef(to_json(patch.patch));
    return send(std::move(request), fmt::format("patch {} {}", patch.kind, patch.name));
  }
  world_.journal.problem(fmt::format("patch: no kind \"{}\"", patch.kind));
}

void ActionPlayer::set(const SetAction& set) {
  if (set.image) {
    set_in_containers(set.image->deployment, set.image->name_space, set.image->container,
                      {{"image", set.image->to}});
  }
  if (set.env) {
    json env = json::array();
    for (const auto& [name, value] : set.env->vars)
      env.push_back({{"name", name}, {"value", value}});
    set_in_containers(set.env->deployment, set.env->name_space, set.env->container, {{"env", env}});
  }
}

// kubectl set: a strategic patch that names the container.
void ActionPlayer::set_in_containers(const std::string& deployment, const std::string& ns,
                                     const std::string& container, json change) {
  const api::ObjectRef* found = world_.store.find(api::KindId::kDeployment, Symbol(ns), deployment);
  if (!found) {
    return world_.journal.problem(
        fmt::format("set: deployments.apps \"{}\" not found", deployment));
  }
  const auto& spec = static_cast<const api::Deployment&>(**found).spec.template_.spec;
  const std::string name =
      !container.empty() || spec->containers.empty() ? container : spec->containers[0].name.str();
  change["name"] = name;
  Request request;
  request.verb = orrery::Verb::kPatch;
  request.patch_type = PatchType::kStrategic;
  request.kind = api::KindId::kDeployment;
  request.namespace_ = Symbol(ns);
  request.name = Text(deployment);
  json document;
  document["spec"]["template"]["spec"]["containers"] = json::array({change});
  request.document = api::RawRef(std::move(document));
  send(std::move(request), fmt::format("set deployment/{}", deployment));
}

void ActionPlayer::cordon(const std::string& node, bool on) {
  Request request;
  request.verb = orrery::Verb::kPatch;
  request.patch_type = PatchType::kMerge;
  request.kind = api::KindId::kNode;
  request.name = Text(node);
  json document;
  document["spec"]["unschedulable"] = on ? json(true) : json();
  request.document = api::RawRef(std::move(document));
  send(std::move(request), fmt::format("cordon {}", node));
}

void ActionPlayer::drain(const std::string& node) {
  cordon(node, true);
  PodSelector all;
  all.node = node;
  for (const api::ObjectRef& pod : pick_pods(all)) {
    const api::OwnerReference* owner = api::controller_of(pod->meta);
    if (owner && owner->kind == "DaemonSet") continue;  // --ignore-daemonsets
    evict(pod, kEvictTriesMax);
  }
}

void ActionPlayer::evict(const api::ObjectRef& pod, int tries_left) {
  Request request;
  request.verb = orrery::Verb::kCreate;
  request.kind = api::KindId::kPod;
  request.subresource = Subresource::kEviction;
  request.namespace_ = pod->meta.namespace_;
  request.name = pod->meta.name;
  request.remove.uid = pod->meta.uid;
  world_.client.call(std::move(request), [this, pod, tries_left](Response response) {
    const Status& answer = response.status;
    if (answer.ok() || answer.is(Reason::kNotFound)) return;
    if (!answer.is(Reason::kTooManyRequests) || tries_left == 0) {
      return world_.journal.problem(
          fmt::format("drain: {}: {}", api::key_of(*pod), answer.message()));
    }
    world_.env.loop.after(kEvictRetry, [this, pod, tries_left] { evict(pod, tries_left - 1); });
  });
}

}  // namespace orrery::sim
