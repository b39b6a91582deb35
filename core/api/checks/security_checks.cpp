#include "core/api/checks/security_checks.h"

#include <algorithm>
#include <set>

#include "core/api/checks/internal_form.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/volume_checks.h"

namespace orrery::api {
namespace {

constexpr std::int64_t kIdMax = 2147483647;  // user and group ids
constexpr std::size_t kSysctlNameMax = 253;
constexpr std::size_t kProfilePathMax = 4095;  // PATH_MAX - 1

void check_id(FieldErrors& errors, std::int64_t id, const Path& path) {
  if (id < 0 || id > kIdMax) errors.invalid(path, id, range_message(0, kIdMax));
}

void check_ids(FieldErrors& errors, const Json& context, std::initializer_list<const char*> keys,
               const Path& path) {
  for (const char* key : keys) {
    if (const auto id = maybe_integer(context, key)) check_id(errors, *id, path.child(key));
  }
}

void check_seccomp(FieldErrors& errors, const Json& context, const Path& parent) {
  const Json* profile = member(context, "seccompProfile");
  if (!profile) return;
  const Path path = parent.child("seccompProfile");
  const std::string_view type = text(*profile, "type");
  if (type.empty()) {
    errors.required(path.child("type"), "type is required when seccompProfile is set");
  } else if (type != "Localhost" && type != "RuntimeDefault" && type != "Unconfined") {
    errors.not_supported(path.child("type"), type, {"Localhost", "RuntimeDefault", "Unconfined"});
  }
  const auto local = maybe_text(*profile, "localhostProfile");
  if (type == "Localhost") {
    if (!local) {
      errors.required(path.child("localhostProfile"), "must be set when seccomp type is Localhost");
    } else {
      check_local_descending_path(errors, *local, path.child("localhostProfile"));
    }
  } else if (local) {
    errors.invalid_raw(path.child("localhostProfile"), internal_text("Profile", profile),
                       "can only be set when seccomp type is Localhost");
  }
}

void check_localhost_app_armor(FieldErrors& errors, std::string_view profile, const Path& path) {
  constexpr std::string_view kSpaces = " \t\n\r\v\f";
  const bool padded =
      !profile.empty() && (kSpaces.find(profile.front()) != std::string_view::npos ||
                           kSpaces.find(profile.back()) != std::string_view::npos);
  if (padded) {
    errors.invalid(path, profile, "must not be padded with whitespace");
  } else if (profile.empty()) {
    errors.required(path, "must be set when AppArmor type is Localhost");
  }
  if (profile.size() > kProfilePathMax) errors.too_long(path, kProfilePathMax);
}

void check_app_armor(FieldErrors& errors, const Json& context, const Path& parent) {
  const Json* profile = member(context, "appArmorProfile");
  if (!profile) return;
  const Path path = parent.child("appArmorProfile");
  const Path local_path = path.child("localhostProfile");
  const std::string_view type = text(*profile, "type");
  const auto local = maybe_text(*profile, "localhostProfile");
  if (type == "Localhost") {
    if (local) {
      check_localhost_app_armor(errors, *local, local_path);
    } else {
      errors.required(local_path, "must be set when AppArmor type is Localhost");
    }
  } else if (type == "RuntimeDefault" || type == "Unconfined") {
    if (local) {
      errors.invalid(local_path, *local, "can only be set when AppArmor type is Localhost");
    }
  } else if (type.empty()) {
    errors.required(path.child("type"), "type is required when appArmorProfile is set");
  } else {
    errors.not_supported(path.child("type"), type, {"Localhost", "RuntimeDefault", "Unconfined"});
  }
}

void check_windows_options(FieldErrors& errors, const Json& context, const Path& parent) {
  const Json* options = member(context, "windowsOptions");
  if (!options) return;
  const Path path = parent.child("windowsOptions");
  if (const auto name = maybe_text(*options, "gmsaCredentialSpecName")) {
    check_dns_subdomain(errors, *name, path.child("gmsaCredentialSpecName"));
  }
  if (const auto spec = maybe_text(*options, "gmsaCredentialSpec")) {
    if (spec->empty()) {
      errors.invalid(path.child("gmsaCredentialSpec"), "",
                     "gmsaCredentialSpec cannot be an empty string");
    } else if (spec->size() > 64 * 1024) {
      errors.invalid(path.child("gmsaCredentialSpec"), *spec,
                     "gmsaCredentialSpec size must be under 64 KiB");
    }
  }
  if (const auto user = maybe_text(*options, "runAsUserName"); user && user->empty()) {
    errors.invalid(path.child("runAsUserName"), "", "runAsUserName cannot be an empty string");
  }
}

bool is_sysctl_name(std::string_view name) {
  if (name.size() > kSysctlNameMax) return false;
  while (true) {
    const std::size_t end = name.find_first_of("./");
    const std::string_view part = name.substr(0, end);
    const auto alnum = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    const auto inner = [&](char c) { return alnum(c) || c == '-' || c == '_'; };
    if (part.empty() || !alnum(part.front()) || !alnum(part.back())) return false;
    if (!std::all_of(part.begin(), part.end(), inner)) return false;
    if (end == std::string_view::npos) return true;
    name.remove_prefix(end + 1);
  }
}

bool in_namespace(std::string_view sysctl, std::initializer_list<std::string_view> prefixes) {
  std::string name(sysctl);
  std::replace(name.begin(), name.end(), '/', '.');
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view p) { return name.starts_with(p); });
}

void check_sysctls(FieldErrors& errors, const Json& spec, const Json& sysctls, const Path& path) {
  std::set<std::string, std::less<>> names;
  for (std::size_t i = 0; i < sysctls.size(); ++i) {
    const Path item = path.index(i);
    const std::string_view name = text(sysctls[i], "name");
    if (name.empty()) {
      errors.required(item.child("name"));
    } else if (!is_sysctl_name(name)) {
      errors.invalid(item.child("name"), name,
                     "must have at most 253 characters and match regex "
                     "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$");
    } else if (names.contains(name)) {
      errors.duplicate(item.child("name"), name);
    }
    if (flag(spec, "hostNetwork") && in_namespace(name, {"net."})) {
      errors.invalid(item.child("name"), name, "may not be specified when 'hostNetwork' is true");
    } else if (flag(spec, "hostIPC") &&
               in_namespace(name, {"kernel.sem", "kernel.shm", "kernel.msg", "fs.mqueue."})) {
      errors.invalid(item.child("name"), name, "may not be specified when 'hostIPC' is true");
    }
    names.emplace(name);
  }
}

void check_enum(FieldErrors& errors, const Json& context, const char* key,
                FieldErrors::Names supported, const Path& path) {
  const auto value = maybe_text(context, key);
  if (!value || std::find(supported.begin(), supported.end(), *value) != supported.end()) return;
  errors.not_supported(path.child(key), *value, supported);
}

// Calls f(container, path) for init, regular and ephemeral containers (VisitContainersWithPath).
template <class F>
void visit_containers(const Json& spec, const Path& path, F f) {
  for (const char* key : {"initContainers", "containers", "ephemeralContainers"}) {
    const Json& containers = array(spec, key);
    for (std::size_t i = 0; i < containers.size(); ++i) f(containers[i], path.at(key, i));
  }
}

void forbid(FieldErrors& errors, const Json& holder, std::initializer_list<const char*> keys,
            const Path& path) {
  for (const char* key : keys) {
    const Json* value = member(holder, key);
    if (!value || (value->is_boolean() && std::string_view(key).starts_with("host") &&
                   std::string_view(key) != "hostUsers" && !value->get<bool>())) {
      continue;
    }
    if (value->is_array() && value->empty()) continue;
    errors.forbidden(path.child(key), "cannot be set for a windows pod");
  }
}

void check_windows_pod(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json& context = object(spec, "securityContext");
  const Path context_path = path.child("securityContext");
  forbid(errors, context, {"appArmorProfile", "seLinuxOptions"}, context_path);
  forbid(errors, spec, {"hostUsers", "hostPID", "hostIPC"}, path);
  forbid(errors, context, {"seccompProfile", "fsGroup", "fsGroupChangePolicy", "sysctls"},
         context_path);
  forbid(errors, spec, {"shareProcessNamespace"}, path);
  forbid(errors, context,
         {"runAsUser", "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy",
          "seLinuxChangePolicy"},
         context_path);
  visit_containers(spec, path, [&](const Json& container, const Path& at) {
    forbid(errors, object(container, "securityContext"),
           {"appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities",
            "readOnlyRootFilesystem", "privileged", "allowPrivilegeEscalation", "procMount",
            "runAsUser", "runAsGroup"},
           at.child("securityContext"));
  });
}

void check_linux_pod(FieldErrors& errors, const Json& spec, const Path& path) {
  constexpr std::string_view kText = "windows options cannot be set for a linux pod";
  if (has(object(spec, "securityContext"), "windowsOptions")) {
    errors.forbidden(path.child("securityContext.windowsOptions"), kText);
  }
  visit_containers(spec, path, [&](const Json& container, const Path& at) {
    if (has(object(container, "securityContext"), "windowsOptions")) {
      errors.forbidden(at.child("securityContext.windowsOptions"), kText);
    }
  });
}

}  // namespace

void check_security_context(FieldErrors& errors, const Json& context, bool host_users,
                            const Path& path) {
  check_ids(errors, context, {"runAsUser", "runAsGroup"}, path);
  if (const auto mount = maybe_text(context, "procMount")) {
    if (*mount != "Default" && *mount != "Unmasked") {
      errors.not_supported(path.child("procMount"), *mount, {"Default", "Unmasked"});
    }
    if (host_users && *mount == "Unmasked") {
      errors.invalid(path.child("procMount"), *mount,
                     "`hostUsers` must be false to use `Unmasked`");
    }
  }
  check_seccomp(errors, context, path);
  if (maybe_flag(context, "allowPrivilegeEscalation") == false) {
    if (flag(context, "privileged")) {
      errors.invalid_raw(path, internal_text("SecurityContext", &context),
                         "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
    }
    for (const Json& capability : array(object(context, "capabilities"), "add")) {
      if (as_text(capability) != "CAP_SYS_ADMIN") continue;
      errors.invalid_raw(path, internal_text("SecurityContext", &context),
                         "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` "
                         "CAP_SYS_ADMIN");
    }
  }
  check_windows_options(errors, context, path);
  check_app_armor(errors, context, path);
}

void check_pod_security_context(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json& context = object(spec, "securityContext");
  check_ids(errors, context, {"fsGroup", "runAsUser", "runAsGroup"}, path);
  const Json& groups = array(context, "supplementalGroups");
  for (std::size_t i = 0; i < groups.size(); ++i) {
    check_id(errors, as_integer(groups[i]), path.at("supplementalGroups", i));
  }
  if (flag(spec, "shareProcessNamespace") && flag(spec, "hostPID")) {
    errors.invalid_raw(path.child("shareProcessNamespace"), "true",
                       "ShareProcessNamespace and HostPID cannot both be enabled");
  }
  check_sysctls(errors, spec, array(context, "sysctls"), path.child("sysctls"));
  check_enum(errors, context, "fsGroupChangePolicy", {"Always", "OnRootMismatch"}, path);
  check_seccomp(errors, context, path);
  check_windows_options(errors, context, path);
  check_app_armor(errors, context, path);
  check_enum(errors, context, "supplementalGroupsPolicy", {"Merge", "Strict"}, path);
  check_enum(errors, context, "seLinuxChangePolicy", {"MountOption", "Recursive"}, path);
}

void check_host_users(FieldErrors& errors, const Json& spec, const Path& path) {
  if (maybe_flag(spec, "hostUsers").value_or(true)) return;
  for (const char* key : {"hostNetwork", "hostPID", "hostIPC"}) {
    if (flag(spec, key)) errors.forbidden(path.child(key), "when `hostUsers` is false");
  }
}

void check_host_process(FieldErrors& errors, const Json& spec, const Path& path) {
  const auto pod =
      maybe_flag(object(object(spec, "securityContext"), "windowsOptions"), "hostProcess");
  std::size_t count = 0, host_process = 0;
  visit_containers(spec, path, [&](const Json& container, const Path& at) {
    ++count;
    const auto own =
        maybe_flag(object(object(container, "securityContext"), "windowsOptions"), "hostProcess");
    if (pod && own && *pod != *own) {
      errors.invalid_raw(at.child("securityContext.windowsOptions.hostProcess"),
                         *own ? "true" : "false",
                         std::string("pod hostProcess value must be identical if both are "
                                     "specified, was ") +
                             (*pod ? "true" : "false"));
    }
    if (own.value_or(pod.value_or(false))) ++host_process;
  });
  if (host_process == 0) return;
  if (host_process != count) {
    errors.invalid(path, "",
                   "If pod contains any hostProcess containers then all containers must be "
                   "HostProcess containers");
  }
  if (!flag(spec, "hostNetwork")) {
    errors.invalid_raw(path.child("hostNetwork"), "false",
                       "hostNetwork must be true if pod contains any hostProcess containers");
  }
}

void check_os(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json* os = member(spec, "os");
  if (!os) return;
  const std::string_view name = text(*os, "name");
  if (name.empty()) {
    errors.required(path.child("os.name"), "cannot be empty");
  } else if (name == "linux") {
    check_linux_pod(errors, spec, path);
  } else if (name == "windows") {
    check_windows_pod(errors, spec, path);
  } else {
    errors.not_supported(path.child("os"), name, {"linux", "windows"});
  }
}

}  // namespace orrery::api
