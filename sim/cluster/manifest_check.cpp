#include "sim/cluster/manifest_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/checks/checks.h"
#include "core/api/schema/schema_walk.h"

namespace orrery::sim {
namespace {

using nlohmann::json;

void check_one(const api::Kinds& kinds, const api::ApiTable& table,
               const ManifestDocument& document, std::vector<std::string>& errors) {
  json object = *document.json;
  const std::string version = object.value("apiVersion", "");
  const std::string kind = object.value("kind", "");
  const api::KindInfo* info = kinds.find(version, kind);
  if (!info) {
    errors.push_back(document.error_line(
        "kind", fmt::format("no matches for kind \"{}\" in version \"{}\"", kind, version)));
    return;
  }
  const std::size_t before = errors.size();
  const int type = table.find_kind_type(info->group.view(), info->version.view(), kind);
  if (type >= 0) {
    const auto faults = api::check_fields(table, static_cast<std::size_t>(type), object);
    for (const api::FieldFault& fault : faults) {
      using Fault = api::FieldFault::Kind;
      const std::string what = fault.kind == Fault::kUnknownField     ? "unknown field"
                               : fault.kind == Fault::kDuplicateField ? "duplicate field"
                               : !fault.message.empty()               ? fault.message
                                                        : fmt::format("cannot unmarshal {} into {}",
                                                                      fault.value, fault.target);
      errors.push_back(document.error_line(fault.path, what));
    }
    if (errors.size() > before) return;
    api::drop_nulls(table, static_cast<std::size_t>(type), object);
  }
  const std::string group = info->group.str();
  if (info->namespaced && !object["metadata"].contains("namespace")) {
    object["metadata"]["namespace"] = "default";
  }
  api::apply_defaults(group, kind, object);
  if (kind == "Job") {
    // The server gives a Job its uid before it selects by it.
    constexpr const char* kSomeUid = "00000000-0000-4000-8000-000000000000";
    object["metadata"]["uid"] = kSomeUid;
    api::job_generate_selector(object, kSomeUid);
  }
  api::prepare_create(group, kind, object);
  // The server fills in a Service's clusterIPs and families before it checks them.
  api::FieldErrors found;
  if (kind == "Service" && group.empty()) found = api::service_ip_families(object);
  if (found.empty()) found = api::validate_create(group, kind, object);
  for (const api::FieldError& error : found.list()) {
    errors.push_back(document.error_line(error.field, error.body()));
  }
}

}  // namespace

std::vector<std::string> check_manifests(const api::Kinds& kinds, const api::ApiTable& table,
                                         const std::vector<ManifestDocument>& documents) {
  std::vector<std::string> errors;
  for (const ManifestDocument& document : documents) check_one(kinds, table, document, errors);
  return errors;
}

void add_table_kinds(api::Kinds& kinds, const api::ApiTable& table) {
  for (const api::ResourceRow& row : table.resources()) {
    const bool stored = std::find(row.verbs.begin(), row.verbs.end(), "list") != row.verbs.end();
    if (stored) kinds.add(row.group, row.version, row.kind, row.plural, row.namespaced);
  }
  // Gangs: of an alpha group, and of a custom resource, so that no table lists them.
  kinds.add("scheduling.k8s.io", "v1alpha2", "PodGroup", "podgroups", true);
  kinds.add("scheduling.x-k8s.io", "v1alpha1", "PodGroup", "podgroups", true);
}

}  // namespace orrery::sim
