// Field tables of Pod, Node, Namespace, Service, EndpointSlice.
#include "core/api/codec.h"
#include "core/api/node.h"
#include "core/api/pod.h"
#include "core/api/service.h"

namespace orrery::api::codec {
namespace {

using Kind = ContainerState::Kind;

const Json* child(const Json& from, const char* key) {
  const auto it = from.find(key);
  return it == from.end() || !it->is_object() ? nullptr : &*it;
}

template <class T>
void read(const Json& from, const char* key, T& to, Decoder& d) {
  if (const auto it = from.find(key); it != from.end() && !it->is_null()) {
    d.enter(key);
    Ops<T>::table.decode(*it, &to, d);
    d.leave();
  }
}

template <class T>
void write(const T& from, const char* key, Json& to) {
  if (!Ops<T>::table.is_empty(&from)) Ops<T>::table.encode(&from, to[key]);
}

void decode_state(const Json& from, void* to, Decoder& d) {
  auto& state = *static_cast<ContainerState*>(to);
  if (!from.is_object()) return d.fail("object", from);
  const Json* at = nullptr;
  if ((at = child(from, "waiting"))) {
    state.kind = Kind::kWaiting;
  } else if ((at = child(from, "running"))) {
    state.kind = Kind::kRunning;
  } else if ((at = child(from, "terminated"))) {
    state.kind = Kind::kTerminated;
  } else {
    return;
  }
  read(*at, "reason", state.reason, d);
  read(*at, "message", state.message, d);
  read(*at, "exitCode", state.exit_code, d);
  read(*at, "signal", state.signal, d);
  read(*at, "startedAt", state.started_at, d);
  read(*at, "finishedAt", state.finished_at, d);
  read(*at, "containerID", state.container_id, d);
}

void encode_state(const void* from, Json& to) {
  const auto& state = *static_cast<const ContainerState*>(from);
  to = Json::object();
  if (state.kind == Kind::kNone) return;
  Json& at = to[state.kind == Kind::kWaiting   ? "waiting"
                : state.kind == Kind::kRunning ? "running"
                                               : "terminated"];
  at = Json::object();
  write(state.reason, "reason", at);
  write(state.message, "message", at);
  write(state.started_at, "startedAt", at);
  if (state.kind != Kind::kTerminated) return;
  at["exitCode"] = state.exit_code;
  write(state.signal, "signal", at);
  write(state.finished_at, "finishedAt", at);
  write(state.container_id, "containerID", at);
}

constexpr TypeOps kContainerState = {decode_state, encode_state, [](const void* value) {
                                       return static_cast<const ContainerState*>(value)->kind ==
                                              Kind::kNone;
                                     }};
constexpr TypeOps kLastState = {
    [](const Json& from, void* to, Decoder& d) {
      if (from.is_object() && from.empty()) return;
      decode_state(from, &static_cast<Shared<ContainerState>*>(to)->edit(), d);
    },
    [](const void* from, Json& to) {
      const auto& last = *static_cast<const Shared<ContainerState>*>(from);
      to = Json::object();
      if (last) encode_state(last.get(), to);
    },
    never_empty<int>};

// hostIPs and podIPs with one address repeat hostIP and podIP.
bool repeats_address(std::string_view key, const Json& value) {
  return (key == "podIPs" || key == "hostIPs") && value.is_array() && value.size() <= 1;
}

void write_addresses(const void* object, Json& to) {
  const auto& status = *static_cast<const PodStatus*>(object);
  if (!status.host_ip.empty() && !to.contains("hostIPs")) {
    to["hostIPs"] = Json::array({{{"ip", status.host_ip.str()}}});
  }
  if (!status.pod_ip.empty() && !to.contains("podIPs")) {
    to["podIPs"] = Json::array({{{"ip", status.pod_ip.str()}}});
  }
}

const Json& unset_endpoints() {
  static const Json kUnset = {{"kubeletEndpoint", {{"Port", 0}}}};
  return kUnset;
}
const Json& unset_node_info() {
  static const Json kUnset = {{"architecture", ""},     {"bootID", ""},
                              {"kernelVersion", ""},    {"containerRuntimeVersion", ""},
                              {"kubeProxyVersion", ""}, {"kubeletVersion", ""},
                              {"machineID", ""},        {"operatingSystem", ""},
                              {"osImage", ""},          {"systemUUID", ""}};
  return kUnset;
}

}  // namespace

template <>
const Structure& structure<PodCondition>() {
  using T = PodCondition;
  static const Structure kTable = [] {
    Structure s = make({
        always<&T::type>("type"), always<&T::status>("status"), field<&T::reason>("reason"),
        field<&T::message>("message"), field<&T::last_probe_time>("lastProbeTime"),
        field<&T::last_transition_time>("lastTransitionTime"),
        field<&T::observed_generation>("observedGeneration")});
    // Go writes unset times as null: no omitzero on these fields.
    s.after_encode = [](const void*, Json& to) {
      for (const char* key : {"lastProbeTime", "lastTransitionTime"}) {
        if (!to.contains(key)) to[key] = nullptr;
      }
    };
    return s;
  }();
  return kTable;
}

template <>
const Structure& structure<ContainerStatus>() {
  using T = ContainerStatus;
  static const Structure kTable = make_with_extra<&T::extra>({
      always<&T::name>("name"), {"state", &kContainerState, &MemberOf<&T::state>::at, true},
      {"lastState", &kLastState, &MemberOf<&T::last_state>::at, true}, always<&T::ready>("ready"),
      always<&T::restart_count>("restartCount"), always<&T::image>("image"),
      always<&T::image_id>("imageID"), field<&T::container_id>("containerID"),
      field<&T::started>("started")});
  return kTable;
}

template <>
const Structure& structure<PodStatus>() {
  using T = PodStatus;
  static const Structure kTable = [] {
    Structure s = make_with_extra<&T::extra>({
        field<&T::observed_generation>("observedGeneration"), field<&T::phase>("phase"),
        field<&T::conditions>("conditions"), field<&T::message>("message"),
        field<&T::reason>("reason"), field<&T::nominated_node_name>("nominatedNodeName"),
        field<&T::host_ip>("hostIP"), field<&T::pod_ip>("podIP"),
        field<&T::start_time>("startTime"),
        field<&T::init_container_statuses>("initContainerStatuses"),
        field<&T::container_statuses>("containerStatuses"), field<&T::qos_class>("qosClass")});
    s.skips = repeats_address;
    s.after_encode = write_addresses;
    return s;
  }();
  return kTable;
}

template <>
const Structure& structure<Pod>() {
  using T = Pod;
  static const Structure kTable = [] {
    Structure s = make_with_extra<&T::extra>(
        {always<&T::meta>("metadata"), field<&T::spec>("spec"), always<&T::status>("status")});
    // spec.nodeName is per pod, the rest of the spec is shared by the pods of a template.
    s.after_decode = [](const Json& from, void* object) {
      auto& pod = *static_cast<Pod*>(object);
      if (!pod.spec || !pod.spec->extra || !pod.spec->extra.json().contains("nodeName")) return;
      const Json& name = from["spec"]["nodeName"];
      if (!name.is_string()) return;
      pod.node_name = Symbol(name.get_ref<const std::string&>());
      Json rest = pod.spec->extra.json();
      rest.erase("nodeName");
      pod.spec.edit().extra = rest.empty() ? RawRef() : RawRef(std::move(rest));
    };
    s.after_encode = [](const void* object, Json& to) {
      const auto& pod = *static_cast<const Pod*>(object);
      if (!pod.node_name.empty()) to["spec"]["nodeName"] = pod.node_name.str();
    };
    return s;
  }();
  return kTable;
}

template <>
const Structure& structure<Taint>() {
  using T = Taint;
  static const Structure kTable = make({always<&T::key>("key"), field<&T::value>("value"),
                                        always<&T::effect>("effect"),
                                        field<&T::time_added>("timeAdded")});
  return kTable;
}

template <>
const Structure& structure<NodeSpec>() {
  using T = NodeSpec;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::pod_cidr>("podCIDR"), field<&T::provider_id>("providerID"),
      field<&T::unschedulable>("unschedulable"), field<&T::taints>("taints")});
  return kTable;
}

template <>
const Structure& structure<NodeCondition>() {
  using T = NodeCondition;
  static const Structure kTable = [] {
    Structure s = make({
        always<&T::type>("type"), always<&T::status>("status"), field<&T::reason>("reason"),
        field<&T::message>("message"), field<&T::last_heartbeat_time>("lastHeartbeatTime"),
        field<&T::last_transition_time>("lastTransitionTime")});
    s.after_encode = [](const void*, Json& to) {
      for (const char* key : {"lastHeartbeatTime", "lastTransitionTime"}) {
        if (!to.contains(key)) to[key] = nullptr;
      }
    };
    return s;
  }();
  return kTable;
}

template <>
const Structure& structure<NodeAddress>() {
  using T = NodeAddress;
  static const Structure kTable =
      make({always<&T::type>("type"), always<&T::address>("address")});
  return kTable;
}

template <>
const Structure& structure<ContainerImage>() {
  using T = ContainerImage;
  static const Structure kTable =
      make({always<&T::names>("names"), field<&T::size_bytes>("sizeBytes")});
  return kTable;
}

template <>
const Structure& structure<NodeStatus>() {
  using T = NodeStatus;
  static const Structure kTable = [] {
    Structure s = make_with_extra<&T::extra>({
        field<&T::capacity>("capacity"), field<&T::allocatable>("allocatable"),
        field<&T::conditions>("conditions"), field<&T::addresses>("addresses"),
        field<&T::images>("images")});
    // Go writes these two structs even when nothing in them is set.
    s.skips = [](std::string_view key, const Json& value) {
      return (key == "daemonEndpoints" && value == unset_endpoints()) ||
             (key == "nodeInfo" && value == unset_node_info());
    };
    s.after_encode = [](const void*, Json& to) {
      if (!to.contains("daemonEndpoints")) to["daemonEndpoints"] = unset_endpoints();
      if (!to.contains("nodeInfo")) to["nodeInfo"] = unset_node_info();
    };
    return s;
  }();
  return kTable;
}

template <>
const Structure& structure<Node>() {
  using T = Node;
  static const Structure kTable = make_with_extra<&T::extra>(
      {always<&T::meta>("metadata"), always<&T::spec>("spec"), always<&T::status>("status")});
  return kTable;
}

template <>
const Structure& structure<Namespace>() {
  using T = Namespace;
  static const Structure kTable = [] {
    Structure s = make_with_extra<&T::extra>({
        always<&T::meta>("metadata"), field<&T::finalizers>("spec.finalizers"),
        field<&T::phase>("status.phase")});
    s.after_encode = [](const void*, Json& to) {
      for (const char* key : {"spec", "status"}) {
        if (!to.contains(key)) to[key] = Json::object();
      }
    };
    return s;
  }();
  return kTable;
}

template <>
const Structure& structure<ServicePort>() {
  using T = ServicePort;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::name>("name"), field<&T::protocol>("protocol"),
      field<&T::app_protocol>("appProtocol"), always<&T::port>("port"),
      field<&T::target_port>("targetPort"), field<&T::node_port>("nodePort")});
  return kTable;
}

template <>
const Structure& structure<ServiceSpec>() {
  using T = ServiceSpec;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::ports>("ports"), field<&T::selector>("selector"),
      field<&T::cluster_ip>("clusterIP"), field<&T::cluster_ips>("clusterIPs"),
      field<&T::type>("type"), field<&T::session_affinity>("sessionAffinity"),
      field<&T::publish_not_ready_addresses>("publishNotReadyAddresses"),
      field<&T::internal_traffic_policy>("internalTrafficPolicy"),
      field<&T::external_traffic_policy>("externalTrafficPolicy"),
      field<&T::traffic_distribution>("trafficDistribution"),
      field<&T::ip_families>("ipFamilies"), field<&T::ip_family_policy>("ipFamilyPolicy")});
  return kTable;
}

template <>
const Structure& structure<Service>() {
  using T = Service;
  static const Structure kTable = make_with_extra<&T::extra>(
      {always<&T::meta>("metadata"), field<&T::spec>("spec"), field<&T::status>("status")});
  return kTable;
}

template <>
const Structure& structure<EndpointConditions>() {
  using T = EndpointConditions;
  static const Structure kTable =
      make({field<&T::ready>("ready"), field<&T::serving>("serving"),
            field<&T::terminating>("terminating")});
  return kTable;
}

template <>
const Structure& structure<Endpoint>() {
  using T = Endpoint;
  static const Structure kTable = make_with_extra<&T::extra>({
      always<&T::addresses>("addresses"), always<&T::conditions>("conditions"),
      field<&T::hostname>("hostname"), field<&T::target_ref>("targetRef"),
      field<&T::node_name>("nodeName"), field<&T::zone>("zone")});
  return kTable;
}

template <>
const Structure& structure<EndpointPort>() {
  using T = EndpointPort;
  static const Structure kTable =
      make({field<&T::name>("name"), field<&T::protocol>("protocol"), field<&T::port>("port"),
            field<&T::app_protocol>("appProtocol")});
  return kTable;
}

template <>
const Structure& structure<EndpointSlice>() {
  using T = EndpointSlice;
  static const Structure kTable = [] {
    Structure s = make_with_extra<&T::extra>(
        {always<&T::meta>("metadata"), always<&T::address_type>("addressType"),
         always<&T::endpoints>("endpoints"), always<&T::ports>("ports")});
    s.after_encode = [](const void*, Json& to) {  // empty lists come back from etcd as nil
      for (const char* key : {"endpoints", "ports"}) {
        if (to[key].empty()) to[key] = nullptr;
      }
    };
    return s;
  }();
  return kTable;
}

}  // namespace orrery::api::codec
