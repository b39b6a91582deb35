#include "core/api/checks/pod_checks.h"

#include <algorithm>
#include <set>

#include "core/api/checks/affinity_checks.h"
#include "core/api/checks/container_checks.h"
#include "core/api/checks/internal_form.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/security_checks.h"
#include "core/api/checks/volume_checks.h"

namespace orrery::api {
namespace {

constexpr std::int64_t kInt32Max = 2147483647;
constexpr std::size_t kNameserversMax = 3, kSearchesMax = 32, kSearchBytesMax = 2048;

ClaimNames check_resource_claims(FieldErrors& errors, const Json& spec, const Path& path) {
  ClaimNames all, seen;
  const Json& claims = array(spec, "resourceClaims");
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const Json& claim = claims[i];
    const Path at = path.index(i);
    const std::string_view name = text(claim, "name");
    if (name.empty()) {
      errors.required(at.child("name"));
    } else if (!seen.emplace(name).second) {
      errors.duplicate(at.child("name"), name);
    } else {
      check_dns_label(errors, name, at.child("name"));
    }
    const auto direct = maybe_text(claim, "resourceClaimName");
    const auto from_template = maybe_text(claim, "resourceClaimTemplateName");
    if (direct && from_template) {
      errors.invalid_raw(at, internal_text("PodResourceClaim", &claim),
                         "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be "
                         "specified");
    }
    if (!direct && !from_template) {
      errors.invalid_raw(at, internal_text("PodResourceClaim", &claim),
                         "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
    }
    if (direct) check_dns_subdomain(errors, *direct, at.child("resourceClaimName"));
    if (from_template) {
      check_dns_subdomain(errors, *from_template, at.child("resourceClaimTemplateName"));
    }
    if (!name.empty()) all.emplace(name);
  }
  return all;
}

// With host networking a host port is the container's port.
void check_host_network(FieldErrors& errors, const Json& spec, bool is_pod, const Path& path) {
  if (!flag(spec, "hostNetwork")) return;
  const Json& containers = array(spec, "containers");
  for (std::size_t c = 0; c < containers.size(); ++c) {
    const Path at = path.at("containers", c);
    const Json& ports = array(containers[c], "ports");
    for (std::size_t p = 0; p < ports.size(); ++p) {
      const std::int64_t host = integer(ports[p], "hostPort");
      if ((is_pod || host != 0) && host != integer(ports[p], "containerPort")) {
        errors.invalid(at.at("ports", p).child("hostPort"), host,
                       "must match `containerPort` when `hostNetwork` is true");
      }
    }
  }
}

void check_policies(FieldErrors& errors, const Json& spec, const Path& path) {
  const std::string_view restart = text(spec, "restartPolicy");
  if (restart.empty()) {
    errors.required(path.child("restartPolicy"));
  } else if (restart != "Always" && restart != "OnFailure" && restart != "Never") {
    errors.not_supported(path.child("restartPolicy"), restart, {"Always", "OnFailure", "Never"});
  }
  const std::string_view dns = text(spec, "dnsPolicy");
  if (dns.empty()) {
    errors.required(path.child("dnsPolicy"));
  } else if (dns != "ClusterFirstWithHostNet" && dns != "ClusterFirst" && dns != "Default" &&
             dns != "None") {
    errors.not_supported(path.child("dnsPolicy"), dns,
                         {"ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"});
  }
}

void check_searches(FieldErrors& errors, const Json& config, const Path& path) {
  const Json& searches = array(config, "searches");
  std::size_t bytes = searches.empty() ? 0 : searches.size() - 1;
  for (const Json& search : searches) bytes += as_text(search).size();
  if (searches.size() > kSearchesMax) {
    errors.invalid_raw(path.child("searches"), searches.dump(),
                       "must not have more than 32 search paths");
  }
  if (bytes > kSearchBytesMax) {
    errors.invalid_raw(path.child("searches"), searches.dump(),
                       "must not have more than 2048 characters (including spaces) in the search "
                       "list");
  }
  for (std::size_t i = 0; i < searches.size(); ++i) {
    std::string_view search = as_text(searches[i]);
    if (search == ".") continue;
    if (search.ends_with('.')) search.remove_suffix(1);
    errors.invalid_each(path.at("searches", i), search, dns_subdomain_underscore_messages(search));
  }
}

void check_dns_config(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json* config = member(spec, "dnsConfig");
  const Json& nameservers = config ? array(*config, "nameservers") : empty_array();
  if (text(spec, "dnsPolicy") == "None") {
    if (!config) {
      return errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
    }
    if (nameservers.empty()) {
      return errors.required(path.child("nameservers"),
                             "must provide at least one DNS nameserver when `dnsPolicy` is None");
    }
  }
  if (!config) return;
  if (nameservers.size() > kNameserversMax) {
    errors.invalid_raw(path.child("nameservers"), nameservers.dump(),
                       "must not have more than 3 nameservers");
  }
  for (std::size_t i = 0; i < nameservers.size(); ++i) {
    check_ip(errors, as_text(nameservers[i]), path.at("nameservers", i));
  }
  check_searches(errors, *config, path);
  const Json& options = array(*config, "options");
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (text(options[i], "name").empty())
      errors.required(path.at("options", i), "must not be empty");
  }
}

void check_gates(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json& readiness = array(spec, "readinessGates");
  for (std::size_t i = 0; i < readiness.size(); ++i) {
    check_qualified_name(errors, text(readiness[i], "conditionType"),
                         path.at("readinessGates", i).child("conditionType"));
  }
  std::set<std::string, std::less<>> seen;
  const Json& scheduling = array(spec, "schedulingGates");
  for (std::size_t i = 0; i < scheduling.size(); ++i) {
    const std::string_view name = text(scheduling[i], "name");
    check_qualified_name(errors, name, path.at("schedulingGates", i));
    if (!seen.emplace(name).second) errors.duplicate(path.at("schedulingGates", i), name);
  }
}

void check_optional_subdomain(FieldErrors& errors, const Json& spec, const char* key,
                              const Path& path) {
  const std::string_view name = text(spec, key);
  if (!name.empty()) check_dns_subdomain(errors, name, path.child(key));
}

void check_names(FieldErrors& errors, const Json& spec, const Path& path) {
  check_optional_subdomain(errors, spec, "serviceAccountName", path);
  check_optional_subdomain(errors, spec, "nodeName", path);
  if (const auto deadline = maybe_integer(spec, "activeDeadlineSeconds")) {
    if (*deadline < 1 || *deadline > kInt32Max) {
      errors.invalid(path.child("activeDeadlineSeconds"), *deadline, range_message(1, kInt32Max));
    }
  }
  for (const char* key : {"hostname", "subdomain"}) {
    if (!text(spec, key).empty()) check_dns_label(errors, text(spec, key), path.child(key));
  }
  check_tolerations(errors, array(spec, "tolerations"), path.child("tolerations"));
  const Json& aliases = array(spec, "hostAliases");
  for (std::size_t i = 0; i < aliases.size(); ++i) {
    const Path at = path.at("hostAliases", i);
    check_ip(errors, text(aliases[i], "ip"), at.child("ip"));
    const Json& names = array(aliases[i], "hostnames");
    for (std::size_t n = 0; n < names.size(); ++n) {
      check_dns_subdomain(errors, as_text(names[n]), at.at("hostnames", n));
    }
  }
  check_optional_subdomain(errors, spec, "priorityClassName", path);
  if (const auto name = maybe_text(spec, "runtimeClassName")) {
    check_dns_subdomain(errors, *name, path.child("runtimeClassName"));
  }
  if (const auto policy = maybe_text(spec, "preemptionPolicy")) {
    if (policy->empty()) {
      errors.required(path.child("preemptionPolicy"));
    } else if (*policy != "PreemptLowerPriority" && *policy != "Never") {
      errors.not_supported(path.child("preemptionPolicy"), *policy,
                           {"PreemptLowerPriority", "Never"});
    }
  }
  if (has(spec, "overhead")) {
    check_overhead(errors, object(spec, "overhead"), path.child("overhead"));
  }
}

bool is_int32(std::string_view value) {
  const std::string_view digits = value.starts_with('-') ? value.substr(1) : value;
  if (digits.empty() || digits.size() > 10 || (digits.size() > 1 && digits.front() == '0')) {
    return false;
  }
  std::int64_t number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + (c - '0');
  }
  return number <= (value.starts_with('-') ? kInt32Max + 1 : kInt32Max);
}

}  // namespace

void check_pod_spec(FieldErrors& errors, const Json& spec, std::string_view pod_name, bool is_pod,
                    const Path& path) {
  PodFacts pod{spec,
               {},
               {},
               maybe_integer(spec, "terminationGracePeriodSeconds"),
               maybe_flag(spec, "hostUsers").value_or(true),
               is_pod};
  if (!pod.grace_period) errors.required(path.child("terminationGracePeriodSeconds"));
  pod.volumes = check_volumes(errors, spec, pod_name, is_pod, path.child("volumes"));
  pod.claims = check_resource_claims(errors, spec, path.child("resourceClaims"));
  check_containers(errors, pod, path.child("containers"));
  check_init_containers(errors, pod, path.child("initContainers"));
  check_ephemeral_containers(errors, pod, path.child("ephemeralContainers"));
  check_pod_resources(errors, spec, pod.claims, path.child("resources"));
  check_host_network(errors, spec, is_pod, path);
  check_policies(errors, spec, path);
  check_labels(errors, object(spec, "nodeSelector"), path.child("nodeSelector"));
  check_pod_security_context(errors, spec, path.child("securityContext"));
  check_affinity(errors, object(spec, "affinity"), path.child("affinity"));
  check_dns_config(errors, spec, path.child("dnsConfig"));
  check_gates(errors, spec, path);
  check_topology_spread(errors, array(spec, "topologySpreadConstraints"),
                        path.child("topologySpreadConstraints"));
  check_host_process(errors, spec, path);
  check_host_users(errors, spec, path);
  check_names(errors, spec, path);
  check_os(errors, spec, path);
}

void check_pod_annotations(FieldErrors& errors, const Json& annotations, const Json& spec,
                           const Path& path) {
  constexpr char kMirror[] = "kubernetes.io/config.mirror";
  constexpr char kCost[] = "controller.kubernetes.io/pod-deletion-cost";
  if (const auto mirror = maybe_text(annotations, kMirror)) {
    if (text(spec, "nodeName").empty()) {
      errors.invalid(path.key(kMirror), *mirror,
                     "must set spec.nodeName if mirror pod annotation is set");
    }
  }
  const auto cost = maybe_text(annotations, kCost);
  if (cost && !is_int32(*cost)) {
    errors.invalid(path.key(kCost), *cost, "must be a 32bit integer");
  }
}

void check_pod_template(FieldErrors& errors, const Json& pod_template, const Path& path) {
  const Json& meta = object(pod_template, "metadata");
  const Json& spec = object(pod_template, "spec");
  check_labels(errors, object(meta, "labels"), path.child("labels"));
  check_annotations(errors, object(meta, "annotations"), path.child("annotations"));
  check_pod_annotations(errors, object(meta, "annotations"), spec, path.child("annotations"));
  check_pod_spec(errors, spec, {}, false, path.child("spec"));
  if (!array(spec, "ephemeralContainers").empty()) {
    errors.forbidden(path.child("spec.ephemeralContainers"),
                     "ephemeral containers not allowed in pod template");
  }
}

void check_pod_object(FieldErrors& errors, const Json& pod) {
  const Json& meta = object(pod, "metadata");
  const Json& spec = object(pod, "spec");
  const Path path("spec");
  check_object_meta(errors, pod, Scope::kNamespaced, subdomain_name);
  check_pod_annotations(errors, object(meta, "annotations"), spec, Path("metadata.annotations"));
  check_pod_spec(errors, spec, text(meta, "name"), true, path);
  if (text(spec, "serviceAccountName").empty()) {
    const Json& volumes = array(spec, "volumes");
    for (std::size_t v = 0; v < volumes.size(); ++v) {
      const Path volume = path.at("volumes", v);
      const Path projected = volume.child("projected");
      const Json& sources = array(object(volumes[v], "projected"), "sources");
      for (std::size_t s = 0; s < sources.size(); ++s) {
        if (!has(sources[s], "serviceAccountToken")) continue;
        errors.forbidden(projected.at("sources", s).child("serviceAccountToken"),
                         "must not be specified when serviceAccountName is not set");
      }
    }
  }
  for (const char* key : {"containers", "initContainers", "ephemeralContainers"}) {
    check_image_spaces(errors, array(spec, key), path.child(key));
  }
}

void check_pod_create(FieldErrors& errors, const Json& pod) {
  check_pod_object(errors, pod);
  const Json& spec = object(pod, "spec");
  const Path path("spec");
  if (!array(spec, "ephemeralContainers").empty()) {
    errors.forbidden(path.child("ephemeralContainers"), "cannot be set on create");
  }
  if (!text(spec, "nodeName").empty() && !array(spec, "schedulingGates").empty()) {
    errors.forbidden(path.child("nodeName"),
                     "cannot be set until all schedulingGates have been cleared");
  }
}

}  // namespace orrery::api
