#include "core/api/checks/container_checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

using Grace = std::optional<std::int64_t>;

void check_http_get(FieldErrors& errors, const Json& http, const Path& path) {
  if (text(http, "path").empty()) errors.required(path.child("path"));
  check_port_number_or_name(errors, member(http, "port"), path.child("port"));
  const std::string_view scheme = text(http, "scheme");
  if (scheme != "HTTP" && scheme != "HTTPS") {
    errors.not_supported(path.child("scheme"), scheme, {"HTTP", "HTTPS"});
  }
  for (const Json& header : array(http, "httpHeaders")) {
    const std::string_view name = text(header, "name");
    errors.invalid_each(path.child("httpHeaders"), name, http_header_name_messages(name));
  }
}

void check_sleep(FieldErrors& errors, const Json& sleep, const Grace& grace, const Path& path) {
  const std::int64_t seconds = integer(sleep, "seconds");
  if (grace && (seconds < 0 || seconds > *grace)) {
    errors.invalid(path, seconds,
                   "must be non-negative and less than terminationGracePeriodSeconds (" +
                       std::to_string(*grace) + ")");
  }
}

void check_action(FieldErrors& errors, const char* kind, const Json& action, const Grace& grace,
                  const Path& path) {
  const std::string_view name = kind;
  if (name == "exec") {
    if (array(action, "command").empty()) errors.required(path.child("command"));
  } else if (name == "httpGet") {
    check_http_get(errors, action, path);
  } else if (name == "sleep") {
    check_sleep(errors, action, grace, path);
  } else {
    check_port_number_or_name(errors, member(action, "port"), path.child("port"));
  }
}

// Of probes `sleep` is no kind of handler, of hooks `grpc` is none.
void check_handler(FieldErrors& errors, const Json& handler, const char* last_kind,
                   const Grace& grace, const Path& path) {
  bool found = false;
  for (const char* kind : {"exec", "httpGet", "tcpSocket", last_kind}) {
    const Json* action = member(handler, kind);
    if (!action) continue;
    if (found) {
      errors.forbidden(path.child(kind), "may not specify more than 1 handler type");
    } else {
      check_action(errors, kind, *action, grace, path.child(kind));
    }
    found = true;
  }
  if (!found) errors.required(path, "must specify a handler type");
}

void check_probe(FieldErrors& errors, const Json& probe, const Grace& grace, const Path& path) {
  check_handler(errors, probe, "grpc", grace, path);
  for (const char* key : {"initialDelaySeconds", "timeoutSeconds", "periodSeconds",
                          "successThreshold", "failureThreshold"}) {
    check_not_negative(errors, integer(probe, key), path.child(key));
  }
  const auto seconds = maybe_integer(probe, "terminationGracePeriodSeconds");
  if (seconds && *seconds <= 0) {
    errors.invalid(path.child("terminationGracePeriodSeconds"), *seconds, "must be greater than 0");
  }
}

void check_success_threshold(FieldErrors& errors, const Json& probe, const Path& path) {
  const std::int64_t threshold = integer(probe, "successThreshold");
  if (threshold != 1) errors.invalid(path.child("successThreshold"), threshold, "must be 1");
}

}  // namespace

void check_port_number_or_name(FieldErrors& errors, const Json* port, const Path& path) {
  if (port && port->is_string()) {
    errors.invalid_each(path, as_text(*port), port_name_messages(as_text(*port)));
    return;
  }
  const std::int64_t number = port ? as_integer(*port) : 0;
  for (const std::string& message : port_number_messages(number)) {
    errors.invalid(path, number, message);
  }
}

void check_probes(FieldErrors& errors, const Json& container, const Grace& grace,
                  const Path& path) {
  if (const Json* liveness = member(container, "livenessProbe")) {
    check_probe(errors, *liveness, grace, path.child("livenessProbe"));
    check_success_threshold(errors, *liveness, path.child("livenessProbe"));
  }
  if (const Json* readiness = member(container, "readinessProbe")) {
    check_probe(errors, *readiness, grace, path.child("readinessProbe"));
    if (const auto seconds = maybe_integer(*readiness, "terminationGracePeriodSeconds")) {
      errors.invalid(path.child("readinessProbe.terminationGracePeriodSeconds"), *seconds,
                     "must not be set for readinessProbes");
    }
  }
  if (const Json* startup = member(container, "startupProbe")) {
    check_probe(errors, *startup, grace, path.child("startupProbe"));
    check_success_threshold(errors, *startup, path.child("startupProbe"));
  }
}

void check_lifecycle(FieldErrors& errors, const Json& lifecycle, const Grace& grace,
                     const Path& path) {
  for (const char* key : {"postStart", "preStop"}) {
    if (const Json* hook = member(lifecycle, key)) {
      check_handler(errors, *hook, "sleep", grace, path.child(key));
    }
  }
}

}  // namespace orrery::api
