#include <set>

#include "core/api/checks/container_checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/volume_checks.h"

namespace orrery::api {
namespace {

using NameSet = std::set<std::string, std::less<>>;

NameSet values_of(const Json& list, const char* key) {
  NameSet out;
  for (const Json& item : list) out.emplace(text(item, key));
  return out;
}

void check_mount_propagation(FieldErrors& errors, const Json& mount, const Json& container,
                             const Path& path) {
  const auto mode = maybe_text(mount, "mountPropagation");
  if (!mode) return;
  if (*mode != "Bidirectional" && *mode != "HostToContainer" && *mode != "None") {
    errors.not_supported(path, *mode, {"Bidirectional", "HostToContainer", "None"});
  }
  if (*mode == "Bidirectional" && !flag(object(container, "securityContext"), "privileged")) {
    errors.forbidden(path,
                     "Bidirectional mount propagation is available only to privileged containers");
  }
}

void check_recursive_read_only(FieldErrors& errors, const Json& mount, const Path& path) {
  const auto mode = maybe_text(mount, "recursiveReadOnly");
  if (!mode || *mode == "Disabled") return;
  if (*mode != "Enabled" && *mode != "IfPossible") {
    errors.not_supported(path, *mode, {"Disabled", "Enabled", "IfPossible"});
    return;
  }
  if (!flag(mount, "readOnly")) {
    errors.forbidden(path, "may only be specified when readOnly is true");
  }
  const auto propagation = maybe_text(mount, "mountPropagation");
  if (propagation && *propagation != "None") {
    errors.forbidden(path, "may only be specified when mountPropagation is None or not specified");
  }
}

void check_sub_path(FieldErrors& errors, const Json& mount, const Path& path, const Path& at) {
  const std::string_view sub_path = text(mount, "subPath");
  const std::string_view expression = text(mount, "subPathExpr");
  if (!sub_path.empty()) check_local_descending_path(errors, sub_path, path.child("subPath"));
  if (expression.empty()) return;
  if (!sub_path.empty()) {
    errors.invalid(at.child("subPathExpr"), expression,
                   "subPathExpr and subPath are mutually exclusive");
  }
  check_local_descending_path(errors, expression, path.child("subPathExpr"));
}

void check_device_overlap(FieldErrors& errors, std::string_view name, std::string_view device_path,
                          const NameSet& mount_names, const NameSet& mount_paths, const Path& at) {
  if (mount_names.contains(name)) {
    errors.invalid(at.child("name"), name, "must not already exist in volumeMounts");
  }
  if (mount_paths.contains(device_path)) {
    errors.invalid(at.child("devicePath"), device_path,
                   "must not already exist as a path in volumeMounts");
  }
}

}  // namespace

void check_volume_mounts(FieldErrors& errors, const Json& container, const PodFacts& pod,
                         const Path& path) {
  const Json& mounts = array(container, "volumeMounts");
  if (mounts.empty()) return;
  const Json& devices = array(container, "volumeDevices");
  const NameSet device_names = values_of(devices, "name");
  const NameSet device_paths = values_of(devices, "devicePath");
  NameSet mount_points;
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    const Json& mount = mounts[i];
    const Path at = path.index(i);
    const std::string_view name = text(mount, "name"), mount_path = text(mount, "mountPath");
    if (name.empty()) errors.required(at.child("name"));
    const auto volume = pod.volumes.find(name);
    if (volume == pod.volumes.end()) errors.not_found(at.child("name"), name);
    if (mount_path.empty()) errors.required(at.child("mountPath"));
    if (!mount_points.emplace(mount_path).second) {
      errors.invalid(at.child("mountPath"), mount_path, "must be unique");
    }
    if (device_names.contains(name)) {
      errors.invalid(at.child("name"), name, "must not already exist in volumeDevices");
    }
    if (device_paths.contains(mount_path)) {
      errors.invalid(at.child("mountPath"), mount_path,
                     "must not already exist as a path in volumeDevices");
    }
    check_sub_path(errors, mount, path, at);
    check_mount_propagation(errors, mount, container, path.child("mountPropagation"));
    check_recursive_read_only(errors, mount, path.child("recursiveReadOnly"));
  }
}

void check_volume_devices(FieldErrors& errors, const Json& container, const PodFacts& pod,
                          const Path& path) {
  const Json& devices = array(container, "volumeDevices");
  if (devices.empty()) return;
  const Json& mounts = array(container, "volumeMounts");
  const NameSet mount_names = values_of(mounts, "name");
  const NameSet mount_paths = values_of(mounts, "mountPath");
  NameSet names, paths;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const Path at = path.index(i);
    const std::string_view name = text(devices[i], "name");
    const std::string_view device_path = text(devices[i], "devicePath");
    if (name.empty()) errors.required(at.child("name"));
    if (names.contains(name)) errors.invalid(at.child("name"), name, "must be unique");
    const auto it = pod.volumes.find(name);
    if (it == pod.volumes.end()) {
      errors.not_found(at.child("name"), name);
    } else if (!has(*it->second, "persistentVolumeClaim") && !has(*it->second, "ephemeral")) {
      errors.invalid(at.child("name"), name,
                     "can only use volume source type of PersistentVolumeClaim or Ephemeral for "
                     "block mode");
    }
    if (device_path.empty()) errors.required(at.child("devicePath"));
    if (paths.contains(device_path)) {
      errors.invalid(at.child("devicePath"), device_path, "must be unique");
    }
    if (has_backsteps(device_path)) {
      errors.invalid(at.child("devicePath"), device_path, "can not contain backsteps ('..')");
    } else {
      paths.emplace(device_path);
    }
    check_device_overlap(errors, name, device_path, mount_names, mount_paths, at);
    if (!name.empty()) names.emplace(name);
  }
}

}  // namespace orrery::api
