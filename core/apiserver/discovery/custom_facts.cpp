#include "core/apiserver/discovery/custom_facts.h"

#include <nlohmann/json.hpp>

#include "core/api/custom/custom_resource.h"
#include "core/api/custom/custom_table.h"

namespace orrery::apiserver {

std::string CustomResourceFacts::storage_version(const Served& served) const {
  return served.custom->storage_version().name;
}

CustomSchemas CustomResourceFacts::schemas(const Served& served, OpenApiFlavor flavor) const {
  const api::CustomResource& custom = *served.custom;
  const std::string version(served.row->version);
  const nlohmann::json all = custom.openapi_schemas(version, flavor == OpenApiFlavor::kV2);
  const auto text_of = [&all](const std::string& name) {
    const auto it = all.find(name);
    if (it == all.end()) return std::string("{}");
    return it->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
  CustomSchemas out;
  out.name = api::custom_model_name(custom.group(), version, custom.kind());
  out.list_name = api::custom_model_name(custom.group(), version, custom.list_kind());
  out.schema = text_of(out.name);
  out.list_schema = text_of(out.list_name);
  return out;
}

}  // namespace orrery::apiserver
