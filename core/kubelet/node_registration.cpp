#include "core/kubelet/node_registration.h"

#include "core/kubelet/words.h"

namespace orrery::kubelet {
namespace {

struct Posted {
  const char *type, *status, *reason, *message;
};
constexpr Posted kHealthy[] = {
    {"MemoryPressure", "False", "KubeletHasSufficientMemory",
     "kubelet has sufficient memory available"},
    {"DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"},
    {"PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"},
    {"Ready", "True", "KubeletReady", "kubelet is posting ready status"},
};

// Texts that every node has: made once, shared by all.
const std::vector<api::NodeCondition>& healthy_conditions() {
  static const std::vector<api::NodeCondition> kConditions = [] {
    std::vector<api::NodeCondition> out;
    for (const Posted& p : kHealthy) {
      out.push_back({Symbol(p.type), Symbol(p.status), Symbol(p.reason), Text(p.message), {}, {}});
    }
    return out;
  }();
  return kConditions;
}

// The kubelet's conditions among `old`, posted at `now`; foreign ones are kept.
api::List<api::NodeCondition> conditions(const api::List<api::NodeCondition>& old, Time now) {
  std::vector<api::NodeCondition> out;
  for (api::NodeCondition c : healthy_conditions()) {
    c.last_heartbeat_time = c.last_transition_time = now;
    for (const api::NodeCondition& o : old) {
      if (o.type == c.type && o.status == c.status) c.last_transition_time = o.last_transition_time;
    }
    out.push_back(std::move(c));
  }
  for (const api::NodeCondition& o : old) {
    bool mine = false;
    for (const Posted& p : kHealthy) mine = mine || o.type == p.type;
    if (!mine) out.push_back(o);
  }
  return out;
}

Request request_about(Verb verb, api::KindId kind, Symbol ns, const Text& name) {
  Request request;
  request.verb = verb;
  request.kind = kind;
  request.namespace_ = ns;
  request.name = name;
  request.user_agent = words().kubelet;
  return request;
}

Symbol lease_namespace() {
  static const Symbol kNamespace("kube-node-lease");
  return kNamespace;
}

}  // namespace

void NodeRegistration::start() {
  registered_ = false;
  lease_ = nullptr;
  wanted_ = host_.node->status;
  wanted_.conditions = {};
  if (host_.config().register_node) create_node();
}

void NodeRegistration::stop() {
  host_.env.loop.cancel(status_timer_);
  host_.env.loop.cancel(lease_timer_);
  status_timer_ = lease_timer_ = {};
}

void NodeRegistration::resume() {
  if (!registered_) return;
  read_node();
  read_lease();
}

void NodeRegistration::create_node() {
  Ref<api::Node> node = copy_of(host_.node);
  node->meta.resource_version = 0;
  node->status = wanted_;
  node->status.conditions = conditions({}, truncate_to_second(host_.now()));
  Request request = request_about(Verb::kCreate, api::KindId::kNode, {}, node->meta.name);
  request.object = std::move(node);
  host_.client.call(std::move(request), host_.guarded([this](PodHost&, Response response) {
    if (response.status.is(Reason::kAlreadyExists)) {
      read_node();
    } else if (!response.status.ok()) {
      status_after(host_.config().retry_period);
    } else {
      registered(api::as<api::Node>(response.object));
    }
  }));
}

void NodeRegistration::read_node() {
  host_.client.call(request_about(Verb::kGet, api::KindId::kNode, {}, host_.node->meta.name),
                    host_.guarded([this](PodHost&, Response response) {
                      if (response.status.ok()) {
                        post_status(*static_cast<const api::Node*>(response.object.get()));
                      } else if (response.status.is(Reason::kNotFound) && !registered_) {
                        create_node();
                      } else {
                        status_after(host_.config().retry_period);
                      }
                    }));
}

void NodeRegistration::post_status(const api::Node& current) {
  auto node = Ref<api::Node>(new api::Node(current));
  api::NodeStatus status = wanted_;
  status.conditions = conditions(current.status.conditions, truncate_to_second(host_.now()));
  node->status = std::move(status);
  Request request = request_about(Verb::kUpdate, api::KindId::kNode, {}, node->meta.name);
  request.subresource = Subresource::kStatus;
  request.object = std::move(node);
  host_.client.call(std::move(request), host_.guarded([this](PodHost&, Response response) {
    status_posted(std::move(response));
  }));
}

void NodeRegistration::status_posted(Response response) {
  if (response.status.is(Reason::kConflict)) {
    read_node();
  } else if (!response.status.ok()) {
    status_after(host_.config().retry_period);
  } else {
    registered(api::as<api::Node>(response.object));
  }
}

bool NodeRegistration::is_posted(const api::Node& node) const {
  const api::NodeCondition* ready = find_condition(node.status, "Ready");
  return ready && ready->status == words().true_;
}

void NodeRegistration::registered(Ref<const api::Node> node) {
  const bool first = !registered_;
  registered_ = true;
  if (!is_posted(*node)) {  // the server kept the status back at create
    post_status(*node);
  } else if (!host_.config().self_renewing_lease) {
    status_after(host_.config().node_status_report_period);
  }
  if (node->meta.resource_version > host_.node->meta.resource_version) host_.node = std::move(node);
  if (first) write_lease();
}

void NodeRegistration::status_after(Duration delay) {
  host_.env.loop.cancel(status_timer_);
  status_timer_ = host_.env.loop.after(delay, host_.guarded([this](PodHost&) {
    status_timer_ = {};
    read_node();
  }));
}

void NodeRegistration::node_changed(Ref<const api::Node> node) {
  if (node->meta.resource_version <= host_.node->meta.resource_version) return;
  const bool same = node->status.allocatable == host_.node->status.allocatable;
  host_.node = std::move(node);
  if (!same) host_.allocatable = amounts_of(host_.node->status.allocatable);
  if (registered_ && !is_posted(*host_.node))
    status_after(host_.config().node_status_update_period);
}

void NodeRegistration::write_lease() {
  const bool fresh = !lease_;
  Ref<api::Lease> lease = fresh ? make_ref<api::Lease>() : copy_of(lease_);
  const api::Node& node = *host_.node;
  lease->meta.namespace_ = lease_namespace();
  lease->meta.name = node.meta.name;
  lease->holder_identity = node.meta.name;
  lease->lease_duration_seconds = host_.config().lease_duration_seconds;
  lease->renew_time = host_.now();
  if (fresh) {
    lease->meta.owner_references = {
        {words().v1, words().node, node.meta.name, node.meta.uid, {}, {}, {}}};
  }
  if (host_.config().self_renewing_lease) {
    api::set(lease->meta.annotations, kRenewsEveryAnnotation,
             format_duration(host_.config().lease_renew_period));
  }
  Request request = request_about(fresh ? Verb::kCreate : Verb::kUpdate, api::KindId::kLease,
                                  lease_namespace(), node.meta.name);
  request.object = std::move(lease);
  host_.client.call(std::move(request), host_.guarded([this, fresh](PodHost&, Response response) {
    lease_answered(std::move(response), fresh);
  }));
}

void NodeRegistration::read_lease() {
  host_.client.call(
      request_about(Verb::kGet, api::KindId::kLease, lease_namespace(), host_.node->meta.name),
      host_.guarded([this](PodHost&, Response response) {
        lease_ = response.status.ok() ? api::as<api::Lease>(response.object) : nullptr;
        if (response.status.ok() || response.status.is(Reason::kNotFound)) {
          write_lease();
        } else {
          renew_after(host_.config().lease_renew_period);
        }
      }));
}

void NodeRegistration::lease_answered(Response response, bool created) {
  const Status& s = response.status;
  if ((created && s.is(Reason::kAlreadyExists)) || s.is(Reason::kConflict)) {
    read_lease();
    return;
  }
  if (s.ok()) lease_ = api::as<api::Lease>(response.object);
  if (s.is(Reason::kNotFound)) lease_ = nullptr;
  if (!s.ok() || !host_.config().self_renewing_lease) {
    renew_after(host_.config().lease_renew_period);
  } else {
    lease_ = nullptr;  // not needed any more; read again if ever
  }
}

void NodeRegistration::renew_after(Duration delay) {
  host_.env.loop.cancel(lease_timer_);
  lease_timer_ = host_.env.loop.after(delay, host_.guarded([this](PodHost&) {
    lease_timer_ = {};
    if (lease_) {
      write_lease();
    } else {
      read_lease();
    }
  }));
}

}  // namespace orrery::kubelet
