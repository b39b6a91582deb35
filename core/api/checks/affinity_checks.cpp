#include "core/api/checks/affinity_checks.h"

#include <algorithm>
#include <set>

#include "core/api/checks/internal_form.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

constexpr char kRequired[] = "requiredDuringSchedulingIgnoredDuringExecution";
constexpr char kPreferred[] = "preferredDuringSchedulingIgnoredDuringExecution";

void check_node_requirement(FieldErrors& errors, const Json& requirement, bool check_values,
                            const Path& path) {
  const std::string_view op = text(requirement, "operator");
  const Json& values = array(requirement, "values");
  const Path values_path = path.child("values");
  if (op == "In" || op == "NotIn") {
    if (values.empty()) {
      errors.required(values_path, "must be specified when `operator` is 'In' or 'NotIn'");
    }
  } else if (op == "Exists" || op == "DoesNotExist") {
    if (!values.empty()) {
      errors.forbidden(values_path,
                       "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    }
  } else if (op == "Gt" || op == "Lt") {
    if (values.size() != 1) {
      errors.required(values_path,
                      "must be specified single value when `operator` is 'Lt' or 'Gt'");
    }
  } else {
    errors.invalid(path.child("operator"), op, "not a valid selector operator");
  }
  check_label_name(errors, text(requirement, "key"), path.child("key"));
  for (std::size_t i = 0; check_values && i < values.size(); ++i) {
    const std::string_view value = as_text(values[i]);
    errors.invalid_each(values_path.index(i), value, label_value_messages(value));
  }
}

void check_node_field(FieldErrors& errors, const Json& requirement, const Path& path) {
  const std::string_view op = text(requirement, "operator"), key = text(requirement, "key");
  const Json& values = array(requirement, "values");
  if (op == "In" || op == "NotIn") {
    if (values.size() != 1) {
      errors.required(path.child("values"),
                      "must be only one value when `operator` is 'In' or 'NotIn' for node field "
                      "selector");
    }
  } else {
    errors.invalid(path.child("operator"), op, "not a valid selector operator");
  }
  if (key != "metadata.name") {
    errors.invalid(path.child("key"), key, "not a valid field selector key");
    return;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    check_dns_subdomain(errors, as_text(values[i]), path.at("values", i));
  }
}

void check_node_term(FieldErrors& errors, const Json& term, bool check_values, const Path& path) {
  const Json& expressions = array(term, "matchExpressions");
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    check_node_requirement(errors, expressions[i], check_values, path.at("matchExpressions", i));
  }
  const Json& fields = array(term, "matchFields");
  for (std::size_t i = 0; i < fields.size(); ++i) {
    check_node_field(errors, fields[i], path.at("matchFields", i));
  }
}

void check_weight(FieldErrors& errors, const Json& term, const Path& path) {
  const std::int64_t weight = integer(term, "weight");
  if (weight < 1 || weight > 100) {
    errors.invalid(path.child("weight"), weight, "must be in the range 1-100");
  }
}

void check_node_affinity(FieldErrors& errors, const Json& affinity, const Path& path) {
  if (const Json* required = member(affinity, kRequired)) {
    check_node_selector(errors, *required, path.child(kRequired));
  }
  const Json& preferred = array(affinity, kPreferred);
  for (std::size_t i = 0; i < preferred.size(); ++i) {
    const Path at = path.at(kPreferred, i);
    check_weight(errors, preferred[i], at);
    check_node_term(errors, object(preferred[i], "preference"), false, at.child("preference"));
  }
}

void check_label_keys(FieldErrors& errors, const Json& keys, bool has_selector, const Path& path) {
  if (keys.empty()) return;
  if (!has_selector) {
    errors.forbidden(path, "must not be specified when labelSelector is not set");
    return;
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    check_label_name(errors, as_text(keys[i]), path.index(i));
  }
}

// A key in matchLabelKeys must not stand in the selector twice, nor in mismatchLabelKeys.
void check_key_conflicts(FieldErrors& errors, const Json& term, const Path& path) {
  const Json& match = array(term, "matchLabelKeys");
  const Json& mismatch = array(term, "mismatchLabelKeys");
  if (const Json* selector = member(term, "labelSelector")) {
    std::set<std::string, std::less<>> seen;
    for (const auto& item : object(*selector, "matchLabels").items()) seen.insert(item.key());
    for (const Json& expression : array(*selector, "matchExpressions")) {
      const std::string_view key = text(expression, "key");
      const auto it = std::find(match.begin(), match.end(), key);
      if (it != match.end() && seen.contains(key)) {
        errors.invalid(path.index(static_cast<std::size_t>(it - match.begin())), key,
                       "exists in both matchLabelKeys and labelSelector");
      }
      seen.emplace(key);
    }
  }
  for (std::size_t i = 0; i < match.size(); ++i) {
    if (std::find(mismatch.begin(), mismatch.end(), match[i]) != mismatch.end()) {
      errors.invalid(path.at("matchLabelKeys", i), as_text(match[i]),
                     "exists in both matchLabelKeys and mismatchLabelKeys");
    }
  }
}

void check_pod_term(FieldErrors& errors, const Json& term, const Path& path) {
  const Json* selector = member(term, "labelSelector");
  check_label_selector(errors, selector, path.child("labelSelector"));
  check_label_selector(errors, member(term, "namespaceSelector"), path.child("namespaceSelector"));
  for (const Json& name : array(term, "namespaces")) {
    check_dns_label(errors, as_text(name), path.child("namespace"));
  }
  for (const char* key : {"matchLabelKeys", "mismatchLabelKeys"}) {
    check_label_keys(errors, array(term, key), selector != nullptr, path.child(key));
  }
  check_key_conflicts(errors, term, path);
  const std::string_view topology = text(term, "topologyKey");
  if (topology.empty()) errors.required(path.child("topologyKey"), "can not be empty");
  check_label_name(errors, topology, path.child("topologyKey"));
}

void check_pod_affinity(FieldErrors& errors, const Json& affinity, const Path& path) {
  const Json& required = array(affinity, kRequired);
  for (std::size_t i = 0; i < required.size(); ++i) {
    check_pod_term(errors, required[i], path.at(kRequired, i));
  }
  const Json& preferred = array(affinity, kPreferred);
  for (std::size_t i = 0; i < preferred.size(); ++i) {
    const Path at = path.at(kPreferred, i);
    check_weight(errors, preferred[i], at);
    check_pod_term(errors, object(preferred[i], "podAffinityTerm"), at.child("podAffinityTerm"));
  }
}

void check_taint_effect(FieldErrors& errors, std::string_view effect, const Path& path) {
  if (effect == "NoSchedule" || effect == "PreferNoSchedule" || effect == "NoExecute") return;
  errors.not_supported(path, effect, {"NoSchedule", "PreferNoSchedule", "NoExecute"});
}

void check_label_value_joined(FieldErrors& errors, std::string_view value, const Path& path) {
  const Messages messages = label_value_messages(value);
  if (messages.empty()) return;
  std::string joined;
  for (const std::string& message : messages) joined.append(joined.empty() ? "" : ";") += message;
  errors.invalid(path, value, joined);
}

void check_toleration(FieldErrors& errors, const Json& toleration, const Path& path) {
  const std::string_view key = text(toleration, "key"), op = text(toleration, "operator");
  const std::string_view value = text(toleration, "value"), effect = text(toleration, "effect");
  if (!key.empty()) check_label_name(errors, key, path.child("key"));
  if (key.empty() && op != "Exists") {
    errors.invalid(path.child("operator"), op,
                   "operator must be Exists when `key` is empty, which means \"match all values "
                   "and all keys\"");
  }
  if (has(toleration, "tolerationSeconds") && effect != "NoExecute") {
    errors.invalid(path.child("effect"), effect,
                   "effect must be 'NoExecute' when `tolerationSeconds` is set");
  }
  if (op == "Equal" || op.empty()) {
    check_label_value_joined(errors, value, path.child("operator"));
  } else if (op == "Exists") {
    if (!value.empty()) {
      errors.invalid(path.child("operator"), value,
                     "value must be empty when `operator` is 'Exists'");
    }
  } else {
    errors.not_supported(path.child("operator"), op, {"Equal", "Exists", "Lt", "Gt"});
  }
  if (!effect.empty()) check_taint_effect(errors, effect, path.child("effect"));
}

void check_spread_keys(FieldErrors& errors, const Json& constraint, const Path& path) {
  const Json& keys = array(constraint, "matchLabelKeys");
  if (keys.empty()) return;
  // One mention comes from merging the keys into the selector on create, a second is the user's.
  std::multiset<std::string, std::less<>> selected;
  const Json* selector = member(constraint, "labelSelector");
  if (selector) {
    for (const auto& item : object(*selector, "matchLabels").items()) selected.insert(item.key());
    for (const Json& e : array(*selector, "matchExpressions")) selected.emplace(text(e, "key"));
  } else {
    errors.forbidden(path, "must not be specified when labelSelector is not set");
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string_view key = as_text(keys[i]);
    check_label_name(errors, key, path.index(i));
    if (selected.count(key) > 1) {
      errors.invalid(path.index(i), key, "exists in both matchLabelKeys and labelSelector");
    }
  }
}

void check_min_domains(FieldErrors& errors, const Json& constraint, const Path& path) {
  const auto domains = maybe_integer(constraint, "minDomains");
  if (!domains) return;
  const std::string_view action = text(constraint, "whenUnsatisfiable");
  if (*domains <= 0) errors.invalid(path, *domains, "must be greater than zero");
  if (action != "DoNotSchedule") {
    errors.invalid(
        path, *domains,
        "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + std::string(action));
  }
}

void merge_keys(Json& holder, const char* list, const char* op, const Json& labels) {
  for (const Json& key : array(holder, list)) {
    const auto it = labels.is_object() ? labels.find(as_text(key)) : labels.end();
    if (it == labels.end() || !has(holder, "labelSelector")) continue;
    Json& expressions = holder["labelSelector"]["matchExpressions"];
    if (!expressions.is_array()) expressions = Json::array();
    expressions.push_back({{"key", key}, {"operator", op}, {"values", Json::array({*it})}});
  }
}

}  // namespace

void check_affinity(FieldErrors& errors, const Json& affinity, const Path& path) {
  if (const Json* node = member(affinity, "nodeAffinity")) {
    check_node_affinity(errors, *node, path.child("nodeAffinity"));
  }
  for (const char* key : {"podAffinity", "podAntiAffinity"}) {
    if (const Json* pod = member(affinity, key)) check_pod_affinity(errors, *pod, path.child(key));
  }
}

void check_node_selector(FieldErrors& errors, const Json& selector, const Path& path) {
  const Json& terms = array(selector, "nodeSelectorTerms");
  if (terms.empty()) {
    errors.required(path.child("nodeSelectorTerms"), "must have at least one node selector term");
  }
  for (std::size_t i = 0; i < terms.size(); ++i) {
    check_node_term(errors, terms[i], true, path.at("nodeSelectorTerms", i));
  }
}

void check_tolerations(FieldErrors& errors, const Json& tolerations, const Path& path) {
  for (std::size_t i = 0; i < tolerations.size(); ++i) {
    check_toleration(errors, tolerations[i], path.index(i));
  }
}

void check_taints(FieldErrors& errors, const Json& taints, const Path& path) {
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t i = 0; i < taints.size(); ++i) {
    const Path at = path.index(i);
    const std::string_view key = text(taints[i], "key"), effect = text(taints[i], "effect");
    check_label_name(errors, key, at.child("key"));
    check_label_value_joined(errors, text(taints[i], "value"), at.child("value"));
    if (effect.empty()) {
      errors.required(at.child("effect"));
    } else {
      check_taint_effect(errors, effect, at.child("effect"));
    }
    if (!seen.emplace(effect, key).second) {
      errors.duplicate_raw(at, internal_text("Taint", &taints[i]),
                           "taints must be unique by key and effect pair");
    }
  }
}

void check_topology_spread(FieldErrors& errors, const Json& constraints, const Path& path) {
  for (std::size_t i = 0; i < constraints.size(); ++i) {
    const Json& constraint = constraints[i];
    const Path at = path.index(i);
    const std::int64_t skew = integer(constraint, "maxSkew");
    if (skew <= 0) errors.invalid(at.child("maxSkew"), skew, "must be greater than zero");
    const std::string_view topology = text(constraint, "topologyKey");
    const std::string_view action = text(constraint, "whenUnsatisfiable");
    if (topology.empty()) errors.required(at.child("topologyKey"), "can not be empty");
    if (action != "DoNotSchedule" && action != "ScheduleAnyway") {
      errors.not_supported(at.child("whenUnsatisfiable"), action,
                           {"DoNotSchedule", "ScheduleAnyway"});
    }
    const auto rest = constraints.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    if (std::any_of(rest, constraints.end(), [&](const Json& other) {
          return text(other, "topologyKey") == topology &&
                 text(other, "whenUnsatisfiable") == action;
        })) {
      errors.duplicate(at.child("{topologyKey, whenUnsatisfiable}"),
                       "{" + std::string(topology) + ", " + std::string(action) + "}");
    }
    check_min_domains(errors, constraint, at.child("minDomains"));
    for (const char* key : {"nodeAffinityPolicy", "nodeTaintsPolicy"}) {
      const auto policy = maybe_text(constraint, key);
      if (policy && *policy != "Honor" && *policy != "Ignore") {
        errors.not_supported(at.child(key), *policy, {"Honor", "Ignore"});
      }
    }
    check_spread_keys(errors, constraint, at.child("matchLabelKeys"));
    check_label_selector(errors, member(constraint, "labelSelector"), at.child("labelSelector"));
  }
}

void merge_match_label_keys(Json& spec, const Json& labels) {
  if (has(spec, "affinity")) {
    for (const char* kind : {"podAffinity", "podAntiAffinity"}) {
      if (!has(spec["affinity"], kind)) continue;
      Json& affinity = spec["affinity"][kind];
      for (Json& term : items_of(affinity, kRequired)) {
        merge_keys(term, "matchLabelKeys", "In", labels);
        merge_keys(term, "mismatchLabelKeys", "NotIn", labels);
      }
      for (Json& weighted : items_of(affinity, kPreferred)) {
        Json& term = make_object(weighted, "podAffinityTerm");
        merge_keys(term, "matchLabelKeys", "In", labels);
        merge_keys(term, "mismatchLabelKeys", "NotIn", labels);
      }
    }
  }
  for (Json& constraint : items_of(spec, "topologySpreadConstraints")) {
    merge_keys(constraint, "matchLabelKeys", "In", labels);
  }
}

}  // namespace orrery::api
