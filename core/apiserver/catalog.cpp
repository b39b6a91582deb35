#include "core/apiserver/catalog.h"

#include "core/api/kind_registry.h"

namespace orrery::apiserver {
namespace {

/// Rows that only answer (reviews, bindings, componentstatuses, metrics) are not stored.
bool is_stored(const api::ResourceRow& row) {
  return row.has_verb("get") && row.has_verb("create");
}

api::KindId stored_as(const api::Kinds& kinds, const api::ResourceRow& row) {
  if (!is_stored(row)) return api::KindId::kNone;
  const bool is_event_view = row.group == "events.k8s.io" && row.plural == "events";
  const api::KindInfo* info = kinds.find_resource(is_event_view ? "" : row.group, row.plural);
  return info == nullptr ? api::KindId::kNone : info->id;
}

std::vector<Served> served_of(const api::Kinds& kinds, const api::ApiTable& table,
                              const api::CustomResource* custom) {
  std::vector<Served> served;
  served.reserve(table.resources().size());
  for (const api::ResourceRow& row : table.resources()) {
    served.push_back({&table, &row, stored_as(kinds, row), custom});
  }
  return served;
}

}  // namespace

Catalog::Catalog(const api::Kinds& kinds, const api::ApiTable& table)
    : kinds_(kinds), table_(table), built_in_(served_of(kinds, table, nullptr)) {
  index();
}

void Catalog::put(const std::string& name, std::shared_ptr<const api::ApiTable> table,
                  std::shared_ptr<const api::CustomResource> custom) {
  Addition addition;
  addition.served = served_of(kinds_, *table, custom.get());
  addition.table = std::move(table);
  addition.custom = std::move(custom);
  additions_[name] = std::move(addition);
  ++generation_;
  index();
}

void Catalog::remove(const std::string& name) {
  if (additions_.erase(name) == 0) return;
  ++generation_;
  index();
}

void Catalog::index() {
  order_.clear();
  by_name_.clear();
  const auto add = [this](const Served& served) {
    const api::ResourceRow& row = *served.row;
    const auto [it, is_new] =
        by_name_.emplace(std::tuple(row.group, row.version, row.plural), &served);
    if (is_new) order_.push_back(it->second);  // a name that is taken stays with its first owner
  };
  for (const Served& served : built_in_) add(served);
  for (const auto& [name, addition] : additions_) {
    for (const Served& served : addition.served) add(served);
  }
}

const Served* Catalog::find(std::string_view group, std::string_view version,
                            std::string_view plural) const {
  const auto it = by_name_.find(std::tuple(group, version, plural));
  return it == by_name_.end() ? nullptr : it->second;
}

const Served* Catalog::find_kind(std::string_view group, std::string_view version,
                                 std::string_view kind) const {
  for (const Served* served : order_) {
    const api::ResourceRow& row = *served->row;
    if (row.kind == kind && row.group == group && row.version == version) return served;
  }
  return nullptr;
}

bool Catalog::has_group(std::string_view group) const {
  const auto it = by_name_.lower_bound(std::tuple(group, std::string_view(), std::string_view()));
  return it != by_name_.end() && std::get<0>(it->first) == group;
}

bool Catalog::has_group_version(std::string_view group, std::string_view version) const {
  const auto it = by_name_.lower_bound(std::tuple(group, version, std::string_view()));
  return it != by_name_.end() && std::get<0>(it->first) == group &&
         std::get<1>(it->first) == version;
}

}  // namespace orrery::apiserver
