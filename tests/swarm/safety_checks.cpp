#include "tests/swarm/safety_checks.h"

#include <fmt/format.h>

namespace orrery::swarm {
namespace {

constexpr std::size_t kProblemsMax = 5;

// Bound and not finished: it takes room on its node.
bool takes_room(const api::Pod* pod) {
  return pod && !pod->node_name.view().empty() && !api::is_terminal(*pod);
}

bool has_address(const api::Pod* pod) {
  return takes_room(pod) && !pod->spec->host_network && !pod->status.pod_ip.view().empty();
}

}  // namespace

SafetyChecks::SafetyChecks(sim::Simulation& simulation, const Drawing& drawing)
    : simulation_(simulation), drawing_(drawing) {
  simulation.store().add_observer([this](const store::Change& change) { on_change(change); });
}

void SafetyChecks::problem(std::string what) {
  if (problems_.size() == kProblemsMax) return;
  const double at = seconds(simulation_.env().now() - simulation_.start_time());
  problems_.push_back(fmt::format("t={:.3f}s revision {}: {}", at, revision_, what));
}

void SafetyChecks::on_change(const store::Change& change) {
  ++changes_;
  check_identity(change);
  const bool removed = change.type == WatchType::kDeleted;
  const api::Pod* before = api::as<api::Pod>(change.before.get());
  const api::Pod* now = removed ? nullptr : api::as<api::Pod>(change.now.get());
  if (before || now) {
    check_address(before, now);
    check_binding(before, now);
    const std::string uid = (now ? now : before)->meta.uid.str();
    if (now) {
      pods_[uid] = change.now;
    } else {
      pods_.erase(uid);
    }
  }
  if (const api::Node* node = removed ? nullptr : api::as<api::Node>(change.now.get())) {
    check_load(node->meta.name.str());
  }
}

// Revisions rise by one order for all kinds, and what is stored is what was changed.
void SafetyChecks::check_identity(const store::Change& change) {
  const api::Object& now = *change.now;
  if (change.revision <= revision_) {
    problem(fmt::format("{}: the revision before was {}", change.revision, revision_));
  }
  revision_ = change.revision;
  if (now.meta.resource_version != change.revision) {
    problem(fmt::format("{} has resourceVersion {}", api::key_of(now), now.meta.resource_version));
  }
  if (change.before) {
    if (!(change.before->meta.uid == now.meta.uid)) {
      problem(fmt::format("{} changed its uid", api::key_of(now)));
    }
    if (change.before->meta.resource_version >= change.revision) {
      problem(fmt::format("{} went back", api::key_of(now)));
    }
    if (change.before->meta.is_being_deleted() && !now.meta.is_being_deleted()) {
      problem(fmt::format("{} came back from deletion", api::key_of(now)));
    }
  }
  const api::ObjectRef* found =
      simulation_.store().find(now.kind, now.meta.namespace_, now.meta.name.view());
  const bool is_there = found && (*found)->meta.resource_version == change.revision;
  if (is_there == (change.type == WatchType::kDeleted)) {
    problem(fmt::format("{}: the table does not show the change", api::key_of(now)));
  }
}

void SafetyChecks::check_binding(const api::Pod* before, const api::Pod* now) {
  if (takes_room(before)) add_load(*before, -1);
  if (!now) return;
  if (before && api::is_terminal(*before) && !api::is_terminal(*now)) {
    problem(fmt::format("pod {} lives again after its end", api::key_of(*now)));
  }
  const std::string node = now->node_name.str();
  std::string& bound_to = node_of_[now->meta.uid.str()];
  if (!bound_to.empty() && bound_to != node) {
    problem(
        fmt::format("pod {} was bound to {}, now to \"{}\"", api::key_of(*now), bound_to, node));
  }
  if (bound_to.empty() && !node.empty()) ++bindings_;
  bound_to = node;
  if (!takes_room(now)) return;
  add_load(*now, 1);
  if (!takes_room(before)) check_load(node);
}

void SafetyChecks::add_load(const api::Pod& pod, std::int64_t sign) {
  const api::BasicRequests asks = api::basic_of(api::pod_requests(*pod.spec));
  Load& load = loads_[pod.node_name.str()];
  load.cpu_milli += sign * asks.cpu_milli;
  load.memory_bytes += sign * asks.memory_bytes;
  load.pods += sign;
}

void SafetyChecks::check_load(const std::string& name) {
  const api::ObjectRef* found = simulation_.store().find(api::KindId::kNode, Symbol(), name);
  if (!found) return problem(fmt::format("a pod is bound to {}, which is no node", name));
  const api::ResourceList& room = static_cast<const api::Node&>(**found).status.allocatable;
  const Load& load = loads_[name];
  const auto of = [&room](std::string_view resource) {
    const api::Quantity* q = room.find(Symbol(resource));
    return q ? *q : api::Quantity();
  };
  if (load.pods > of("pods").value() || load.cpu_milli > of("cpu").milli_value() ||
      load.memory_bytes > of("memory").value()) {
    problem(fmt::format(
        "node {} is over capacity: {} pods, {}m cpu, {} bytes asked; it has {}, {}m, {}", name,
        load.pods, load.cpu_milli, load.memory_bytes, of("pods").value(), of("cpu").milli_value(),
        of("memory").value()));
  }
}

// After a crash the API shows addresses of sandboxes that are gone until the kubelet reports again.
bool SafetyChecks::is_address_stale(const api::Pod& pod, Time reported) const {
  const Time now = simulation_.env().now();
  for (const DrawnCrash& crash : drawing_.crashes) {
    const Time at = simulation_.start_time() + crash.at;
    if (pod.node_name == crash.node && reported <= at && at <= now) return true;
  }
  return false;
}

void SafetyChecks::check_address(const api::Pod* before, const api::Pod* now) {
  const std::string uid = (now ? now : before)->meta.uid.str();
  Address& mine = addresses_[uid];
  const std::string ip = has_address(now) ? now->status.pod_ip.str() : "";
  if (mine.ip != ip) {
    if (!mine.ip.empty()) holders_[mine.ip].erase(uid);
    mine = {ip, simulation_.env().now()};
    if (!ip.empty()) {
      for (const auto& [other, pod] : holders_[ip]) {
        if (is_address_stale(*pod, addresses_[other].reported)) continue;
        problem(fmt::format("pods {} on {} and {} on {} both have {}", api::key_of(*pod),
                            pod->node_name.view(), api::key_of(*now), now->node_name.view(), ip));
      }
    }
  }
  if (ip.empty()) {
    addresses_.erase(uid);
  } else {
    holders_[ip][uid] = now;
  }
}

}  // namespace orrery::swarm
