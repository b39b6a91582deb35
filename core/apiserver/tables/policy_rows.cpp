// Rows of what rules a cluster: RBAC bindings, admission, disruption budgets, flow control,
// certificate requests.
#include <fmt/format.h>

#include "core/api/checks/json_view.h"
#include "core/apiserver/tables/age.h"
#include "core/apiserver/tables/row_printers.h"
#include "core/apiserver/tables/row_text.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

void print_subjects(const Json& subjects, RowCells& cells) {
  std::vector<std::string_view> users, groups;
  std::vector<std::string> accounts;
  for (const Json& s : subjects) {
    if (text(s, "kind") == "User") users.push_back(text(s, "name"));
    if (text(s, "kind") == "Group") groups.push_back(text(s, "name"));
    if (text(s, "kind") == "ServiceAccount") {
      accounts.push_back(fmt::format("{}/{}", text(s, "namespace"), text(s, "name")));
    }
  }
  cells.text(joined(users, ", "));
  cells.text(joined(groups, ", "));
  cells.text(joined({accounts.begin(), accounts.end()}, ", "));
}

void print_role_binding(const Json& o, Time now, RowCells& cells) {
  const Json& role = object(o, "roleRef");
  cells.text(name_of(o));
  cells.text(fmt::format("{}/{}", text(role, "kind"), text(role, "name")));
  cells.text(age_of(o, now));
  print_subjects(array(o, "subjects"), cells);
}

void print_webhooks(const Json& o, Time now, RowCells& cells) {
  cells.text(name_of(o));
  cells.integer(static_cast<std::int64_t>(array(o, "webhooks").size()));
  cells.text(age_of(o, now));
}

void print_policy(const Json& o, const char* rules, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  const Json* kind = member(spec, "paramKind");
  cells.text(name_of(o));
  cells.integer(static_cast<std::int64_t>(array(spec, rules).size()));
  cells.text(kind ? fmt::format("{}/{}", text(*kind, "apiVersion"), text(*kind, "kind"))
                  : "<unset>");
  cells.text(age_of(o, now));
}

void print_validating_policy(const Json& o, Time now, RowCells& cells) {
  print_policy(o, "validations", now, cells);
}

void print_mutating_policy(const Json& o, Time now, RowCells& cells) {
  print_policy(o, "mutations", now, cells);
}

/// LabelSelector as Go prints the struct.
std::string go_selector(const Json& selector) {
  std::string labels, expressions;
  for (const auto& [key, value] : object(selector, "matchLabels").items()) {
    labels += fmt::format("{}: {},", key, as_text(value));
  }
  for (const Json& e : array(selector, "matchExpressions")) {
    expressions +=
        fmt::format("LabelSelectorRequirement{{Key:{},Operator:{},Values:[{}],}},", text(e, "key"),
                    text(e, "operator"), joined_texts(array(e, "values"), " "));
  }
  return fmt::format(
      "&LabelSelector{{MatchLabels:map[string]string{{{}}},"
      "MatchExpressions:[]LabelSelectorRequirement{{{}}},}}",
      labels, expressions);
}

void print_policy_binding(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  const Json& ref = object(spec, "paramRef");
  std::string parameter = "<unset>";
  if (!text(ref, "name").empty()) {
    const std::string_view space = text(ref, "namespace");
    parameter = fmt::format("{}/{}", space.empty() ? "*" : space, text(ref, "name"));
  } else if (const Json* selector = member(ref, "selector")) {
    parameter = go_selector(*selector);
  }
  cells.text(name_of(o));
  cells.text(text(spec, "policyName"));
  cells.text(parameter);
  cells.text(age_of(o, now));
}

void print_disruption_budget(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  cells.text(name_of(o));
  cells.text(quantity_at(spec, "minAvailable", "N/A"));
  cells.text(quantity_at(spec, "maxUnavailable", "N/A"));
  cells.integer(integer(object(o, "status"), "disruptionsAllowed"));
  cells.text(age_of(o, now));
}

std::string request_condition(const Json& status) {
  bool approved = false, denied = false, failed = false;
  for (const Json& c : array(status, "conditions")) {
    approved |= text(c, "type") == "Approved";
    denied |= text(c, "type") == "Denied";
    failed |= text(c, "type") == "Failed";
  }
  std::string out = denied ? "Denied" : approved ? "Approved" : "Pending";
  if (failed) out += ",Failed";
  if (!text(status, "certificate").empty()) out += ",Issued";
  return out;
}

void print_signing_request(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  const std::string_view signer = text(spec, "signerName");
  const auto duration = maybe_integer(spec, "expirationSeconds");
  cells.text(name_of(o));
  cells.text(age_of(o, now));
  cells.text(signer.empty() ? "<none>" : signer);
  cells.text(text(spec, "username"));
  cells.text(duration ? human_duration(std::chrono::seconds(*duration)) : "<none>");
  cells.text(request_condition(object(o, "status")));
}

void print_flow_schema(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  const Json* method = member(spec, "distinguisherMethod");
  std::string_view dangling = "?";
  for (const Json& c : array(object(o, "status"), "conditions")) {
    if (text(c, "type") != "Dangling") continue;
    dangling = text(c, "status");
    break;
  }
  cells.text(name_of(o));
  cells.text(text(object(spec, "priorityLevelConfiguration"), "name"));
  cells.integer(integer(spec, "matchingPrecedence"));
  cells.text(method ? text(*method, "type") : "<none>");
  cells.text(age_of(o, now));
  cells.text(dangling);
}

void print_priority_level(const Json& o, Time now, RowCells& cells) {
  const Json& spec = object(o, "spec");
  const Json* limited = member(spec, "limited");
  const Json* queuing = limited ? member(object(*limited, "limitResponse"), "queuing") : nullptr;
  const auto number = [&](const Json* from, const char* key) {
    from ? cells.integer(integer(*from, key)) : cells.text("<none>");
  };
  cells.text(name_of(o));
  cells.text(text(spec, "type"));
  number(limited, "nominalConcurrencyShares");
  number(queuing, "queues");
  number(queuing, "handSize");
  number(queuing, "queueLengthLimit");
  cells.text(age_of(o, now));
}

}  // namespace

std::span<const RowPrinterEntry> policy_row_printers() {
  static constexpr std::string_view kRbac = "rbac.authorization.k8s.io";
  static constexpr std::string_view kAdmission = "admissionregistration.k8s.io";
  static constexpr std::string_view kFlow = "flowcontrol.apiserver.k8s.io";
  static constexpr RowPrinterEntry kEntries[] = {
      {kRbac, "RoleBinding", print_role_binding},
      {kRbac, "ClusterRoleBinding", print_role_binding},
      {kAdmission, "MutatingWebhookConfiguration", print_webhooks},
      {kAdmission, "ValidatingWebhookConfiguration", print_webhooks},
      {kAdmission, "ValidatingAdmissionPolicy", print_validating_policy},
      {kAdmission, "ValidatingAdmissionPolicyBinding", print_policy_binding},
      {kAdmission, "MutatingAdmissionPolicy", print_mutating_policy},
      {kAdmission, "MutatingAdmissionPolicyBinding", print_policy_binding},
      {"policy", "PodDisruptionBudget", print_disruption_budget},
      {"certificates.k8s.io", "CertificateSigningRequest", print_signing_request},
      {kFlow, "FlowSchema", print_flow_schema},
      {kFlow, "PriorityLevelConfiguration", print_priority_level},
  };
  return kEntries;
}

}  // namespace orrery::apiserver
