#include "core/apiserver/discovery/openapi_paths.h"

#include <fmt/format.h>

#include <algorithm>

namespace orrery::apiserver {
namespace {

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string capitalized(std::string_view word) {
  std::string out(word);
  if (!out.empty()) out[0] = upper(out[0]);
  return out;
}

/// "rbac.authorization.k8s.io" -> "rbacAuthorization", "" -> "core".
std::string group_word(std::string_view group) {
  if (group.empty()) return "core";
  if (group.ends_with(".k8s.io")) group.remove_suffix(7);
  std::string out;
  bool at_start = false;
  for (const char c : group) {
    if (c == '.' || c == '-') {
      at_start = true;
      continue;
    }
    out.push_back(at_start ? upper(c) : c);
    at_start = false;
  }
  return out;
}

std::string tag_of(std::string_view group, std::string_view version) {
  return fmt::format("{}_{}", group_word(group), version);
}

/// Kinds whose deletion answers the object instead of a Status.
bool answers_deleted_object(const api::ResourceRow& row) {
  static constexpr std::string_view kNames[] = {
      "csidrivers", "csinodes",       "persistentvolumeclaims", "persistentvolumes",
      "pods",       "podtemplates",   "resourcequotas",         "serviceaccounts",
      "services",   "storageclasses", "volumeattachments",      "volumeattributesclasses"};
  if (row.group == "resource.k8s.io") return true;
  if (!row.group.empty() && row.group != "storage.k8s.io") return false;
  return std::find(std::begin(kNames), std::end(kNames), row.plural) != std::end(kNames);
}

ParameterSet connect_parameters(std::string_view subresource) {
  if (subresource == "exec") return ParameterSet::kExec;
  if (subresource == "attach") return ParameterSet::kAttach;
  if (subresource == "portforward") return ParameterSet::kPortForward;
  return ParameterSet::kProxy;
}

/// The paths of one resource.
class ResourcePaths {
 public:
  ResourcePaths(const Served& served, OpenApiSchemas& schemas)
      : served_(served),
        row_(*served.row),
        schemas_(schemas),
        scope_(row_.namespaced ? "Namespaced" : ""),
        infix_(capitalized(group_word(row_.group)) + capitalized(row_.version)),
        prefix_(group_version_prefix(row_.group, row_.version)),
        base_(fmt::format("{}/{}", row_.namespaced ? "/namespaces/{namespace}" : "", row_.plural)) {
  }

  std::vector<OpenApiPath> take() {
    if (row_.namespaced && row_.has_verb("list")) add_all_namespaces();
    add_collection();
    add_item();
    for (const api::SubresourceRow& sub : row_.subresources) {
      if (sub.kind.ends_with("Options")) {
        add_connect(sub);
      } else {
        add_subresource(sub);
      }
    }
    if (row_.has_verb("watch") && served_.custom == nullptr) add_watches();
    return std::move(paths_);
  }

 private:
  /// A path after prefix_; `scoped`: below a namespace where the resource is.
  OpenApiPath path(const std::string& rest, bool scoped, bool named) const {
    OpenApiPath p;
    p.path = prefix_ + rest;
    p.tag = tag_of(row_.group, row_.version);
    p.is_custom = served_.custom != nullptr;
    if (named) p.variables.push_back("name");
    if (scoped && row_.namespaced) p.variables.push_back("namespace");
    return p;
  }

  OpenApiOperation operation(std::string_view method, std::string_view action,
                             std::string id) const {
    OpenApiOperation o;
    o.method = method;
    o.action = action;
    o.id = std::move(id);
    o.group = row_.group;
    o.version = row_.version;
    o.kind = row_.kind;
    return o;
  }

  /// "create" + "AppsV1" + "Namespaced" + "Deployment" + "Status".
  std::string id(std::string_view verb, std::string_view suffix = {}) const {
    return fmt::format("{}{}{}{}{}", verb, infix_, scope_, row_.kind, suffix);
  }

  void add(OpenApiPath path) {
    if (!path.operations.empty()) paths_.push_back(std::move(path));
  }

  OpenApiOperation list_operation(std::string operation_id) {
    OpenApiOperation o = operation("get", "list", std::move(operation_id));
    o.parameters = ParameterSet::kList;
    o.response_schema = schemas_.of_list(served_);
    o.media = ResponseMedia::kEvents;
    return o;
  }

  void add_all_namespaces() {
    OpenApiPath p = path(fmt::format("/{}", row_.plural), false, false);
    p.operations.push_back(
        list_operation(fmt::format("list{}{}ForAllNamespaces", infix_, row_.kind)));
    add(std::move(p));
  }

  void add_collection() {
    OpenApiPath p = path(base_, true, false);
    if (row_.has_verb("deletecollection")) {
      OpenApiOperation o =
          operation("delete", "deletecollection",
                    fmt::format("delete{}Collection{}{}", infix_, scope_, row_.kind));
      o.parameters = ParameterSet::kDeleteCollection;
      set_delete_body(o);
      o.response_schema = schemas_.of_type("meta/v1.Status");
      p.operations.push_back(std::move(o));
    }
    if (row_.has_verb("list")) p.operations.push_back(list_operation(id("list")));
    if (row_.has_verb("create")) {
      p.operations.push_back(create(id("create"), schemas_.of_resource(served_)));
    }
    add(std::move(p));
  }

  void set_delete_body(OpenApiOperation& o) {
    o.body = RequestBody::kDeleteOptions;
    o.body_schema = schemas_.of_type("meta/v1.DeleteOptions");
  }

  OpenApiOperation create(std::string operation_id, const std::string& schema) const {
    OpenApiOperation o = operation("post", "post", std::move(operation_id));
    o.parameters = ParameterSet::kCreate;
    o.body = RequestBody::kObject;
    o.body_schema = o.response_schema = schema;
    o.codes = {200, 201, 202};
    return o;
  }

  OpenApiOperation read(std::string operation_id, const std::string& schema) const {
    OpenApiOperation o = operation("get", "get", std::move(operation_id));
    o.response_schema = schema;
    return o;
  }

  OpenApiOperation replace(std::string operation_id, const std::string& schema) const {
    OpenApiOperation o = operation("put", "put", std::move(operation_id));
    o.parameters = ParameterSet::kReplace;
    o.body = RequestBody::kObject;
    o.body_schema = o.response_schema = schema;
    o.codes = {200, 201};
    return o;
  }

  OpenApiOperation patch(std::string operation_id, const std::string& schema) {
    OpenApiOperation o = operation("patch", "patch", std::move(operation_id));
    o.parameters = ParameterSet::kPatch;
    o.body = RequestBody::kPatch;
    o.body_schema = schemas_.of_type("meta/v1.Patch");
    o.response_schema = schema;
    o.codes = {200, 201};
    return o;
  }

  OpenApiOperation remove() {
    OpenApiOperation o = operation("delete", "delete", id("delete"));
    o.parameters = ParameterSet::kDelete;
    set_delete_body(o);
    o.response_schema = answers_deleted_object(row_) ? schemas_.of_resource(served_)
                                                     : schemas_.of_type("meta/v1.Status");
    o.codes = {200, 202};
    return o;
  }

  void add_item() {
    OpenApiPath p = path(base_ + "/{name}", true, true);
    const std::string schema = schemas_.of_resource(served_);
    if (row_.has_verb("delete")) p.operations.push_back(remove());
    if (row_.has_verb("get")) p.operations.push_back(read(id("read"), schema));
    if (row_.has_verb("patch")) p.operations.push_back(patch(id("patch"), schema));
    if (row_.has_verb("update")) p.operations.push_back(replace(id("replace"), schema));
    add(std::move(p));
  }

  void add_subresource(const api::SubresourceRow& sub) {
    OpenApiPath p = path(fmt::format("{}/{{name}}/{}", base_, sub.name), true, true);
    const std::string_view group = sub.version.empty() ? row_.group : sub.group;
    const std::string_view version = sub.version.empty() ? row_.version : sub.version;
    const std::string suffix = capitalized(sub.name);
    const bool is_parent = sub.kind == row_.kind && group == row_.group;
    const std::string schema =
        is_parent ? schemas_.of_resource(served_) : schemas_.of_kind(group, version, sub.kind);
    for (const std::string_view verb : sub.verbs) {
      if (verb == "get") p.operations.push_back(read(id("read", suffix), schema));
      if (verb == "patch") p.operations.push_back(patch(id("patch", suffix), schema));
      if (verb == "update") p.operations.push_back(replace(id("replace", suffix), schema));
      if (verb == "create") p.operations.push_back(create(id("create", suffix), schema));
    }
    for (OpenApiOperation& o : p.operations) {
      o.group = group;
      o.version = version;
      o.kind = sub.kind;
      if (sub.name != "log") continue;
      o.parameters = ParameterSet::kLog;
      o.response_schema.clear();
      o.media = ResponseMedia::kLog;
    }
    add(std::move(p));
  }

  void add_connect(const api::SubresourceRow& sub) {
    const bool is_proxy = sub.name == "proxy";
    const std::string rest = fmt::format("{}/{{name}}/{}", base_, sub.name);
    add(connect(sub, path(rest, true, true), ""));
    if (!is_proxy) return;
    OpenApiPath below = path(rest + "/{path}", true, true);
    below.variables.push_back("path");
    add(connect(sub, std::move(below), "WithPath"));
  }

  OpenApiPath connect(const api::SubresourceRow& sub, OpenApiPath p, std::string_view ending) {
    static constexpr std::string_view kAll[] = {"delete", "get",  "head", "options",
                                                "patch",  "post", "put"};
    p.is_pretty = false;
    for (const std::string_view method : kAll) {
      if (sub.name != "proxy" && method != "get" && method != "post") continue;
      OpenApiOperation o = operation(method, "connect",
                                     fmt::format("connect{}{}{}{}{}{}", infix_, capitalized(method),
                                                 scope_, row_.kind, capitalized(sub.name), ending));
      o.kind = sub.kind;
      o.parameters = connect_parameters(sub.name);
      o.media = ResponseMedia::kAny;
      p.operations.push_back(std::move(o));
    }
    return p;
  }

  void add_watch(OpenApiPath p, std::string_view action, std::string operation_id) {
    OpenApiOperation o = operation("get", action, std::move(operation_id));
    o.response_schema = schemas_.of_type("meta/v1.WatchEvent");
    o.media = ResponseMedia::kEvents;
    p.is_watch = true;
    p.operations.push_back(std::move(o));
    add(std::move(p));
  }

  void add_watches() {
    if (row_.namespaced) {
      add_watch(path(fmt::format("/watch/{}", row_.plural), false, false), "watchlist",
                fmt::format("watch{}{}ListForAllNamespaces", infix_, row_.kind));
    }
    add_watch(path("/watch" + base_, true, false), "watchlist", id("watch", "List"));
    add_watch(path("/watch" + base_ + "/{name}", true, true), "watch", id("watch"));
  }

  const Served& served_;
  const api::ResourceRow& row_;
  OpenApiSchemas& schemas_;
  const std::string scope_, infix_, prefix_, base_;
  std::vector<OpenApiPath> paths_;
};

/// A path that only answers GET with a fixed form.
OpenApiPath get_path(std::string path, std::string tag, std::string id, std::string schema,
                     ResponseMedia media = ResponseMedia::kObject) {
  OpenApiPath p;
  p.path = std::move(path);
  p.tag = std::move(tag);
  p.is_pretty = false;
  OpenApiOperation o;
  o.method = "get";
  o.id = std::move(id);
  o.response_schema = std::move(schema);
  o.media = media;
  p.operations.push_back(std::move(o));
  return p;
}

}  // namespace

std::string group_version_prefix(std::string_view group, std::string_view version) {
  if (group.empty()) return fmt::format("/api/{}", version);
  return fmt::format("/apis/{}/{}", group, version);
}

std::vector<OpenApiPath> resource_paths(const Served& served, OpenApiSchemas& schemas) {
  return ResourcePaths(served, schemas).take();
}

OpenApiPath group_version_path(std::string_view group, std::string_view version,
                               OpenApiSchemas& schemas) {
  return get_path(
      group_version_prefix(group, version) + "/", tag_of(group, version),
      fmt::format("get{}{}APIResources", capitalized(group_word(group)), capitalized(version)),
      schemas.of_type("meta/v1.APIResourceList"));
}

OpenApiPath group_path(std::string_view group, OpenApiSchemas& schemas) {
  return get_path(fmt::format("/apis/{}/", group), group_word(group),
                  fmt::format("get{}APIGroup", capitalized(group_word(group))),
                  schemas.of_type("meta/v1.APIGroup"));
}

std::vector<std::string_view> root_documents() {
  return {".well-known/openid-configuration", "api", "apis", "openid/v1/jwks", "version"};
}

std::vector<OpenApiPath> root_paths(std::string_view document, OpenApiSchemas& schemas) {
  if (document == ".well-known/openid-configuration") {
    return {get_path("/.well-known/openid-configuration/", "WellKnown",
                     "getServiceAccountIssuerOpenIDConfiguration", "", ResponseMedia::kJson)};
  }
  if (document == "api") {
    return {
        get_path("/api/", "core", "getCoreAPIVersions", schemas.of_type("meta/v1.APIVersions"))};
  }
  if (document == "apis") {
    return {get_path("/apis/", "apis", "getAPIVersions", schemas.of_type("meta/v1.APIGroupList"))};
  }
  if (document == "openid/v1/jwks") {
    return {get_path("/openid/v1/jwks/", "openid", "getServiceAccountIssuerOpenIDKeyset", "",
                     ResponseMedia::kJson)};
  }
  if (document == "version") {
    return {get_path("/version/", "version", "getCodeVersion", schemas.of_type("pkg/version.Info"),
                     ResponseMedia::kJson)};
  }
  return {};
}

}  // namespace orrery::apiserver
