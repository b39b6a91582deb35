// Checks of updates of pods/ephemeralcontainers and pods/resize.
#include "core/api/checks/checks.h"
#include "core/api/checks/internal_form.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/pod_checks.h"

namespace orrery::api {
namespace {

const Json* named(const Json& list, std::string_view name) {
  for (const Json& one : list) {
    if (text(one, "name") == name) return &one;
  }
  return nullptr;
}

}  // namespace

void check_ephemeral_containers_update(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_pod_object(errors, now);
  const Json& after = array(object(now, "spec"), "ephemeralContainers");
  const Path path("spec.ephemeralContainers");
  for (const Json& before : array(object(old, "spec"), "ephemeralContainers")) {
    const std::string_view name = text(before, "name");
    const Json* container = named(after, name);
    if (!container) {
      errors.forbidden(path,
                       "existing ephemeral containers " + quoted(name) + " may not be removed\n");
    } else if (!same(container, &before)) {
      errors.forbidden(path, "existing ephemeral containers " + quoted(name) +
                                 " may not be changed\n" +
                                 line_diff(internal_lines("EphemeralContainer", &before),
                                           internal_lines("EphemeralContainer", container)));
    }
  }
}

void check_pod_resize(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_pod_object(errors, now);
  const std::string_view before = pod_qos_class(object(old, "spec"));
  const std::string_view after = pod_qos_class(object(now, "spec"));
  if (before != after) {
    errors.invalid(Path("spec"), after, "Pod QOS Class may not change as a result of resizing");
  }
}

}  // namespace orrery::api
