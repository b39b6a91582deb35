#include "core/apiserver/discovery/legacy_discovery.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/apiserver/discovery/content_hash.h"
#include "core/apiserver/discovery/json_text.h"

namespace orrery::apiserver {
namespace {

/// Kinds that 1.36 stores under another group or version than the one they are read in.
struct StoredElsewhere {
  std::string_view group, kind, stored_group, stored_version;
};
constexpr StoredElsewhere kStoredElsewhere[] = {
    {"events.k8s.io", "Event", "", "v1"},
    {"autoscaling", "HorizontalPodAutoscaler", "autoscaling", "v2"},
    {"apiextensions.k8s.io", "CustomResourceDefinition", "apiextensions.k8s.io", "v1beta1"},
    {"admissionregistration.k8s.io", "MutatingAdmissionPolicy", "admissionregistration.k8s.io",
     "v1beta1"},
    {"admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding",
     "admissionregistration.k8s.io", "v1beta1"},
};

std::string storage_hash_of(const Served& served, const CustomFacts* custom) {
  const api::ResourceRow& row = *served.row;
  if (served.custom != nullptr) {
    if (custom == nullptr) return storage_version_hash(row.group, row.version, row.kind);
    return storage_version_hash(row.group, custom->storage_version(served), row.kind);
  }
  if (!row.has_verb("create") || !row.has_verb("get")) return {};
  for (const StoredElsewhere& s : kStoredElsewhere) {
    if (s.group == row.group && s.kind == row.kind) {
      return storage_version_hash(s.stored_group, s.stored_version, row.kind);
    }
  }
  return storage_version_hash(row.group, row.version, row.kind);
}

void write_version(JsonText& out, std::string_view group, std::string_view version) {
  out.begin_object();
  out.member("groupVersion", group_version_text(group, version));
  out.member("version", version);
  out.end_object();
}

void write_group_members(JsonText& out, const ServedGroup& group) {
  out.member("name", group.name);
  out.begin_array("versions");
  for (const ServedVersion& version : group.versions) {
    write_version(out, group.name, version.name);
  }
  out.end_array();
  out.key("preferredVersion");
  write_version(out, group.name, group.versions.front().name);
}

void write_resource(JsonText& out, const Served& served, const CustomFacts* custom) {
  const api::ResourceRow& row = *served.row;
  out.begin_object();
  out.member("name", row.plural);
  out.member("singularName", row.singular);
  out.member_bool("namespaced", row.namespaced);
  out.member("kind", row.kind);
  out.strings("verbs", discovery_verbs(served));
  if (!row.short_names.empty()) out.strings("shortNames", row.short_names);
  if (!row.categories.empty()) out.strings("categories", row.categories);
  const std::string hash = storage_hash_of(served, custom);
  if (!hash.empty()) out.member("storageVersionHash", hash);
  out.end_object();
}

void write_subresource(JsonText& out, const api::ResourceRow& row, const api::SubresourceRow& sub) {
  out.begin_object();
  out.member("name", fmt::format("{}/{}", row.plural, sub.name));
  out.member("singularName", "");
  out.member_bool("namespaced", row.namespaced);
  if (!sub.group.empty()) out.member("group", sub.group);
  if (!sub.version.empty()) out.member("version", sub.version);
  out.member("kind", sub.kind);
  out.strings("verbs", sub.verbs);
  out.end_object();
}

}  // namespace

std::vector<std::string_view> discovery_verbs(const Served& served) {
  static constexpr std::string_view kCustomOrder[] = {
      "delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"};
  std::vector<std::string_view> verbs = served.row->verbs;
  if (served.custom == nullptr) {
    std::sort(verbs.begin(), verbs.end());
    return verbs;
  }
  verbs.clear();
  for (const std::string_view verb : kCustomOrder) {
    if (served.row->has_verb(verb)) verbs.push_back(verb);
  }
  return verbs;
}

std::string api_versions(const Catalog& catalog, std::string_view server_address) {
  JsonText out;
  out.begin_object();
  out.member("kind", "APIVersions");
  out.begin_array("versions");
  for (const ServedGroup& group : served_groups(catalog)) {
    if (!group.name.empty()) continue;
    for (const ServedVersion& version : group.versions) out.string(version.name);
  }
  out.end_array();
  out.begin_array("serverAddressByClientCIDRs");
  out.begin_object();
  out.member("clientCIDR", "0.0.0.0/0");
  out.member("serverAddress", server_address);
  out.end_object();
  out.end_array();
  out.end_object();
  return out.take();
}

std::string api_group_list(const Catalog& catalog) {
  JsonText out;
  out.begin_object();
  out.member("kind", "APIGroupList");
  out.member("apiVersion", "v1");
  out.begin_array("groups");
  for (const ServedGroup& group : served_groups(catalog)) {
    if (group.name.empty()) continue;
    out.begin_object();
    write_group_members(out, group);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return out.take();
}

std::string api_group(const Catalog& catalog, std::string_view name) {
  for (const ServedGroup& group : served_groups(catalog)) {
    if (group.name != name || name.empty()) continue;
    JsonText out;
    out.begin_object();
    out.member("kind", "APIGroup");
    out.member("apiVersion", "v1");
    write_group_members(out, group);
    out.end_object();
    return out.take();
  }
  return {};
}

std::string api_resource_list(const Catalog& catalog, std::string_view group,
                              std::string_view version, const CustomFacts* custom) {
  if (!catalog.has_group_version(group, version)) return {};
  JsonText out;
  out.begin_object();
  out.member("kind", "APIResourceList");
  if (!group.empty()) out.member("apiVersion", "v1");  // as upstream: not for the core group
  out.member("groupVersion", group_version_text(group, version));
  out.begin_array("resources");
  for (const Served* served : catalog.all()) {
    const api::ResourceRow& row = *served->row;
    if (row.group != group || row.version != version) continue;
    write_resource(out, *served, custom);
    for (const api::SubresourceRow& sub : row.subresources) write_subresource(out, row, sub);
  }
  out.end_array();
  out.end_object();
  return out.take();
}

}  // namespace orrery::apiserver
