#include "core/scheduler/config/affinity_args.h"

#include <charconv>

#include "core/api/checks/formats.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::scheduler::config {
namespace {

using api::FieldErrors;
using api::Path;

std::string shown(const std::vector<std::string>& values) {
  std::string out = "[";
  for (const std::string& value : values) {
    out += (out.size() > 1 ? ",\"" : "\"") + value + "\"";
  }
  return out + "]";
}

bool is_integer(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

/// labels.NewRequirement.
void check_expression(FieldErrors& errors, const api::NodeSelectorRequirement& r,
                      const std::vector<std::string>& values, const Path& path) {
  const std::string_view op = r.operator_.view();
  const Path values_path = path.child("values");
  errors.invalid_each(path.child("key"), r.key.view(),
                      api::qualified_name_messages(r.key.view()));
  if (op == "In" || op == "NotIn") {
    if (values.empty()) {
      errors.invalid_raw(values_path, shown(values),
                         "for 'in', 'notin' operators, values set can't be empty");
    }
  } else if (op == "Exists" || op == "DoesNotExist") {
    if (!values.empty()) {
      errors.invalid_raw(values_path, shown(values),
                         "values set must be empty for exists and does not exist");
    }
  } else if (op == "Gt" || op == "Lt") {
    if (values.size() != 1) {
      errors.invalid_raw(values_path, shown(values),
                         "for 'Gt', 'Lt' operators, exactly one value is required");
    } else if (!is_integer(values[0])) {
      errors.invalid(values_path.index(0), values[0],
                     "for 'Gt', 'Lt' operators, the value must be an integer");
    }
  } else {
    errors.not_supported(path.child("operator"), op,
                         {"DoesNotExist", "Exists", "Gt", "In", "Lt", "NotIn"});
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    errors.invalid_each(values_path.index(i), values[i], api::label_value_messages(values[i]));
  }
}

/// nodeSelectorRequirementsAsFieldSelector.
void check_field(FieldErrors& errors, const api::NodeSelectorRequirement& r,
                 const std::vector<std::string>& values, const Path& path) {
  const std::string_view op = r.operator_.view();
  if (op != "In" && op != "NotIn") {
    errors.not_supported(path.child("operator"), op, {"In", "NotIn"});
  } else if (values.size() != 1) {
    errors.invalid_raw(path.child("values"), shown(values), "must have one element");
  }
}

api::List<api::NodeSelectorRequirement> read_requirements(ObjectReader& from,
                                                          std::string_view name, bool is_field,
                                                          FieldErrors& errors) {
  api::List<api::NodeSelectorRequirement> out;
  for (ObjectReader& item : from.objects(name)) {
    api::NodeSelectorRequirement requirement;
    std::vector<std::string> values;
    item.read("key", requirement.key);
    item.read("operator", requirement.operator_);
    item.read("values", values);
    item.finish();
    (is_field ? check_field : check_expression)(errors, requirement, values, Path(item.path()));
    for (const std::string& value : values) requirement.values.edit().push_back(Symbol(value));
    out.edit().push_back(std::move(requirement));
  }
  return out;
}

api::NodeSelectorTerm read_term(ObjectReader from, FieldErrors& errors) {
  api::NodeSelectorTerm term;
  term.match_expressions = read_requirements(from, "matchExpressions", false, errors);
  term.match_fields = read_requirements(from, "matchFields", true, errors);
  from.finish();
  return term;
}

struct ConstraintReader {
  FieldErrors& errors;
  std::vector<api::TopologySpreadConstraint>& list;

  void read(ObjectReader& from) {
    api::TopologySpreadConstraint c;
    from.read("maxSkew", c.max_skew);
    from.read("topologyKey", c.topology_key);
    from.read("whenUnsatisfiable", c.when_unsatisfiable);
    from.read("minDomains", c.min_domains);
    std::optional<std::string> affinity, taints;
    from.read("nodeAffinityPolicy", affinity);
    from.read("nodeTaintsPolicy", taints);
    if (affinity) c.node_affinity_policy = Symbol(*affinity);
    if (taints) c.node_taints_policy = Symbol(*taints);
    std::vector<std::string> keys;
    from.read("matchLabelKeys", keys);
    for (const std::string& key : keys) c.match_label_keys.edit().push_back(Symbol(key));
    const bool has_selector = from.has("labelSelector");
    from.finish();
    check(c, has_selector, Path(from.path()));
    list.push_back(std::move(c));
  }

  void check(const api::TopologySpreadConstraint& c, bool has_selector, const Path& path) {
    if (c.max_skew <= 0) {
      errors.invalid(path.child("maxSkew"), std::int64_t{c.max_skew},
                     "not in valid range (0, inf)");
    }
    const std::string_view key = c.topology_key.view(), when = c.when_unsatisfiable.view();
    if (key.empty()) {
      errors.required(path.child("topologyKey"), "can not be empty");
    } else {
      api::check_label_name(errors, key, path.child("topologyKey"));
    }
    if (when.empty()) {
      errors.required(path.child("whenUnsatisfiable"), "can not be empty");
    } else if (when != "DoNotSchedule" && when != "ScheduleAnyway") {
      errors.not_supported(path.child("whenUnsatisfiable"), when,
                           {"DoNotSchedule", "ScheduleAnyway"});
    }
    if (has_selector) {
      errors.forbidden(path.child("labelSelector"),
                       "constraint must not define a selector, as they deduced for each pod");
    }
    for (const api::TopologySpreadConstraint& other : list) {
      if (other.topology_key != c.topology_key) continue;
      if (other.when_unsatisfiable != c.when_unsatisfiable) continue;
      errors.duplicate(path, "{" + std::string(key) + ", " + std::string(when) + "}");
      break;
    }
  }
};

}  // namespace

PluginArgs read_node_affinity(ObjectReader& args, FieldErrors& errors) {
  NodeAffinityArgs out;
  if (!args.has("addedAffinity")) return out;
  ObjectReader from = args.object("addedAffinity");
  api::NodeAffinity added;
  if (from.has("requiredDuringSchedulingIgnoredDuringExecution")) {
    ObjectReader required = from.object("requiredDuringSchedulingIgnoredDuringExecution");
    api::NodeSelector selector;
    for (ObjectReader& term : required.objects("nodeSelectorTerms")) {
      selector.node_selector_terms.edit().push_back(read_term(term, errors));
    }
    required.finish();
    added.required = std::move(selector);
  }
  for (ObjectReader& item : from.objects("preferredDuringSchedulingIgnoredDuringExecution")) {
    api::PreferredSchedulingTerm term;
    item.read("weight", term.weight);
    term.preference = read_term(item.object("preference"), errors);
    item.finish();
    added.preferred.edit().push_back(std::move(term));
  }
  from.finish();
  out.added_affinity = std::move(added);
  return out;
}

PluginArgs read_topology_spread(ObjectReader& args, FieldErrors& errors) {
  PodTopologySpreadArgs out;
  std::string type;
  args.read("defaultingType", type);
  if (type.empty()) type = "System";
  const Path path(args.path());
  out.system_defaulting = type == "System";
  auto constraints = args.objects("defaultConstraints");
  if (type != "System" && type != "List") {
    errors.not_supported(path.child("defaultingType"), type, {"System", "List"});
  } else if (out.system_defaulting && !constraints.empty()) {
    errors.invalid(path.child("defaultingType"), type, "when .defaultConstraints are not empty");
  }
  ConstraintReader reader{errors, out.default_constraints};
  for (ObjectReader& constraint : constraints) reader.read(constraint);
  return out;
}

}  // namespace orrery::scheduler::config
