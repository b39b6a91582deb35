#include "core/api/checks/container_checks.h"

#include <set>

#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/security_checks.h"

namespace orrery::api {
namespace {

using NameSet = std::set<std::string, std::less<>>;

void check_port(FieldErrors& errors, const Json& port, NameSet& names, const Path& path) {
  const std::string_view name = text(port, "name");
  if (!name.empty()) {
    const Messages messages = port_name_messages(name);
    errors.invalid_each(path.child("name"), name, messages);
    if (messages.empty() && !names.emplace(name).second) errors.duplicate(path.child("name"), name);
  }
  const std::int64_t number = integer(port, "containerPort");
  if (number == 0) {
    errors.required(path.child("containerPort"));
  } else {
    for (const std::string& message : port_number_messages(number)) {
      errors.invalid(path.child("containerPort"), number, message);
    }
  }
  const std::int64_t host_port = integer(port, "hostPort");
  if (host_port != 0) {
    for (const std::string& message : port_number_messages(host_port)) {
      errors.invalid(path.child("hostPort"), host_port, message);
    }
  }
  const std::string_view protocol = text(port, "protocol");
  if (protocol.empty()) {
    errors.required(path.child("protocol"));
  } else if (protocol != "TCP" && protocol != "UDP" && protocol != "SCTP") {
    errors.not_supported(path.child("protocol"), protocol, {"SCTP", "TCP", "UDP"});
  }
}

void check_host_port_conflicts(FieldErrors& errors, const Json& container, NameSet& taken,
                               const Path& path) {
  const Json& ports = array(container, "ports");
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::int64_t port = integer(ports[i], "hostPort");
    if (port == 0) continue;
    std::string key(text(ports[i], "protocol"));
    key.append("/").append(text(ports[i], "hostIP")).append("/").append(std::to_string(port));
    if (!taken.insert(key).second) errors.duplicate(path.at("ports", i).child("hostPort"), key);
  }
}

void check_resize_policy(FieldErrors& errors, const Json& container, const PodFacts& pod,
                         const Path& path) {
  NameSet resources;
  const Json& policies = array(container, "resizePolicy");
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const std::string_view resource = text(policies[i], "resourceName");
    const std::string_view policy = text(policies[i], "restartPolicy");
    if (!resources.emplace(resource).second) errors.duplicate(path.index(i), resource);
    if (resource.empty()) {
      errors.required(path);
    } else if (resource != "cpu" && resource != "memory") {
      errors.not_supported(path, resource, {"cpu", "memory"});
    }
    if (policy.empty()) {
      errors.required(path);
    } else if (policy != "NotRequired" && policy != "RestartContainer") {
      errors.not_supported(path, policy, {"NotRequired", "RestartContainer"});
    }
    if (text(pod.spec, "restartPolicy") == "Never" && policy != "NotRequired") {
      errors.invalid(path, policy, "must be 'NotRequired' when `restartPolicy` is 'Never'");
    }
  }
}

void check_termination_message(FieldErrors& errors, const Json& container, const Path& path) {
  const std::string_view policy = text(container, "terminationMessagePolicy");
  if (policy == "File" || policy == "FallbackToLogsOnError") return;
  const Path at = path.child("terminationMessagePolicy");
  if (policy.empty()) {
    errors.required(at);
  } else {
    errors.not_supported(at, policy, {"File", "FallbackToLogsOnError"});
  }
}

// What is checked of every container (validateContainerCommon).
void check_common(FieldErrors& errors, const Json& container, const PodFacts& pod,
                  const Path& path) {
  const std::string_view name = text(container, "name");
  if (name.empty()) {
    errors.required(path.child("name"));
  } else {
    check_dns_label(errors, name, path.child("name"));
  }
  if (text(container, "image").empty()) errors.required(path.child("image"));
  check_termination_message(errors, container, path);
  NameSet port_names;
  const Json& ports = array(container, "ports");
  for (std::size_t i = 0; i < ports.size(); ++i) {
    check_port(errors, ports[i], port_names, path.at("ports", i));
  }
  check_env(errors, array(container, "env"), pod, path.child("env"));
  check_env_from(errors, array(container, "envFrom"), path.child("envFrom"));
  check_volume_mounts(errors, container, pod, path.child("volumeMounts"));
  check_volume_devices(errors, container, pod, path.child("volumeDevices"));
  check_pull_policy(errors, container, "imagePullPolicy", path.child("imagePullPolicy"));
  check_container_resources(errors, object(container, "resources"), pod.claims,
                            path.child("resources"));
  check_resize_policy(errors, container, pod, path.child("resizePolicy"));
  if (const Json* context = member(container, "securityContext")) {
    check_security_context(errors, *context, pod.host_users, path.child("securityContext"));
  }
}

void check_init_handlers(FieldErrors& errors, const Json& container, const Path& path) {
  for (const char* key : {"lifecycle", "livenessProbe", "readinessProbe", "startupProbe"}) {
    if (has(container, key)) {
      errors.forbidden(path.child(key),
                       "may not be set for init containers without restartPolicy=Always");
    }
  }
}

// A container's own restart policy is Always here: ContainerRestartRules is the other form.
void check_container_restart_policy(FieldErrors& errors, const Json& container, bool init,
                                    const Path& path) {
  const auto policy = maybe_text(container, "restartPolicy");
  if (!policy) {
    if (has(container, "restartPolicyRules")) {
      errors.required(path.child("restartPolicy"),
                      "must specify restartPolicy when restart rules are used");
    }
    return;
  }
  if (*policy != "Always" && *policy != "Never" && *policy != "OnFailure") {
    errors.not_supported(path.child("restartPolicy"), *policy, {"Always", "OnFailure", "Never"});
  }
  if (init && *policy == "Always" && has(container, "restartPolicyRules")) {
    errors.forbidden(path.child("restartPolicyRules"),
                     "restartPolicyRules are not allowed for init containers with restart policy "
                     "Always");
  }
}

bool set_in_ephemeral(const Json& container, const char* key) {
  const Json* value = member(container, key);
  return value && !(value->is_structured() && value->empty());
}

}  // namespace

void check_pull_policy(FieldErrors& errors, const Json& holder, const char* key, const Path& path) {
  const std::string_view policy = text(holder, key);
  if (policy == "Always" || policy == "IfNotPresent" || policy == "Never") return;
  if (policy.empty()) {
    errors.required(path);
  } else {
    errors.not_supported(path, policy, {"Always", "IfNotPresent", "Never"});
  }
}

void check_image_spaces(FieldErrors& errors, const Json& containers, const Path& path) {
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const std::string_view image = text(containers[i], "image");
    constexpr std::string_view kSpaces = " \t\n\r\v\f";
    if (image.empty() || (kSpaces.find(image.front()) == std::string_view::npos &&
                          kSpaces.find(image.back()) == std::string_view::npos)) {
      continue;
    }
    errors.invalid(path.index(i).child("image"), image,
                   "must not have leading or trailing whitespace");
  }
}

void check_containers(FieldErrors& errors, const PodFacts& pod, const Path& path) {
  const Json& containers = array(pod.spec, "containers");
  if (containers.empty()) {
    errors.required(path);
    return;
  }
  NameSet names, host_ports;
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const Json& container = containers[i];
    const Path at = path.index(i);
    check_common(errors, container, pod, at);
    if (!names.emplace(text(container, "name")).second) {
      errors.duplicate(at.child("name"), text(container, "name"));
    }
    if (const Json* lifecycle = member(container, "lifecycle")) {
      check_lifecycle(errors, *lifecycle, pod.grace_period, at.child("lifecycle"));
    }
    check_probes(errors, container, pod.grace_period, at);
    check_container_restart_policy(errors, container, false, at);
  }
  for (std::size_t i = 0; i < containers.size(); ++i) {
    check_host_port_conflicts(errors, containers[i], host_ports, path.index(i));
  }
}

void check_init_containers(FieldErrors& errors, const PodFacts& pod, const Path& path) {
  const Json& containers = array(pod.spec, "initContainers");
  if (containers.empty()) return;
  NameSet names;
  for (const Json& container : array(pod.spec, "containers"))
    names.emplace(text(container, "name"));
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const Json& container = containers[i];
    const Path at = path.index(i);
    check_common(errors, container, pod, at);
    check_container_restart_policy(errors, container, true, at);
    const std::string_view name = text(container, "name");
    if (names.contains(name)) {
      errors.duplicate(at.child("name"), name);
    } else if (!name.empty()) {
      names.emplace(name);
    }
    NameSet host_ports;
    check_host_port_conflicts(errors, container, host_ports, at);
    if (text(container, "restartPolicy") == "Always") {
      if (const Json* lifecycle = member(container, "lifecycle")) {
        check_lifecycle(errors, *lifecycle, pod.grace_period, at.child("lifecycle"));
      }
      check_probes(errors, container, pod.grace_period, at);
    } else {
      check_init_handlers(errors, container, at);
    }
  }
}

void check_ephemeral_containers(FieldErrors& errors, const PodFacts& pod, const Path& path) {
  const Json& containers = array(pod.spec, "ephemeralContainers");
  if (containers.empty()) return;
  NameSet names, targets;
  for (const char* key : {"containers", "initContainers"}) {
    for (const Json& container : array(pod.spec, key)) targets.emplace(text(container, "name"));
  }
  names = targets;
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const Json& container = containers[i];
    const Path at = path.index(i);
    check_common(errors, container, pod, at);
    if (!names.emplace(text(container, "name")).second) {
      errors.duplicate(at.child("name"), text(container, "name"));
    }
    const std::string_view target = text(container, "targetContainerName");
    if (!target.empty() && !targets.contains(target)) {
      errors.not_found(at.child("targetContainerName"), target);
    }
    for (const char* key :
         {"ports", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules",
          "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"}) {
      if (set_in_ephemeral(container, key)) {
        errors.forbidden(at.child(key), "cannot be set for an Ephemeral Container");
      }
    }
    const Json& mounts = array(container, "volumeMounts");
    for (std::size_t m = 0; m < mounts.size(); ++m) {
      for (const char* key : {"subPath", "subPathExpr"}) {
        if (!text(mounts[m], key).empty()) {
          errors.forbidden(at.at("volumeMounts", m).child(key),
                           "cannot be set for an Ephemeral Container");
        }
      }
    }
  }
}

}  // namespace orrery::api
