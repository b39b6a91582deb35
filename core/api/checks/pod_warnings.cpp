#include "core/api/checks/pod_warnings.h"

#include <fmt/format.h>

#include <map>
#include <tuple>

#include "core/api/checks/amount.h"
#include "core/api/checks/formats.h"
#include "core/api/checks/json_view.h"
#include "core/api/values/quoted.h"

namespace orrery::api {
namespace {

using Warnings = std::vector<std::string>;

struct Deprecated {
  const char* name;
  const char* text;
};
constexpr Deprecated kNodeLabels[] = {
    {"beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead"},
    {"beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead"},
    {"failure-domain.beta.kubernetes.io/region",
     "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead"},
    {"failure-domain.beta.kubernetes.io/zone",
     "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead"},
    {"beta.kubernetes.io/instance-type",
     "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead"},
};
// {member of the volume, name in the text, text}
struct DeprecatedVolume {
  const char* member;
  const char* shown;
  const char* text;
};
constexpr DeprecatedVolume kVolumes[] = {
    {"photonPersistentDisk", "photonPersistentDisk",
     "deprecated in v1.11, non-functional in v1.16+"},
    {"gitRepo", "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"},
    {"scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"},
    {"flocker", "flocker", "deprecated in v1.22, non-functional in v1.25+"},
    {"storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"},
    {"quobyte", "quobyte", "deprecated in v1.22, non-functional in v1.25+"},
    {"glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"},
    {"cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"},
    {"rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"},
};
constexpr const char* kContainerLists[] = {"initContainers", "containers", "ephemeralContainers"};
constexpr char kAppArmor[] = "container.apparmor.security.beta.kubernetes.io/";
constexpr char kNullSelector[] = "a null labelSelector results in matching no pod";

void placement_warnings(Warnings& out, const Json& spec, const std::string& path) {
  for (const auto& [key, value] : object(spec, "nodeSelector").items()) {
    const std::string why = deprecated_node_label(key);
    if (!why.empty()) out.push_back(fmt::format("{}.nodeSelector[{}]: {}", path, key, why));
  }
  const Json& required = object(object(object(spec, "affinity"), "nodeAffinity"),
                                "requiredDuringSchedulingIgnoredDuringExecution");
  const Json& terms = array(required, "nodeSelectorTerms");
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const Json& expressions = array(terms[i], "matchExpressions");
    for (std::size_t j = 0; j < expressions.size(); ++j) {
      const std::string_view key = text(expressions[j], "key");
      const std::string why = deprecated_node_label(key);
      if (why.empty()) continue;
      out.push_back(fmt::format(
          "{}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution."
          "nodeSelectorTerms[{}].matchExpressions[{}].key: {} is {}",
          path, i, j, key, why));
    }
  }
  const Json& spread = array(spec, "topologySpreadConstraints");
  for (std::size_t i = 0; i < spread.size(); ++i) {
    const std::string_view key = text(spread[i], "topologyKey");
    const std::string why = deprecated_node_label(key);
    const std::string at = fmt::format("{}.topologySpreadConstraints[{}]", path, i);
    if (!why.empty()) out.push_back(fmt::format("{}.topologyKey: {} is {}", at, key, why));
    if (!has(spread[i], "labelSelector")) out.push_back(at + ".labelSelector: " + kNullSelector);
  }
}

// Fields took over; a pod keeps its annotations for old nodes.
void annotation_warnings(Warnings& out, const Json& spec, const Json& annotations,
                         const std::string& path, bool is_template) {
  for (const char* list : kContainerLists) {
    for (const Json& container : array(spec, list)) {
      const std::string key = kAppArmor + std::string(text(container, "name"));
      if (!has(annotations, key.c_str())) continue;
      if (is_template && has(object(container, "securityContext"), "appArmorProfile")) continue;
      out.push_back(fmt::format("{}.annotations[{}]: deprecated since v1.30; use the "
                                "\"appArmorProfile\" field instead",
                                path, key));
    }
  }
}

void pull_secret_warnings(Warnings& out, const Json& spec, const std::string& path) {
  std::map<std::string_view, std::size_t> seen;
  const Json& secrets = array(spec, "imagePullSecrets");
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const std::string_view name = text(secrets[i], "name");
    const std::string at = fmt::format("{}.imagePullSecrets[{}].name", path, i);
    if (name.empty()) {
      out.push_back(at + ": invalid empty name \"\"");
    } else if (!seen.emplace(name, i).second) {
      out.push_back(fmt::format("{}: duplicate name {}", at, quoted(name)));
    }
  }
}

void amount_warnings(Warnings& out, const Json& holder, const std::string& path) {
  for (const char* list : {"limits", "requests"}) {
    for (const char* resource : {"memory", "ephemeral-storage"}) {
      const Json* amount = member(object(holder, list), resource);
      if (!amount || is_whole_amount(*amount)) continue;
      out.push_back(fmt::format("{}.{}[{}]: fractional byte value {} is invalid, must be an "
                                "integer",
                                path, list, resource, api::quoted(amount_text(amount))));
    }
  }
}

void volume_warnings(Warnings& out, const Json& spec, const std::string& path) {
  const Json& volumes = array(spec, "volumes");
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    const std::string at = fmt::format("{}.volumes[{}]", path, i);
    for (const DeprecatedVolume& row : kVolumes) {
      if (!has(volumes[i], row.member)) continue;
      out.push_back(fmt::format("{}.{}: {}", at, row.shown, row.text));
    }
    const Json& claim = object(object(volumes[i], "ephemeral"), "volumeClaimTemplate");
    const Json* storage =
        member(object(object(object(claim, "spec"), "resources"), "requests"), "storage");
    if (!storage || is_whole_amount(*storage)) continue;
    out.push_back(fmt::format("{}.ephemeral.volumeClaimTemplate.spec.resources.requests[storage]: "
                              "fractional byte value {} is invalid, must be an integer",
                              at, api::quoted(amount_text(storage))));
  }
}

void env_warnings(Warnings& out, const Json& container, const std::string& path) {
  std::map<std::string_view, std::string_view> seen;  // by name, the literal value
  const Json& vars = array(container, "env");
  for (std::size_t i = 0; i < vars.size(); ++i) {
    const std::string_view name = text(vars[i], "name"), value = text(vars[i], "value");
    const auto [it, fresh] = seen.emplace(name, value);
    if (fresh) continue;
    // "$(NAME)" in the value: the previous one is used.
    const bool uses_it = value.find(fmt::format("$({})", name)) != std::string_view::npos;
    if (!uses_it) {
      out.push_back(fmt::format("{}.env[{}]: hides previous definition of {}, which may be dropped "
                                "when using apply",
                                path, i, quoted(name)));
    }
    it->second = value;
  }
}

void port_warnings(Warnings& out, const Json& container, const std::string& path) {
  using Key = std::tuple<std::int64_t, std::string_view, std::int64_t, std::string_view>;
  std::map<Key, std::size_t> seen;
  const Json& ports = array(container, "ports");
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const Key key{integer(ports[i], "containerPort"), text(ports[i], "protocol"),
                  integer(ports[i], "hostPort"), text(ports[i], "hostIP")};
    const auto [it, fresh] = seen.emplace(key, i);
    if (fresh) continue;
    out.push_back(fmt::format("{}.ports[{}]: duplicate port definition with {}.ports[{}]", path, i,
                              path, it->second));
  }
}

void container_warnings(Warnings& out, const Json& spec, const std::string& path) {
  for (const char* list : kContainerLists) {
    const Json& containers = array(spec, list);
    for (std::size_t i = 0; i < containers.size(); ++i) {
      const std::string at = fmt::format("{}.{}[{}]", path, list, i);
      amount_warnings(out, object(containers[i], "resources"), at + ".resources");
      env_warnings(out, containers[i], at);
      port_warnings(out, containers[i], at);
    }
  }
}

void affinity_warnings(Warnings& out, const Json& spec, const std::string& path) {
  for (const char* side : {"podAffinity", "podAntiAffinity"}) {
    const Json& affinity = object(object(spec, "affinity"), side);
    const std::string at = fmt::format("{}.affinity.{}", path, side);
    const Json& required = array(affinity, "requiredDuringSchedulingIgnoredDuringExecution");
    for (std::size_t i = 0; i < required.size(); ++i) {
      if (has(required[i], "labelSelector")) continue;
      out.push_back(fmt::format(
          "{}.requiredDuringSchedulingIgnoredDuringExecution[{}].labelSelector: {}", at, i,
          kNullSelector));
    }
    const Json& preferred = array(affinity, "preferredDuringSchedulingIgnoredDuringExecution");
    for (std::size_t i = 0; i < preferred.size(); ++i) {
      if (has(object(preferred[i], "podAffinityTerm"), "labelSelector")) continue;
      out.push_back(fmt::format("{}.preferredDuringSchedulingIgnoredDuringExecution[{}]."
                                "podAffinityTerm.labelSelector: {}",
                                at, i, kNullSelector));
    }
  }
}

}  // namespace

std::string deprecated_node_label(std::string_view key) {
  for (const Deprecated& row : kNodeLabels) {
    if (key == row.name) return row.text;
  }
  return {};
}

void host_name_warning(Warnings& out, const Json& object_json, std::string_view use) {
  const Messages messages = dns_label_messages(text(object(object_json, "metadata"), "name"));
  if (messages.empty()) return;
  std::string list;
  for (const std::string& message : messages) list.append(list.empty() ? "" : " ").append(message);
  out.push_back(fmt::format("metadata.name: this is used in {}, which can result in surprising "
                            "behavior; a DNS label is recommended: [{}]",
                            use, list));
}

void pod_warnings(Warnings& out, const Json& pod, std::string_view path, bool is_template) {
  const std::string prefix = path.empty() ? std::string() : std::string(path) + ".";
  const Json& spec = object(pod, "spec");
  const std::string at = prefix + "spec";
  placement_warnings(out, spec, at);
  annotation_warnings(out, spec, object(object(pod, "metadata"), "annotations"),
                      prefix + "metadata", is_template);
  pull_secret_warnings(out, spec, at);
  volume_warnings(out, spec, at);
  container_warnings(out, spec, at);
  const auto grace = maybe_integer(spec, "terminationGracePeriodSeconds");
  if (grace && *grace < 0) {
    out.push_back(at +
                  ".terminationGracePeriodSeconds: must be >= 0; negative values are invalid and "
                  "will be treated as 1");
  }
  affinity_warnings(out, spec, at);
}

}  // namespace orrery::api
