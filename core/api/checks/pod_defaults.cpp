#include "core/api/checks/pod_defaults.h"

#include <string>

#include "core/api/checks/amount.h"
#include "core/api/checks/image_name.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/resource_checks.h"

namespace orrery::api {
namespace {

constexpr std::int64_t kFileMode = 0644;

Json* writable(Json& parent, const char* key) {
  if (!parent.is_object()) return nullptr;
  const auto it = parent.find(key);
  return it == parent.end() || it->is_null() ? nullptr : &*it;
}

void default_field_ref(Json& source) {
  if (Json* ref = writable(source, "fieldRef")) set_if_empty(*ref, "apiVersion", "v1");
  Json* resource = writable(source, "resourceFieldRef");
  if (!resource) return;
  set_if_absent(*resource, "divisor", "0");
  make_canonical((*resource)["divisor"], false);
}

void default_pull_policy(Json& holder, const char* policy, const char* image) {
  const bool latest = image_tag(text(holder, image)) == "latest";
  set_if_empty(holder, policy, latest ? "Always" : "IfNotPresent");
}

void default_handler(Json& handler) {
  if (Json* http = writable(handler, "httpGet")) {
    set_if_empty(*http, "path", "/");
    set_if_empty(*http, "scheme", "HTTP");
  }
}

void default_probe(Json& container, const char* key) {
  Json* probe = writable(container, key);
  if (!probe) return;
  set_if_zero(*probe, "timeoutSeconds", 1);
  set_if_zero(*probe, "periodSeconds", 10);
  set_if_zero(*probe, "successThreshold", 1);
  set_if_zero(*probe, "failureThreshold", 3);
  default_handler(*probe);
  if (Json* grpc = writable(*probe, "grpc")) set_if_absent(*grpc, "service", "");
}

void default_container(Json& container) {
  for (Json& port : items_of(container, "ports")) set_if_empty(port, "protocol", "TCP");
  for (Json& env : items_of(container, "env")) {
    Json* from = writable(env, "valueFrom");
    if (!from) continue;
    default_field_ref(*from);
    if (Json* file = writable(*from, "fileKeyRef")) set_if_absent(*file, "optional", false);
  }
  default_requirements(make_object(container, "resources"));
  for (const char* key : {"livenessProbe", "readinessProbe", "startupProbe"}) {
    default_probe(container, key);
  }
  if (Json* lifecycle = writable(container, "lifecycle")) {
    for (const char* key : {"postStart", "preStop"}) {
      if (Json* handler = writable(*lifecycle, key)) default_handler(*handler);
    }
  }
  default_pull_policy(container, "imagePullPolicy", "image");
  set_if_empty(container, "terminationMessagePath", "/dev/termination-log");
  set_if_empty(container, "terminationMessagePolicy", "File");
}

// A string member given under its old or its new name is stored under both.
void unify(Json& object, const char* name, const char* old_name) {
  const std::string value(text(object, name).empty() ? text(object, old_name) : text(object, name));
  if (value.empty()) return;
  object[name] = value;
  object[old_name] = value;
}

void default_projection(Json& source) {
  if (Json* token = writable(source, "serviceAccountToken")) {
    set_if_absent(*token, "expirationSeconds", 3600);
  }
  if (Json* downward = writable(source, "downwardAPI")) {
    for (Json& item : items_of(*downward, "items")) default_field_ref(item);
  }
}

// Requests that are not given become the limits.
void requests_from_limits(Json& container) {
  Json* resources = writable(container, "resources");
  Json* limits = resources ? writable(*resources, "limits") : nullptr;
  if (!limits || limits->empty()) return;
  Json& requests = make_object(*resources, "requests");
  for (const auto& [name, limit] : limits->items()) {
    if (!requests.contains(name)) requests[name] = limit;
  }
}

void default_host_ports(Json& spec, const char* containers) {
  for (Json& container : items_of(spec, containers)) {
    for (Json& port : items_of(container, "ports")) {
      if (integer(port, "hostPort") == 0) port["hostPort"] = integer(port, "containerPort");
    }
  }
}

}  // namespace

void default_resource_list(Json* list) {
  if (!list || !list->is_object()) return;
  for (Json& value : *list) make_canonical(value, true);
}

void default_requirements(Json& resources) {
  default_resource_list(writable(resources, "limits"));
  default_resource_list(writable(resources, "requests"));
}

void default_claim_spec(Json& spec) {
  default_requirements(make_object(spec, "resources"));
  set_if_absent(spec, "volumeMode", "Filesystem");
}

void default_volume_source(Json& source) {
  for (const char* key : {"secret", "configMap", "downwardAPI", "projected"}) {
    if (Json* files = writable(source, key)) set_if_absent(*files, "defaultMode", kFileMode);
  }
  if (Json* host_path = writable(source, "hostPath")) set_if_absent(*host_path, "type", "");
  if (Json* iscsi = writable(source, "iscsi")) set_if_empty(*iscsi, "iscsiInterface", "default");
  if (Json* rbd = writable(source, "rbd")) {
    set_if_empty(*rbd, "pool", "rbd");
    set_if_empty(*rbd, "user", "admin");
    set_if_empty(*rbd, "keyring", "/etc/ceph/keyring");
  }
  if (Json* disk = writable(source, "azureDisk")) {
    set_if_absent(*disk, "cachingMode", "ReadWrite");
    set_if_absent(*disk, "kind", "Shared");
    set_if_absent(*disk, "fsType", "ext4");
    set_if_absent(*disk, "readOnly", false);
  }
  if (Json* scale_io = writable(source, "scaleIO")) {
    set_if_empty(*scale_io, "storageMode", "ThinProvisioned");
    set_if_empty(*scale_io, "fsType", "xfs");
  }
}

void default_volume(Json& volume) {
  bool has_source = false;
  if (!volume.is_object()) return;
  for (const auto& [key, value] : volume.items()) {
    has_source = has_source || (key != "name" && !value.is_null());
  }
  if (!has_source) volume["emptyDir"] = Json::object();
  default_volume_source(volume);
  if (Json* downward = writable(volume, "downwardAPI")) {
    for (Json& item : items_of(*downward, "items")) default_field_ref(item);
  }
  if (Json* projected = writable(volume, "projected")) {
    for (Json& source : items_of(*projected, "sources")) default_projection(source);
  }
  if (Json* empty_dir = writable(volume, "emptyDir")) {
    if (Json* limit = writable(*empty_dir, "sizeLimit")) make_canonical(*limit, false);
  }
  if (Json* image = writable(volume, "image")) {
    default_pull_policy(*image, "pullPolicy", "reference");
  }
  Json* ephemeral = writable(volume, "ephemeral");
  Json* claim = ephemeral ? writable(*ephemeral, "volumeClaimTemplate") : nullptr;
  if (claim) {
    make_object(*claim, "metadata");
    default_claim_spec(make_object(*claim, "spec"));
  }
}

void default_pod_spec(Json& spec) {
  set_if_empty(spec, "dnsPolicy", "ClusterFirst");
  set_if_empty(spec, "restartPolicy", "Always");
  make_object(spec, "securityContext");
  set_if_absent(spec, "terminationGracePeriodSeconds", 30);
  set_if_empty(spec, "schedulerName", "default-scheduler");
  unify(spec, "serviceAccountName", "serviceAccount");
  for (Json& volume : items_of(spec, "volumes")) default_volume(volume);
  for (const char* key : {"initContainers", "containers", "ephemeralContainers"}) {
    for (Json& container : items_of(spec, key)) default_container(container);
  }
  default_resource_list(writable(spec, "overhead"));
  if (Json* resources = writable(spec, "resources")) default_requirements(*resources);
}

void default_pod_only(Json& spec) {
  for (Json& container : items_of(spec, "containers")) requests_from_limits(container);
  for (Json& container : items_of(spec, "initContainers")) requests_from_limits(container);
  default_pod_level_resources(spec);
  set_if_absent(spec, "enableServiceLinks", true);
  if (flag(spec, "hostNetwork")) {
    default_host_ports(spec, "containers");
    default_host_ports(spec, "initContainers");
  }
}

}  // namespace orrery::api
