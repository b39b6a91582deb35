#include <algorithm>
#include <array>

#include "core/api/checks/apps_checks.h"
#include "core/api/checks/internal_form.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/pod_checks.h"

namespace orrery::api {
namespace {

// What an update of a StatefulSet's spec may change.
constexpr std::array<const char*, 7> kMutable{"replicas",
                                              "ordinals",
                                              "template",
                                              "updateStrategy",
                                              "revisionHistoryLimit",
                                              "persistentVolumeClaimRetentionPolicy",
                                              "minReadySeconds"};

void check_update_strategy(FieldErrors& errors, const Json& strategy, const Path& path) {
  const std::string_view type = text(strategy, "type");
  const Json* rolling = member(strategy, "rollingUpdate");
  const Path rolling_path = path.child("rollingUpdate");
  if (type.empty()) {
    errors.required(path);
  } else if (type == "OnDelete") {
    if (rolling) {
      errors.invalid_raw(rolling_path, internal_text("RollingUpdateStatefulSet", rolling),
                         "only allowed for updateStrategy 'RollingUpdate'");
    }
  } else if (type == "RollingUpdate") {
    if (!rolling) return;
    check_not_negative(errors, integer(*rolling, "partition"), rolling_path.child("partition"));
    if (const Json* unavailable = member(*rolling, "maxUnavailable")) {
      const Path at = rolling_path.child("maxUnavailable");
      check_int_or_percent(errors, unavailable, at);
      if (*unavailable == 0 || *unavailable == "0%") {
        errors.invalid_raw(at, unavailable->dump(), "cannot be 0");
      }
      check_not_over_100_percent(errors, unavailable, at);
    }
  } else {
    errors.invalid_raw(path, internal_text("StatefulSetUpdateStrategy", &strategy),
                       "must be 'RollingUpdate' or 'OnDelete'");
  }
}

void check_retention(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json* policy = member(spec, "persistentVolumeClaimRetentionPolicy");
  if (!policy) return;
  for (const char* key : {"whenDeleted", "whenScaled"}) {
    const std::string_view value = text(*policy, key);
    if (value != "Retain" && value != "Delete") {
      errors.not_supported(path.child("persistentVolumeClaimRetentionPolicy").child(key), value,
                           {"Retain", "Delete"});
    }
  }
}

// Of the template only the metadata is checked: mounts may name volumes that come from the claims.
void check_template(FieldErrors& errors, const Json* selector, const Json& pod_template,
                    const Path& path) {
  const Json& meta = object(pod_template, "metadata");
  if (!selector_matches(selector, object(meta, "labels"))) {
    errors.invalid_raw(path.child("metadata.labels"), json_text(member(meta, "labels")),
                       "`selector` does not match template `labels`");
  }
  check_labels(errors, object(meta, "labels"), path.child("labels"));
  check_annotations(errors, object(meta, "annotations"), path.child("annotations"));
  check_pod_annotations(errors, object(meta, "annotations"), object(pod_template, "spec"),
                        path.child("annotations"));
}

void check_selector(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json* selector = member(spec, "selector");
  const Path at = path.child("selector");
  if (!selector) {
    errors.required(at);
  } else {
    check_label_selector(errors, selector, at);
    if (object(*selector, "matchLabels").empty() && array(*selector, "matchExpressions").empty()) {
      errors.invalid_raw(at, selector_text(selector), "empty selector is invalid for statefulset");
    }
  }
  if (selector_state(selector) == SelectorState::kBroken) {
    errors.invalid_raw(at, selector_text(selector), "");
  } else {
    check_template(errors, selector, object(spec, "template"), path.child("template"));
  }
}

void check_spec(FieldErrors& errors, const Json& spec) {
  const Path path("spec");
  const std::string_view management = text(spec, "podManagementPolicy");
  if (management.empty()) {
    errors.required(path.child("podManagementPolicy"));
  } else if (management != "OrderedReady" && management != "Parallel") {
    errors.invalid(path.child("podManagementPolicy"), management,
                   "must be 'OrderedReady' or 'Parallel'");
  }
  check_update_strategy(errors, object(spec, "updateStrategy"), path.child("updateStrategy"));
  check_retention(errors, spec, path);
  check_not_negative(errors, integer(spec, "replicas"), path.child("replicas"));
  check_not_negative(errors, integer(spec, "minReadySeconds"), path.child("minReadySeconds"));
  check_not_negative(errors, integer(object(spec, "ordinals"), "start"),
                     path.child("ordinals.start"));
  check_selector(errors, spec, path);
  const Json& pod = object(object(spec, "template"), "spec");
  if (text(pod, "restartPolicy") != "Always") {
    errors.not_supported(path.child("template.spec.restartPolicy"), text(pod, "restartPolicy"),
                         {"Always"});
  }
  if (has(pod, "activeDeadlineSeconds")) {
    errors.forbidden(path.child("template.spec.activeDeadlineSeconds"),
                     "activeDeadlineSeconds in StatefulSet is not Supported");
  }
  check_not_negative(errors, integer(spec, "revisionHistoryLimit"),
                     path.child("revisionHistoryLimit"));
}

}  // namespace

void check_stateful_set(FieldErrors& errors, const Json& object_json) {
  check_object_meta(errors, object_json, Scope::kNamespaced, label_name);
  check_spec(errors, object(object_json, "spec"));
}

void check_stateful_set_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_spec(errors, object(now, "spec"));
  Json a = object(now, "spec"), b = object(old, "spec");
  for (const char* key : kMutable) {
    a.erase(key);
    b.erase(key);
  }
  for (Json* spec : {&a, &b}) {
    for (Json& claim : items_of(*spec, "volumeClaimTemplates")) claim.erase("status");
  }
  if (!same(&a, &b)) {
    errors.forbidden(Path("spec"),
                     "updates to statefulset spec for fields other than 'replicas', 'ordinals', "
                     "'template', 'updateStrategy', 'revisionHistoryLimit', "
                     "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
  }
}

}  // namespace orrery::api
