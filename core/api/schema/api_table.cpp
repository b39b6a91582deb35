#include "core/api/schema/api_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace orrery::api {

std::string TypeRow::go_name() const {
  return fmt::format("{}.{}", package.substr(package.find('/') + 1), name);
}

bool ResourceRow::has_verb(std::string_view verb) const {
  return std::find(verbs.begin(), verbs.end(), verb) != verbs.end();
}

const SubresourceRow* ResourceRow::subresource(std::string_view sub) const {
  for (const SubresourceRow& row : subresources) {
    if (row.name == sub) return &row;
  }
  return nullptr;
}

std::string ResourceRow::group_resource() const {
  return group.empty() ? std::string(plural) : fmt::format("{}.{}", plural, group);
}

std::pair<std::string_view, std::string_view> split_api_version(std::string_view api_version) {
  const std::size_t slash = api_version.find('/');
  if (slash == std::string_view::npos) return {"", api_version};
  return {api_version.substr(0, slash), api_version.substr(slash + 1)};
}

int ApiTable::find_type(std::string_view name) const {
  if (const auto it = type_by_short_name_.find(name); it != type_by_short_name_.end()) {
    return static_cast<int>(it->second);
  }
  const auto it = type_by_full_name_.find(name);
  return it == type_by_full_name_.end() ? -1 : static_cast<int>(it->second);
}

int ApiTable::find_kind_type(std::string_view group, std::string_view version,
                             std::string_view kind) const {
  for (std::size_t i = 0; i < types_.size(); ++i) {
    const TypeRow& row = types_[i];
    if (row.has_kind && row.kind == kind && row.group == group && row.version == version) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

std::span<const FieldRow> ApiTable::fields(const TypeRow& type) const {
  return {fields_.data() + type.fields_begin, type.fields_count};
}

const FieldRow* ApiTable::find_field(const TypeRow& type, std::string_view name) const {
  const std::span<const FieldRow> all = fields(type);
  const auto it =
      std::lower_bound(all.begin(), all.end(), name,
                       [](const FieldRow& f, std::string_view n) { return f.name < n; });
  return it != all.end() && it->name == name ? &*it : nullptr;
}

const ResourceRow* ApiTable::find_resource(std::string_view group, std::string_view version,
                                           std::string_view plural) const {
  for (const ResourceRow& row : resources_) {
    if (row.plural == plural && row.group == group && row.version == version) return &row;
  }
  return nullptr;
}

const ResourceRow* ApiTable::find_kind(std::string_view group, std::string_view version,
                                       std::string_view kind) const {
  for (const ResourceRow& row : resources_) {
    if (row.kind == kind && row.group == group && row.version == version) return &row;
  }
  return nullptr;
}

const ResourceRow* ApiTable::find_kind(std::string_view api_version, std::string_view kind) const {
  const auto [group, version] = split_api_version(api_version);
  return find_kind(group, version, kind);
}

const ResourceRow* ApiTable::find_resource_named(std::string_view name) const {
  std::string lower(name);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const ResourceRow& row : resources_) {
    if (row.plural == lower || row.singular == lower) return &row;
  }
  for (const ResourceRow& row : resources_) {
    const auto& names = row.short_names;
    if (std::find(names.begin(), names.end(), lower) != names.end()) return &row;
  }
  return nullptr;
}

}  // namespace orrery::api
