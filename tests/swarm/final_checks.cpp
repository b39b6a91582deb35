#include "tests/swarm/final_checks.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "core/api/apps.h"
#include "core/api/batch.h"
#include "core/api/node.h"
#include "core/api/pod.h"
#include "core/api/service.h"

namespace orrery::swarm {
namespace {

using api::KindId;
using Problems = std::vector<std::string>;
using Names = std::set<std::string>;

template <class T, class Visit>
void for_each(sim::Simulation& simulation, Visit visit) {
  for (const api::ObjectRef& o : simulation.store().table(T::kKind).sorted()) {
    visit(static_cast<const T&>(*o));
  }
}

// A deleted workload, its ReplicaSets and its pods: all are labelled or named after it.
void check_nothing_left(sim::Simulation& simulation, const std::string& name, Problems& out) {
  const auto check = [&](const api::Object& o) {
    if (o.meta.name == name || o.meta.labels.get(Symbol("app")) == name) {
      out.push_back(fmt::format("{} was deleted, yet {} is there", name, api::key_of(o)));
    }
  };
  for_each<api::Deployment>(simulation, check);
  for_each<api::ReplicaSet>(simulation, check);
  for_each<api::StatefulSet>(simulation, check);
  for_each<api::DaemonSet>(simulation, check);
  for_each<api::Job>(simulation, check);
  for_each<api::Pod>(simulation, check);
}

void check_workloads(sim::Simulation& simulation, const Drawing& drawing, Problems& out) {
  const sim::Availability& availability = simulation.recorder().availability();
  if (!availability.is_all_available()) {
    out.push_back("not available: " + availability.describe_missing(5));
  }
  for (const DrawnWorkload& w : drawing.workloads) {
    if (w.is_deleted) {
      check_nothing_left(simulation, w.name, out);
      continue;
    }
    if (w.kind != DrawnWorkload::Kind::kJob) {
      if (!availability.find(w.name)) out.push_back("there is no workload " + w.name);
      continue;
    }
    const api::ObjectRef* found = simulation.store().find(KindId::kJob, Symbol("default"), w.name);
    const auto* job = found ? api::as<api::Job>(found->get()) : nullptr;
    bool complete = false;
    for (const api::JobCondition& c :
         job ? job->status.conditions : decltype(job->status.conditions){}) {
      complete = complete || (c.type == "Complete" && c.status == "True");
    }
    if (!complete || job->status.succeeded != w.replicas) {
      out.push_back(fmt::format("Job {} is not complete: {} of {} succeeded, {} failed, {} active",
                                w.name, job ? job->status.succeeded : 0, w.replicas,
                                job ? job->status.failed : 0, job ? job->status.active : 0));
    }
  }
}

void check_nodes(sim::Simulation& simulation, Problems& out) {
  for_each<api::Node>(simulation, [&](const api::Node& node) {
    const api::NodeCondition* ready = api::find_condition(node.status, "Ready");
    if (!ready || !(ready->status == "True") || node.spec.unschedulable ||
        !node.spec.taints.empty()) {
      out.push_back(fmt::format("node {} is not usable again: Ready {}, {} taints",
                                node.meta.name.view(), ready ? ready->status.view() : "unknown",
                                node.spec.taints.size()));
    }
  });
}

// Every pod is where it should be, and every owner exists.
void check_owners(sim::Simulation& simulation, Problems& out) {
  Names uids;
  const auto collect = [&](const api::Object& o) { uids.insert(o.meta.uid.str()); };
  for_each<api::Deployment>(simulation, collect);
  for_each<api::ReplicaSet>(simulation, collect);
  for_each<api::StatefulSet>(simulation, collect);
  for_each<api::DaemonSet>(simulation, collect);
  for_each<api::Job>(simulation, collect);
  const auto check = [&](const api::Object& o) {
    const api::OwnerReference* owner = api::controller_of(o.meta);
    if (!owner || uids.count(owner->uid.str()) == 0) {
      out.push_back(fmt::format("{} is an orphan", api::key_of(o)));
    }
  };
  for_each<api::ReplicaSet>(simulation, check);
  for_each<api::Pod>(simulation, [&](const api::Pod& pod) {
    check(pod);
    if (pod.meta.is_being_deleted()) {
      out.push_back(fmt::format("pod {} is still terminating", api::key_of(pod)));
    } else if (!api::is_terminal(pod) && !(pod.status.phase == "Running")) {
      out.push_back(fmt::format("pod {} on \"{}\" is {}", api::key_of(pod), pod.node_name.view(),
                                pod.status.phase.view()));
    }
  });
}

// No more and no fewer pods than asked for, of the newest template.
void check_counts(sim::Simulation& simulation, Problems& out) {
  std::map<std::string, std::int64_t> pods, replica_sets;
  for_each<api::Pod>(simulation, [&](const api::Pod& pod) {
    const api::OwnerReference* owner = api::controller_of(pod.meta);
    if (owner && !api::is_terminal(pod)) ++pods[owner->uid.str()];
  });
  for_each<api::ReplicaSet>(simulation, [&](const api::ReplicaSet& set) {
    const api::OwnerReference* owner = api::controller_of(set.meta);
    if (owner) replica_sets[owner->uid.str()] += pods[set.meta.uid.str()];
  });
  const auto expect = [&](const api::Object& o, std::int64_t wanted, std::int64_t found) {
    if (wanted == found) return;
    out.push_back(fmt::format("{}: {} pods wanted, {} found", api::key_of(o), wanted, found));
  };
  for_each<api::Deployment>(simulation, [&](const api::Deployment& d) {
    expect(d, *d.spec.replicas, replica_sets[d.meta.uid.str()]);
    expect(d, *d.spec.replicas, d.status.updated_replicas);
    expect(d, *d.spec.replicas, d.status.replicas);
  });
  for_each<api::StatefulSet>(simulation, [&](const api::StatefulSet& s) {
    expect(s, *s.spec.replicas, pods[s.meta.uid.str()]);
  });
  const auto nodes = static_cast<std::int64_t>(simulation.store().table(KindId::kNode).size());
  for_each<api::DaemonSet>(
      simulation, [&](const api::DaemonSet& d) { expect(d, nodes, pods[d.meta.uid.str()]); });
}

// A Service's slices list exactly the addresses of its ready pods.
void check_endpoints(sim::Simulation& simulation, Problems& out) {
  for_each<api::Service>(simulation, [&](const api::Service& service) {
    if (service.spec.selector.empty()) return;  // the API server's own
    Names wanted, listed;
    for_each<api::Pod>(simulation, [&](const api::Pod& pod) {
      if (pod.meta.labels.get(Symbol("app")) == service.meta.name.view() && api::is_ready(pod)) {
        wanted.insert(pod.status.pod_ip.str());
      }
    });
    for_each<api::EndpointSlice>(simulation, [&](const api::EndpointSlice& slice) {
      const Symbol of = slice.meta.labels.get(Symbol("kubernetes.io/service-name"));
      if (!(of == service.meta.name.view())) return;
      for (const api::Endpoint& endpoint : slice.endpoints) {
        if (!endpoint.conditions.ready.value_or(false)) continue;
        for (const Text& address : endpoint.addresses) {
          if (!listed.insert(address.str()).second) out.push_back("listed twice: " + address.str());
        }
      }
    });
    if (wanted != listed) {
      out.push_back(fmt::format("Service {}: {} ready pods, {} ready endpoints",
                                api::key_of(service), wanted.size(), listed.size()));
    }
  });
}

void check_cache(sim::Simulation& simulation, Informers& informers, KindId kind,
                 std::string_view whose, Problems& out) {
  const std::vector<api::ObjectRef> cached = informers.of(kind).table().sorted();
  const std::vector<api::ObjectRef> stored = simulation.store().table(kind).sorted();
  bool same = cached.size() == stored.size();
  for (std::size_t i = 0; same && i < stored.size(); ++i) {
    same = cached[i]->meta.uid == stored[i]->meta.uid &&
           cached[i]->meta.resource_version == stored[i]->meta.resource_version;
  }
  if (!same) {
    out.push_back(fmt::format("the {}'s cache of kind {} differs from the store: {} and {} objects",
                              whose, static_cast<int>(kind), cached.size(), stored.size()));
  }
}

}  // namespace

Problems final_problems(sim::Simulation& simulation, const Drawing& drawing) {
  Problems out;
  check_workloads(simulation, drawing, out);
  check_nodes(simulation, out);
  check_owners(simulation, out);
  check_counts(simulation, out);
  check_endpoints(simulation, out);
  for (const KindId kind : {KindId::kPod, KindId::kNode}) {
    check_cache(simulation, simulation.scheduler_informers(), kind, "scheduler", out);
    check_cache(simulation, simulation.controller_informers(), kind, "controllers", out);
    check_cache(simulation, simulation.node_informers(), kind, "kubelets", out);
  }
  for (const KindId kind : {KindId::kDeployment, KindId::kReplicaSet, KindId::kEndpointSlice}) {
    check_cache(simulation, simulation.controller_informers(), kind, "controllers", out);
  }
  return out;
}

}  // namespace orrery::swarm
