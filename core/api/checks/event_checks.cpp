#include "core/api/checks/core_checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

constexpr std::size_t kWordBytesMax = 128, kNoteBytesMax = 1024;

void check_word(FieldErrors& errors, const Json& event, const char* key) {
  const std::string_view word = text(event, key);
  if (word.empty()) {
    errors.required(Path(key));
  } else if (word.size() > kWordBytesMax) {
    errors.invalid(Path(key), "", "can have at most 128 characters");
  }
}

// `subject` and `controller` are the names that the version gives these members.
void check_common(FieldErrors& errors, const Json& event, const char* subject,
                  const char* controller, const char* note) {
  const std::string_view space = text(object(event, "metadata"), "namespace");
  const std::string_view about = text(object(event, subject), "namespace");
  const Path path("involvedObject.namespace");
  constexpr char kText[] = "does not match event.namespace";
  if (!has(event, "eventTime")) {
    if (about.empty() ? !space.empty() && space != "default" : space != about) {
      errors.invalid(path, about, kText);
    }
  } else {
    if (about.empty() && space != "default" && space != "kube-system") {
      errors.invalid(path, about, kText);
    }
    const std::string_view reporter = text(event, controller);
    if (reporter.empty()) errors.required(Path(controller));
    check_qualified_name(errors, reporter, Path(controller));
    for (const char* key : {"reportingInstance", "action", "reason"}) {
      check_word(errors, event, key);
    }
    if (text(event, note).size() > kNoteBytesMax) {
      errors.invalid(Path("message"), "", "can have at most 1024 characters");
    }
  }
  check_dns_subdomain(errors, space, Path("namespace"));
}

void check_lease_spec(FieldErrors& errors, const Json& spec) {
  const Path path("spec");
  const auto duration = maybe_integer(spec, "leaseDurationSeconds");
  if (duration && *duration <= 0) {
    errors.invalid(path.child("leaseDurationSeconds"), *duration, "must be greater than 0");
  }
  const auto transitions = maybe_integer(spec, "leaseTransitions");
  if (transitions && *transitions < 0) {
    errors.invalid(path.child("leaseTransitions"), *transitions,
                   "must be greater than or equal to 0");
  }
}

}  // namespace

void check_core_event(FieldErrors& errors, const Json& event) {
  check_common(errors, event, "involvedObject", "reportingComponent", "message");
}

void check_event(FieldErrors& errors, const Json& event) {
  check_common(errors, event, "regarding", "reportingController", "note");
  check_object_meta(errors, event, Scope::kNamespaced, subdomain_name);
  if (!has(event, "eventTime")) errors.required(Path("eventTime"));
  const std::string_view type = text(event, "type");
  if (type != "Normal" && type != "Warning") {
    errors.invalid(Path("type"), "", "has invalid value: " + std::string(type));
  }
  if (has(event, "deprecatedFirstTimestamp")) {
    errors.invalid(Path("firstTimestamp"), "", "needs to be unset");
  }
  if (has(event, "deprecatedLastTimestamp")) {
    errors.invalid(Path("lastTimestamp"), "", "needs to be unset");
  }
  if (integer(event, "deprecatedCount") != 0) {
    errors.invalid(Path("count"), "", "needs to be unset");
  }
}

void check_event_update(FieldErrors& errors, const Json& now, const Json& old) {
  // {member, its name in the error}: errors name the members of the stored form.
  constexpr std::pair<const char*, const char*> kFixed[] = {
      {"regarding", "involvedObject"},
      {"reason", "reason"},
      {"note", "message"},
      {"deprecatedSource", "source"},
      {"deprecatedFirstTimestamp", "firstTimestamp"},
      {"deprecatedLastTimestamp", "lastTimestamp"},
      {"deprecatedCount", "count"},
      {"reason", "reason"},
      {"type", "type"},
      {"eventTime", "eventTime"},
      {"action", "action"},
      {"related", "related"},
      {"reportingController", "reportingController"},
      {"reportingInstance", "reportingInstance"}};
  check_object_meta_update(errors, now, old);
  for (const auto& [member_name, shown] : kFixed) {
    check_immutable(errors, member(now, member_name), member(old, member_name), Path(shown));
  }
}

void check_lease(FieldErrors& errors, const Json& lease) {
  check_object_meta(errors, lease, Scope::kNamespaced, subdomain_name);
  check_lease_spec(errors, object(lease, "spec"));
}

}  // namespace orrery::api
