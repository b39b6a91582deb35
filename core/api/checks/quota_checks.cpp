#include "core/api/checks/quota_checks.h"

#include <algorithm>
#include <array>

#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/object_defaults.h"
#include "core/api/checks/pod_defaults.h"
#include "core/api/checks/resource_checks.h"

namespace orrery::api {
namespace {

constexpr std::array<std::string_view, 19> kQuotaResources{"cpu",
                                                           "memory",
                                                           "ephemeral-storage",
                                                           "requests.cpu",
                                                           "requests.memory",
                                                           "requests.storage",
                                                           "requests.ephemeral-storage",
                                                           "limits.cpu",
                                                           "limits.memory",
                                                           "limits.ephemeral-storage",
                                                           "pods",
                                                           "resourcequotas",
                                                           "services",
                                                           "replicationcontrollers",
                                                           "secrets",
                                                           "persistentvolumeclaims",
                                                           "configmaps",
                                                           "services.nodeports",
                                                           "services.loadbalancers"};
constexpr std::array<std::string_view, 6> kPodCompute{
    "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"};
constexpr std::array<std::string_view, 7> kScopes{
    "Terminating",   "NotTerminating",           "BestEffort",           "NotBestEffort",
    "PriorityClass", "CrossNamespacePodAffinity", "VolumeAttributesClass"};

template <class List>
bool among(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool is_quota_resource(std::string_view name) {
  return among(kQuotaResources, name) || is_hugepages(name) ||
         name.starts_with("requests.hugepages-");
}

bool is_scope_for(std::string_view scope, std::string_view resource) {
  if (!among(kScopes, scope)) return true;
  if (scope == "BestEffort") return resource == "pods";
  if (scope == "VolumeAttributesClass") {
    return resource == "persistentvolumeclaims" || resource == "requests.storage";
  }
  return resource == "pods" || among(kPodCompute, resource);
}

void check_hard(FieldErrors& errors, const Json& list, const Path& path) {
  for (const auto& [name, value] : list.items()) {
    const Path at = path.key(name);
    const Messages messages = qualified_name_messages(name);
    errors.invalid_each(at, name, messages);
    const bool plain = name.find('/') == std::string::npos;
    if (messages.empty() && plain && !is_quota_resource(name)) {
      if (name != "storage") {
        errors.invalid(at, name, "must be a standard resource type or fully qualified");
      }
      errors.invalid(at, name, "must be a standard resource for quota");
    }
    check_resource_quantity(errors, name, value, at);
  }
}

// A scope, against each of the resources that are limited.
void check_scope_resources(FieldErrors& errors, std::string_view scope, const Json& hard,
                           const std::string& shown, const Path& path) {
  for (const auto& [name, value] : hard.items()) {
    if (is_quota_resource(name) && !is_scope_for(scope, name)) {
      errors.invalid_raw(path, shown, "unsupported scope applied to resource");
    }
  }
}

void check_conflicts(FieldErrors& errors, const std::vector<std::string_view>& scopes,
                     const std::string& shown, const Path& path) {
  const auto both = [&](const char* a, const char* b) {
    return among(scopes, a) && among(scopes, b);
  };
  for (int i = 0; i < both("BestEffort", "NotBestEffort") + both("Terminating", "NotTerminating");
       ++i) {
    errors.invalid_raw(path, shown, "conflicting scopes");
  }
}

void check_scopes(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json& scopes = array(spec, "scopes");
  std::vector<std::string_view> names;
  for (const Json& scope : scopes) {
    names.push_back(as_text(scope));
    if (!among(kScopes, names.back())) {
      errors.invalid_raw(path, scopes.dump(), "unsupported scope");
    }
    check_scope_resources(errors, names.back(), object(spec, "hard"), scopes.dump(), path);
  }
  check_conflicts(errors, names, scopes.dump(), path);
}

void check_scope_operator(FieldErrors& errors, const Json& term, const Path& path) {
  const std::string_view scope = text(term, "scopeName"), op = text(term, "operator");
  const bool exists_only = scope != "PriorityClass" && scope != "VolumeAttributesClass";
  if (exists_only && among(kScopes, scope) && op != "Exists") {
    errors.invalid(path.child("operator"), op,
                   "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, "
                   "ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, "
                   "ResourceQuotaScopeNotBestEffort or "
                   "ResourceQuotaScopeCrossNamespacePodAffinity");
  }
  const Json& values = array(term, "values");
  if (op == "In" || op == "NotIn") {
    if (values.empty()) {
      errors.required(path.child("values"),
                      "must be at least one value when `operator` is 'In' or 'NotIn' for scope "
                      "selector");
    }
  } else if (op == "Exists" || op == "DoesNotExist") {
    if (!values.empty()) {
      errors.invalid_raw(path.child("values"), values.dump(),
                         "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope "
                         "selector");
    }
  } else {
    errors.invalid(path.child("operator"), op, "not a valid selector operator");
  }
}

void check_scope_selector(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json& selector = object(spec, "scopeSelector");
  std::vector<std::string_view> names;
  for (const Json& term : array(selector, "matchExpressions")) {
    names.push_back(text(term, "scopeName"));
    if (!among(kScopes, names.back())) {
      errors.invalid(path.child("scopeName"), names.back(), "unsupported scope");
    }
    check_scope_resources(errors, names.back(), object(spec, "hard"), selector.dump(), path);
    check_scope_operator(errors, term, path);
  }
  check_conflicts(errors, names, json_text(member(spec, "scopes")), path);
}

void check_spec(FieldErrors& errors, const Json& spec) {
  const Path path("spec");
  check_hard(errors, object(spec, "hard"), path.child("hard"));
  check_scopes(errors, spec, path.child("scopes"));
  check_scope_selector(errors, spec, path.child("scopeSelector.matchExpressions"));
}

}  // namespace

void default_resource_quota(Json& quota) {
  Json& spec = make_object(quota, "spec");
  if (has(spec, "hard")) default_resource_list(&spec["hard"]);
}

void check_resource_quota(FieldErrors& errors, const Json& quota) {
  check_object_meta(errors, quota, Scope::kNamespaced, subdomain_name);
  check_spec(errors, object(quota, "spec"));
}

void check_resource_quota_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  const Json &a = object(now, "spec"), &b = object(old, "spec");
  check_spec(errors, a);
  for (const char* key : {"scopes", "scopeSelector"}) {
    check_immutable(errors, member(a, key), member(b, key), Path(key));
  }
}

void check_resource_quota_status(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  if (text(object(now, "metadata"), "resourceVersion").empty()) {
    errors.required(Path("resourceVersion"));
  }
  const Path path("status");
  check_hard(errors, object(object(now, "status"), "hard"), path.child("hard"));
  check_hard(errors, object(object(now, "status"), "used"), path.child("used"));
}

}  // namespace orrery::api
