// Checks of RuntimeClass and ControllerRevision.
#include "core/api/checks/affinity_checks.h"
#include "core/api/checks/csi_checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/pod_defaults.h"
#include "core/api/checks/resource_checks.h"

namespace orrery::api {
namespace {

void check_runtime_body(FieldErrors& errors, const Json& runtime_class) {
  const Path path("overhead");
  if (const Json* overhead = member(runtime_class, "overhead")) {
    check_overhead(errors, object(*overhead, "podFixed"), path.child("podFixed"));
  }
  const Path scheduling("scheduling");
  const Json& rules = object(runtime_class, "scheduling");
  check_labels(errors, object(rules, "nodeSelector"), scheduling.child("nodeSelector"));
  check_tolerations(errors, array(rules, "tolerations"), scheduling.child("tolerations"));
}

void check_revision(FieldErrors& errors, const Json& revision) {
  if (!has(revision, "data")) errors.required(Path("data"), "data is mandatory");
  check_not_negative(errors, integer(revision, "revision"), Path("revision"));
}

}  // namespace

void default_runtime_class(Json& runtime_class) {
  if (has(object(runtime_class, "overhead"), "podFixed")) {
    default_resource_list(&runtime_class["overhead"]["podFixed"]);
  }
}

void check_runtime_class(FieldErrors& errors, const Json& runtime_class) {
  check_object_meta(errors, runtime_class, Scope::kCluster, subdomain_name);
  check_dns_label(errors, text(runtime_class, "handler"), Path("handler"));
  check_runtime_body(errors, runtime_class);
}

void check_runtime_class_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_immutable(errors, member(now, "handler"), member(old, "handler"), Path("handler"));
  check_runtime_body(errors, now);
}

void check_controller_revision(FieldErrors& errors, const Json& revision) {
  check_object_meta(errors, revision, Scope::kNamespaced, subdomain_name);
  check_revision(errors, revision);
}

void check_controller_revision_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_revision(errors, now);
  check_immutable(errors, member(now, "data"), member(old, "data"), Path("data"));
}

}  // namespace orrery::api
