// Field tables of PodSpec and its parts.
#include "core/api/codec.h"
#include "core/api/pod_spec.h"

namespace orrery::api::codec {
namespace {

// A list of objects with one interesting key, e.g. readinessGates: [{conditionType: x}].
template <char const* Key>
constexpr TypeOps keyed_symbols = {
    [](const Json& from, void* to, Decoder& d) {
      if (!is_list(from, d)) return;
      auto& items = static_cast<List<Symbol>*>(to)->edit();
      for (const Json& one : from) {
        if (!one.is_object() || !one.contains(Key) || !one[Key].is_string()) {
          return d.fail("object", one);
        }
        items.push_back(Symbol(one[Key].get_ref<const std::string&>()));
      }
    },
    [](const void* from, Json& to) {
      to = Json::array();
      for (const Symbol s : *static_cast<const List<Symbol>*>(from)) to.push_back({{Key, s.str()}});
    },
    [](const void* value) { return static_cast<const List<Symbol>*>(value)->empty(); }};

constexpr char kConditionType[] = "conditionType";
constexpr char kName[] = "name";

}  // namespace

template <>
const Structure& structure<ContainerPort>() {
  using T = ContainerPort;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::name>("name"), always<&T::container_port>("containerPort"),
      field<&T::host_port>("hostPort"), field<&T::protocol>("protocol"),
      field<&T::host_ip>("hostIP")});
  return kTable;
}

template <>
const Structure& structure<ExecAction>() {
  using T = ExecAction;
  static const Structure kTable = make_with_extra<&T::extra>({field<&T::command>("command")});
  return kTable;
}

template <>
const Structure& structure<HttpGetAction>() {
  using T = HttpGetAction;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::path>("path"), always<&T::port>("port"), field<&T::host>("host"),
      field<&T::scheme>("scheme")});
  return kTable;
}

template <>
const Structure& structure<TcpSocketAction>() {
  using T = TcpSocketAction;
  static const Structure kTable =
      make_with_extra<&T::extra>({always<&T::port>("port"), field<&T::host>("host")});
  return kTable;
}

template <>
const Structure& structure<GrpcAction>() {
  using T = GrpcAction;
  static const Structure kTable =
      make_with_extra<&T::extra>({always<&T::port>("port"), field<&T::service>("service")});
  return kTable;
}

template <>
const Structure& structure<SleepAction>() {
  using T = SleepAction;
  static const Structure kTable = make_with_extra<&T::extra>({always<&T::seconds>("seconds")});
  return kTable;
}

template <>
const Structure& structure<Probe>() {
  using T = Probe;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::exec>("exec"), field<&T::http_get>("httpGet"), field<&T::tcp_socket>("tcpSocket"),
      field<&T::grpc>("grpc"), field<&T::initial_delay_seconds>("initialDelaySeconds"),
      field<&T::timeout_seconds>("timeoutSeconds"), field<&T::period_seconds>("periodSeconds"),
      field<&T::success_threshold>("successThreshold"),
      field<&T::failure_threshold>("failureThreshold"),
      field<&T::termination_grace_period_seconds>("terminationGracePeriodSeconds")});
  return kTable;
}

template <>
const Structure& structure<LifecycleHandler>() {
  using T = LifecycleHandler;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::exec>("exec"), field<&T::http_get>("httpGet"), field<&T::tcp_socket>("tcpSocket"),
      field<&T::sleep>("sleep")});
  return kTable;
}

template <>
const Structure& structure<Lifecycle>() {
  using T = Lifecycle;
  static const Structure kTable = make_with_extra<&T::extra>(
      {field<&T::post_start>("postStart"), field<&T::pre_stop>("preStop")});
  return kTable;
}

template <>
const Structure& structure<VolumeMount>() {
  using T = VolumeMount;
  static const Structure kTable = make_with_extra<&T::extra>(
      {always<&T::name>("name"), always<&T::mount_path>("mountPath")});
  return kTable;
}

template <>
const Structure& structure<Container>() {
  using T = Container;
  static const Structure kTable = make_with_extra<&T::extra>({
      always<&T::name>("name"), field<&T::image>("image"), field<&T::command>("command"),
      field<&T::args>("args"), field<&T::ports>("ports"), always<&T::resources>("resources"),
      field<&T::volume_mounts>("volumeMounts"), field<&T::liveness_probe>("livenessProbe"),
      field<&T::readiness_probe>("readinessProbe"), field<&T::startup_probe>("startupProbe"),
      field<&T::lifecycle>("lifecycle"), field<&T::image_pull_policy>("imagePullPolicy"),
      field<&T::restart_policy>("restartPolicy")});
  return kTable;
}

template <>
const Structure& structure<Toleration>() {
  using T = Toleration;
  static const Structure kTable = make({
      field<&T::key>("key"), field<&T::operator_>("operator"), field<&T::value>("value"),
      field<&T::effect>("effect"), field<&T::toleration_seconds>("tolerationSeconds")});
  return kTable;
}

template <>
const Structure& structure<NodeSelectorRequirement>() {
  using T = NodeSelectorRequirement;
  static const Structure kTable = make({always<&T::key>("key"), always<&T::operator_>("operator"),
                                        field<&T::values>("values")});
  return kTable;
}

template <>
const Structure& structure<NodeSelectorTerm>() {
  using T = NodeSelectorTerm;
  static const Structure kTable = make({field<&T::match_expressions>("matchExpressions"),
                                        field<&T::match_fields>("matchFields")});
  return kTable;
}

template <>
const Structure& structure<NodeSelector>() {
  using T = NodeSelector;
  static const Structure kTable = make({always<&T::node_selector_terms>("nodeSelectorTerms")});
  return kTable;
}

template <>
const Structure& structure<PreferredSchedulingTerm>() {
  using T = PreferredSchedulingTerm;
  static const Structure kTable =
      make({always<&T::weight>("weight"), always<&T::preference>("preference")});
  return kTable;
}

template <>
const Structure& structure<NodeAffinity>() {
  using T = NodeAffinity;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::required>("requiredDuringSchedulingIgnoredDuringExecution"),
      field<&T::preferred>("preferredDuringSchedulingIgnoredDuringExecution")});
  return kTable;
}

template <>
const Structure& structure<PodAffinityTerm>() {
  using T = PodAffinityTerm;
  static const Structure kTable = make({
      field<&T::label_selector>("labelSelector"), field<&T::namespaces>("namespaces"),
      always<&T::topology_key>("topologyKey"),
      field<&T::namespace_selector>("namespaceSelector"),
      field<&T::match_label_keys>("matchLabelKeys"),
      field<&T::mismatch_label_keys>("mismatchLabelKeys")});
  return kTable;
}

template <>
const Structure& structure<WeightedPodAffinityTerm>() {
  using T = WeightedPodAffinityTerm;
  static const Structure kTable =
      make({always<&T::weight>("weight"), always<&T::pod_affinity_term>("podAffinityTerm")});
  return kTable;
}

template <>
const Structure& structure<PodAffinity>() {
  using T = PodAffinity;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::required>("requiredDuringSchedulingIgnoredDuringExecution"),
      field<&T::preferred>("preferredDuringSchedulingIgnoredDuringExecution")});
  return kTable;
}

template <>
const Structure& structure<Affinity>() {
  using T = Affinity;
  static const Structure kTable = make_with_extra<&T::extra>({
      field<&T::node_affinity>("nodeAffinity"), field<&T::pod_affinity>("podAffinity"),
      field<&T::pod_anti_affinity>("podAntiAffinity")});
  return kTable;
}

template <>
const Structure& structure<TopologySpreadConstraint>() {
  using T = TopologySpreadConstraint;
  static const Structure kTable = make({
      always<&T::max_skew>("maxSkew"), always<&T::topology_key>("topologyKey"),
      always<&T::when_unsatisfiable>("whenUnsatisfiable"),
      field<&T::label_selector>("labelSelector"), field<&T::min_domains>("minDomains"),
      field<&T::node_affinity_policy>("nodeAffinityPolicy"),
      field<&T::node_taints_policy>("nodeTaintsPolicy"),
      field<&T::match_label_keys>("matchLabelKeys")});
  return kTable;
}

template <>
const Structure& structure<PersistentVolumeClaimVolumeSource>() {
  using T = PersistentVolumeClaimVolumeSource;
  static const Structure kTable = make_with_extra<&T::extra>(
      {always<&T::claim_name>("claimName"), field<&T::read_only>("readOnly")});
  return kTable;
}

template <>
const Structure& structure<Volume>() {
  using T = Volume;
  static const Structure kTable = make_with_extra<&T::extra>(
      {always<&T::name>("name"), field<&T::persistent_volume_claim>("persistentVolumeClaim")});
  return kTable;
}

template <>
const Structure& structure<PodSpec>() {
  using T = PodSpec;
  static const Structure kTable = [] {
    Structure s = make_with_extra<&T::extra>({
        field<&T::volumes>("volumes"), field<&T::init_containers>("initContainers"),
        always<&T::containers>("containers"), field<&T::restart_policy>("restartPolicy"),
        field<&T::termination_grace_period_seconds>("terminationGracePeriodSeconds"),
        field<&T::active_deadline_seconds>("activeDeadlineSeconds"),
        field<&T::node_selector>("nodeSelector"),
        field<&T::service_account_name>("serviceAccountName"),
        field<&T::host_network>("hostNetwork"), field<&T::affinity>("affinity"),
        field<&T::scheduler_name>("schedulerName"), field<&T::tolerations>("tolerations"),
        field<&T::priority_class_name>("priorityClassName"), field<&T::priority>("priority"),
        field<&T::preemption_policy>("preemptionPolicy"), field<&T::hostname>("hostname"),
        field<&T::subdomain>("subdomain"), field<&T::overhead>("overhead"),
        field<&T::resources>("resources"),
        field<&T::topology_spread_constraints>("topologySpreadConstraints"),
        field_as<&T::readiness_gates>("readinessGates", keyed_symbols<kConditionType>),
        field_as<&T::scheduling_gates>("schedulingGates", keyed_symbols<kName>)});
    // serviceAccount is the old name of serviceAccountName: read where alone, always written beside
    // it.
    s.skips = [](std::string_view key, const Json&) { return key == "serviceAccount"; };
    s.after_decode = [](const Json& from, void* object) {
      auto& spec = *static_cast<PodSpec*>(object);
      const auto it = from.find("serviceAccount");
      if (!spec.service_account_name.empty() || it == from.end() || !it->is_string()) return;
      spec.service_account_name = Symbol(it->get_ref<const std::string&>());
    };
    s.after_encode = [](const void* object, Json& to) {
      const Symbol name = static_cast<const PodSpec*>(object)->service_account_name;
      if (!name.empty()) to["serviceAccount"] = name.str();
    };
    return s;
  }();
  return kTable;
}

template <>
const Structure& structure<PodTemplateSpec>() {
  using T = PodTemplateSpec;
  static const Structure kTable = make_with_extra<&T::extra>(
      {always<&T::metadata>("metadata"), field<&T::spec>("spec")});
  return kTable;
}

}  // namespace orrery::api::codec
