#include "core/api/managed/ownership.h"

#include <array>
#include <span>

namespace orrery::api::managed {
namespace {

using Step = std::string_view;
using Paths = std::span<const FieldSet::Path>;

constexpr std::array<Step, 1> kStatus{"f:status"};
constexpr std::array<Step, 1> kSpec{"f:spec"};
constexpr std::array<Step, 1> kMetadata{"f:metadata"};
constexpr std::array<Step, 2> kLabels{"f:metadata", "f:labels"};
constexpr std::array<Step, 2> kDeletion{"f:metadata", "f:deletionTimestamp"};
constexpr std::array<Step, 2> kOwners{"f:metadata", "f:ownerReferences"};
constexpr std::array<Step, 2> kConditions{"f:status", "f:conditions"};
constexpr std::array<Step, 2> kCertificate{"f:status", "f:certificate"};

constexpr std::array<FieldSet::Path, 1> kOfMain{kStatus};
constexpr std::array<FieldSet::Path, 1> kOfStatus{kSpec};
constexpr std::array<FieldSet::Path, 2> kOfStrictStatus{kMetadata, kSpec};
constexpr std::array<FieldSet::Path, 2> kOfDeploymentStatus{kSpec, kLabels};
constexpr std::array<FieldSet::Path, 3> kOfPodStatus{kSpec, kDeletion, kOwners};
constexpr std::array<FieldSet::Path, 2> kOfRequestStatus{kSpec, kConditions};
constexpr std::array<FieldSet::Path, 2> kOfApproval{kSpec, kCertificate};

Paths status_endpoint(const Write& write, const TypeRow& type) {
  if (write.custom_resource) return kOfStrictStatus;
  if (type.kind == "Deployment") return kOfDeploymentStatus;
  if (type.kind == "Pod") return kOfPodStatus;
  if (type.kind == "CertificateSigningRequest") return kOfRequestStatus;
  for (const std::string_view strict :
       {"CustomResourceDefinition", "FlowSchema", "PriorityLevelConfiguration", "ResourceClaim",
        "ValidatingAdmissionPolicy", "VolumeAttachment"}) {
    if (type.kind == strict) return kOfStrictStatus;
  }
  return kOfStatus;
}

Paths reset_fields(const Write& write) {
  const TypeRow& type = write.table.type(write.type);
  if (write.subresource.empty()) {
    const ResourceRow* resource = write.table.find_kind(type.group, type.version, type.kind);
    const bool has_status = resource != nullptr && resource->subresource("status") != nullptr;
    return has_status ? Paths(kOfMain) : Paths();
  }
  if (write.subresource == "status") return status_endpoint(write, type);
  if (write.subresource == "approval") return kOfApproval;
  return {};
}

constexpr std::array<Step, 1> kApiVersion{"f:apiVersion"};
constexpr std::array<Step, 1> kKind{"f:kind"};
constexpr std::array<Step, 9> kServerMetadata{
    "f:name",        "f:namespace",  "f:creationTimestamp", "f:selfLink",
    "f:uid",         "f:clusterName", "f:generation",       "f:managedFields",
    "f:resourceVersion"};

}  // namespace

void drop_reset_fields(const Write& write, FieldSet& set) {
  for (const FieldSet::Path path : reset_fields(write)) set.erase_tree(path);
}

void drop_reset_fields(const Write& write, Comparison& changes) {
  for (const FieldSet::Path path : reset_fields(write)) {
    changes.added.erase_tree(path);
    changes.modified.erase_tree(path);
    changes.removed.erase_tree(path);
  }
}

void strip_server_fields(FieldSet& set) {
  set.erase(kApiVersion);
  set.erase(kKind);
  for (const Step name : kServerMetadata) {
    const std::array<Step, 2> path{"f:metadata", name};
    set.erase(path);
  }
  set.erase(kMetadata);
}

}  // namespace orrery::api::managed
