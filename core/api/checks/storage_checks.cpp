#include "core/api/checks/storage_checks.h"

#include <algorithm>
#include <set>

#include "core/api/checks/affinity_checks.h"
#include "core/api/checks/amount.h"
#include "core/api/checks/internal_form.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/volume_checks.h"

namespace orrery::api {
namespace {

// JSON names of a volume's sources in upstream's order of checking.
constexpr std::array<const char*, 22> kSources{"hostPath",
                                               "gcePersistentDisk",
                                               "awsElasticBlockStore",
                                               "glusterfs",
                                               "flocker",
                                               "nfs",
                                               "rbd",
                                               "quobyte",
                                               "cephfs",
                                               "iscsi",
                                               "cinder",
                                               "fc",
                                               "flexVolume",
                                               "azureFile",
                                               "vsphereVolume",
                                               "photonPersistentDisk",
                                               "portworxVolume",
                                               "azureDisk",
                                               "scaleIO",
                                               "local",
                                               "storageos",
                                               "csi"};

void check_access_modes(FieldErrors& errors, const Json& spec, const Path& path) {
  bool once_pod = false, other = false;
  for (const Json& item : array(spec, "accessModes")) {
    const std::string_view mode = as_text(item);
    const bool known = mode == "ReadWriteOnce" || mode == "ReadOnlyMany" || mode == "ReadWriteMany";
    if (!known && mode != "ReadWriteOncePod") {
      errors.not_supported(path.child("accessModes"), mode,
                           {"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"});
    }
    once_pod = once_pod || mode == "ReadWriteOncePod";
    other = other || known;
  }
  if (once_pod && other) {
    errors.forbidden(path.child("accessModes"),
                     "may not use ReadWriteOncePod with other access modes");
  }
}

void check_positive(FieldErrors& errors, const Json& amount, const Path& path) {
  if (compare_amounts(&amount, nullptr) <= 0) {
    errors.invalid(path, amount_text(&amount), "must be greater than zero");
  }
}

void check_volume_mode(FieldErrors& errors, const Json& spec, const Path& path) {
  const auto mode = maybe_text(spec, "volumeMode");
  if (mode && *mode != "Block" && *mode != "Filesystem") {
    errors.not_supported(path.child("volumeMode"), *mode, {"Block", "Filesystem"});
  }
}

void check_data_source(FieldErrors& errors, const Json& spec, const char* key, const Path& parent) {
  const Json* source = member(spec, key);
  if (!source) return;
  const Path path = parent.child(key);
  if (text(*source, "name").empty()) errors.required(path.child("name"));
  if (text(*source, "kind").empty()) errors.required(path.child("kind"));
  const std::string_view group = text(*source, "apiGroup");
  if (group.empty() && text(*source, "kind") != "PersistentVolumeClaim") {
    errors.invalid(path, text(*source, "kind"),
                   "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
  }
  if (!group.empty()) check_dns_subdomain(errors, group, path.child("apiGroup"));
}

void check_capacity(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json& capacity = object(spec, "capacity");
  const Path at = path.child("capacity");
  if (capacity.empty()) errors.required(at);
  if (!capacity.contains("storage") || capacity.size() > 1) {
    errors.not_supported_raw(at, json_text(member(spec, "capacity")), {"storage"});
  }
  for (const auto& [name, value] : capacity.items()) {
    check_positive(errors, value, at.key(name));
  }
}

void check_local(FieldErrors& errors, const Json& spec, const Json& local, const Path& path) {
  const std::string_view dir = text(local, "path");
  if (dir.empty()) {
    errors.required(path.child("local.path"));
  } else {
    check_no_backsteps(errors, dir, path.child("local.path"));
  }
  if (!has(spec, "nodeAffinity")) {
    errors.required(path.child("nodeAffinity"), "Local volume requires node affinity");
  }
}

void check_csi_volume(FieldErrors& errors, const Json& csi, const Path& path) {
  check_csi_driver_name(errors, text(csi, "driver"), path.child("driver"));
  if (text(csi, "volumeHandle").empty()) errors.required(path.child("volumeHandle"));
  for (const char* key : {"controllerPublishSecretRef", "controllerExpandSecretRef",
                          "nodePublishSecretRef", "nodeExpandSecretRef"}) {
    const Json* secret = member(csi, key);
    if (!secret) continue;
    const Path at = path.child(key);
    for (const char* part : {"name", "namespace"}) {
      const std::string_view value = text(*secret, part);
      if (value.empty()) errors.required(at.child(part));
    }
  }
}

void check_sources(FieldErrors& errors, const Json& spec, const Path& path) {
  bool found = false;
  for (const char* kind : kSources) {
    const Json* source = member(spec, kind);
    if (!source) continue;
    const std::string_view name = kind;
    if (found) {
      errors.forbidden(path.child(kind), "may not specify more than 1 volume type");
    } else if (name == "local") {
      check_local(errors, spec, *source, path);
    } else if (name == "csi") {
      check_csi_volume(errors, *source, path.child("csi"));
    } else {
      check_volume_source(errors, name, *source, false,
                          path.child(name == "gcePersistentDisk" ? "persistentDisk" : kind));
    }
    found = true;
  }
  if (!found) errors.required(path, "must specify a volume type");
}

void check_volume_spec(FieldErrors& errors, const Json& spec) {
  const Path path("spec");
  if (array(spec, "accessModes").empty()) errors.required(path.child("accessModes"));
  check_access_modes(errors, spec, path);
  check_capacity(errors, spec, path);
  const std::string_view reclaim = text(spec, "persistentVolumeReclaimPolicy");
  if (!reclaim.empty() && reclaim != "Delete" && reclaim != "Recycle" && reclaim != "Retain") {
    errors.not_supported(path.child("persistentVolumeReclaimPolicy"), reclaim,
                         {"Delete", "Recycle", "Retain"});
  }
  if (const Json* affinity = member(spec, "nodeAffinity")) {
    const Path at = path.child("nodeAffinity.required");
    if (has(*affinity, "required")) {
      check_node_selector(errors, object(*affinity, "required"), at);
    } else {
      errors.required(at, "must specify required node constraints");
    }
  }
  check_sources(errors, spec, path);
  if (text(object(spec, "hostPath"), "path") == "/" && reclaim == "Recycle") {
    errors.forbidden(path.child("persistentVolumeReclaimPolicy"),
                     "may not be 'recycle' for a hostPath mount of '/'");
  }
  const std::string_view storage_class = text(spec, "storageClassName");
  if (!storage_class.empty()) {
    check_dns_subdomain(errors, storage_class, path.child("storageClassName"));
  }
  check_volume_mode(errors, spec, path);
}

std::string source_lines(const Json& spec) {
  return internal_lines("PersistentVolumeSource", &spec);
}

// The claim specs as they must be equal: what may change is taken from the old one.
Json comparable_claim_spec(const Json& now, const Json& old_claim) {
  const Json& old = object(old_claim, "spec");
  Json spec = object(now, "spec");
  if (text(object(now, "status"), "phase") == "Bound") {
    const Json* requests = member(object(spec, "resources"), "requests");
    const Json* size = member(object(object(old, "resources"), "requests"), "storage");
    if (requests && size) spec["resources"]["requests"]["storage"] = *size;
    if (has(spec, "volumeAttributesClassName")) {
      spec["volumeAttributesClassName"] = old.value("volumeAttributesClassName", Json());
    }
  }
  if (has(spec, "storageClassName") && !has(old, "storageClassName")) {
    constexpr char kBeta[] = "volume.beta.kubernetes.io/storage-class";
    const auto beta = maybe_text(object(object(old_claim, "metadata"), "annotations"), kBeta);
    if (!beta || *beta == text(spec, "storageClassName")) spec.erase("storageClassName");
  }
  return spec;
}

void check_claim_size(FieldErrors& errors, const Json& now, const Json& old) {
  const Json* size =
      member(object(object(object(now, "spec"), "resources"), "requests"), "storage");
  const Json* before =
      member(object(object(object(old, "spec"), "resources"), "requests"), "storage");
  const Json* actual = member(object(object(old, "status"), "capacity"), "storage");
  if (compare_amounts(size, before) < 0 && compare_amounts(size, actual) <= 0) {
    errors.forbidden(Path("spec.resources.requests.storage"),
                     "field can not be less than status.capacity");
  }
}

}  // namespace

void check_claim_spec(FieldErrors& errors, const Json& spec, const Path& path) {
  if (array(spec, "accessModes").empty()) {
    errors.required(path.child("accessModes"), "at least 1 access mode is required");
  }
  check_label_selector(errors, member(spec, "selector"), path.child("selector"));
  check_access_modes(errors, spec, path);
  const Json* size = member(object(object(spec, "resources"), "requests"), "storage");
  const Path resources = path.child("resources");
  if (size) {
    check_positive(errors, *size, resources.key("storage"));
  } else {
    errors.required(resources.key("storage"));
  }
  const std::string_view storage_class = text(spec, "storageClassName");
  if (!storage_class.empty()) {
    check_dns_subdomain(errors, storage_class, path.child("storageClassName"));
  }
  check_volume_mode(errors, spec, path);
  check_data_source(errors, spec, "dataSource", path);
  check_data_source(errors, spec, "dataSourceRef", path);
  const std::string_view attributes = text(spec, "volumeAttributesClassName");
  if (!attributes.empty()) {
    check_dns_subdomain(errors, attributes, path.child("volumeAttributesClassName"));
  }
}

void check_claim_template(FieldErrors& errors, const Json& claim, const Path& path) {
  const Json& meta = object(claim, "metadata");
  const Path meta_path = path.child("metadata");
  check_annotations(errors, object(meta, "annotations"), meta_path.child("annotations"));
  check_labels(errors, object(meta, "labels"), meta_path.child("labels"));
  for (const auto& [key, value] : meta.items()) {
    const bool unset = value.is_null() || (value.is_string() && as_text(value).empty());
    if (key != "annotations" && key != "labels" && !unset) {
      errors.forbidden(meta_path.child(key), "cannot be set");
    }
  }
  check_claim_spec(errors, object(claim, "spec"), path.child("spec"));
}

void check_claim(FieldErrors& errors, const Json& claim) {
  check_object_meta(errors, claim, Scope::kNamespaced, subdomain_name);
  check_claim_spec(errors, object(claim, "spec"), Path("spec"));
}

void check_claim_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_claim(errors, now);
  const Json a = comparable_claim_spec(now, old);
  Json b = object(old, "spec");
  if (text(b, "volumeName").empty() && has(a, "volumeName")) b["volumeName"] = a["volumeName"];
  const std::string before = internal_lines("ClaimSpec", &b);
  const std::string after = internal_lines("ClaimSpec", &a);
  if (before != after && !same(&a, &b)) {
    errors.forbidden(Path("spec"),
                     "spec is immutable after creation except resources.requests and "
                     "volumeAttributesClassName for bound claims\n" +
                         line_diff(before, after));
  }
  check_claim_size(errors, now, old);
  check_immutable(errors, member(object(now, "spec"), "volumeMode"),
                  member(object(old, "spec"), "volumeMode"), Path("volumeMode"));
}

void check_claim_status_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  const Path path("status.capacity");
  for (const auto& [name, value] : object(object(now, "status"), "capacity").items()) {
    if (is_negative_amount(value)) {
      errors.invalid(path.key(name), amount_text(&value), "must be a valid resource quantity");
    }
  }
}

void check_volume(FieldErrors& errors, const Json& volume) {
  check_object_meta(errors, volume, Scope::kCluster, subdomain_name);
  check_volume_spec(errors, object(volume, "spec"));
}

void check_volume_update(FieldErrors& errors, const Json& now_volume, const Json& old_volume) {
  const Json& now = object(now_volume, "spec");
  const Json& old = object(old_volume, "spec");
  check_object_meta_update(errors, now_volume, old_volume);
  check_volume(errors, now_volume);
  Json comparable = now;
  if (has(object(now, "csi"), "controllerExpandSecretRef") &&
      !has(object(old, "csi"), "controllerExpandSecretRef")) {
    comparable["csi"].erase("controllerExpandSecretRef");
  }
  const std::string before = source_lines(old), after = source_lines(comparable);
  if (before != after) {
    errors.forbidden(
        Path("spec.persistentvolumesource"),
        "spec.persistentvolumesource is immutable after creation\n" + line_diff(before, after));
  }
  check_immutable(errors, member(now, "volumeMode"), member(old, "volumeMode"), Path("volumeMode"));
  const Json* affinity = member(now, "nodeAffinity");
  if (has(old, "nodeAffinity") && !same(affinity, member(old, "nodeAffinity"))) {
    errors.invalid_raw(Path("nodeAffinity"), internal_text("VolumeNodeAffinity", affinity),
                       "field is immutable, except for updating from beta label to GA");
  }
}

void check_storage_class(FieldErrors& errors, const Json& storage_class) {
  check_object_meta(errors, storage_class, Scope::kCluster, subdomain_name);
  std::string provisioner(text(storage_class, "provisioner"));
  if (provisioner.empty()) {
    errors.required(Path("provisioner"));
  } else {
    std::string lowered = provisioner;
    for (char& c : lowered) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    errors.invalid_each(Path("provisioner"), provisioner, qualified_name_messages(lowered));
  }
  const Path parameters("parameters");
  for (const auto& item : object(storage_class, "parameters").items()) {
    if (item.key().empty()) errors.invalid(parameters, "", "field can not be empty.");
  }
  const std::string_view reclaim = text(storage_class, "reclaimPolicy");
  if (!reclaim.empty() && reclaim != "Delete" && reclaim != "Retain") {
    errors.not_supported(Path("reclaimPolicy"), reclaim, {"Delete", "Retain"});
  }
  const auto mode = maybe_text(storage_class, "volumeBindingMode");
  if (!mode) {
    errors.required(Path("volumeBindingMode"));
  } else if (*mode != "Immediate" && *mode != "WaitForFirstConsumer") {
    errors.not_supported(Path("volumeBindingMode"), *mode, {"Immediate", "WaitForFirstConsumer"});
  }
}

void check_storage_class_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  for (const char* key : {"parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"}) {
    check_immutable(errors, member(now, key), member(old, key), Path(key));
  }
}

}  // namespace orrery::api
