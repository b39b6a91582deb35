// OpenApiSchemas: the schemas of one OpenAPI document. Asking for a kind's or a type's name puts it
// on the list; `write` then writes all that were asked for and whatever they refer to, so that each
// $ref resolves. One object writes one document. The document writers and openapi_paths call it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/apiserver/discovery/custom_facts.h"
#include "core/apiserver/discovery/json_text.h"
#include "core/apiserver/discovery/openapi_flavor.h"
#include "core/apiserver/discovery/served_groups.h"

namespace orrery::apiserver {

class OpenApiSchemas {
 public:
  OpenApiSchemas(const Catalog& catalog, OpenApiFlavor flavor, const CustomFacts* custom)
      : catalog_(catalog), built_in_(catalog.built_in()), flavor_(flavor), custom_(custom) {}

  /// Schema name of the resource's kind, e.g. "io.k8s.api.apps.v1.Deployment"; "" if unknown.
  std::string of_resource(const Served& served);
  /// Schema name of its list kind.
  std::string of_list(const Served& served);
  /// Schema name of a built-in kind; "" if the table has no such type.
  std::string of_kind(std::string_view group, std::string_view version, std::string_view kind);
  /// Schema name of a built-in type by its short name, "meta/v1.Status".
  std::string of_type(std::string_view short_name);

  /// Writes {"$ref": ...} to a schema name.
  void write_reference(JsonText& out, std::string_view name) const;
  /// Writes the object of all schemas, by name.
  void write(JsonText& out);
  OpenApiFlavor flavor() const { return flavor_; }

 private:
  /// What a schema is made from: a row of a table, a text, or a resource alone: any object.
  struct Source {
    const api::ApiTable* table = nullptr;
    const api::TypeRow* type = nullptr;
    const Served* served = nullptr;
    bool is_list = false;
    std::string text;  // the schema itself, where a definition brings it
  };
  /// A field's or element's type as text, and where names in it are looked up.
  struct Use {
    const api::ApiTable* table;
    std::string_view package;
    std::string_view text;
  };

  std::string want(std::string name, Source source);
  std::string want_type(const api::ApiTable& table, std::string_view short_name);
  std::string write_source(const Source& source);
  bool is_known(const std::string& name) const { return sources_.contains(name); }
  void want_custom(const Served& served);
  void write_any(JsonText& out, const Served& served);
  void write_any_list(JsonText& out, const Served& served);
  void write_type(JsonText& out, const api::ApiTable& table, const api::TypeRow& type);
  void write_scalar_type(JsonText& out, const api::TypeRow& type) const;
  void write_struct(JsonText& out, const api::ApiTable& table, const api::TypeRow& type);
  void write_kinds(JsonText& out, const api::TypeRow& type) const;
  void write_property(JsonText& out, const Use& use, const api::FieldRow& field);
  void write_extensions(JsonText& out, const api::FieldRow& field) const;
  void write_use(JsonText& out, const Use& use, std::string_view default_json);
  void write_element(JsonText& out, const Use& use);
  std::string reference_of(const Use& use);
  bool is_struct(const Use& use) const;

  const Catalog& catalog_;
  const api::ApiTable& built_in_;
  const OpenApiFlavor flavor_;
  const CustomFacts* const custom_;
  std::map<std::string, Source> sources_;
  std::vector<std::string> pending_;
  std::map<std::string, std::string> custom_lists_;  // kind's schema name to that of its list
};

}  // namespace orrery::apiserver
