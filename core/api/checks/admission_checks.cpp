#include "core/api/checks/admission_checks.h"

#include <algorithm>
#include <set>

#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

constexpr std::int64_t kTimeoutMax = 30;

void default_hooks(Json& configuration, bool mutating) {
  for (Json& hook : items_of(configuration, "webhooks")) {
    set_if_absent(hook, "failurePolicy", "Fail");
    set_if_absent(hook, "matchPolicy", "Equivalent");
    make_object(hook, "namespaceSelector");
    make_object(hook, "objectSelector");
    set_if_absent(hook, "timeoutSeconds", 10);
    if (mutating) set_if_absent(hook, "reinvocationPolicy", "Never");
    for (Json& rule : items_of(hook, "rules")) set_if_absent(rule, "scope", "*");
    if (has(object(hook, "clientConfig"), "service")) {
      set_if_absent(hook["clientConfig"]["service"], "port", 443);
    }
  }
}

void default_match(Json& match) {
  set_if_absent(match, "matchPolicy", "Equivalent");
  make_object(match, "namespaceSelector");
  make_object(match, "objectSelector");
  for (const char* key : {"resourceRules", "excludeResourceRules"}) {
    for (Json& rule : items_of(match, key)) set_if_absent(rule, "scope", "*");
  }
}

bool has_star(const Json& list) { return std::find(list.begin(), list.end(), "*") != list.end(); }

// A list of a rule that must not be empty and holds "*" only alone.
void check_list(FieldErrors& errors, const Json& rule, const char* key, const char* what,
                const Path& path) {
  const Json& list = array(rule, key);
  if (list.empty()) errors.required(path.child(key));
  if (list.size() > 1 && has_star(list)) {
    errors.invalid_raw(path.child(key), list.dump(),
                       std::string("if '*' is present, must not specify other ") + what);
  }
}

void check_full_name(FieldErrors& errors, std::string_view name, const Path& path) {
  if (name.empty()) {
    errors.required(path);
    return;
  }
  const Messages messages = dns_subdomain_messages(name);
  errors.invalid_each(path, name, messages);
  if (messages.empty() && std::count(name.begin(), name.end(), '.') < 2) {
    errors.invalid(path, name, "should be a domain with at least three segments separated by dots");
  }
}

void check_review_versions(FieldErrors& errors, const Json& versions, const Path& path) {
  if (versions.empty()) errors.required(path, "must specify one of v1, v1beta1");
  std::set<std::string_view> seen;
  bool known = false;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const std::string_view version = as_text(versions[i]);
    if (!seen.insert(version).second) errors.invalid(path.index(i), version, "duplicate version");
    errors.invalid_each(path.index(i), version, dns_1035_label_messages(version));
    known = known || version == "v1" || version == "v1beta1";
  }
  if (!known && !versions.empty()) {
    errors.invalid_raw(path, versions.dump(), "must include at least one of v1, v1beta1");
  }
}

void check_choice(FieldErrors& errors, const Json& hook, const char* key, std::string_view a,
                  std::string_view b, const Path& path) {
  const auto value = maybe_text(hook, key);
  if (value && *value != a && *value != b) errors.not_supported(path.child(key), *value, {a, b});
}

void check_service(FieldErrors& errors, const Json& service, const Path& path) {
  for (const char* key : {"name", "namespace"}) {
    if (text(service, key).empty()) {
      errors.required(path.child(key), std::string("service ") + key + " is required");
    }
  }
  const auto url_path = maybe_text(service, "path");
  if (url_path && !url_path->starts_with('/')) {
    errors.invalid(path.child("path"), *url_path, "must start with a '/'");
  }
  const std::int64_t port = integer(service, "port");
  if (!port_number_messages(port).empty()) {
    errors.invalid(path.child("port"), port,
                   "port is not valid: " + port_number_messages(port).front());
  }
}

void check_client(FieldErrors& errors, const Json& client, const Path& path) {
  const auto url = maybe_text(client, "url");
  const Json* service = member(client, "service");
  if (url.has_value() == (service != nullptr)) {
    errors.required(path, "exactly one of url or service is required");
  } else if (service) {
    check_service(errors, *service, path.child("service"));
  } else if (!url->starts_with("https://")) {
    errors.invalid(path.child("url"), *url,
                   "'https' is the only allowed URL scheme; desired format: "
                   "https://host[/path]");
  }
}

void check_hook(FieldErrors& errors, const Json& hook, const Path& path) {
  check_full_name(errors, text(hook, "name"), path.child("name"));
  const Json& rules = array(hook, "rules");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    check_operation_rule(errors, rules[i], path.at("rules", i));
  }
  check_choice(errors, hook, "failurePolicy", "Fail", "Ignore", path);
  check_choice(errors, hook, "matchPolicy", "Equivalent", "Exact", path);
  if (!has(hook, "sideEffects")) {
    errors.required(path.child("sideEffects"), "must specify one of None, NoneOnDryRun");
  }
  check_choice(errors, hook, "sideEffects", "None", "NoneOnDryRun", path);
  check_choice(errors, hook, "reinvocationPolicy", "IfNeeded", "Never", path);
  const auto seconds = maybe_integer(hook, "timeoutSeconds");
  if (seconds && (*seconds > kTimeoutMax || *seconds < 1)) {
    errors.invalid(path.child("timeoutSeconds"), *seconds,
                   "the timeout value must be between 1 and 30 seconds");
  }
  for (const char* key : {"namespaceSelector", "objectSelector"}) {
    check_label_selector(errors, member(hook, key), path.child(key));
  }
  check_client(errors, object(hook, "clientConfig"), path.child("clientConfig"));
}

void check_hooks(FieldErrors& errors, const Json& configuration) {
  const Json& hooks = array(configuration, "webhooks");
  const Path path("webhooks");
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < hooks.size(); ++i) {
    const Path at = path.index(i);
    check_hook(errors, hooks[i], at);
    check_review_versions(errors, array(hooks[i], "admissionReviewVersions"),
                          at.child("admissionReviewVersions"));
    const std::string_view name = text(hooks[i], "name");
    if (!name.empty() && !names.insert(name).second) errors.duplicate(at.child("name"), name);
  }
}

void check_match(FieldErrors& errors, const Json& match, const Path& path) {
  check_choice(errors, match, "matchPolicy", "Equivalent", "Exact", path);
  for (const char* key : {"namespaceSelector", "objectSelector"}) {
    if (has(match, key)) {
      check_label_selector(errors, member(match, key), path.child(key));
    } else {
      errors.required(path.child(key));
    }
  }
  for (const char* key : {"resourceRules", "excludeResourceRules"}) {
    const Json& rules = array(match, key);
    for (std::size_t i = 0; i < rules.size(); ++i) {
      check_operation_rule(errors, rules[i], path.at(key, i));
    }
  }
}

}  // namespace

void default_webhooks(Json& configuration) { default_hooks(configuration, false); }
void default_mutating_webhooks(Json& configuration) { default_hooks(configuration, true); }

void check_operation_rule(FieldErrors& errors, const Json& rule, const Path& path) {
  check_list(errors, rule, "operations", "operations", path);
  const Json& operations = array(rule, "operations");
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const std::string_view one = as_text(operations[i]);
    if (one == "*" || one == "CONNECT" || one == "CREATE" || one == "DELETE" || one == "UPDATE") {
      continue;
    }
    errors.not_supported(path.at("operations", i), one,
                         {"*", "CONNECT", "CREATE", "DELETE", "UPDATE"});
  }
  check_list(errors, rule, "apiGroups", "API groups", path);
  check_list(errors, rule, "apiVersions", "API versions", path);
  const Json& resources = array(rule, "resources");
  if (resources.empty()) errors.required(path.child("resources"));
  for (std::size_t i = 0; i < resources.size(); ++i) {
    if (as_text(resources[i]).empty()) errors.required(path.at("resources", i));
  }
  const auto scope = maybe_text(rule, "scope");
  if (scope && *scope != "*" && *scope != "Cluster" && *scope != "Namespaced") {
    errors.not_supported(path.child("scope"), *scope, {"*", "Cluster", "Namespaced"});
  }
}

void check_webhooks(FieldErrors& errors, const Json& configuration) {
  check_object_meta(errors, configuration, Scope::kCluster, subdomain_name);
  check_hooks(errors, configuration);
}

void check_webhooks_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_hooks(errors, now);
}

void default_admission_policy(Json& policy) {
  Json& spec = make_object(policy, "spec");
  set_if_absent(spec, "failurePolicy", "Fail");
  if (has(spec, "matchConstraints")) default_match(spec["matchConstraints"]);
}

void check_admission_policy(FieldErrors& errors, const Json& policy) {
  check_object_meta(errors, policy, Scope::kCluster, subdomain_name);
  const Json& spec = object(policy, "spec");
  const Path path("spec");
  check_choice(errors, spec, "failurePolicy", "Fail", "Ignore", path);
  if (const Json* kind = member(spec, "paramKind")) {
    for (const char* key : {"apiVersion", "kind"}) {
      if (text(*kind, key).empty()) errors.required(path.child("paramKind").child(key));
    }
  }
  const Json* match = member(spec, "matchConstraints");
  if (!match) {
    errors.required(path.child("matchConstraints"));
  } else {
    check_match(errors, *match, path.child("matchConstraints"));
    if (array(*match, "resourceRules").empty()) {
      errors.required(path.child("matchConstraints.resourceRules"));
    }
  }
  if (text(policy, "kind") == "MutatingAdmissionPolicy") return;
  const Json& rules = array(spec, "validations");
  if (rules.empty() && array(spec, "auditAnnotations").empty()) {
    errors.required(path.child("validations"),
                    "validations or auditAnnotations must contain at least one");
  }
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (text(rules[i], "expression").empty()) {
      errors.required(path.at("validations", i).child("expression"),
                      "expression is not specified");
    }
  }
}

void default_policy_binding(Json& binding) {
  Json& spec = make_object(binding, "spec");
  if (has(spec, "matchResources")) default_match(spec["matchResources"]);
}

void check_policy_binding(FieldErrors& errors, const Json& binding) {
  check_object_meta(errors, binding, Scope::kCluster, subdomain_name);
  const Json& spec = object(binding, "spec");
  const Path path("spec");
  const std::string_view policy = text(spec, "policyName");
  if (policy.empty()) {
    errors.required(path.child("policyName"));
  } else {
    check_dns_subdomain(errors, policy, path.child("policyName"));
  }
  if (const Json* match = member(spec, "matchResources")) {
    check_match(errors, *match, path.child("matchResources"));
  }
  if (text(binding, "kind") == "MutatingAdmissionPolicyBinding") return;
  const Json& actions = array(spec, "validationActions");
  if (actions.empty()) errors.required(path.child("validationActions"));
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const std::string_view one = as_text(actions[i]);
    if (one == "Deny" || one == "Warn" || one == "Audit") continue;
    errors.not_supported(path.at("validationActions", i), one, {"Audit", "Deny", "Warn"});
  }
  const auto named = [&](const char* name) {
    return std::find(actions.begin(), actions.end(), name) != actions.end();
  };
  if (named("Deny") && named("Warn")) {
    errors.invalid_raw(path.child("validationActions"), actions.dump(),
                       "must not contain both Deny and Warn (repeating the same validation failure "
                       "information in the API response and headers serves no purpose)");
  }
}

}  // namespace orrery::api
