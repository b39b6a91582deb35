#include "core/api/checks/apps_checks.h"

#include "core/api/checks/internal_form.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/pod_checks.h"

namespace orrery::api {
namespace {

// The number of an int-or-percent, "30%" -> 30; what does not parse is 0.
std::int64_t int_or_percent(const Json* value) {
  if (!value) return 0;
  if (!value->is_string()) return as_integer(*value);
  std::int64_t number = 0;
  if (!percent_messages(as_text(*value)).empty()) return 0;
  for (const char c : as_text(*value)) {
    if (c == '%' || number > 1'000'000) break;
    number = number * 10 + (c - '0');
  }
  return number;
}

bool is_empty_selector(const Json& selector) {
  return object(selector, "matchLabels").empty() && array(selector, "matchExpressions").empty();
}

void check_template_labels(FieldErrors& errors, const Json* selector, const Json& spec,
                           const Path& path) {
  const Json& meta = object(object(spec, "template"), "metadata");
  if (selector_matches(selector, object(meta, "labels"))) return;
  errors.invalid_raw(path.child("template.metadata.labels"), json_text(member(meta, "labels")),
                     "`selector` does not match template `labels`");
}

void check_always_restarting(FieldErrors& errors, const Json& spec, std::string_view kind,
                             const Path& path) {
  const Json& pod = object(object(spec, "template"), "spec");
  if (text(pod, "restartPolicy") != "Always") {
    errors.not_supported(path.child("template.spec.restartPolicy"), text(pod, "restartPolicy"),
                         {"Always"});
  }
  if (has(pod, "activeDeadlineSeconds")) {
    errors.forbidden(path.child("template.spec.activeDeadlineSeconds"),
                     "activeDeadlineSeconds in " + std::string(kind) + " is not Supported");
  }
}

// Selector and template of Deployments and ReplicaSets.
void check_selected_template(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json* selector = member(spec, "selector");
  const Path at = path.child("selector");
  if (!selector) {
    errors.required(at);
  } else {
    check_label_selector(errors, selector, at);
    if (is_empty_selector(*selector)) {
      errors.invalid_raw(at, selector_text(selector), "empty selector is invalid for deployment");
    }
  }
  if (selector_state(selector) == SelectorState::kBroken) {
    errors.invalid_raw(at, selector_text(selector), "invalid label selector");
    return;
  }
  check_template_labels(errors, selector, spec, path);
  check_pod_template(errors, object(spec, "template"), path.child("template"));
  check_always_restarting(errors, spec, "ReplicaSet", path);
}

void check_rolling_update(FieldErrors& errors, const Json& rolling, const Path& path) {
  const Json* unavailable = member(rolling, "maxUnavailable");
  const Json* surge = member(rolling, "maxSurge");
  check_int_or_percent(errors, unavailable, path.child("maxUnavailable"));
  check_int_or_percent(errors, surge, path.child("maxSurge"));
  if (int_or_percent(unavailable) == 0 && int_or_percent(surge) == 0) {
    errors.invalid_raw(path.child("maxUnavailable"), json_text(unavailable),
                       "may not be 0 when `maxSurge` is 0");
  }
  check_not_over_100_percent(errors, unavailable, path.child("maxUnavailable"));
}

void check_deployment_strategy(FieldErrors& errors, const Json& strategy, const Path& path) {
  const std::string_view type = text(strategy, "type");
  const Json* rolling = member(strategy, "rollingUpdate");
  if (type == "Recreate") {
    if (rolling) {
      errors.forbidden(path.child("rollingUpdate"),
                       "may not be specified when strategy `type` is 'Recreate'");
    }
  } else if (type == "RollingUpdate") {
    if (rolling) check_rolling_update(errors, *rolling, path.child("rollingUpdate"));
  } else {
    errors.not_supported_raw(path, internal_text("DeploymentStrategy", &strategy),
                             {"Recreate", "RollingUpdate"});
  }
}

void check_deployment_spec(FieldErrors& errors, const Json& spec) {
  const Path path("spec");
  check_not_negative(errors, integer(spec, "replicas"), path.child("replicas"));
  check_selected_template(errors, spec, path);
  check_deployment_strategy(errors, object(spec, "strategy"), path.child("strategy"));
  const std::int64_t ready_seconds = integer(spec, "minReadySeconds");
  check_not_negative(errors, ready_seconds, path.child("minReadySeconds"));
  check_not_negative(errors, integer(spec, "revisionHistoryLimit"),
                     path.child("revisionHistoryLimit"));
  if (const auto deadline = maybe_integer(spec, "progressDeadlineSeconds")) {
    check_not_negative(errors, *deadline, path.child("progressDeadlineSeconds"));
    if (*deadline <= ready_seconds) {
      errors.invalid(path.child("progressDeadlineSeconds"), *deadline,
                     "must be greater than minReadySeconds");
    }
  }
}

void check_replica_set_spec(FieldErrors& errors, const Json& spec) {
  const Path path("spec");
  check_not_negative(errors, integer(spec, "replicas"), path.child("replicas"));
  check_not_negative(errors, integer(spec, "minReadySeconds"), path.child("minReadySeconds"));
  check_selected_template(errors, spec, path);
}

void check_replication_controller_spec(FieldErrors& errors, const Json& spec) {
  const Path path("spec");
  check_not_negative(errors, integer(spec, "minReadySeconds"), path.child("minReadySeconds"));
  const Json& selector = object(spec, "selector");
  if (selector.empty()) errors.required(path.child("selector"));
  check_not_negative(errors, integer(spec, "replicas"), path.child("replicas"));
  if (!has(spec, "template")) return errors.required(path.child("template"));
  const Json as_selector = {{"matchLabels", selector}};
  check_template_labels(errors, &as_selector, spec, path);
  check_pod_template(errors, object(spec, "template"), path.child("template"));
  check_always_restarting(errors, spec, "ReplicationController", path);
}

void check_daemon_rolling_update(FieldErrors& errors, const Json& rolling, const Path& path) {
  const Json* unavailable = member(rolling, "maxUnavailable");
  const Json* surge = member(rolling, "maxSurge");
  check_int_or_percent(errors, unavailable, path.child("maxUnavailable"));
  check_int_or_percent(errors, surge, path.child("maxSurge"));
  check_not_over_100_percent(errors, unavailable, path.child("maxUnavailable"));
  check_not_over_100_percent(errors, surge, path.child("maxSurge"));
  const bool has_unavailable = int_or_percent(unavailable) != 0;
  const bool has_surge = int_or_percent(surge) != 0;
  if (has_unavailable && has_surge) {
    errors.invalid_raw(path.child("maxSurge"), json_text(surge),
                       "may not be set when maxUnavailable is non-zero");
  } else if (!has_unavailable && !has_surge) {
    errors.required(path.child("maxUnavailable"), "cannot be 0 when maxSurge is 0");
  }
}

void check_daemon_set_spec(FieldErrors& errors, const Json& spec) {
  const Path path("spec");
  const Json* selector = member(spec, "selector");
  check_label_selector(errors, selector, path.child("selector"));
  if (selector_state(selector) != SelectorState::kBroken) {
    check_template_labels(errors, selector, spec, path);
  }
  if (selector && is_empty_selector(*selector)) {
    errors.invalid_raw(path.child("selector"), selector_text(selector),
                       "empty selector is invalid for daemonset");
  }
  check_pod_template(errors, object(spec, "template"), path.child("template"));
  check_always_restarting(errors, spec, "DaemonSet", path);
  check_not_negative(errors, integer(spec, "minReadySeconds"), path.child("minReadySeconds"));
  const Json& strategy = object(spec, "updateStrategy");
  const std::string_view type = text(strategy, "type");
  const Json* rolling = member(strategy, "rollingUpdate");
  if (type == "RollingUpdate") {
    const Path at = path.child("updateStrategy.rollingUpdate");
    if (rolling) {
      check_daemon_rolling_update(errors, *rolling, at);
    } else {
      errors.required(at);
    }
  } else if (type != "OnDelete") {
    errors.not_supported_raw(path.child("updateStrategy"),
                             internal_text("DeploymentStrategy", &strategy),
                             {"RollingUpdate", "OnDelete"});
  }
  check_not_negative(errors, integer(spec, "revisionHistoryLimit"),
                     path.child("revisionHistoryLimit"));
}

void check_same_selector(FieldErrors& errors, const Json& now, const Json& old) {
  const Json* selector = member(object(now, "spec"), "selector");
  if (!same(selector, member(object(old, "spec"), "selector"))) {
    errors.invalid_raw(Path("spec.selector"), selector_text(selector), "field is immutable");
  }
}

}  // namespace

void check_int_or_percent(FieldErrors& errors, const Json* value, const Path& path) {
  if (!value) return;
  if (value->is_string()) {
    errors.invalid_each(path, as_text(*value), percent_messages(as_text(*value)));
  } else {
    check_not_negative(errors, as_integer(*value), path);
  }
}

void check_not_over_100_percent(FieldErrors& errors, const Json* value, const Path& path) {
  if (value && value->is_string() && int_or_percent(value) > 100) {
    errors.invalid(path, as_text(*value), "must not be greater than 100%");
  }
}

void check_deployment(FieldErrors& errors, const Json& object_json) {
  check_object_meta(errors, object_json, Scope::kNamespaced, subdomain_name);
  check_deployment_spec(errors, object(object_json, "spec"));
}

void check_deployment_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_deployment_spec(errors, object(now, "spec"));
  check_same_selector(errors, now, old);
}

void check_replica_set(FieldErrors& errors, const Json& object_json) {
  check_object_meta(errors, object_json, Scope::kNamespaced, subdomain_name);
  check_replica_set_spec(errors, object(object_json, "spec"));
}

void check_replica_set_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_replica_set_spec(errors, object(now, "spec"));
  check_same_selector(errors, now, old);
}

void check_replication_controller(FieldErrors& errors, const Json& object_json) {
  check_object_meta(errors, object_json, Scope::kNamespaced, subdomain_name);
  check_replication_controller_spec(errors, object(object_json, "spec"));
}

void check_replication_controller_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_replication_controller_spec(errors, object(now, "spec"));
}

void check_daemon_set(FieldErrors& errors, const Json& object_json) {
  check_object_meta(errors, object_json, Scope::kNamespaced, subdomain_name);
  check_daemon_set_spec(errors, object(object_json, "spec"));
}

void check_daemon_set_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_same_selector(errors, now, old);
  check_daemon_set_spec(errors, object(now, "spec"));
}

}  // namespace orrery::api
