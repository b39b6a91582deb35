#include "sim/cluster/recorder.h"

#include <fmt/format.h>

#include "core/base/hash.h"

namespace orrery::sim {
namespace {

constexpr std::string_view kGpuMilli = "orrery.dev/gpu-milli";
constexpr std::size_t kUsesMax = 1 << 16;

bool is_node_ready(const api::Node& node) {
  const api::NodeCondition* ready = api::find_condition(node.status, "Ready");
  return ready && ready->status == "True";
}

std::int64_t restarts_of(const api::Pod& pod) {
  std::int64_t n = 0;
  for (const api::ContainerStatus& s : pod.status.container_statuses) n += s.restart_count;
  for (const api::ContainerStatus& s : pod.status.init_container_statuses) n += s.restart_count;
  return n;
}

// GPU devices in thousandths: a whole-device resource counts 1000 each.
std::int64_t gpus_milli(const api::ResourceList& list) {
  std::int64_t total = 0;
  for (const auto& [name, quantity] : list) {
    if (name == kGpuMilli) {
      total += quantity.value();
    } else if (name.view().ends_with("/gpu")) {
      total += quantity.value() * 1000;
    }
  }
  return total;
}

std::uint64_t fingerprint_of(const store::Change& change, Time now) {
  const api::Object& o = *change.now;
  std::uint64_t h = hash_text(o.meta.name.view(), hash_text(o.meta.namespace_.view()));
  h = mix64(h ^
            (static_cast<std::uint64_t>(o.kind) << 8 | static_cast<std::uint64_t>(change.type)));
  h = mix64(h ^ change.revision);
  h = mix64(h ^ static_cast<std::uint64_t>(now.time_since_epoch().count()));
  h = mix64(h ^ static_cast<std::uint64_t>(o.meta.generation) ^ o.meta.uid.hash());
  if (const auto* pod = api::as<api::Pod>(&o)) {
    h = hash_text(pod->node_name.view(), h);
    h = hash_text(pod->status.phase.view(), h);
    h = hash_text(pod->status.pod_ip.view(), h);
    h = mix64(h ^ (api::is_ready(*pod) ? 1u : 2u) ^
              static_cast<std::uint64_t>(restarts_of(*pod)) << 8);
  } else if (const auto* node = api::as<api::Node>(&o)) {
    h = mix64(h ^ (is_node_ready(*node) ? 1u : 2u) ^ node->spec.taints.size() << 8);
  }
  return h;
}

}  // namespace

Recorder::Recorder(Env& env, store::Store& store) : env_(env), last_change_(env.now()) {
  store.add_observer([this](const store::Change& change) { on_change(change); });
}

Histogram Recorder::take_recent_scheduling() { return std::exchange(recent_scheduling_, {}); }

void Recorder::on_change(const store::Change& change) {
  const std::uint64_t fingerprint = fingerprint_of(change, env_.now());
  digest_.add(fingerprint);
  if (keep_) fingerprints_.push_back(fingerprint);
  if (listener_) listener_(changes_, fingerprint, change);
  ++changes_;
  last_change_ = env_.now();
  const api::Object* before = change.before.get();
  const api::Object* now = change.type == WatchType::kDeleted ? nullptr : change.now.get();
  switch (change.now->kind) {
    case api::KindId::kPod:
      return on_pod(static_cast<const api::Pod*>(before), static_cast<const api::Pod*>(now));
    case api::KindId::kNode:
      return on_node(static_cast<const api::Node*>(before), static_cast<const api::Node*>(now));
    default:
      availability_.on_change(before, now);
  }
}

void Recorder::on_pod(const api::Pod* before, const api::Pod* now) {
  if (!before && now) {
    ++pods_.created;
    born_.emplace(now->meta.uid.hash(), env_.now());
  }
  if (before && !now) {
    ++pods_.deleted;
    born_.erase(before->meta.uid.hash());
  }
  if (before) count_phase(*before, -1);
  if (now) count_phase(*now, 1);
  if (before && now) pods_.restarts += restarts_of(*now) - restarts_of(*before);
  const bool was_bound = before && !before->node_name.empty();
  const bool is_bound = now && !now->node_name.empty();
  if (is_bound && !was_bound) {
    ++pods_.bound;
    if (const auto it = born_.find(now->meta.uid.hash()); it != born_.end()) {
      const double waited = seconds(env_.now() - it->second);
      scheduling_.observe(waited);
      recent_scheduling_.observe(waited);
    }
  }
  const bool was_ready = before && api::is_ready(*before);
  if (now && !was_ready && api::is_ready(*now)) {
    if (const auto it = born_.find(now->meta.uid.hash()); it != born_.end()) {
      startup_.observe(seconds(env_.now() - it->second));
      born_.erase(it);
    }
  }
  const bool used = was_bound && !api::is_terminal(*before);
  const bool uses = is_bound && !api::is_terminal(*now);
  if (used != uses) count_use(uses ? *now : *before, uses ? 1 : -1);
}

void Recorder::count_phase(const api::Pod& pod, int sign) {
  if (pod.meta.is_being_deleted()) pods_.terminating += sign;
  const std::string_view phase = pod.status.phase.view();
  if (phase == "Running") {
    pods_.running += sign;
    if (api::is_ready(pod)) pods_.ready += sign;
  } else if (phase == "Pending") {
    pods_.pending += sign;
  } else if (phase == "Succeeded") {
    pods_.succeeded += sign;
  } else if (phase == "Failed") {
    pods_.failed += sign;
  }
}

const Recorder::Use& Recorder::use_of(const api::Pod& pod) {
  const auto it = uses_.find(pod.spec.identity());
  if (it != uses_.end()) return it->second.second;
  if (uses_.size() >= kUsesMax) uses_.clear();
  const api::ResourceList requests = api::pod_requests(*pod.spec);
  const api::BasicRequests basic = api::basic_of(requests);
  const Use use{basic.cpu_milli, basic.memory_bytes, gpus_milli(requests)};
  return uses_.emplace(pod.spec.identity(), std::pair(pod.spec, use)).first->second.second;
}

void Recorder::count_use(const api::Pod& pod, int sign) {
  const auto node = nodes_by_name_.find(pod.node_name.str());
  if (node == nodes_by_name_.end() || !pod.spec) return;
  const Use& use = use_of(pod);
  PoolTotals& pool = pools_[node->second.pool.str()];
  pool.cpu_milli_used += sign * use.cpu_milli;
  pool.memory_bytes_used += sign * use.memory_bytes;
  pool.gpus_milli_used += sign * use.gpus_milli;
  if (pool.cpu_share() > pool.cpu_share_max) pool.cpu_share_max = pool.cpu_share();
  node->second.cpu_milli_used += sign * use.cpu_milli;
  node->second.pods += sign;
}

void Recorder::on_node(const api::Node* before, const api::Node* now) {
  if (before && is_node_ready(*before)) --nodes_ready_;
  if (now && is_node_ready(*now)) ++nodes_ready_;
  if (before && now && before->status.allocatable == now->status.allocatable &&
      before->meta.labels.same(now->meta.labels)) {
    return;
  }
  const auto weigh = [this](const api::Node& node, int sign) {
    const api::BasicRequests basic = api::basic_of(node.status.allocatable);
    const Symbol pool_name = node.meta.labels.get(Symbol(kPoolLabel));
    PoolTotals& pool = pools_[pool_name.str()];
    pool.nodes += sign;
    pool.cpu_milli += sign * basic.cpu_milli;
    pool.memory_bytes += sign * basic.memory_bytes;
    pool.gpus_milli += sign * gpus_milli(node.status.allocatable);
    nodes_ += sign;
    NodeUse& use = nodes_by_name_[node.meta.name.str()];
    use.zone = node.meta.labels.get(Symbol("topology.kubernetes.io/zone"));
    use.pool = pool_name;
    use.cpu_milli = sign > 0 ? basic.cpu_milli : 0;
  };
  if (before) weigh(*before, -1);
  if (now) weigh(*now, 1);
}

std::string describe(const api::Kinds& kinds, Time now, Time start, const store::Change& change) {
  static constexpr std::string_view kTypes[] = {"ADDED", "MODIFIED", "DELETED", "BOOKMARK"};
  std::string detail;
  if (const auto* pod = api::as<api::Pod>(change.now.get())) {
    detail = fmt::format(" ({}{}{})", pod->status.phase.view(),
                         pod->node_name.empty() ? "" : " on ", pod->node_name.view());
  }
  return fmt::format("t={:.6f}s revision {} {} {} {}{}", seconds(now - start), change.revision,
                     kTypes[static_cast<std::size_t>(change.type)],
                     kinds.info(change.now->kind).group_resource(), api::key_of(*change.now),
                     detail);
}

}  // namespace orrery::sim
