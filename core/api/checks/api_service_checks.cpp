// Defaults and checks of APIServices.
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/registration_checks.h"

namespace orrery::api {
namespace {

constexpr std::int64_t kGroupPriorityMax = 20'000;
constexpr std::int64_t kVersionPriorityMax = 1'000;

void check_service_reference(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json* service = member(spec, "service");
  const bool has_bundle = !text(spec, "caBundle").empty();
  if (!service) {
    if (has_bundle) {
      errors.invalid_raw(path.child("caBundle"), quoted(text(spec, "caBundle")),
                         "local APIServices may not have a caBundle");
    }
    if (flag(spec, "insecureSkipTLSVerify")) {
      errors.invalid_raw(path.child("insecureSkipTLSVerify"), "true",
                         "local APIServices may not have insecureSkipTLSVerify");
    }
    return;
  }
  for (const char* key : {"namespace", "name"}) {
    if (text(*service, key).empty()) errors.required(path.child("service").child(key));
  }
  const std::int64_t port = integer(*service, "port");
  for (const std::string& message : port_number_messages(port)) {
    errors.invalid(path.child("service.port"), port, "port is not valid: " + message);
  }
  if (flag(spec, "insecureSkipTLSVerify") && has_bundle) {
    errors.invalid_raw(path.child("insecureSkipTLSVerify"), "true",
                       "may not be true if caBundle is present");
  }
}

}  // namespace

void default_api_service(Json& service) {
  Json& spec = make_object(service, "spec");
  if (has(spec, "service")) set_if_absent(spec["service"], "port", 443);
}

void check_api_service(FieldErrors& errors, const Json& service) {
  const Json& spec = object(service, "spec");
  const std::string_view group = text(spec, "group"), version = text(spec, "version");
  const std::string_view name = text(object(service, "metadata"), "name");
  const std::string wanted = std::string(version) + "." + std::string(group);
  check_object_meta(errors, service, Scope::kCluster, path_segment_name);
  if (name != wanted) {
    errors.invalid(Path("metadata.name"), name,
                   "must be `spec.version+\".\"+spec.group`: " + api::quoted(wanted));
  }
  const Path path("spec");
  if (group.empty()) {
    if (version != "v1") {
      errors.required(path.child("group"), "only v1 may have an empty group and it better be "
                                           "legacy kube");
    }
  } else {
    check_dns_subdomain(errors, group, path.child("group"));
  }
  errors.invalid_each(path.child("version"), version, dns_1035_label_messages(version));
  const std::int64_t group_priority = integer(spec, "groupPriorityMinimum");
  if (group_priority <= 0 || group_priority > kGroupPriorityMax) {
    errors.invalid(path.child("groupPriorityMinimum"), group_priority,
                   "must be positive and less than 20000");
  }
  const std::int64_t version_priority = integer(spec, "versionPriority");
  if (version_priority <= 0 || version_priority > kVersionPriorityMax) {
    errors.invalid(path.child("versionPriority"), version_priority,
                   "must be positive and less than 1000");
  }
  check_service_reference(errors, spec, path);
}

}  // namespace orrery::api
