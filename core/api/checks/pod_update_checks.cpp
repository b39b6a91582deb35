#include <algorithm>

#include "core/api/checks/affinity_checks.h"
#include "core/api/checks/internal_form.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/pod_checks.h"

namespace orrery::api {
namespace {

constexpr std::int64_t kInt32Max = 2147483647;
constexpr char kUpdatable[] =
    "pod updates may not change fields other than `spec.containers[*].image`,"
    "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only "
    "additions "
    "to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it "
    "was previously negative)\n";

// False where the lists differ in length: then upstream looks no further.
bool check_container_updates(FieldErrors& errors, const Json& now, const Json& old,
                             const Path& path) {
  if (now.size() != old.size()) {
    errors.forbidden(path, "pod updates may not add or remove containers");
    return false;
  }
  for (std::size_t i = 0; i < now.size(); ++i) {
    const std::string_view image = text(now[i], "image");
    if (image.empty()) {
      errors.required(path.index(i).child("image"));
    } else if (std::string_view(" \t\n").find(image.front()) != std::string_view::npos ||
               std::string_view(" \t\n").find(image.back()) != std::string_view::npos) {
      errors.invalid(path.index(i).child("image"), image,
                     "must not have leading or trailing whitespace");
    }
  }
  return true;
}

// False ends the checks.
bool check_active_deadline(FieldErrors& errors, const Json& now, const Json& old,
                           const Path& path) {
  const auto seconds = maybe_integer(now, "activeDeadlineSeconds");
  const auto before = maybe_integer(old, "activeDeadlineSeconds");
  if (!seconds) {
    if (before) {
      errors.invalid_raw(path, "\"null\"", "must not update from a positive integer to nil value");
    }
    return true;
  }
  if (*seconds < 0 || *seconds > kInt32Max) {
    errors.invalid(path, *seconds, range_message(0, kInt32Max));
    return false;
  }
  if (before && *before < *seconds) {
    errors.invalid(path, *seconds, "must be less than or equal to previous value");
    return false;
  }
  return true;
}

void check_added_tolerations(FieldErrors& errors, const Json& now, const Json& old,
                             const Path& path) {
  for (const Json& before : old) {
    const bool kept = std::any_of(now.begin(), now.end(), [&](const Json& toleration) {
      Json a = toleration, b = before;
      a.erase("tolerationSeconds");
      b.erase("tolerationSeconds");
      return same(&a, &b);
    });
    if (kept) continue;
    errors.forbidden(path, "existing toleration can not be modified except its tolerationSeconds");
    return;
  }
  check_tolerations(errors, now, path);
}

void check_removed_gates(FieldErrors& errors, const Json& now, const Json& old, const Path& path) {
  for (std::size_t i = 0; i < now.size(); ++i) {
    const std::string_view name = text(now[i], "name");
    const bool known = std::any_of(old.begin(), old.end(),
                                   [&](const Json& gate) { return text(gate, "name") == name; });
    if (known) continue;
    errors.forbidden(
        path.index(i).child("name"),
        "only deletion is allowed, but found new scheduling gate '" + std::string(name) + "'");
  }
}

void copy_member(Json& to, const Json& from, const char* key) {
  if (const Json* value = member(from, key)) {
    to[key] = *value;
  } else {
    to.erase(key);
  }
}

void copy_images(Json& to, const Json& from, const char* key) {
  std::size_t i = 0;
  for (Json& container : items_of(to, key)) copy_member(container, array(from, key)[i++], "image");
}

bool only_additions(const Json& now, const Json& old, const char* key) {
  const Json& before = array(old, key);
  const Json& after = array(now, key);
  return after.size() >= before.size() && std::equal(before.begin(), before.end(), after.begin());
}

void check_node_affinity_change(FieldErrors& errors, const Json& now, const Json& old,
                                const Path& path) {
  constexpr char kRequired[] = "requiredDuringSchedulingIgnoredDuringExecution";
  const Json& old_terms = array(object(old, kRequired), "nodeSelectorTerms");
  const Json& new_terms = array(object(now, kRequired), "nodeSelectorTerms");
  if (!has(old, kRequired)) return;
  const Path terms = path.child("requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms");
  if (!old_terms.empty() && old_terms.size() != new_terms.size()) {
    const Json* now_required = member(now, kRequired);
    errors.invalid_raw(terms, now_required ? new_terms.dump() : "null",
                       "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
    return;
  }
  for (std::size_t i = 0; i < old_terms.size(); ++i) {
    const Json &a = old_terms[i], &b = new_terms[i];
    const bool was_empty = array(a, "matchExpressions").empty() && array(a, "matchFields").empty();
    const bool is_empty = array(b, "matchExpressions").empty() && array(b, "matchFields").empty();
    if ((was_empty && !is_empty) || !only_additions(b, a, "matchExpressions") ||
        !only_additions(b, a, "matchFields")) {
      errors.invalid_raw(terms.index(i), internal_text("NodeSelectorTerm", &b),
                         "only additions are allowed (no mutations or deletions)");
    }
  }
}

// A pod behind scheduling gates may get further node selectors and node affinity.
void check_gated(FieldErrors& errors, Json& munged, const Json& old, const Path& path) {
  const Json& now_selector = object(munged, "nodeSelector");
  for (const auto& [key, value] : object(old, "nodeSelector").items()) {
    const auto it = now_selector.find(key);
    if (it != now_selector.end() && *it == value) continue;
    errors.invalid_raw(path.child("nodeSelector"), json_text(member(munged, "nodeSelector")),
                       "only additions to spec.nodeSelector are allowed (no mutations or "
                       "deletions)");
    break;
  }
  copy_member(munged, old, "nodeSelector");
  const Json now_node = object(object(munged, "affinity"), "nodeAffinity");
  const Json& old_node = object(object(old, "affinity"), "nodeAffinity");
  if (same(&now_node, &old_node)) return;
  check_node_affinity_change(errors, now_node, old_node, path.child("affinity.nodeAffinity"));
  Json& affinity = make_object(munged, "affinity");
  copy_member(affinity, object(old, "affinity"), "nodeAffinity");
  if (affinity.empty() && !has(old, "affinity")) munged.erase("affinity");
}

void check_spec_equality(FieldErrors& errors, const Json& now, const Json& old, const Path& path) {
  Json munged = now;
  copy_images(munged, old, "containers");
  copy_images(munged, old, "initContainers");
  for (const char* key : {"activeDeadlineSeconds", "schedulingGates", "tolerations"}) {
    copy_member(munged, old, key);
  }
  if (integer(old, "terminationGracePeriodSeconds") < 0 &&
      maybe_integer(munged, "terminationGracePeriodSeconds") == 1) {
    copy_member(munged, old, "terminationGracePeriodSeconds");
  }
  if (!array(old, "schedulingGates").empty()) check_gated(errors, munged, old, path);
  const Json before = internal_pod_spec(old), after = internal_pod_spec(munged);
  const std::string old_text = internal_lines("PodSpec", &before);
  const std::string new_text = internal_lines("PodSpec", &after);
  if (old_text == new_text || same(&before, &after)) return;
  errors.forbidden(path, kUpdatable + line_diff(old_text, new_text));
}

void check_mirror_annotation(FieldErrors& errors, const Json& now, const Json& old,
                             const Path& path) {
  constexpr char kMirror[] = "kubernetes.io/config.mirror";
  const auto before = maybe_text(old, kMirror), after = maybe_text(now, kMirror);
  if (before && before != after) {
    errors.forbidden(path.key(kMirror), "may not remove or update mirror pod annotation");
  } else if (!before && after) {
    errors.forbidden(path.key(kMirror), "may not add mirror pod annotation");
  }
}

void check_state_transitions(FieldErrors& errors, const Json& now, const Json& old, const char* key,
                             std::string_view restart, const Path& path) {
  if (restart == "Always") return;
  const Json& before = array(old, key);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const Json* terminated = member(object(before[i], "state"), "terminated");
    if (!terminated) continue;
    if (integer(*terminated, "exitCode") != 0 && restart == "OnFailure") continue;
    for (const Json& status : array(now, key)) {
      if (text(status, "name") != text(before[i], "name")) continue;
      if (has(object(status, "state"), "terminated")) continue;
      errors.forbidden(path.at(key, i).child("state"),
                       "may not be transitioned to non-terminated state");
    }
  }
}

bool is_restartable_init(const Json& spec, std::string_view name) {
  const Json& containers = array(spec, "initContainers");
  return std::any_of(containers.begin(), containers.end(), [&](const Json& c) {
    return text(c, "name") == name && text(c, "restartPolicy") == "Always";
  });
}

// Statuses of sidecars may leave the terminated state.
Json without_sidecars(const Json& status, const Json& spec) {
  Json out = Json::object();
  out["initContainerStatuses"] = Json::array();
  for (const Json& one : array(status, "initContainerStatuses")) {
    if (!is_restartable_init(spec, text(one, "name"))) out["initContainerStatuses"].push_back(one);
  }
  return out;
}

void check_ip_list(FieldErrors& errors, const Json& status, const char* key, const Path& path) {
  const Json& list = array(status, key);
  bool v4 = false, v6 = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    check_ip(errors, text(list[i], "ip"), path.at(key, i));
    (parse_ip(text(list[i], "ip")).v6 ? v6 : v4) = true;
  }
  if (list.size() > 1 && (list.size() > 2 || !v4 || !v6)) {
    std::string printed = "[";
    for (const Json& ip : list)
      printed.append(printed.size() > 1 ? "," : "") += internal_text("IP", &ip);
    errors.invalid_raw(path.child(key), printed + "]",
                       "may specify no more than one IP for each IP family");
  }
}

}  // namespace

void check_pod_update(FieldErrors& errors, const Json& now_pod, const Json& old_pod) {
  const Json& now = object(now_pod, "spec");
  const Json& old = object(old_pod, "spec");
  const Path path("spec");
  check_object_meta_update(errors, now_pod, old_pod);
  check_pod_object(errors, now_pod);
  const Json& annotations = object(object(now_pod, "metadata"), "annotations");
  const Path annotations_path("metadata.annotations");
  check_mirror_annotation(errors, annotations, object(object(old_pod, "metadata"), "annotations"),
                          annotations_path);
  check_pod_annotations(errors, annotations, now, annotations_path);
  for (const char* key : {"containers", "initContainers"}) {
    if (!check_container_updates(errors, array(now, key), array(old, key), path.child(key))) return;
  }
  if (!check_active_deadline(errors, now, old, path.child("activeDeadlineSeconds"))) return;
  check_added_tolerations(errors, array(now, "tolerations"), array(old, "tolerations"),
                          path.child("tolerations"));
  check_removed_gates(errors, array(now, "schedulingGates"), array(old, "schedulingGates"),
                      path.child("schedulingGates"));
  if (now != old) check_spec_equality(errors, now, old, path);
}

void check_pod_status_update(FieldErrors& errors, const Json& now_pod, const Json& old_pod) {
  const Json& now = object(now_pod, "status");
  const Json& old = object(old_pod, "status");
  const Json& spec = object(old_pod, "spec");
  const Path path("status");
  check_object_meta_update(errors, now_pod, old_pod);
  const Path conditions_path("metadata.conditions");
  const Json& conditions = array(now, "conditions");
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    check_qualified_name(errors, text(conditions[i], "type"),
                         conditions_path.index(i).child("Type"));
  }
  if (text(object(now_pod, "spec"), "nodeName") != text(spec, "nodeName")) {
    errors.forbidden(path.child("nodeName"), "may not be changed directly");
  }
  const std::string_view nominated = text(now, "nominatedNodeName");
  if (!nominated.empty() && nominated != text(old, "nominatedNodeName")) {
    check_dns_subdomain(errors, nominated, path.child("nominatedNodeName"));
  }
  if (text(now, "qosClass") != text(old, "qosClass")) {
    errors.invalid(path.child("qosClass"), text(now, "qosClass"), "field is immutable");
  }
  const std::string_view restart = text(spec, "restartPolicy");
  check_state_transitions(errors, now, old, "containerStatuses", restart, path);
  check_state_transitions(errors, now, without_sidecars(old, spec), "initContainerStatuses",
                          restart, path);
  check_state_transitions(errors, now, old, "ephemeralContainerStatuses", "Never", path);
  check_ip_list(errors, now, "podIPs", path);
  check_ip_list(errors, now, "hostIPs", path);
}

}  // namespace orrery::api
