#include "core/api/checks/device_checks.h"

#include <set>

#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

constexpr std::size_t kRequestsMax = 32;
constexpr std::size_t kDevicesMax = 128;

using Names = std::set<std::string, std::less<>>;

void default_request(Json& request) {
  set_if_empty(request, "allocationMode", "ExactCount");
  if (text(request, "allocationMode") == "ExactCount") set_if_zero(request, "count", 1);
  for (Json& toleration : items_of(request, "tolerations")) {
    set_if_empty(toleration, "operator", "Equal");
  }
}

void default_claim_spec(Json& spec) {
  if (!has(spec, "devices")) return;
  for (Json& request : items_of(spec["devices"], "requests")) {
    if (has(request, "exactly")) default_request(request["exactly"]);
    for (Json& sub : items_of(request, "firstAvailable")) default_request(sub);
  }
}

void check_selectors(FieldErrors& errors, const Json& holder, const Path& path) {
  const Json& selectors = array(holder, "selectors");
  if (selectors.size() > kRequestsMax) {
    errors.too_many(path.child("selectors"), selectors.size(), kRequestsMax);
  }
  for (std::size_t i = 0; i < selectors.size(); ++i) {
    const Path selector = path.at("selectors", i);
    const Json* cel = member(selectors[i], "cel");
    if (!cel) {
      errors.required(selector.child("cel"));
    } else if (text(*cel, "expression").empty()) {
      errors.required(selector.child("cel.expression"));
    }
  }
}

void check_exact(FieldErrors& errors, const Json& request, const Path& path) {
  const std::string_view device_class = text(request, "deviceClassName");
  if (device_class.empty()) {
    errors.required(path.child("deviceClassName"));
  } else {
    check_dns_subdomain(errors, device_class, path.child("deviceClassName"));
  }
  check_selectors(errors, request, path);
  const std::string_view mode = text(request, "allocationMode");
  const std::int64_t count = integer(request, "count");
  if (mode == "All") {
    if (count != 0) {
      errors.invalid(path.child("count"), count,
                     "must not be specified when allocationMode is 'All'");
    }
  } else if (mode != "ExactCount") {
    errors.not_supported(path.child("allocationMode"), mode, {"All", "ExactCount"});
  } else if (count <= 0) {
    errors.invalid(path.child("count"), count, "must be greater than zero");
  }
}

void check_request_name(FieldErrors& errors, const Json& request, Names& names, const Path& path) {
  const std::string_view name = text(request, "name");
  if (name.empty()) {
    errors.required(path.child("name"));
    return;
  }
  check_dns_label(errors, name, path.child("name"));
  if (!names.emplace(name).second) errors.duplicate(path.child("name"), name);
}

void check_request(FieldErrors& errors, const Json& request, Names& names, const Path& path) {
  check_request_name(errors, request, names, path);
  const Json* exactly = member(request, "exactly");
  const Json& others = array(request, "firstAvailable");
  if (!exactly && others.empty()) {
    errors.required(path, "exactly one of `exactly` or `firstAvailable` is required");
  } else if (exactly && !others.empty()) {
    errors.invalid_raw(path, {}, "exactly one of `exactly` or `firstAvailable` is required, but "
                                 "multiple fields are set");
  } else if (exactly) {
    check_exact(errors, *exactly, path.child("exactly"));
  }
  Names sub_names;
  for (std::size_t i = 0; i < others.size(); ++i) {
    const Path at = path.at("firstAvailable", i);
    check_request_name(errors, others[i], sub_names, at);
    check_exact(errors, others[i], at);
  }
}

void check_references(FieldErrors& errors, const Json& holder, const Names& names,
                      const Path& path) {
  const Json& requests = array(holder, "requests");
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const std::string_view name = as_text(requests[i]);
    if (names.contains(name.substr(0, name.find('/')))) continue;
    errors.invalid(path.at("requests", i), name,
                   "must be the name of a request in the claim or the name of a request and a "
                   "subrequest separated by '/'");
  }
}

void check_claim_spec_of(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json& devices = object(spec, "devices");
  const Path at = path.child("devices");
  const Json& requests = array(devices, "requests");
  if (requests.size() > kRequestsMax) {
    errors.too_many(at.child("requests"), requests.size(), kRequestsMax);
  }
  Names names;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    check_request(errors, requests[i], names, at.at("requests", i));
  }
  for (const char* key : {"constraints", "config"}) {
    const Json& list = array(devices, key);
    for (std::size_t i = 0; i < list.size(); ++i) {
      check_references(errors, list[i], names, at.at(key, i));
    }
  }
}

void check_devices(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json& devices = array(spec, "devices");
  if (devices.size() > kDevicesMax) {
    errors.too_many(path.child("devices"), devices.size(), kDevicesMax);
  }
  Names names;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    check_request_name(errors, devices[i], names, path.at("devices", i));
  }
}

void check_slice_spec(FieldErrors& errors, const Json& spec) {
  const Path path("spec");
  const std::string_view driver = text(spec, "driver");
  if (driver.empty()) {
    errors.required(path.child("driver"));
  } else {
    check_dns_subdomain(errors, driver, path.child("driver"));
  }
  const Json& pool = object(spec, "pool");
  if (text(pool, "name").empty()) errors.required(path.child("pool.name"));
  if (integer(pool, "resourceSliceCount") <= 0) {
    errors.invalid(path.child("pool.resourceSliceCount"), integer(pool, "resourceSliceCount"),
                   "must be greater than zero");
  }
  check_not_negative(errors, integer(pool, "generation"), path.child("pool.generation"));
  const int places = has(spec, "nodeName") + has(spec, "nodeSelector") + flag(spec, "allNodes") +
                     flag(spec, "perDeviceNodeSelection");
  if (places != 1) {
    constexpr char kOne[] =
        "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is "
        "required";
    if (places == 0) {
      errors.required(path, kOne);
    } else {
      errors.invalid_raw(path, {}, std::string(kOne) + ", but multiple fields are set");
    }
  }
  check_devices(errors, spec, path);
}

}  // namespace

void default_resource_claim(Json& claim) { default_claim_spec(make_object(claim, "spec")); }

void default_claim_template_object(Json& claim_template) {
  Json& spec = make_object(claim_template, "spec");
  make_object(spec, "metadata");
  default_claim_spec(make_object(spec, "spec"));
}

void check_resource_claim(FieldErrors& errors, const Json& claim) {
  check_object_meta(errors, claim, Scope::kNamespaced, subdomain_name);
  check_claim_spec_of(errors, object(claim, "spec"), Path("spec"));
}

void check_resource_claim_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_immutable(errors, member(now, "spec"), member(old, "spec"), Path("spec"));
}

void check_claim_template_object(FieldErrors& errors, const Json& claim_template) {
  check_object_meta(errors, claim_template, Scope::kNamespaced, subdomain_name);
  const Path path("spec");
  check_claim_spec_of(errors, object(object(claim_template, "spec"), "spec"), path.child("spec"));
}

void check_claim_template_object_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_immutable(errors, member(now, "spec"), member(old, "spec"), Path("spec"));
}

void check_device_class(FieldErrors& errors, const Json& device_class) {
  check_object_meta(errors, device_class, Scope::kCluster, subdomain_name);
  check_selectors(errors, object(device_class, "spec"), Path("spec"));
}

void check_resource_slice(FieldErrors& errors, const Json& slice) {
  check_object_meta(errors, slice, Scope::kCluster, subdomain_name);
  check_slice_spec(errors, object(slice, "spec"));
}

void check_resource_slice_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  const Json &a = object(now, "spec"), &b = object(old, "spec");
  check_slice_spec(errors, a);
  const Path path("spec");
  for (const char* key : {"driver", "nodeName"}) {
    check_immutable(errors, member(a, key), member(b, key), path.child(key));
  }
  check_immutable(errors, member(object(a, "pool"), "name"), member(object(b, "pool"), "name"),
                  path.child("pool.name"));
}

}  // namespace orrery::api
