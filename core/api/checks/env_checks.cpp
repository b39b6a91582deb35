#include <algorithm>
#include <array>

#include "core/api/checks/amount.h"
#include "core/api/checks/container_checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/volume_checks.h"

namespace orrery::api {
namespace {

template <std::size_t N>
bool among(const std::array<std::string_view, N>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// Fields that a downward API reference may name at all.
constexpr std::array<std::string_view, 14> kKnownFields{
    "metadata.annotations", "metadata.labels", "metadata.name",      "metadata.namespace",
    "metadata.uid",         "spec.nodeName",   "spec.restartPolicy", "spec.serviceAccountName",
    "spec.schedulerName",   "status.phase",    "status.hostIP",      "status.hostIPs",
    "status.podIP",         "status.podIPs"};

constexpr std::array<std::string_view, 9> kEnvFields{"metadata.name",
                                                     "metadata.namespace",
                                                     "metadata.uid",
                                                     "spec.nodeName",
                                                     "spec.serviceAccountName",
                                                     "status.hostIP",
                                                     "status.hostIPs",
                                                     "status.podIP",
                                                     "status.podIPs"};
constexpr std::array<std::string_view, 5> kVolumeFields{"metadata.annotations", "metadata.labels",
                                                        "metadata.name", "metadata.namespace",
                                                        "metadata.uid"};
constexpr std::array<std::string_view, 6> kResourceFields{
    "limits.cpu",   "limits.ephemeral-storage",   "limits.memory",
    "requests.cpu", "requests.ephemeral-storage", "requests.memory"};

// "metadata.labels['x']" -> {"metadata.labels", "x"}
struct Subscripted {
  std::string_view path;
  std::string_view key;
  bool has_key = false;
};
Subscripted split_subscript(std::string_view field) {
  const std::size_t open = field.find("['");
  if (open == std::string_view::npos || !field.ends_with("']") || open + 4 > field.size()) {
    return {field, {}, false};
  }
  return {field.substr(0, open), field.substr(open + 2, field.size() - open - 4), true};
}

bool is_hugepages_field(std::string_view name) {
  return name.starts_with("limits.hugepages-") || name.starts_with("requests.hugepages-");
}

constexpr std::array<std::string_view, 13> kByteDivisors{
    "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"};

void check_divisor(FieldErrors& errors, const Json& ref, const Path& path) {
  const Json* divisor = member(ref, "divisor");
  const std::string value = amount_text(divisor);
  if (value == "0") return;
  const std::string_view name = text(ref, "resource");
  const Path at = path.child("divisor");
  constexpr std::string_view kBytes =
      "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported "
      "with the ";
  if (name == "limits.cpu" || name == "requests.cpu") {
    if (value != "1" && value != "1m") {
      errors.invalid(at, name,
                     "only divisor's values 1m and 1 are supported with the cpu resource");
    }
    return;
  }
  if (among(kByteDivisors, value)) return;
  std::string_view what;
  if (name.ends_with(".memory")) what = "memory resource";
  if (name.ends_with(".ephemeral-storage")) what = "local ephemeral storage resource";
  if (is_hugepages_field(name)) what = "hugepages resource";
  if (!what.empty()) errors.invalid(at, name, std::string(kBytes) + std::string(what));
}

void check_key_selector(FieldErrors& errors, const Json& selector, const Path& path) {
  check_dns_subdomain(errors, text(selector, "name"), path.child("name"));
  const std::string_view key = text(selector, "key");
  if (key.empty()) {
    errors.required(path.child("key"));
  } else {
    errors.invalid_each(path.child("key"), key, config_key_messages(key));
  }
}

void check_file_key(FieldErrors& errors, const Json& ref, const PodFacts& pod, const Path& path) {
  const std::string_view key = text(ref, "key");
  if (key.empty()) {
    errors.required(path.child("key"));
  } else {
    errors.invalid_each(path.child("key"), key, env_name_messages(key));
  }
  const std::string_view volume = text(ref, "volumeName");
  if (volume.empty()) {
    errors.required(path.child("volumeName"));
  } else {
    check_dns_label(errors, volume, path.child("volumeName"));
  }
  const std::string_view file = text(ref, "path");
  if (file.empty()) {
    errors.required(path.child("path"));
  } else {
    check_local_not_reserved_path(errors, file, path.child("path"));
  }
  const auto it = pod.volumes.find(volume);
  if (volume.empty()) return;
  if (it == pod.volumes.end()) {
    errors.not_found(path.child("volumeName"), volume);
  } else if (!has(*it->second, "emptyDir")) {
    errors.invalid(path.child("volumeName"), volume, "referenced volume must be of type emptyDir");
  }
}

void check_value_from(FieldErrors& errors, const Json& var, const PodFacts& pod, const Path& path) {
  const Json* from = member(var, "valueFrom");
  if (!from) return;
  int sources = 0;
  if (const Json* ref = member(*from, "fieldRef")) {
    ++sources;
    check_field_ref(errors, *ref, FieldUse::kEnvironment, path.child("fieldRef"));
  }
  if (const Json* ref = member(*from, "resourceFieldRef")) {
    ++sources;
    check_resource_field_ref(errors, *ref, FieldUse::kEnvironment, path.child("resourceFieldRef"));
  }
  for (const char* key : {"configMapKeyRef", "secretKeyRef"}) {
    if (const Json* ref = member(*from, key)) {
      ++sources;
      check_key_selector(errors, *ref, path.child(key));
    }
  }
  if (const Json* ref = member(*from, "fileKeyRef")) {
    ++sources;
    check_file_key(errors, *ref, pod, path.child("fileKeyRef"));
  }
  if (sources == 0) {
    errors.invalid(path, "",
                   "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, "
                   "`secretKeyRef` or `fileKeyRef`");
  } else if (!text(var, "value").empty()) {
    errors.invalid(path, "", "may not be specified when `value` is not empty");
  } else if (sources > 1) {
    errors.invalid(path, "", "may not have more than one field specified at a time");
  }
}

}  // namespace

void check_field_ref(FieldErrors& errors, const Json& ref, FieldUse use, const Path& path) {
  if (text(ref, "apiVersion").empty()) return errors.required(path.child("apiVersion"));
  const std::string_view field = text(ref, "fieldPath");
  if (field.empty()) return errors.required(path.child("fieldPath"));
  if (text(ref, "apiVersion") != "v1") {
    return errors.invalid(path.child("fieldPath"), field,
                          "error converting fieldPath: unsupported pod version: " +
                              std::string(text(ref, "apiVersion")));
  }
  const Subscripted parts = split_subscript(field);
  const bool map = parts.path == "metadata.annotations" || parts.path == "metadata.labels";
  if (parts.has_key ? !map : !among(kKnownFields, field)) {
    const std::string_view why =
        parts.has_key ? "field label does not support subscript: " : "field label not supported: ";
    return errors.invalid(path.child("fieldPath"), field,
                          "error converting fieldPath: " + std::string(why) + std::string(field));
  }
  if (parts.has_key) {
    std::string key(parts.key);
    if (parts.path == "metadata.annotations") {
      for (char& c : key) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    check_qualified_name(errors, key, path);
  } else if (use == FieldUse::kEnvironment && !among(kEnvFields, field)) {
    errors.not_supported(path.child("fieldPath"), field,
                         {"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName",
                          "spec.serviceAccountName", "status.hostIP", "status.hostIPs",
                          "status.podIP", "status.podIPs"});
  } else if (use == FieldUse::kVolume && !among(kVolumeFields, field)) {
    errors.not_supported(path.child("fieldPath"), field,
                         {"metadata.annotations", "metadata.labels", "metadata.name",
                          "metadata.namespace", "metadata.uid"});
  }
}

void check_resource_field_ref(FieldErrors& errors, const Json& ref, FieldUse use,
                              const Path& path) {
  const std::string_view resource = text(ref, "resource");
  if (use == FieldUse::kVolume && text(ref, "containerName").empty()) {
    errors.required(path.child("containerName"));
  } else if (resource.empty()) {
    errors.required(path.child("resource"));
  } else if (!among(kResourceFields, resource) && !is_hugepages_field(resource)) {
    errors.not_supported(path.child("resource"), resource,
                         {"limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu",
                          "requests.ephemeral-storage", "requests.memory"});
  }
  check_divisor(errors, ref, path);
}

void check_env(FieldErrors& errors, const Json& vars, const PodFacts& pod, const Path& path) {
  for (std::size_t i = 0; i < vars.size(); ++i) {
    const Path at = path.index(i);
    const std::string_view name = text(vars[i], "name");
    if (name.empty()) {
      errors.required(at.child("name"));
    } else {
      errors.invalid_each(at.child("name"), name, env_name_messages(name));
    }
    check_value_from(errors, vars[i], pod, at.child("valueFrom"));
  }
}

void check_env_from(FieldErrors& errors, const Json& sources, const Path& path) {
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const Path at = path.index(i);
    const std::string_view prefix = text(sources[i], "prefix");
    if (!prefix.empty()) {
      errors.invalid_each(at.child("prefix"), prefix, env_name_messages(prefix));
    }
    int count = 0;
    for (const char* key : {"configMapRef", "secretRef"}) {
      const Json* ref = member(sources[i], key);
      if (!ref) continue;
      ++count;
      const std::string_view name = text(*ref, "name");
      const Path ref_path = at.child(key);
      if (name.empty()) {
        errors.required(ref_path.child("name"));
      } else {
        errors.invalid_each(ref_path.child("name"), name, subdomain_name(name, true));
      }
    }
    if (count == 0) {
      errors.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`");
    } else if (count > 1) {
      errors.invalid(path, "", "may not have more than one field specified at a time");
    }
  }
}

}  // namespace orrery::api
