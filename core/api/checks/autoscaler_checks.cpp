#include "core/api/checks/autoscaler_checks.h"

#include "core/api/checks/amount.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

constexpr std::int64_t kWindowSecondsMax = 3600;  // MaxStabilizationWindowSeconds
constexpr std::int64_t kPeriodSecondsMax = 1800;  // MaxPeriodSeconds

constexpr char kScaleUp[] =
    R"({"stabilizationWindowSeconds":0,"selectPolicy":"Max","policies":[)"
    R"({"type":"Pods","value":4,"periodSeconds":15},)"
    R"({"type":"Percent","value":100,"periodSeconds":15}]})";
constexpr char kScaleDown[] =
    R"({"selectPolicy":"Max","policies":[{"type":"Percent","value":100,"periodSeconds":15}]})";
constexpr char kCpuMetric[] =
    R"([{"type":"Resource","resource":{"name":"cpu",)"
    R"("target":{"type":"Utilization","averageUtilization":80}}}])";

void default_rules(Json& behavior, const char* key, const char* defaults) {
  Json rules = Json::parse(defaults);
  for (const auto& [name, value] : object(behavior, key).items()) {
    if (!value.is_null()) rules[name] = value;
  }
  if (has(rules, "tolerance")) make_canonical(rules["tolerance"], false);
  behavior[key] = std::move(rules);
}

void canonical_target(Json& metric, const char* source) {
  if (!has(metric, source) || !has(metric[source], "target")) return;
  Json& target = metric[source]["target"];
  for (const char* key : {"value", "averageValue"}) {
    if (has(target, key)) make_canonical(target[key], false);
  }
}

void check_policy(FieldErrors& errors, const Json& policy, const Path& path) {
  const std::string_view type = text(policy, "type");
  if (type != "Percent" && type != "Pods") {
    errors.not_supported(path.child("type"), type, {"Percent", "Pods"});
  }
  const std::int64_t value = integer(policy, "value"), period = integer(policy, "periodSeconds");
  if (value <= 0) errors.invalid(path.child("value"), value, "must be greater than zero");
  if (period <= 0) {
    errors.invalid(path.child("periodSeconds"), period, "must be greater than zero");
  }
  if (period > kPeriodSecondsMax) {
    errors.invalid(path.child("periodSeconds"), period, "must be less than or equal to 1800");
  }
}

void check_rules(FieldErrors& errors, const Json* rules, const Path& path) {
  if (!rules) return;
  if (const auto window = maybe_integer(*rules, "stabilizationWindowSeconds")) {
    const Path at = path.child("stabilizationWindowSeconds");
    if (*window < 0) errors.invalid(at, *window, "must be greater than or equal to zero");
    if (*window > kWindowSecondsMax) {
      errors.invalid(at, *window, "must be less than or equal to 3600");
    }
  }
  const auto select = maybe_text(*rules, "selectPolicy");
  if (select && *select != "Max" && *select != "Min" && *select != "Disabled") {
    errors.not_supported(path.child("selectPolicy"), *select, {"Disabled", "Max", "Min"});
  }
  const Json& policies = array(*rules, "policies");
  if (policies.empty()) {
    errors.required(path.child("policies"), "must specify at least one Policy");
  }
  for (std::size_t i = 0; i < policies.size(); ++i) {
    check_policy(errors, policies[i], path.at("policies", i));
  }
  if (const Json* tolerance = member(*rules, "tolerance")) {
    if (is_negative_amount(*tolerance)) {
      errors.invalid(path.child("tolerance"), amount_text(tolerance),
                     "must be greater than or equal to 0");
    }
  }
}

void check_spec(FieldErrors& errors, const Json& spec) {
  const Path path("spec");
  const auto least = maybe_integer(spec, "minReplicas");
  const std::int64_t most = integer(spec, "maxReplicas");
  if (least && *least < 1) {
    errors.invalid(path.child("minReplicas"), *least, "must be greater than or equal to 1");
  }
  if (most < 1) errors.required(path.child("maxReplicas"), "must be set and greater than 0");
  if (least && most < *least) {
    errors.invalid(path.child("maxReplicas"), most,
                   "must be greater than or equal to `minReplicas`");
  }
  check_scaled_object(errors, object(spec, "scaleTargetRef"), path.child("scaleTargetRef"));
  check_metrics(errors, spec, path.child("metrics"));
  if (const Json* behavior = member(spec, "behavior")) {
    check_rules(errors, member(*behavior, "scaleUp"), path.child("behavior.scaleUp"));
    check_rules(errors, member(*behavior, "scaleDown"), path.child("behavior.scaleDown"));
  }
}

}  // namespace

void default_autoscaler(Json& autoscaler) {
  Json& spec = make_object(autoscaler, "spec");
  set_if_absent(spec, "minReplicas", 1);
  if (array(spec, "metrics").empty()) spec["metrics"] = Json::parse(kCpuMetric);
  for (Json& metric : items_of(spec, "metrics")) {
    for (const char* source : {"object", "external", "pods", "resource", "containerResource"}) {
      canonical_target(metric, source);
    }
  }
  if (!has(spec, "behavior")) return;
  default_rules(spec["behavior"], "scaleUp", kScaleUp);
  default_rules(spec["behavior"], "scaleDown", kScaleDown);
}

void check_scaled_object(FieldErrors& errors, const Json& reference, const Path& path) {
  for (const char* key : {"kind", "name"}) {
    const std::string_view value = text(reference, key);
    if (value.empty()) errors.required(path.child(key));
    errors.invalid_each(path.child(key), value, path_segment_name(value, false));
  }
  const std::string_view version = text(reference, "apiVersion");
  const std::size_t slash = version.find('/');
  const Path at = path.child("apiVersion");
  if (slash != std::string_view::npos && version.find('/', slash + 1) != std::string_view::npos) {
    errors.invalid(at, version, "unexpected GroupVersion string: " + std::string(version));
  } else if (slash == std::string_view::npos || slash == 0) {
    if (version == "v1" && text(reference, "kind") == "ReplicationController") return;
    errors.invalid(at, version, "apiVersion must specify API group");
  }
}

void check_autoscaler(FieldErrors& errors, const Json& autoscaler) {
  check_object_meta(errors, autoscaler, Scope::kNamespaced, subdomain_name);
  check_spec(errors, object(autoscaler, "spec"));
}

void check_autoscaler_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_spec(errors, object(now, "spec"));
}

void check_autoscaler_status(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  const Json& status = object(now, "status");
  const Path path("status");
  check_not_negative(errors, integer(status, "currentReplicas"), path.child("currentReplicas"));
  check_not_negative(errors, integer(status, "desiredReplicas"), path.child("desiredReplicas"));
}

}  // namespace orrery::api
