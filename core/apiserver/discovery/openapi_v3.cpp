#include "core/apiserver/discovery/openapi_v3.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/apiserver/discovery/openapi_paths.h"

namespace orrery::apiserver {
namespace {

struct DocumentName {
  std::string_view group, version;  // version "" = the group's own document
};

/// "api/v1", "apis/apps/v1", "apis/apps"; nothing for root paths.
std::optional<DocumentName> parse_name(std::string_view name) {
  if (name.starts_with("api/")) return DocumentName{"", name.substr(4)};
  if (!name.starts_with("apis/")) return std::nullopt;
  name.remove_prefix(5);
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return DocumentName{name, ""};
  return DocumentName{name.substr(0, slash), name.substr(slash + 1)};
}

bool is_built_in_group(const Catalog& catalog, std::string_view group) {
  for (const Served* served : catalog.all()) {
    if (served->row->group == group && served->table == &catalog.built_in()) return true;
  }
  return false;
}

std::vector<OpenApiPath> paths_of(const Catalog& catalog, std::string_view name,
                                  OpenApiSchemas& schemas) {
  std::vector<OpenApiPath> paths;
  const std::optional<DocumentName> parsed = parse_name(name);
  if (!parsed) return root_paths(name, schemas);
  if (parsed->version.empty()) {
    if (is_built_in_group(catalog, parsed->group)) {
      paths.push_back(group_path(parsed->group, schemas));
    }
    return paths;
  }
  for (const Served* served : catalog.all()) {
    if (served->row->group != parsed->group || served->row->version != parsed->version) continue;
    if (paths.empty() && served->custom == nullptr) {
      paths.push_back(group_version_path(parsed->group, parsed->version, schemas));
    }
    for (OpenApiPath& path : resource_paths(*served, schemas)) paths.push_back(std::move(path));
  }
  return paths;
}

void write_security(JsonText& out) {
  out.begin_object("securitySchemes");
  out.begin_object("BearerToken");
  out.member("description", "Bearer Token authentication");
  out.member("in", "header");
  out.member("name", "authorization");
  out.member("type", "apiKey");
  out.end_object();
  out.end_object();
}

}  // namespace

std::vector<std::string> openapi_v3_names(const Catalog& catalog) {
  std::vector<std::string> names;
  for (const std::string_view root : root_documents()) names.emplace_back(root);
  for (const ServedGroup& group : served_groups(catalog)) {
    if (!group.name.empty() && is_built_in_group(catalog, group.name)) {
      names.push_back(fmt::format("apis/{}", group.name));
    }
    for (const ServedVersion& version : group.versions) {
      names.push_back(group_version_prefix(group.name, version.name).substr(1));
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool is_built_in_document(const Catalog& catalog, std::string_view name) {
  const std::optional<DocumentName> parsed = parse_name(name);
  if (!parsed || parsed->version.empty()) return true;
  return std::none_of(catalog.all().begin(), catalog.all().end(), [&](const Served* served) {
    return served->row->group == parsed->group && served->row->version == parsed->version &&
           served->table != &catalog.built_in();
  });
}

std::string openapi_v3_document(const Catalog& catalog, std::string_view name,
                                const CustomFacts* custom) {
  OpenApiSchemas schemas(catalog, OpenApiFlavor::kV3, custom);
  std::vector<OpenApiPath> paths = paths_of(catalog, name, schemas);
  if (paths.empty()) return {};
  std::sort(paths.begin(), paths.end(),
            [](const OpenApiPath& a, const OpenApiPath& b) { return a.path < b.path; });
  JsonText out;
  out.begin_object();
  out.member("openapi", "3.0.0");
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
  out.begin_object("components");
  out.key("schemas");
  schemas.write(out);
  write_security(out);
  out.end_object();
  out.end_object();
  return out.take();
}

std::string openapi_v3_url(std::string_view name, std::string_view hash) {
  return fmt::format("/openapi/v3/{}?hash={}", name, hash);
}

std::string openapi_v3_index(const std::map<std::string, std::string>& hashes) {
  JsonText out;
  out.begin_object();
  out.begin_object("paths");
  for (const auto& [name, hash] : hashes) {
    out.begin_object(name);
    out.member("serverRelativeURL", openapi_v3_url(name, hash));
    out.end_object();
  }
  out.end_object();
  out.end_object();
  return out.take();
}

}  // namespace orrery::apiserver
