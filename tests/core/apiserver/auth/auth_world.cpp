#include "tests/core/apiserver/auth/auth_world.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "core/api/object_codec.h"
#include "core/apiserver/auth/bootstrap.h"
#include "core/base/check.h"
#include "core/base/hash.h"

namespace orrery::test {

using nlohmann::json;

api::Kinds AuthWorld::all_kinds() {
  api::Kinds all;
  all.add(kRbacGroup, "v1", "Role", "roles", true);
  all.add(kRbacGroup, "v1", "ClusterRole", "clusterroles", false);
  all.add(kRbacGroup, "v1", "RoleBinding", "rolebindings", true);
  all.add(kRbacGroup, "v1", "ClusterRoleBinding", "clusterrolebindings", false);
  all.add("flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", "flowschemas", false);
  all.add("flowcontrol.apiserver.k8s.io", "v1", "PriorityLevelConfiguration",
          "prioritylevelconfigurations", false);
  return all;
}

Ref<api::Object> AuthWorld::object(std::string_view document) const {
  const json parsed = json::parse(document, nullptr, false);
  CHECK(parsed.is_object());
  Result<Ref<api::Object>> decoded = api::decode_object(kinds, parsed);
  CHECK(decoded.ok());
  return std::move(*decoded);
}

api::ObjectRef AuthWorld::put(std::string_view document) {
  Ref<api::Object> fresh = object(document);
  if (fresh->meta.uid.empty()) fresh->meta.uid = Uid::draw(random.stream("test.uid"));
  const api::ObjectRef* old =
      store.find(fresh->kind, fresh->meta.namespace_, fresh->meta.name.view());
  api::ObjectRef out;
  store.put(std::move(fresh), old ? (*old)->meta.resource_version : 0,
            [&](Result<api::ObjectRef> written) {
              CHECK(written.ok());
              out = *written;
            });
  CHECK(out.get() != nullptr);
  return out;
}

void AuthWorld::remove(std::string_view api_version, std::string_view kind, std::string_view ns,
                       std::string_view name) {
  const api::KindInfo* info = kinds.find(api_version, kind);
  CHECK(info != nullptr);
  const api::ObjectRef* old = store.find(info->id, Symbol(ns), name);
  CHECK(old != nullptr);
  store.remove((*old)->clone(), (*old)->meta.resource_version,
               [](Result<api::ObjectRef> written) { CHECK(written.ok()); });
}

void AuthWorld::bootstrap() {
  for (const json& document : apiserver::bootstrap_documents()) put(document.dump());
}

void AuthWorld::cluster_role(std::string_view name, std::string_view rules) {
  put(fmt::format(R"({{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole",
      "metadata":{{"name":"{}"}},"rules":{}}})",
                  name, rules));
}

void AuthWorld::role(std::string_view ns, std::string_view name, std::string_view rules) {
  put(fmt::format(R"({{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role",
      "metadata":{{"name":"{}","namespace":"{}"}},"rules":{}}})",
                  name, ns, rules));
}

std::string binding_document(std::string_view ns, std::string_view name, std::string_view role,
                             std::string_view subject) {
  const auto slash = role.find('/'), colon = subject.find(':');
  json who = {{"kind", std::string(subject.substr(0, colon))}};
  std::string_view whose = subject.substr(colon + 1);
  if (subject.starts_with("ServiceAccount:") && whose.find('/') != std::string_view::npos) {
    who["namespace"] = std::string(whose.substr(0, whose.find('/')));
    whose.remove_prefix(whose.find('/') + 1);
  }
  who["name"] = std::string(whose);
  json out = {{"apiVersion", std::string(kRbacGroup) + "/v1"},
              {"kind", ns.empty() ? "ClusterRoleBinding" : "RoleBinding"},
              {"metadata", {{"name", std::string(name)}}},
              {"roleRef",
               {{"apiGroup", std::string(kRbacGroup)},
                {"kind", std::string(role.substr(0, slash))},
                {"name", std::string(role.substr(slash + 1))}}},
              {"subjects", json::array({who})}};
  if (!ns.empty()) out["metadata"]["namespace"] = std::string(ns);
  return out.dump();
}

void AuthWorld::cluster_binding(std::string_view name, std::string_view role,
                                std::string_view subject) {
  put(binding_document("", name, role, subject));
}

void AuthWorld::binding(std::string_view ns, std::string_view name, std::string_view role,
                        std::string_view subject) {
  put(binding_document(ns, name, role, subject));
}

apiserver::User user(std::string_view name, std::vector<std::string> groups) {
  apiserver::User out;
  out.name = name;
  out.groups = std::move(groups);
  return out;
}

apiserver::RequestAttributes request(const apiserver::User& who, std::string_view text) {
  apiserver::RequestAttributes a;
  a.user = who;
  std::istringstream words{std::string(text)};
  std::string what, word;
  words >> a.verb >> what;
  if (what.starts_with('/')) {
    a.is_resource = false;
    a.path = what;
    return a;
  }
  if (const auto colon = what.find(':'); colon != std::string::npos) {
    a.api_group = what.substr(0, colon);
    what.erase(0, colon + 1);
  }
  const auto slash = what.find('/');
  a.resource = what.substr(0, slash);
  if (slash != std::string::npos) a.subresource = what.substr(slash + 1);
  while (words >> word) {
    if (word == "in") {
      words >> a.namespace_;
    } else {
      a.name = word;
    }
  }
  return a;
}

std::string HashSigner::sign(std::string_view input) {
  return fmt::format("{:016x}", hash_text(input, 42));
}

bool HashSigner::is_signed(std::string_view key_id, std::string_view input,
                           std::string_view signature) const {
  return key_id == "key-1" && signature == fmt::format("{:016x}", hash_text(input, 42));
}

}  // namespace orrery::test
