#include "core/apiserver/auth/rbac_documents.h"

#include <nlohmann/json.hpp>

#include "core/apiserver/auth/json_members.h"
#include "core/base/check.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

const json& body_of(const api::Object& object) {
  static const json kEmpty = json::object();
  const auto* dynamic = dynamic_cast<const api::Dynamic*>(&object);
  CHECK(dynamic != nullptr);  // the kinds of rbac.authorization.k8s.io have no structs
  return dynamic->body && dynamic->body.json().is_object() ? dynamic->body.json() : kEmpty;
}

api::LabelSelector selector_of(const json& document) {
  api::LabelSelector out;
  const json& labels = member(document, "matchLabels");
  if (labels.is_object()) {
    for (const auto& [key, value] : labels.items()) {
      if (value.is_string()) {
        out.match_labels.emplace_back(Symbol(key), Symbol(value.get<std::string>()));
      }
    }
  }
  const json& expressions = member(document, "matchExpressions");
  if (!expressions.is_array()) return out;
  for (const json& e : expressions) {
    std::vector<Symbol> values;
    for (const std::string& value : texts(member(e, "values"))) values.emplace_back(value);
    out.match_expressions.push_back(
        {Symbol(text(e, "key")), Symbol(text(e, "operator")), std::move(values)});
  }
  return out;
}

}  // namespace

std::vector<PolicyRule> rules_of(const api::Object& role) {
  std::vector<PolicyRule> out;
  const json& rules = member(body_of(role), "rules");
  if (!rules.is_array()) return out;
  for (const json& rule : rules) {
    out.push_back({texts(member(rule, "verbs")), texts(member(rule, "apiGroups")),
                   texts(member(rule, "resources")), texts(member(rule, "resourceNames")),
                   texts(member(rule, "nonResourceURLs"))});
  }
  return out;
}

Binding binding_of(const api::Object& binding) {
  const json& body = body_of(binding);
  const json& ref = member(body, "roleRef");
  Binding out{binding.meta.namespace_.str(),
              binding.meta.name.str(),
              {text(ref, "apiGroup"), text(ref, "kind"), text(ref, "name")},
              {}};
  const json& subjects = member(body, "subjects");
  if (!subjects.is_array()) return out;
  for (const json& subject : subjects) {
    out.subjects.push_back(
        {text(subject, "kind"), text(subject, "name"), text(subject, "namespace")});
  }
  return out;
}

std::vector<api::Selector> aggregation_selectors(const api::Object& role) {
  std::vector<api::Selector> out;
  const json& selectors = member(member(body_of(role), "aggregationRule"), "clusterRoleSelectors");
  if (!selectors.is_array()) return out;
  for (const json& selector : selectors) {
    Result<api::Selector> compiled = api::Selector::from(selector_of(selector));
    if (compiled.ok()) out.push_back(std::move(*compiled));
  }
  return out;
}

bool has_aggregation_rule(const api::Object& role) {
  return member(body_of(role), "aggregationRule").is_object();
}

json rules_document(const std::vector<PolicyRule>& rules) {
  json out = json::array();
  for (const PolicyRule& rule : rules) {
    json document = {{"verbs", rule.verbs}};
    const auto add = [&](const char* name, const std::vector<std::string>& list) {
      if (!list.empty()) document[name] = list;
    };
    add("apiGroups", rule.api_groups);
    add("resources", rule.resources);
    add("resourceNames", rule.resource_names);
    add("nonResourceURLs", rule.non_resource_urls);
    out.push_back(std::move(document));
  }
  return out;
}

}  // namespace orrery::apiserver
