// A catalog of the built-in table, and custom resources to put into it. All tests of discovery use
// it.
#pragma once

#include <memory>
#include <string_view>

#include "core/api/kind_registry.h"
#include "core/apiserver/discovery/served_groups.h"
#include "core/base/check.h"

namespace orrery::apiserver {

inline const api::ApiTable& built_in_table() {
  static const api::ApiTable table = api::ApiTable::built_in();
  return table;
}

inline api::Kinds table_kinds() {
  api::Kinds kinds;
  for (const api::ResourceRow& row : built_in_table().resources()) {
    if (row.has_verb("list")) {
      kinds.add(row.group, row.version, row.kind, row.plural, row.namespaced);
    }
  }
  return kinds;
}

/// `text` must be a literal.
inline std::shared_ptr<const api::ApiTable> table_of(std::string_view text) {
  Result<api::ApiTable> table = api::ApiTable::parse(text);
  CHECK(table.ok());
  return std::make_shared<const api::ApiTable>(std::move(table).value());
}

/// Says "custom"; discovery never looks into it.
inline std::shared_ptr<const api::CustomResource> custom_mark() {
  const auto owner = std::make_shared<int>(0);
  return {owner, reinterpret_cast<const api::CustomResource*>(owner.get())};
}

constexpr std::string_view kFooTable =
    "kubernetes v1.36.2\n"
    "resource fix.com v1 foos Foo foo Namespaced "
    "verbs=create,delete,deletecollection,get,list,patch,update,watch\n";
constexpr std::string_view kScaledFooTable =
    "kubernetes v1.36.2\n"
    "resource seq1.example.com v1 foos Foo foo Namespaced "
    "verbs=create,delete,deletecollection,get,list,patch,update,watch\n"
    " sub status -/-/Foo get,patch,update\n"
    " sub scale autoscaling/v1/Scale get,patch,update\n";

struct CatalogWorld {
  api::Kinds kinds = table_kinds();
  Catalog catalog{kinds, built_in_table()};

  void put_custom(const std::string& name, std::string_view text) {
    catalog.put(name, table_of(text), custom_mark());
  }
};

}  // namespace orrery::apiserver
