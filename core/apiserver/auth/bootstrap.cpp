#include "core/apiserver/auth/bootstrap.h"

#include <nlohmann/json.hpp>
#include <string>

#include "core/base/check.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

constexpr const char* kGroup = "rbac.authorization.k8s.io";

// Cuts the text before `separator` off `rest`.
std::string_view cut(std::string_view& rest, char separator) {
  const auto at = rest.find(separator);
  const std::string_view head = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return head;
}

json list_of(std::string_view words) {
  json out = json::array();
  while (!words.empty()) {
    const std::string_view word = cut(words, ',');
    out.push_back(word == "-" ? std::string() : std::string(word));
  }
  return out;
}

const char* kind_named(std::string_view word) {
  if (word == "clusterrole") return "ClusterRole";
  if (word == "role") return "Role";
  if (word == "clusterbinding") return "ClusterRoleBinding";
  return word == "binding" ? "RoleBinding" : nullptr;
}

json new_document(const char* kind, std::string_view rest) {
  std::string_view name = cut(rest, ' ');
  json meta = {{"annotations", {{"rbac.authorization.kubernetes.io/autoupdate", "true"}}},
               {"labels", {{"kubernetes.io/bootstrapping", "rbac-defaults"}}}};
  if (name.find('/') != std::string_view::npos) meta["namespace"] = std::string(cut(name, '/'));
  meta["name"] = std::string(name);
  while (!rest.empty()) {
    std::string_view label = cut(rest, ' ');
    const std::string key(cut(label, '='));
    meta["labels"][key] = std::string(label);
  }
  json out = {{"apiVersion", std::string(kGroup) + "/v1"}, {"kind", kind}};
  out["metadata"] = std::move(meta);
  if (std::string_view(kind).ends_with("Role")) out["rules"] = json::array();
  return out;
}

json subject_of(std::string_view word) {
  const std::string kind(cut(word, ':'));
  json out = {{"kind", kind}};
  if (kind == "ServiceAccount") {
    out["namespace"] = std::string(cut(word, '/'));
  } else {
    out["apiGroup"] = kGroup;
  }
  out["name"] = std::string(word);
  return out;
}

json rule_of(std::string_view rest, std::initializer_list<const char*> names) {
  json rule = json::object();
  for (const char* name : names) {
    if (!rest.empty()) rule[name] = list_of(cut(rest, ' '));
  }
  return rule;
}

// A line that says more about the document before it.
void read_detail(json& document, std::string_view word, std::string_view rest) {
  if (word == "rule") {
    document["rules"].push_back(
        rule_of(rest, {"verbs", "apiGroups", "resources", "resourceNames"}));
  } else if (word == "urls") {
    document["rules"].push_back(rule_of(rest, {"verbs", "nonResourceURLs"}));
  } else if (word == "aggregate") {
    const std::string key(cut(rest, '='));
    json selector = json::object();
    selector["matchLabels"][key] = std::string(rest);
    document["aggregationRule"]["clusterRoleSelectors"].push_back(std::move(selector));
  } else if (word == "to") {
    const char* kind = kind_named(cut(rest, ' '));
    document["roleRef"] = json{{"apiGroup", kGroup}, {"kind", kind}, {"name", std::string(rest)}};
  } else {
    CHECK(word == "for");
    document["subjects"].push_back(subject_of(rest));
  }
}

}  // namespace

std::vector<json> bootstrap_documents() {
  std::vector<json> out;
  std::string_view text = bootstrap_text();
  while (!text.empty()) {
    std::string_view line = cut(text, '\n');
    if (line.empty() || line.starts_with('#')) continue;
    const bool is_detail = line.starts_with(' ');
    if (is_detail) line.remove_prefix(1);
    const std::string_view word = cut(line, ' ');
    if (is_detail) {
      read_detail(out.back(), word, line);
    } else if (word == "json") {
      out.push_back(json::parse(line, nullptr, false));
    } else {
      out.push_back(new_document(kind_named(word), line));
    }
  }
  return out;
}

}  // namespace orrery::apiserver
