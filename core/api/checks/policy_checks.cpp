#include "core/api/checks/apps_checks.h"
#include "core/api/checks/core_checks.h"
#include "core/api/checks/internal_form.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

constexpr std::int64_t kUserPriorityMax = 1'000'000'000;  // HighestUserDefinablePriority

// Null where the class is one of the system's own, as the system defines it.
std::string system_class_error(const Json& priority_class, const std::string& name) {
  const std::int64_t value = integer(priority_class, "value");
  const bool node = name == "system-node-critical", cluster = name == "system-cluster-critical";
  if (!node && !cluster) return name + " is not a known system priority class";
  const std::int64_t known = node ? 2'000'001'000 : 2'000'000'000;
  if (value != known) {
    return "value of " + name + " PriorityClass must be " + std::to_string(known);
  }
  if (flag(priority_class, "globalDefault")) {
    return "globalDefault of " + name + " PriorityClass must be false";
  }
  return {};
}

void check_budget_spec(FieldErrors& errors, const Json& spec) {
  const Path path("spec");
  const Json* available = member(spec, "minAvailable");
  const Json* unavailable = member(spec, "maxUnavailable");
  if (available && unavailable) {
    errors.invalid_raw(path, internal_text("PodDisruptionBudgetSpec", &spec),
                       "minAvailable and maxUnavailable cannot be both set");
  }
  check_int_or_percent(errors, available, path.child("minAvailable"));
  check_not_over_100_percent(errors, available, path.child("minAvailable"));
  check_int_or_percent(errors, unavailable, path.child("maxUnavailable"));
  check_not_over_100_percent(errors, unavailable, path.child("maxUnavailable"));
  check_label_selector(errors, member(spec, "selector"), path.child("selector"));
  const auto policy = maybe_text(spec, "unhealthyPodEvictionPolicy");
  if (policy && *policy != "AlwaysAllow" && *policy != "IfHealthyBudget") {
    errors.not_supported(path.child("unhealthyPodEvictionPolicy"), *policy,
                         {"AlwaysAllow", "IfHealthyBudget"});
  }
}

}  // namespace

void check_disruption_budget(FieldErrors& errors, const Json& budget) {
  check_object_meta(errors, budget, Scope::kNamespaced, subdomain_name);
  check_budget_spec(errors, object(budget, "spec"));
}

void check_disruption_budget_status(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  const Path path("status");
  for (const char* key :
       {"disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"}) {
    check_not_negative(errors, integer(object(now, "status"), key), path.child(key));
  }
}

void check_priority_class(FieldErrors& errors, const Json& priority_class) {
  check_object_meta(errors, priority_class, Scope::kCluster, subdomain_name);
  const std::string name(text(object(priority_class, "metadata"), "name"));
  if (name.starts_with("system-")) {
    const std::string error = system_class_error(priority_class, name);
    if (!error.empty()) {
      errors.forbidden(Path("metadata.name"),
                       "priority class names with 'system-' prefix are reserved for system use "
                       "only. error: " +
                           error);
    }
  } else if (integer(priority_class, "value") > kUserPriorityMax) {
    errors.forbidden(Path("value"),
                     "maximum allowed value of a user defined priority is 1000000000");
  }
  const auto policy = maybe_text(priority_class, "preemptionPolicy");
  if (!policy) return;
  if (policy->empty()) {
    errors.required(Path("preemptionPolicy"));
  } else if (*policy != "PreemptLowerPriority" && *policy != "Never") {
    errors.not_supported(Path("preemptionPolicy"), *policy, {"PreemptLowerPriority", "Never"});
  }
}

void check_priority_class_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  if (integer(now, "value") != integer(old, "value")) {
    errors.forbidden(Path("Value"), "may not be changed in an update.");
  }
  check_immutable(errors, member(now, "preemptionPolicy"), member(old, "preemptionPolicy"),
                  Path("preemptionPolicy"));
}

}  // namespace orrery::api
