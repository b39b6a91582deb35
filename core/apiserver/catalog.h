// Catalog: what the server serves now: the resources of the built-in API table, of other tables
// that come with the program (metrics.k8s.io), and of custom resources, which bring a small table
// of their own each. Routing, discovery and OpenAPI read it; `generation` tells them when what they
// remember is old.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/api/kinds.h"
#include "core/api/schema/api_table.h"

namespace orrery::api {
class Kinds;
class CustomResource;
}  // namespace orrery::api

namespace orrery::apiserver {

/// One resource in one version.
struct Served {
  const api::ApiTable* table = nullptr;
  const api::ResourceRow* row = nullptr;
  api::KindId kind = api::KindId::kNone;        // what it is stored as; kNone: not stored
  const api::CustomResource* custom = nullptr;  // null: not a custom resource
};

class Catalog {
 public:
  /// Everything of `table`; kinds that are stored are looked up in `kinds`. Both outlive it.
  Catalog(const api::Kinds& kinds, const api::ApiTable& table);

  /// Adds the resources of a table, or replaces those that `name` added before.
  void put(const std::string& name, std::shared_ptr<const api::ApiTable> table,
           std::shared_ptr<const api::CustomResource> custom = nullptr);
  void remove(const std::string& name);

  const Served* find(std::string_view group, std::string_view version,
                     std::string_view plural) const;
  const Served* find_kind(std::string_view group, std::string_view version,
                          std::string_view kind) const;
  bool has_group(std::string_view group) const;
  bool has_group_version(std::string_view group, std::string_view version) const;
  /// In the order of discovery: the built-in ones as in the table, then the others by name.
  const std::vector<const Served*>& all() const { return order_; }
  const api::ApiTable& built_in() const { return table_; }
  /// Grows with every change.
  std::uint64_t generation() const { return generation_; }

 private:
  struct Addition {
    std::shared_ptr<const api::ApiTable> table;
    std::shared_ptr<const api::CustomResource> custom;
    std::vector<Served> served;
  };
  void index();

  const api::Kinds& kinds_;
  const api::ApiTable& table_;
  std::vector<Served> built_in_;
  std::map<std::string, Addition> additions_;
  std::vector<const Served*> order_;
  using Name = std::tuple<std::string_view, std::string_view, std::string_view>;
  std::map<Name, const Served*> by_name_;  // by group, version, plural
  std::uint64_t generation_ = 1;
};

}  // namespace orrery::apiserver
