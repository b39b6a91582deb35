#include <algorithm>
#include <set>

#include "core/api/checks/batch_checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

constexpr std::size_t kRulesMax = 20, kPatternsMax = 20, kExitCodesMax = 255;

using NameSet = std::set<std::string, std::less<>>;

void check_values(FieldErrors& errors, const Json& codes, const Path& path) {
  const Json& values = array(codes, "values");
  if (values.empty()) {
    errors.invalid_raw(path, json_text(member(codes, "values")), "at least one value is required");
  } else if (values.size() > kExitCodesMax) {
    errors.too_many(path, values.size(), kExitCodesMax);
  }
  std::set<std::int64_t> seen;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::int64_t value = as_integer(values[i]);
    if (text(codes, "operator") == "In" && value == 0) {
      errors.invalid(path.index(i), value, "must not be 0 for the In operator");
    }
    if (!seen.insert(value).second) errors.duplicate_raw(path.index(i), std::to_string(value));
  }
  const bool ordered =
      std::is_sorted(values.begin(), values.end(),
                     [](const Json& a, const Json& b) { return as_integer(a) < as_integer(b); });
  if (!ordered) errors.invalid_raw(path, values.dump(), "must be ordered");
}

void check_exit_codes(FieldErrors& errors, const Json& codes, const NameSet& containers,
                      const Path& path) {
  const std::string_view op = text(codes, "operator");
  if (op.empty()) {
    errors.required(path.child("operator"), "valid values: [\"In\" \"NotIn\"]");
  } else if (op != "In" && op != "NotIn") {
    errors.not_supported(path.child("operator"), op, {"In", "NotIn"});
  }
  const auto name = maybe_text(codes, "containerName");
  if (name && !containers.contains(*name)) {
    errors.invalid(path.child("containerName"), *name,
                   "must be one of the container or initContainer names in the pod template");
  }
  check_values(errors, codes, path.child("values"));
}

void check_conditions(FieldErrors& errors, const Json& patterns, const Path& path) {
  if (patterns.size() > kPatternsMax) errors.too_many(path, patterns.size(), kPatternsMax);
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const Path at = path.index(i);
    check_qualified_name(errors, text(patterns[i], "type"), at.child("type"));
    const std::string_view status = text(patterns[i], "status");
    if (status.empty()) {
      errors.required(at.child("status"), "valid values: [\"False\" \"True\" \"Unknown\"]");
    } else if (status != "True" && status != "False" && status != "Unknown") {
      errors.not_supported(at.child("status"), status, {"False", "True", "Unknown"});
    }
  }
}

void check_failure_rule(FieldErrors& errors, const Json& spec, const Json& rule,
                        const NameSet& containers, const Path& path) {
  const std::string_view action = text(rule, "action");
  if (action.empty()) {
    errors.required(path.child("action"),
                    "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]");
  } else if (action == "FailIndex") {
    if (!has(spec, "backoffLimitPerIndex")) {
      errors.invalid(path.child("action"), action, "requires the backoffLimitPerIndex to be set");
    }
  } else if (action != "Count" && action != "FailJob" && action != "Ignore") {
    errors.not_supported(path.child("action"), action, {"Count", "FailIndex", "FailJob", "Ignore"});
  }
  const Json* codes = member(rule, "onExitCodes");
  const Json& conditions = array(rule, "onPodConditions");
  if (codes) check_exit_codes(errors, *codes, containers, path.child("onExitCodes"));
  if (!conditions.empty()) check_conditions(errors, conditions, path.child("onPodConditions"));
  if (codes && !conditions.empty()) {
    errors.invalid_raw(path, {},
                       "specifying both OnExitCodes and OnPodConditions is not supported");
  }
  if (!codes && conditions.empty()) {
    errors.invalid_raw(path, {}, "specifying one of OnExitCodes and OnPodConditions is required");
  }
}

}  // namespace

void check_job_policies(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json* failure = member(spec, "podFailurePolicy");
  if (failure) {
    const Path at = path.child("podFailurePolicy");
    const Json& rules = array(*failure, "rules");
    if (rules.size() > kRulesMax) errors.too_many(at.child("rules"), rules.size(), kRulesMax);
    NameSet containers;
    for (const char* key : {"containers", "initContainers"}) {
      for (const Json& c : array(object(object(spec, "template"), "spec"), key)) {
        containers.emplace(text(c, "name"));
      }
    }
    for (std::size_t i = 0; i < rules.size(); ++i) {
      check_failure_rule(errors, spec, rules[i], containers, at.at("rules", i));
    }
  }
  const auto replacement = maybe_text(spec, "podReplacementPolicy");
  if (!replacement) return;
  if (failure) {
    if (*replacement != "Failed") {
      errors.not_supported(path.child("podReplacementPolicy"), *replacement, {"Failed"});
    }
  } else if (*replacement != "Failed" && *replacement != "TerminatingOrFailed") {
    errors.not_supported(path.child("podReplacementPolicy"), *replacement,
                         {"Failed", "TerminatingOrFailed"});
  }
}

void check_success_policy(FieldErrors& errors, const Json& policy, const Path& path) {
  const Json& rules = array(policy, "rules");
  if (rules.empty()) {
    errors.required(path.child("rules"),
                    "at least one rules must be specified when the successPolicy is specified");
  }
  if (rules.size() > kRulesMax) errors.too_many(path.child("rules"), rules.size(), kRulesMax);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Path at = path.at("rules", i);
    const auto count = maybe_integer(rules[i], "succeededCount");
    if (!count && !has(rules[i], "succeededIndexes")) {
      errors.required(at, "at least one of succeededCount or succeededIndexes must be specified");
    }
    if (count) check_not_negative(errors, *count, at.child("succeededCount"));
  }
}

}  // namespace orrery::api
