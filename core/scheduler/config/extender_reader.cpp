#include "core/scheduler/config/extender_reader.h"

#include <algorithm>
#include <set>

#include "core/api/checks/formats.h"

namespace orrery::scheduler::config {
namespace {

using api::FieldErrors;
using api::Path;

/// v1helper.IsExtendedResourceName of a qualified name: outside kubernetes.io, and short enough
/// for a quota.
bool is_extended_resource(const std::string& name) {
  const bool native = name.find('/') == std::string::npos ||
                      name.find("kubernetes.io/") != std::string::npos;
  if (native || name.starts_with("requests.")) return false;
  return api::qualified_name_messages("requests." + name).empty();
}

HttpTls read_tls(ObjectReader from) {
  HttpTls tls;
  from.read("insecure", tls.insecure);
  from.read("serverName", tls.server_name);
  from.read("certFile", tls.cert_file);
  from.read("keyFile", tls.key_file);
  from.read("caFile", tls.ca_file);
  from.read_bytes("certData", tls.cert_data);
  from.read_bytes("keyData", tls.key_data);
  from.read_bytes("caData", tls.ca_data);
  from.finish();
  return tls;
}

ExtenderConfig read_extender(ObjectReader& from) {
  ExtenderConfig out;
  from.read("urlPrefix", out.url_prefix);
  from.read("filterVerb", out.filter_verb);
  from.read("preemptVerb", out.preempt_verb);
  from.read("prioritizeVerb", out.prioritize_verb);
  from.read("bindVerb", out.bind_verb);
  from.read("weight", out.weight);
  from.read("enableHTTPS", out.enable_https);
  if (from.has("tlsConfig")) out.tls = read_tls(from.object("tlsConfig"));
  std::optional<Duration> timeout;
  from.read("httpTimeout", timeout);
  if (timeout && *timeout > Duration{0}) out.http_timeout = *timeout;
  from.read("nodeCacheCapable", out.node_cache_capable);
  from.read("ignorable", out.ignorable);
  for (ObjectReader& item : from.objects("managedResources")) {
    ManagedResource& resource = out.managed_resources.emplace_back();
    item.read("name", resource.name);
    item.read("ignoredByScheduler", resource.ignored_by_scheduler);
    item.finish();
  }
  from.finish();
  return out;
}

void check_resources_of(const ExtenderConfig& extender, std::set<std::string>& seen,
                        FieldErrors& errors, const Path& path) {
  for (std::size_t i = 0; i < extender.managed_resources.size(); ++i) {
    const std::string name = extender.managed_resources[i].name.str();
    const Path entry = path.at("managedResources", i);
    const Path at = entry.child("name");
    const auto problems = api::qualified_name_messages(name);
    errors.invalid_each(at, name, problems);
    if (problems.empty() && !is_extended_resource(name)) {
      errors.invalid(at, name, "is an invalid extended resource name");
    }
    if (!seen.insert(name).second) {
      errors.invalid(at, name, "duplicate extender managed resource name");
    }
  }
}

}  // namespace

std::vector<ExtenderConfig> read_extenders(std::vector<ObjectReader> list, FieldErrors& errors) {
  std::vector<ExtenderConfig> out;
  std::set<std::string> resources;
  int binders = 0;
  for (ObjectReader& item : list) {
    const ExtenderConfig& extender = out.emplace_back(read_extender(item));
    const Path path(item.path());
    if (!extender.prioritize_verb.empty() && extender.weight <= 0) {
      errors.invalid(path.child("weight"), extender.weight,
                     "must have a positive weight applied to it");
    }
    binders += !extender.bind_verb.empty();
    check_resources_of(extender, resources, errors, path);
  }
  if (binders > 1) {
    errors.invalid(Path("extenders"),
                   "found " + std::to_string(binders) + " extenders implementing bind",
                   "only one extender can implement bind");
  }
  std::stable_partition(out.begin(), out.end(),
                        [](const ExtenderConfig& e) { return !e.ignorable; });
  return out;
}

}  // namespace orrery::scheduler::config
