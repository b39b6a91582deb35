#include "core/apiserver/discovery/openapi_v2.h"

#include <algorithm>

#include "core/apiserver/discovery/openapi_paths.h"

namespace orrery::apiserver {
namespace {

void append(std::vector<OpenApiPath>& paths, std::vector<OpenApiPath> more) {
  for (OpenApiPath& path : more) paths.push_back(std::move(path));
}

std::vector<OpenApiPath> all_paths(const Catalog& catalog, OpenApiSchemas& schemas) {
  std::vector<OpenApiPath> paths;
  for (const std::string_view root : root_documents()) append(paths, root_paths(root, schemas));
  for (const ServedGroup& group : served_groups(catalog)) {
    const bool built_in = group.versions.front().resources.front()->table == &catalog.built_in();
    if (!group.name.empty() && built_in) paths.push_back(group_path(group.name, schemas));
    for (const ServedVersion& version : group.versions) {
      if (version.resources.front()->custom == nullptr) {
        paths.push_back(group_version_path(group.name, version.name, schemas));
      }
      for (const Served* served : version.resources) {
        append(paths, resource_paths(*served, schemas));
      }
    }
  }
  std::sort(paths.begin(), paths.end(),
            [](const OpenApiPath& a, const OpenApiPath& b) { return a.path < b.path; });
  return paths;
}

void write_security(JsonText& out) {
  out.begin_object("securityDefinitions");
  out.begin_object("BearerToken");
  out.member("description", "Bearer Token authentication");
  out.member("in", "header");
  out.member("name", "authorization");
  out.member("type", "apiKey");
  out.end_object();
  out.end_object();
  out.begin_array("security");
  out.begin_object();
  out.begin_array("BearerToken");
  out.end_array();
  out.end_object();
  out.end_array();
}

}  // namespace

std::string openapi_v2_document(const Catalog& catalog, const CustomFacts* custom) {
  OpenApiSchemas schemas(catalog, OpenApiFlavor::kV2, custom);
  const std::vector<OpenApiPath> paths = all_paths(catalog, schemas);
  JsonText out;
  out.begin_object();
  out.member("swagger", "2.0");
  out.begin_object("info");
  out.member("title", "Kubernetes");
  out.member("version", catalog.built_in().kubernetes_version());
  out.end_object();
  out.begin_object("paths");
  for (const OpenApiPath& path : paths) {
    out.key(path.path);
    write_path(out, path, schemas);
  }
  out.end_object();
  out.key("definitions");
  schemas.write(out);
  write_security(out);
  out.end_object();
  return out.take();
}

}  // namespace orrery::apiserver
