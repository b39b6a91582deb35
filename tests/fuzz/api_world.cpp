#include "tests/fuzz/api_world.h"

namespace orrery::fuzz {

const api::ApiTable& api_table() {
  static const api::ApiTable table = api::ApiTable::built_in();
  return table;
}

const api::Kinds& api_kinds() {
  static const api::Kinds kinds = [] {
    api::Kinds out;
    for (const api::ResourceRow& row : api_table().resources()) {
      if (row.has_verb("list"))
        out.add(row.group, row.version, row.kind, row.plural, row.namespaced);
    }
    return out;
  }();
  return kinds;
}

int storable_type(std::string_view api_version, std::string_view kind) {
  const api::KindInfo* info = api_kinds().find(api_version, kind);
  if (!info) return -1;
  return api_table().find_kind_type(info->group.view(), info->version.view(), kind);
}

}  // namespace orrery::fuzz
