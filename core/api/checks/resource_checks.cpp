#include "core/api/checks/resource_checks.h"

#include <algorithm>
#include <array>

#include "core/api/checks/amount.h"
#include "core/api/checks/formats.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

constexpr std::string_view kHugepages = "hugepages-";

// Resources that are counted, not measured.
constexpr std::array<std::string_view, 9> kCounted{"pods",
                                                   "resourcequotas",
                                                   "services",
                                                   "replicationcontrollers",
                                                   "secrets",
                                                   "configmaps",
                                                   "persistentvolumeclaims",
                                                   "services.nodeports",
                                                   "services.loadbalancers"};
constexpr std::array<std::string_view, 11> kMeasured{
    "cpu",          "memory",          "ephemeral-storage",
    "requests.cpu", "requests.memory", "requests.ephemeral-storage",
    "limits.cpu",   "limits.memory",   "limits.ephemeral-storage",
    "storage",      "requests.storage"};

template <class List>
bool among(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool is_extended_resource(std::string_view name) {
  if (is_native_resource(name) || name.starts_with("requests.")) return false;
  return qualified_name_messages("requests." + std::string(name)).empty();
}

// Returns whether the name itself is well formed.
bool check_resource_name(FieldErrors& errors, std::string_view name, const Path& path) {
  const Messages messages = qualified_name_messages(name);
  errors.invalid_each(path, name, messages);
  if (!messages.empty()) return false;
  const bool plain = name.find('/') == std::string_view::npos;
  if (plain && !among(kCounted, name) && !among(kMeasured, name) && !is_hugepages(name)) {
    errors.invalid(path, name, "must be a standard resource type or fully qualified");
    return false;
  }
  return true;
}

void check_container_resource_name(FieldErrors& errors, std::string_view name, const Path& path) {
  if (name == "cpu" || name == "memory" || name == "ephemeral-storage") return;
  check_resource_name(errors, name, path);
  if (name.find('/') == std::string_view::npos) {
    if (!is_hugepages(name)) {
      errors.invalid(path, name, "must be a standard resource for containers");
    }
  } else if (!is_native_resource(name) && !is_extended_resource(name)) {
    errors.invalid(path, name, "doesn't follow extended resource name standard");
  }
}

void check_pod_resource_name(FieldErrors& errors, std::string_view name, const Path& path) {
  if (!check_resource_name(errors, name, path) || is_pod_level_resource(name)) return;
  errors.not_supported(path, name, {"cpu", "hugepages-", "memory"});
}

using NameCheck = void (*)(FieldErrors&, std::string_view, const Path&);

void check_one_resource(FieldErrors& errors, std::string_view name, const Json& value,
                        NameCheck check_name, const Path& path) {
  check_name(errors, name, path);
  check_resource_quantity(errors, name, value, path);
}

void check_hugepages(FieldErrors& errors, std::string_view name, const Json& value,
                     const Path& path) {
  if (!is_hugepages(name) || is_divisible_hugepages(name, value)) return;
  const std::string amount = amount_text(&value);
  errors.invalid(path, amount,
                 amount + " is not positive integer multiple of " + std::string(name));
}

void check_request(FieldErrors& errors, const std::string& name, const Json& request,
                   const Json& limits, const Path& path) {
  const Json* limit = member(limits, name.c_str());
  if (!limit) {
    if (!is_overcommit_allowed(name)) {
      errors.required(path.child("limits"), "Limit must be set for non overcommitable resources");
    }
    return;
  }
  const int order = compare_amounts(&request, limit);
  if (order != 0 && !is_overcommit_allowed(name)) {
    errors.invalid(path.child("requests"), amount_text(&request),
                   "must be equal to " + name + " limit of " + amount_text(limit));
  } else if (order > 0) {
    errors.invalid(path.child("requests"), amount_text(&request),
                   "must be less than or equal to " + name + " limit of " + amount_text(limit));
  }
}

void check_claims(FieldErrors& errors, const Json& claims, const ClaimNames& pod_claims,
                  const Path& path) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const Path at = path.index(i);
    const std::string name(text(claims[i], "name"));
    if (name.empty()) {
      errors.required(at);
      continue;
    }
    const std::string request(text(claims[i], "request"));
    const std::string key = request.empty() ? name : name + "/" + request;
    if (names.contains(name)) {
      errors.duplicate(at, name);
    } else {
      if (!request.empty()) check_dns_label(errors, request, at.child("request"));
      const bool overlaps = std::any_of(names.begin(), names.end(), [&](const std::string& other) {
        return request.empty() && other.starts_with(name + "/");
      });
      if (names.contains(key) || overlaps) errors.duplicate(at, key);
      names.insert(key);
    }
    if (pod_claims.contains(name)) continue;
    std::string detail = "must be one of the names in pod.spec.resourceClaims";
    if (pod_claims.empty()) detail += " which is empty";
    for (auto it = pod_claims.begin(); it != pod_claims.end(); ++it) {
      detail.append(it == pod_claims.begin() ? ": " : ", ").append(*it);
    }
    errors.not_found(at, name, detail);
  }
}

void check_requirements(FieldErrors& errors, const Json& resources, NameCheck check_name,
                        const ClaimNames& claims, const Path& path) {
  const Json& limits = object(resources, "limits");
  const Json& requests = object(resources, "requests");
  bool pages = false, compute = false;
  const Path limits_path = path.child("limits"), requests_path = path.child("requests");
  for (const auto& [name, value] : limits.items()) {
    check_one_resource(errors, name, value, check_name, limits_path.key(name));
    check_hugepages(errors, name, value, limits_path.key(name));
    pages = pages || is_hugepages(name);
    compute = compute || name == "cpu" || name == "memory";
  }
  for (const auto& [name, value] : requests.items()) {
    check_one_resource(errors, name, value, check_name, requests_path.key(name));
    check_request(errors, name, value, limits, path);
    check_hugepages(errors, name, value, requests_path.key(name));
    pages = pages || is_hugepages(name);
    compute = compute || name == "cpu" || name == "memory";
  }
  if (pages && !compute) errors.forbidden(path, "HugePages require cpu or memory");
  check_claims(errors, array(resources, "claims"), claims, path.child("claims"));
}

void check_pod_against_containers(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json& resources = object(spec, "resources");
  const Json& requests = object(resources, "requests");
  const Path requests_path = path.child("requests");
  const Json needed = aggregate_containers(spec, "requests");
  for (const auto& [name, value] : needed.items()) {
    const Json* request = member(requests, name.c_str());
    if (compare_amounts(&value, request) > 0) {
      errors.invalid(requests_path.key(name), amount_text(request),
                     "must be greater than or equal to aggregate container requests of " +
                         amount_text(&value));
    }
  }
  const Json& pod_limits = object(resources, "limits");
  const Json& containers = array(spec, "containers");
  for (std::size_t i = 0; i < containers.size(); ++i) {
    for (const auto& [name, value] : object(object(containers[i], "resources"), "limits").items()) {
      const Json* limit = member(pod_limits, name.c_str());
      if (!limit || compare_amounts(&value, limit) <= 0) continue;
      errors.invalid(path.at("containers", i).key(name).child("limits"), amount_text(&value),
                     "must be less than or equal to pod limits of " + amount_text(limit));
    }
  }
}

bool all_containers_limit(const Json& spec, const std::string& resource) {
  for (const char* key : {"containers", "initContainers"}) {
    for (const Json& container : array(spec, key)) {
      if (!has(object(object(container, "resources"), "limits"), resource.c_str())) return false;
    }
  }
  return true;
}

// Hugepage limits of a pod are the sum of the containers', unless requested for the pod.
void default_hugepage_limits(Json& resources, const Json& container_limits) {
  const Json requests = object(resources, "requests");
  for (const auto& [name, limit] : container_limits.items()) {
    if (!is_hugepages(name) || requests.contains(name)) continue;
    Json& limits = make_object(resources, "limits");
    if (!limits.contains(name)) limits[name] = limit;
  }
}

}  // namespace

void check_limited_resource_name(FieldErrors& errors, std::string_view name, bool containers,
                                 const Path& path) {
  if (containers) {
    check_container_resource_name(errors, name, path);
  } else {
    check_resource_name(errors, name, path);
  }
}

bool is_hugepages(std::string_view resource) { return resource.starts_with(kHugepages); }

bool is_native_resource(std::string_view resource) {
  return resource.find('/') == std::string_view::npos ||
         resource.find("kubernetes.io/") != std::string_view::npos;
}

bool is_overcommit_allowed(std::string_view resource) {
  return is_native_resource(resource) && !is_hugepages(resource);
}

bool is_pod_level_resource(std::string_view resource) {
  return resource == "cpu" || resource == "memory" || is_hugepages(resource);
}

void check_resource_quantity(FieldErrors& errors, std::string_view resource, const Json& value,
                             const Path& path) {
  if (is_negative_amount(value)) {
    errors.invalid(path, amount_text(&value), "must be greater than or equal to 0");
  }
  const bool counted = among(kCounted, resource) || is_extended_resource(resource);
  if (counted && !is_whole_amount(value)) {
    errors.invalid(path, amount_text(&value), "must be an integer");
  }
}

void check_container_resources(FieldErrors& errors, const Json& resources, const ClaimNames& claims,
                               const Path& path) {
  check_requirements(errors, resources, check_container_resource_name, claims, path);
}

void check_overhead(FieldErrors& errors, const Json& overhead, const Path& path) {
  check_requirements(errors, Json{{"limits", overhead}}, check_container_resource_name, {}, path);
}

void check_pod_resources(FieldErrors& errors, const Json& spec, const ClaimNames& claims,
                         const Path& path) {
  const Json* resources = member(spec, "resources");
  if (!resources) return;
  if (has(*resources, "claims")) {
    errors.forbidden(path.child("claims"), "claims cannot be set for Resources at pod-level");
  }
  check_requirements(errors, *resources, check_pod_resource_name, claims, path);
  check_pod_against_containers(errors, spec, path);
}

void default_pod_level_resources(Json& spec) {
  if (!has(spec, "resources")) return;
  Json& resources = spec["resources"];
  if (!resources.is_object()) return;
  const Json container_limits = aggregate_containers(spec, "limits");
  if (!object(resources, "limits").empty() || !object(resources, "requests").empty()) {
    default_hugepage_limits(resources, container_limits);
  }
  const Json limits = object(resources, "limits");
  if (!limits.empty()) {
    Json requests = object(resources, "requests");
    const Json needed = aggregate_containers(spec, "requests");
    for (const auto& [name, value] : needed.items()) {
      const bool wanted = is_pod_level_resource(name) && is_overcommit_allowed(name);
      if (wanted && !requests.contains(name)) requests[name] = value;
    }
    for (const auto& [name, value] : limits.items()) {
      if (is_pod_level_resource(name) && !requests.contains(name)) requests[name] = value;
    }
    if (!requests.empty()) resources["requests"] = std::move(requests);
    return;
  }
  if (object(resources, "requests").empty()) return;
  Json pod_limits = Json::object();
  for (const auto& [name, value] : container_limits.items()) {
    const bool wanted = is_pod_level_resource(name) && is_overcommit_allowed(name);
    if (wanted && all_containers_limit(spec, name)) pod_limits[name] = value;
  }
  if (!pod_limits.empty()) resources["limits"] = std::move(pod_limits);
}

}  // namespace orrery::api
