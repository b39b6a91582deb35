#include <algorithm>

#include "core/api/checks/checks.h"
#include "core/api/checks/core_checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

// Returns whether an IP is not one: then nothing further is said of the list.
bool check_each_ip(FieldErrors& errors, const Json& ips, const Path& path) {
  bool broken = false;
  for (std::size_t i = 0; i < ips.size(); ++i) {
    const std::string_view ip = as_text(ips[i]);
    if (i == 0 && ip == "None") {
      if (ips.size() > 1) {
        broken = true;
        errors.invalid_raw(path, ips.dump(), "'None' must be the first and only value");
      }
      continue;
    }
    broken = broken || !parse_ip(ip).valid;
    check_ip(errors, ip, path.index(i));
  }
  if (ips.size() > 2) errors.invalid_raw(path, ips.dump(), "may only hold up to 2 values");
  return broken;
}

void check_families(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json& families = array(spec, "ipFamilies");
  for (std::size_t i = 0; i < families.size(); ++i) {
    const std::string_view family = as_text(families[i]);
    if (family != "IPv4" && family != "IPv6") {
      errors.not_supported(path.at("ipFamilies", i), family, {"IPv4", "IPv6"});
    }
    const auto here = families.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(families.begin(), here, families[i]) != here) {
      errors.duplicate(path.at("ipFamilies", i), family);
    }
  }
  const auto policy = maybe_text(spec, "ipFamilyPolicy");
  if (policy && *policy != "SingleStack" && *policy != "PreferDualStack" &&
      *policy != "RequireDualStack") {
    errors.not_supported(path.child("ipFamilyPolicy"), *policy,
                         {"PreferDualStack", "RequireDualStack", "SingleStack"});
  }
}

void check_ips_against_families(FieldErrors& errors, const Json& ips, const Json& families,
                                const Path& path) {
  for (std::size_t i = 0; i < std::min(ips.size(), families.size()); ++i) {
    const bool v6 = parse_ip(as_text(ips[i])).v6;
    const std::string_view family = as_text(families[i]);
    if ((family == "IPv4" && v6) || (family == "IPv6" && !v6)) {
      errors.invalid(path.at("clusterIPs", i), as_text(ips[i]),
                     "expected an " + std::string(family) + " value as indicated by `ipFamilies[" +
                         std::to_string(i) + "]`");
    }
  }
}

// clusterIP and clusterIPs[0] are one value under two names (normalizeClusterIPs).
void sync_cluster_ips(Json& spec, const Json* old_spec) {
  const std::string ip(text(spec, "clusterIP"));
  const Json& ips = array(spec, "clusterIPs");
  if (!old_spec) {
    if (!ip.empty() && ips.empty()) spec["clusterIPs"] = Json::array({ip});
    return;
  }
  const std::string_view before = text(*old_spec, "clusterIP");
  const Json& old_ips = array(*old_spec, "clusterIPs");
  if (ip != before) {
    if (ip.empty() && same(&ips, &old_ips)) {
      spec.erase("clusterIPs");
    } else if (!ip.empty() && (ips.empty() || same(&ips, &old_ips))) {
      spec["clusterIPs"] = Json::array({ip});
    }
  } else if (!same(&ips, &old_ips) && ips.empty()) {
    spec["clusterIP"] = "";
  }
}

}  // namespace

void check_cluster_ips(FieldErrors& errors, const Json& service) {
  const Json& spec = object(service, "spec");
  if (text(spec, "type") == "ExternalName") return;
  const Path path("spec");
  const Path ips_path = path.child("clusterIPs");
  const std::string_view ip = text(spec, "clusterIP");
  const Json& ips = array(spec, "clusterIPs");
  if (!ip.empty()) {
    if (ips.empty()) {
      errors.required(ips_path);
    } else if (as_text(ips[0]) != ip) {
      errors.invalid_raw(ips_path, ips.dump(), "first value must match `clusterIP`");
    }
  } else if (!ips.empty()) {
    errors.invalid_raw(ips_path, ips.dump(), "must be empty when `clusterIP` is not specified");
  }
  check_families(errors, spec, path);
  if (check_each_ip(errors, ips, ips_path)) return;
  if (ips.size() > 1) {
    const bool same_family = parse_ip(as_text(ips[0])).v6 == parse_ip(as_text(ips[1])).v6;
    if (same_family) {
      errors.invalid_raw(ips_path, ips.dump(),
                         "may specify no more than one IP for each IP family");
    }
  }
  if (!is_headless(service)) {
    check_ips_against_families(errors, ips, array(spec, "ipFamilies"), path);
  }
}

FieldErrors service_ip_families(Json& service, const Json* old) {
  FieldErrors errors;
  Json& spec = make_object(service, "spec");
  const Json* old_spec = old ? &object(*old, "spec") : nullptr;
  sync_cluster_ips(spec, old_spec);
  if (text(spec, "type") == "ExternalName") return errors;
  check_cluster_ips(errors, service);
  if (!errors.empty()) return errors;
  const Path path("spec");
  const bool headless = is_headless(service);
  const bool selectorless = object(spec, "selector").empty();
  if (headless && selectorless) {
    // Whoever maintains the endpoints may use both families, whatever the cluster has.
    set_if_absent(spec, "ipFamilyPolicy",
                  array(spec, "ipFamilies").size() == 1 ? "SingleStack" : "RequireDualStack");
    if (!has(spec, "ipFamilies") || array(spec, "ipFamilies").empty()) {
      spec["ipFamilies"] = text(spec, "ipFamilyPolicy") == "SingleStack"
                               ? Json::array({"IPv4"})
                               : Json::array({"IPv4", "IPv6"});
    }
    return errors;
  }
  const Json& families = array(spec, "ipFamilies");
  const bool wants_two = families.size() > 1 || array(spec, "clusterIPs").size() > 1;
  if (text(spec, "ipFamilyPolicy") == "RequireDualStack" ||
      (wants_two && !has(spec, "ipFamilyPolicy"))) {
    errors.invalid(path.child("ipFamilyPolicy"), "RequireDualStack",
                   "this cluster is not configured for dual-stack services");
  }
  for (std::size_t i = 0; i < families.size(); ++i) {
    if (as_text(families[i]) != "IPv4") {
      errors.invalid(path.at("ipFamilies", i), as_text(families[i]),
                     "not configured on this cluster");
    }
  }
  if (!errors.empty()) return errors;
  set_if_absent(spec, "ipFamilyPolicy", "SingleStack");
  if (families.empty()) spec["ipFamilies"] = Json::array({"IPv4"});
  return errors;
}

}  // namespace orrery::api
