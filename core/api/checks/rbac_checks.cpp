#include "core/api/checks/rbac_checks.h"

#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

constexpr std::string_view kGroup = "rbac.authorization.k8s.io";

void check_rule(FieldErrors& errors, const Json& rule, bool namespaced, const Path& path) {
  if (array(rule, "verbs").empty()) {
    errors.required(path.child("verbs"), "verbs must contain at least one value");
  }
  const Json& urls = array(rule, "nonResourceURLs");
  if (!urls.empty()) {
    if (namespaced) {
      errors.invalid_raw(path.child("nonResourceURLs"), urls.dump(),
                         "namespaced rules cannot apply to non-resource URLs");
    }
    if (!array(rule, "apiGroups").empty() || !array(rule, "resources").empty() ||
        !array(rule, "resourceNames").empty()) {
      errors.invalid_raw(path.child("nonResourceURLs"), urls.dump(),
                         "rules cannot apply to both regular resources and non-resource URLs");
    }
    return;
  }
  if (array(rule, "apiGroups").empty()) {
    errors.required(path.child("apiGroups"), "resource rules must supply at least one api group");
  }
  if (array(rule, "resources").empty()) {
    errors.required(path.child("resources"), "resource rules must supply at least one resource");
  }
}

void check_rules(FieldErrors& errors, const Json& role, bool namespaced) {
  const Json& rules = array(role, "rules");
  const Path path("rules");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    check_rule(errors, rules[i], namespaced, path.index(i));
  }
}

void check_aggregation(FieldErrors& errors, const Json& role) {
  const Json* rule = member(role, "aggregationRule");
  if (!rule) return;
  const Json& selectors = array(*rule, "clusterRoleSelectors");
  const Path path("aggregationRule.clusterRoleSelectors");
  if (selectors.empty()) {
    errors.required(path,
                    "at least one clusterRoleSelector required if aggregationRule is non-nil");
  }
  for (std::size_t i = 0; i < selectors.size(); ++i) {
    check_label_selector(errors, &selectors[i], path.index(i));
  }
}

void check_subject(FieldErrors& errors, const Json& subject, bool namespaced, const Path& path) {
  const std::string_view name = text(subject, "name"), kind = text(subject, "kind");
  const std::string_view group = text(subject, "apiGroup");
  if (name.empty()) errors.required(path.child("name"));
  if (kind == "ServiceAccount") {
    if (!name.empty()) check_dns_subdomain(errors, name, path.child("name"));
    if (!group.empty()) errors.not_supported(path.child("apiGroup"), group, {""});
    if (!namespaced && text(subject, "namespace").empty()) {
      errors.required(path.child("namespace"));
    }
  } else if (kind == "User" || kind == "Group") {
    if (group != kGroup) errors.not_supported(path.child("apiGroup"), group, {kGroup});
  } else {
    errors.not_supported(path.child("kind"), kind, {"ServiceAccount", "User", "Group"});
  }
}

void check_binding(FieldErrors& errors, const Json& binding, bool namespaced) {
  check_object_meta(errors, binding, namespaced ? Scope::kNamespaced : Scope::kCluster,
                    path_segment_name);
  const Json& role = object(binding, "roleRef");
  const Path path("roleRef");
  const std::string_view group = text(role, "apiGroup"), kind = text(role, "kind");
  if (group != kGroup) errors.not_supported(path.child("apiGroup"), group, {kGroup});
  if (!namespaced && kind != "ClusterRole") {
    errors.not_supported(path.child("kind"), kind, {"ClusterRole"});
  } else if (kind != "Role" && kind != "ClusterRole") {
    errors.not_supported(path.child("kind"), kind, {"Role", "ClusterRole"});
  }
  const std::string_view name = text(role, "name");
  if (name.empty()) errors.required(path.child("name"));
  errors.invalid_each(path.child("name"), name, path_segment_name(name, false));
  const Json& subjects = array(binding, "subjects");
  const Path subjects_path("subjects");
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    check_subject(errors, subjects[i], namespaced, subjects_path.index(i));
  }
}

void check_binding_update(FieldErrors& errors, const Json& now, const Json& old, bool namespaced) {
  check_binding(errors, now, namespaced);
  check_object_meta_update(errors, now, old);
  const Json &a = object(now, "roleRef"), &b = object(old, "roleRef");
  if (same(&a, &b)) return;
  errors.invalid_raw(Path("roleRef"),
                     "{\"APIGroup\":" + quoted(text(a, "apiGroup")) +
                         ",\"Kind\":" + quoted(text(a, "kind")) +
                         ",\"Name\":" + quoted(text(a, "name")) + "}",
                     "cannot change roleRef");
}

}  // namespace

void check_role(FieldErrors& errors, const Json& role) {
  check_object_meta(errors, role, Scope::kNamespaced, path_segment_name);
  check_rules(errors, role, true);
}

void check_role_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_role(errors, now);
  check_object_meta_update(errors, now, old);
}

void check_cluster_role(FieldErrors& errors, const Json& role) {
  check_object_meta(errors, role, Scope::kCluster, path_segment_name);
  check_rules(errors, role, false);
  check_aggregation(errors, role);
}

void check_cluster_role_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_cluster_role(errors, now);
  check_object_meta_update(errors, now, old);
}

void default_role_binding(Json& binding) {
  set_if_empty(make_object(binding, "roleRef"), "apiGroup", kGroup);
  for (Json& subject : items_of(binding, "subjects")) {
    const std::string_view kind = text(subject, "kind");
    if (kind == "User" || kind == "Group") set_if_empty(subject, "apiGroup", kGroup);
  }
}

void check_role_binding(FieldErrors& errors, const Json& binding) {
  check_binding(errors, binding, true);
}
void check_role_binding_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_binding_update(errors, now, old, true);
}
void check_cluster_role_binding(FieldErrors& errors, const Json& binding) {
  check_binding(errors, binding, false);
}
void check_cluster_role_binding_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_binding_update(errors, now, old, false);
}

}  // namespace orrery::api
