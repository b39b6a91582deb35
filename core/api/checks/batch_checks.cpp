#include "core/api/checks/batch_checks.h"

#include "core/api/checks/checks.h"
#include "core/api/checks/internal_form.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/pod_checks.h"

namespace orrery::api {
namespace {

constexpr std::int64_t kIndexedMax = 100'000;          // parallelism, maxFailedIndexes
constexpr std::int64_t kCompletionsSoftMax = 100'000;  // above it the next applies
constexpr std::int64_t kHighCompletionsMax = 10'000;   // parallelism, maxFailedIndexes
constexpr std::size_t kManagedByMax = 63;

constexpr char kUid[] = "batch.kubernetes.io/controller-uid";
constexpr char kName[] = "batch.kubernetes.io/job-name";
constexpr char kOldUid[] = "controller-uid";
constexpr char kOldName[] = "job-name";

void check_has_label(FieldErrors& errors, const Json& labels, const char* key,
                     std::string_view value) {
  const Path path("spec.template.metadata.labels");
  const auto actual = maybe_text(labels, key);
  const std::string detail = "must be '" + std::string(value) + "'";
  if (!actual) {
    errors.required(path.key(key), detail);
  } else if (*actual != value) {
    errors.invalid_raw(path.key(key), labels.dump(), detail);
  }
}

void check_generated_selector(FieldErrors& errors, const Json& job) {
  const Json& spec = object(job, "spec");
  const Json* selector = member(spec, "selector");
  if (flag(spec, "manualSelector") || !selector) return;
  const std::string_view uid = text(object(job, "metadata"), "uid");
  const std::string_view name = text(object(job, "metadata"), "name");
  if (uid.empty()) errors.required(Path("metadata.uid"));
  const Json& labels = object(object(object(spec, "template"), "metadata"), "labels");
  check_has_label(errors, labels, kOldUid, uid);
  check_has_label(errors, labels, kOldName, name);
  check_has_label(errors, labels, kUid, uid);
  check_has_label(errors, labels, kName, name);
  const Json expected = {{kUid, uid}, {kName, name}, {kOldUid, uid}, {kOldName, name}};
  const bool readable = selector_state(selector) != SelectorState::kBroken;
  if (readable && !selector_matches(selector, expected)) {
    errors.invalid_raw(Path("spec.selector"), selector_text(selector),
                       "`selector` not auto-generated");
  }
}

void check_numbers(FieldErrors& errors, const Json& spec, const Path& path) {
  for (const char* key : {"parallelism", "completions", "activeDeadlineSeconds", "backoffLimit",
                          "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes"}) {
    check_not_negative(errors, integer(spec, key), path.child(key));
  }
  if (has(spec, "maxFailedIndexes") && !has(spec, "backoffLimitPerIndex")) {
    errors.required(path.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified");
  }
  if (const auto manager = maybe_text(spec, "managedBy")) {
    errors.invalid_each(path.child("managedBy"), *manager, domain_path_messages(*manager));
    if (manager->size() > kManagedByMax) errors.too_long(path.child("managedBy"), kManagedByMax);
  }
}

void check_high_completions(FieldErrors& errors, const Json& spec, const Path& path) {
  constexpr char kText[] =
      "must be less than or equal to 10000 when completions are above 100000 and used with backoff "
      "limit per index";
  const auto failed = maybe_integer(spec, "maxFailedIndexes");
  if (!failed) {
    errors.required(path.child("maxFailedIndexes"),
                    "must be specified when completions is above 100000");
  }
  if (integer(spec, "parallelism") > kHighCompletionsMax) {
    errors.invalid(path.child("parallelism"), integer(spec, "parallelism"), kText);
  }
  if (failed && *failed > kHighCompletionsMax) {
    errors.invalid(path.child("maxFailedIndexes"), *failed, kText);
  }
}

void check_indexed(FieldErrors& errors, const Json& spec, const Path& path) {
  const auto completions = maybe_integer(spec, "completions");
  const auto failed = maybe_integer(spec, "maxFailedIndexes");
  const std::int64_t parallelism = integer(spec, "parallelism");
  if (!completions) {
    errors.required(path.child("completions"), "when completion mode is Indexed");
  }
  if (parallelism > kIndexedMax) {
    errors.invalid(path.child("parallelism"), parallelism,
                   "must be less than or equal to 100000 when completion mode is Indexed");
  }
  if (completions && failed && *failed > *completions) {
    errors.invalid(path.child("maxFailedIndexes"), *failed,
                   "must be less than or equal to completions");
  }
  if (failed && *failed > kIndexedMax) {
    errors.invalid(path.child("maxFailedIndexes"), *failed, "must be less than or equal to 100000");
  }
  if (completions && *completions > kCompletionsSoftMax && has(spec, "backoffLimitPerIndex")) {
    check_high_completions(errors, spec, path);
  }
  if (const Json* policy = member(spec, "successPolicy")) {
    check_success_policy(errors, *policy, path.child("successPolicy"));
  }
}

void check_completion_mode(FieldErrors& errors, const Json& spec, const Path& path) {
  const auto mode = maybe_text(spec, "completionMode");
  if (mode && *mode != "NonIndexed" && *mode != "Indexed") {
    errors.not_supported(path.child("completionMode"), *mode, {"NonIndexed", "Indexed"});
  }
  if (mode == "Indexed") check_indexed(errors, spec, path);
  if (mode && *mode != "NonIndexed") return;
  for (const char* key : {"backoffLimitPerIndex", "maxFailedIndexes"}) {
    if (const auto value = maybe_integer(spec, key)) {
      errors.invalid(path.child(key), *value, "requires indexed completion mode");
    }
  }
  if (const Json* policy = member(spec, "successPolicy")) {
    errors.invalid_raw(path.child("successPolicy"), internal_text("SuccessPolicy", policy),
                       "requires indexed completion mode");
  }
}

void check_restart_policy(FieldErrors& errors, const Json& spec, const Path& path) {
  const std::string_view restart = text(object(object(spec, "template"), "spec"), "restartPolicy");
  const Path at = path.child("template.spec.restartPolicy");
  if (restart == "Always" || restart.empty()) {
    errors.required(at, "valid values: \"OnFailure\", \"Never\"");
  } else if (restart != "OnFailure" && restart != "Never") {
    errors.not_supported(at, restart, {"OnFailure", "Never"});
  } else if (has(spec, "podFailurePolicy") && restart != "Never") {
    errors.invalid(at, restart, "only \"Never\" is supported when podFailurePolicy is specified");
  }
}

void check_job_spec(FieldErrors& errors, const Json& spec) {
  const Path path("spec");
  check_job_body(errors, spec, path);
  const Json* selector = member(spec, "selector");
  if (selector) {
    check_label_selector(errors, selector, path.child("selector"));
  } else {
    errors.required(path.child("selector"));
  }
  const Json& meta = object(object(spec, "template"), "metadata");
  const bool readable = selector_state(selector) != SelectorState::kBroken;
  if (readable && !selector_matches(selector, object(meta, "labels"))) {
    errors.invalid_raw(path.child("template.metadata.labels"), json_text(member(meta, "labels")),
                       "`selector` does not match template `labels`");
  }
}

// A suspended job that has not started may change where its pods may run.
bool may_change_scheduling(const Json& old) {
  return flag(object(old, "spec"), "suspend") && !has(object(old, "status"), "startTime");
}

void check_template_change(FieldErrors& errors, const Json& now, const Json& old) {
  Json a = object(object(now, "spec"), "template"), b = object(object(old, "spec"), "template");
  if (may_change_scheduling(old)) {
    for (Json* one : {&a, &b}) {
      Json& spec = make_object(*one, "spec");
      for (const char* key : {"nodeSelector", "tolerations", "schedulingGates"}) spec.erase(key);
      if (has(spec, "affinity")) {
        spec["affinity"].erase("nodeAffinity");
        if (spec["affinity"].empty()) spec.erase("affinity");
      }
      Json& meta = make_object(*one, "metadata");
      meta.erase("labels");
      meta.erase("annotations");
    }
  }
  if (same(&a, &b)) return;
  errors.invalid_raw(Path("spec.template"), json_text(member(object(now, "spec"), "template")),
                     "field is immutable");
}

// An indexed job may scale when completions and parallelism change together.
void check_completions_change(FieldErrors& errors, const Json& now, const Json& old) {
  const Json* completions = member(now, "completions");
  if (same(completions, member(old, "completions"))) return;
  const bool elastic = text(now, "completionMode") == "Indexed" && has(now, "completions") &&
                       has(old, "completions") && same(completions, member(now, "parallelism"));
  if (!elastic) {
    errors.invalid_raw(Path("spec.completions"), completions ? completions->dump() : "\"null\"",
                       "field is immutable");
  }
}

}  // namespace

void check_job_body(FieldErrors& errors, const Json& spec, const Path& path) {
  check_numbers(errors, spec, path);
  check_completion_mode(errors, spec, path);
  check_job_policies(errors, spec, path);
  check_pod_template(errors, object(spec, "template"), path.child("template"));
  check_restart_policy(errors, spec, path);
}

void check_job(FieldErrors& errors, const Json& job) {
  check_object_meta(errors, job, Scope::kNamespaced, subdomain_name);
  check_generated_selector(errors, job);
  const Json& spec = object(job, "spec");
  check_job_spec(errors, spec);
  const std::int64_t completions = integer(spec, "completions");
  if (text(spec, "completionMode") != "Indexed" || completions <= 0) return;
  const std::string_view name = text(object(job, "metadata"), "name");
  const std::string host = std::string(name) + "-" + std::to_string(completions - 1);
  if (!dns_label_messages(host).empty()) {
    errors.invalid(Path("metadata.name"), name,
                   "will not able to create pod with invalid DNS label: " + host);
  }
}

void check_job_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  const Json &a = object(now, "spec"), &b = object(old, "spec");
  check_job_spec(errors, a);
  check_completions_change(errors, a, b);
  const Json* selector = member(a, "selector");
  if (!same(selector, member(b, "selector"))) {
    errors.invalid_raw(Path("spec.selector"), selector_text(selector), "field is immutable");
  }
  check_template_change(errors, now, old);
  const Path path("spec");
  for (const char* key : {"completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy",
                          "successPolicy"}) {
    check_immutable(errors, member(a, key), member(b, key), path.child(key));
  }
}

void check_job_status(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  const Path path("status");
  for (const char* key : {"active", "succeeded", "failed", "ready", "terminating"}) {
    check_not_negative(errors, integer(object(now, "status"), key), path.child(key));
  }
}

void job_generate_selector(Json& job, std::string_view uid) {
  Json& spec = make_object(job, "spec");
  if (flag(spec, "manualSelector")) return;
  Json& meta = make_object(make_object(spec, "template"), "metadata");
  Json& labels = make_object(meta, "labels");
  const std::string name(text(object(job, "metadata"), "name"));
  for (const char* key : {kOldName, kName}) {
    if (!labels.contains(key)) labels[key] = name;
  }
  for (const char* key : {kOldUid, kUid}) {
    if (!labels.contains(key)) labels[key] = uid;
  }
  Json& selected = make_object(make_object(spec, "selector"), "matchLabels");
  if (!selected.contains(kUid)) selected[kUid] = uid;
}

}  // namespace orrery::api
