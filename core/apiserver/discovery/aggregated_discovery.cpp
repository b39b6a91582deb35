#include "core/apiserver/discovery/aggregated_discovery.h"

#include <fmt/format.h>

#include "core/apiserver/discovery/json_text.h"
#include "core/apiserver/discovery/legacy_discovery.h"

namespace orrery::apiserver {
namespace {

void write_kind(JsonText& out, std::string_view group, std::string_view version,
                std::string_view kind) {
  out.begin_object("responseKind");
  out.member("group", group);
  out.member("version", version);
  out.member("kind", kind);
  out.end_object();
}

void write_subresource(JsonText& out, const Served& served, const api::SubresourceRow& sub) {
  const api::ResourceRow& row = *served.row;
  // The built-in kinds carry group and version only where they differ; custom ones always do.
  const bool names_parent = served.custom != nullptr && sub.version.empty();
  out.begin_object();
  out.member("subresource", sub.name);
  write_kind(out, names_parent ? row.group : sub.group, names_parent ? row.version : sub.version,
             sub.kind);
  out.strings("verbs", sub.verbs);
  out.end_object();
}

void write_resource(JsonText& out, const Served& served) {
  const api::ResourceRow& row = *served.row;
  const bool custom = served.custom != nullptr;
  out.begin_object();
  out.member("resource", row.plural);
  write_kind(out, custom ? row.group : "", custom ? row.version : "", row.kind);
  out.member("scope", row.namespaced ? "Namespaced" : "Cluster");
  out.member("singularResource", row.singular);
  out.strings("verbs", discovery_verbs(served));
  if (!row.short_names.empty()) out.strings("shortNames", row.short_names);
  if (!row.categories.empty()) out.strings("categories", row.categories);
  if (!row.subresources.empty()) {
    out.begin_array("subresources");
    for (const api::SubresourceRow& sub : row.subresources) write_subresource(out, served, sub);
    out.end_array();
  }
  out.end_object();
}

void write_group(JsonText& out, const ServedGroup& group) {
  out.begin_object();
  out.begin_object("metadata");
  if (!group.name.empty()) out.member("name", group.name);
  out.end_object();
  out.begin_array("versions");
  for (const ServedVersion& version : group.versions) {
    out.begin_object();
    out.member("version", version.name);
    out.begin_array("resources");
    for (const Served* served : version.resources) write_resource(out, *served);
    out.end_array();
    out.member("freshness", "Current");
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

}  // namespace

std::string aggregated_discovery(const Catalog& catalog, bool core_group,
                                 std::string_view version) {
  JsonText out;
  out.begin_object();
  out.member("kind", "APIGroupDiscoveryList");
  out.member("apiVersion", fmt::format("apidiscovery.k8s.io/{}", version));
  out.begin_object("metadata");
  out.end_object();
  out.begin_array("items");
  for (const ServedGroup& group : served_groups(catalog)) {
    if (group.name.empty() == core_group) write_group(out, group);
  }
  out.end_array();
  out.end_object();
  return out.take();
}

}  // namespace orrery::apiserver
