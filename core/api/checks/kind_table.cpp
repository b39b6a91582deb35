#include "core/api/checks/kind_table.h"

#include "core/api/checks/admission_checks.h"
#include "core/api/checks/apps_checks.h"
#include "core/api/checks/autoscaler_checks.h"
#include "core/api/checks/batch_checks.h"
#include "core/api/checks/checks.h"
#include "core/api/checks/core_checks.h"
#include "core/api/checks/csi_checks.h"
#include "core/api/checks/device_checks.h"
#include "core/api/checks/flow_checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/network_checks.h"
#include "core/api/checks/object_defaults.h"
#include "core/api/checks/pod_checks.h"
#include "core/api/checks/prepare.h"
#include "core/api/checks/quota_checks.h"
#include "core/api/checks/rbac_checks.h"
#include "core/api/checks/registration_checks.h"
#include "core/api/checks/storage_checks.h"
#include "core/api/custom/definition_checks.h"

namespace orrery::api {
namespace {

void check_service_account(FieldErrors& errors, const Json& account) {
  check_object_meta(errors, account, Scope::kNamespaced, subdomain_name);
}
void check_meta_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
}

constexpr char kDaemonStatus[] = R"({"currentNumberScheduled":0,"numberMisscheduled":0,)"
                                 R"("desiredNumberScheduled":0,"numberReady":0})";
constexpr char kBudgetStatus[] =
    R"({"disruptionsAllowed":0,"currentHealthy":0,"desiredHealthy":0,"expectedPods":0})";

constexpr KindChecks kKinds[] = {
    {"", "Pod", default_pod, prepare_pod, check_pod_create, check_pod_update,
     check_pod_status_update, "", true, true},
    {"", "PodTemplate", default_pod_template_object, nullptr, check_pod_template_object,
     check_pod_template_update, nullptr, "", true, true},
    {"", "ReplicationController", default_replication_controller, prepare_templated,
     check_replication_controller, check_replication_controller_update, check_replica_set_status,
     R"({"replicas":0})", true, true},
    {"", "Service", default_service, nullptr, check_service, check_service_update,
     check_service_status, R"({"loadBalancer":{}})", false, true},
    {"", "Node", default_node, nullptr, check_node, check_node_update, check_node_update, "", false,
     true},
    {"", "Namespace", default_namespace, prepare_namespace, check_namespace_object,
     check_meta_update, check_namespace_status, R"({"phase":"Active"})", false, true},
    {"", "ConfigMap", nullptr, nullptr, check_config_map, check_config_map_update, nullptr, "",
     false, true},
    {"", "Secret", default_secret, nullptr, check_secret, check_secret_update, nullptr, "", false,
     true},
    {"", "ServiceAccount", nullptr, nullptr, check_service_account},
    {"", "PersistentVolume", default_volume_object, prepare_volume_object, check_volume,
     check_volume_update, nullptr, R"({"phase":"Pending"})", false, true},
    {"", "PersistentVolumeClaim", default_claim, prepare_claim, check_claim, check_claim_update,
     check_claim_status_update, R"({"phase":"Pending"})", false, true},
    {"", "Event", default_core_event, nullptr, check_core_event},
    {"events.k8s.io", "Event", default_event, nullptr, check_event, check_event_update},
    {"apps", "Deployment", default_deployment, prepare_templated, check_deployment,
     check_deployment_update, check_deployment_status, "{}", true, true},
    {"apps", "ReplicaSet", default_replica_set, prepare_templated, check_replica_set,
     check_replica_set_update, check_replica_set_status, R"({"replicas":0})", true, true},
    {"apps", "StatefulSet", default_stateful_set, prepare_stateful_set, check_stateful_set,
     check_stateful_set_update, check_stateful_set_status,
     R"({"replicas":0,"availableReplicas":0})", true, true},
    {"apps", "DaemonSet", default_daemon_set, prepare_daemon_set, check_daemon_set,
     check_daemon_set_update, check_daemon_set_status, kDaemonStatus, true, true},
    {"batch", "Job", default_job, prepare_templated, check_job, check_job_update, check_job_status,
     "{}", true, true},
    {"batch", "CronJob", default_cron_job, prepare_cron_job, check_cron_job, check_cron_job_update,
     nullptr, "{}", true, true},
    {"discovery.k8s.io", "EndpointSlice", default_endpoint_slice, nullptr, check_endpoint_slice,
     check_endpoint_slice_update, nullptr, "", true, true},
    {"policy", "PodDisruptionBudget", nullptr, nullptr, check_disruption_budget, nullptr,
     check_disruption_budget_status, kBudgetStatus, true},
    {"scheduling.k8s.io", "PriorityClass", default_priority_class, nullptr, check_priority_class,
     check_priority_class_update, nullptr, "", false, true},
    {"storage.k8s.io", "StorageClass", default_storage_class, nullptr, check_storage_class,
     check_storage_class_update, nullptr, "", false, true},
    {"coordination.k8s.io", "Lease", nullptr, nullptr, check_lease},
    {"apiextensions.k8s.io", "CustomResourceDefinition", default_definition, prepare_definition,
     check_definition, check_definition_update, check_definition_status, kNewDefinitionStatus, true,
     true},
    {"", "ResourceQuota", default_resource_quota, nullptr, check_resource_quota,
     check_resource_quota_update, check_resource_quota_status, "{}", false, true},
    {"", "LimitRange", default_limit_range, nullptr, check_limit_range},
    {"", "Endpoints", default_endpoints, nullptr, check_endpoints},
    {"apps", "ControllerRevision", nullptr, nullptr, check_controller_revision,
     check_controller_revision_update, nullptr, "", false, true},
    {"autoscaling", "HorizontalPodAutoscaler", default_autoscaler, nullptr, check_autoscaler,
     check_autoscaler_update, check_autoscaler_status,
     R"({"desiredReplicas":0,"currentMetrics":null})", false, true},
    {"networking.k8s.io", "NetworkPolicy", default_network_policy, nullptr, check_network_policy,
     nullptr, nullptr, "", true},
    {"networking.k8s.io", "Ingress", nullptr, nullptr, check_ingress, check_ingress_update,
     check_ingress_status, R"({"loadBalancer":{}})", true, true},
    {"networking.k8s.io", "IngressClass", default_ingress_class, nullptr, check_ingress_class,
     check_ingress_class_update, nullptr, "", true, true},
    {"rbac.authorization.k8s.io", "Role", nullptr, nullptr, check_role, check_role_update, nullptr,
     "", false, true},
    {"rbac.authorization.k8s.io", "ClusterRole", nullptr, nullptr, check_cluster_role,
     check_cluster_role_update, nullptr, "", false, true},
    {"rbac.authorization.k8s.io", "RoleBinding", default_role_binding, nullptr, check_role_binding,
     check_role_binding_update, nullptr, "", false, true},
    {"rbac.authorization.k8s.io", "ClusterRoleBinding", default_role_binding, nullptr,
     check_cluster_role_binding, check_cluster_role_binding_update, nullptr, "", false, true},
    {"storage.k8s.io", "CSIDriver", default_csi_driver, nullptr, check_csi_driver,
     check_csi_driver_update, nullptr, "", false, true},
    {"storage.k8s.io", "CSINode", nullptr, nullptr, check_csi_node},
    {"storage.k8s.io", "CSIStorageCapacity", default_csi_capacity, nullptr, check_csi_capacity,
     check_csi_capacity_update, nullptr, "", false, true},
    {"storage.k8s.io", "VolumeAttachment", nullptr, nullptr, check_volume_attachment,
     check_volume_attachment_update, nullptr, R"({"attached":false})", false, true},
    {"storage.k8s.io", "VolumeAttributesClass", nullptr, nullptr, check_volume_attributes_class,
     check_volume_attributes_class_update, nullptr, "", false, true},
    {"node.k8s.io", "RuntimeClass", default_runtime_class, nullptr, check_runtime_class,
     check_runtime_class_update, nullptr, "", false, true},
    {"admissionregistration.k8s.io", "ValidatingWebhookConfiguration", default_webhooks, nullptr,
     check_webhooks, check_webhooks_update, nullptr, "", true, true},
    {"admissionregistration.k8s.io", "MutatingWebhookConfiguration", default_mutating_webhooks,
     nullptr, check_webhooks, check_webhooks_update, nullptr, "", true, true},
    {"admissionregistration.k8s.io", "ValidatingAdmissionPolicy", default_admission_policy, nullptr,
     check_admission_policy, nullptr, nullptr, "{}", true},
    {"admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding", default_policy_binding,
     nullptr, check_policy_binding, nullptr, nullptr, "", true},
    {"admissionregistration.k8s.io", "MutatingAdmissionPolicy", default_admission_policy, nullptr,
     check_admission_policy, nullptr, nullptr, "", true},
    {"admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding", default_policy_binding,
     nullptr, check_policy_binding, nullptr, nullptr, "", true},
    {"flowcontrol.apiserver.k8s.io", "FlowSchema", default_flow_schema, nullptr, check_flow_schema,
     nullptr, nullptr, "{}", true},
    {"flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration", default_priority_level, nullptr,
     check_priority_level, nullptr, nullptr, "{}", true},
    {"resource.k8s.io", "ResourceClaim", default_resource_claim, nullptr, check_resource_claim,
     check_resource_claim_update, nullptr, "{}", false, true},
    {"resource.k8s.io", "ResourceClaimTemplate", default_claim_template_object, nullptr,
     check_claim_template_object, check_claim_template_object_update, nullptr, "", false, true},
    {"resource.k8s.io", "DeviceClass", nullptr, nullptr, check_device_class, nullptr, nullptr, "",
     true},
    {"resource.k8s.io", "ResourceSlice", nullptr, nullptr, check_resource_slice,
     check_resource_slice_update, nullptr, "", true, true},
    {"certificates.k8s.io", "CertificateSigningRequest", nullptr, prepare_signing_request,
     check_signing_request, check_signing_request_update, check_signing_request_status, "{}", false,
     true},
    {"apiregistration.k8s.io", "APIService", default_api_service, nullptr, check_api_service,
     nullptr, nullptr, "{}"},
};

}  // namespace

const KindChecks* kind_checks(std::string_view group, std::string_view kind) {
  for (const KindChecks& row : kKinds) {
    if (row.kind == kind && row.group == group && !row.kind.empty()) return &row;
  }
  return nullptr;
}

}  // namespace orrery::api
