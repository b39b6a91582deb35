#include <set>

#include "core/api/checks/affinity_checks.h"
#include "core/api/checks/core_checks.h"
#include "core/api/checks/internal_form.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/resource_checks.h"

namespace orrery::api {
namespace {

void check_resources(FieldErrors& errors, const Json& node) {
  const Json& status = object(node, "status");
  const Path path("status");
  for (const char* key : {"capacity", "allocatable"}) {
    const Path at = path.child(key);
    for (const auto& [name, value] : object(status, key).items()) {
      check_resource_quantity(errors, name, value, at.child(name));
    }
  }
}

void check_pod_cidrs(FieldErrors& errors, const Json& spec) {
  const Json& cidrs = array(spec, "podCIDRs");
  const Path path("spec");
  bool v4 = false, v6 = false;
  for (std::size_t i = 0; i < cidrs.size(); ++i) {
    check_cidr(errors, as_text(cidrs[i]), path.at("podCIDRs", i));
    (as_text(cidrs[i]).find(':') == std::string_view::npos ? v4 : v6) = true;
  }
  if (cidrs.size() > 1 && (cidrs.size() > 2 || !v4 || !v6)) {
    errors.invalid_raw(path.child("podCIDRs"), cidrs.dump(),
                       "may specify no more than one CIDR for each IP family");
  }
  std::set<std::string, std::less<>> seen;
  for (std::size_t i = 0; i < cidrs.size(); ++i) {
    if (!seen.emplace(as_text(cidrs[i])).second) {
      errors.duplicate(path.at("podCIDRs", i), as_text(cidrs[i]));
    }
  }
}

// Set once, then kept.
void check_pod_cidrs_update(FieldErrors& errors, const Json& now, const Json& old) {
  constexpr char kText[] = "node updates may not change podCIDR except from \"\" to valid";
  const Json &before = array(old, "podCIDRs"), &after = array(now, "podCIDRs");
  const Path path("spec.podCIDRs");
  if (before.empty()) return;
  if (before.size() != after.size()) return errors.forbidden(path, kText);
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] != after[i]) errors.forbidden(path, kText);
  }
}

}  // namespace

void check_node(FieldErrors& errors, const Json& node) {
  const Json& spec = object(node, "spec");
  check_object_meta(errors, node, Scope::kCluster, subdomain_name);
  check_taints(errors, array(spec, "taints"), Path("metadata.taints"));
  check_resources(errors, node);
  check_pod_cidrs(errors, spec);
}

void check_node_update(FieldErrors& errors, const Json& now_node, const Json& old_node) {
  const Json& now = object(now_node, "spec");
  const Json& old = object(old_node, "spec");
  check_object_meta_update(errors, now_node, old_node);
  check_resources(errors, now_node);
  std::set<std::pair<std::string, std::string>> seen;
  const Json& addresses = array(object(now_node, "status"), "addresses");
  const Path status("status");
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (!seen.emplace(text(addresses[i], "type"), text(addresses[i], "address")).second) {
      errors.duplicate_raw(status.at("addresses", i), internal_text("NodeAddress", &addresses[i]));
    }
  }
  check_pod_cidrs_update(errors, now, old);
  const std::string_view provider = text(old, "providerID");
  if (!provider.empty() && provider != text(now, "providerID")) {
    errors.forbidden(Path("spec.providerID"),
                     "node updates may not change providerID except from \"\" to valid");
  }
  check_taints(errors, array(now, "taints"), Path("metadata.taints"));
}

}  // namespace orrery::api
