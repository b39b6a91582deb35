#include "core/api/checks/checks.h"

#include "core/api/checks/json_view.h"
#include "core/api/checks/kind_table.h"
#include "core/api/checks/meta_checks.h"
#include "core/api/checks/pod_checks.h"
#include "core/api/checks/prepare.h"

namespace orrery::api {
namespace {

void keep(Json& to, const Json& from, const char* key) {
  if (const Json* value = member(from, key)) {
    to[key] = *value;
  } else if (to.is_object()) {
    to.erase(key);
  }
}

// The JSON library throws where an object has another shape than its type; decoding has refused
// such objects, so what is left undone here is of no consequence.
template <class F>
void guarded(F f) {
  try {
    f();
  } catch (const Json::exception&) {
  }
}

// Whether anything but metadata and status differs.
bool spec_changed(const Json& now, const Json& old) {
  Json a = now, b = old;
  for (const char* key : {"metadata", "status"}) {
    a.erase(key);
    b.erase(key);
  }
  return !same(&a, &b);
}

}  // namespace

void apply_defaults(std::string_view group, std::string_view kind, Json& object_json) {
  const KindChecks* row = kind_checks(group, kind);
  if (!row || !row->defaults || !object_json.is_object()) return;
  guarded([&] { row->defaults(object_json); });
}

FieldErrors validate_create(std::string_view group, std::string_view kind,
                            const Json& object_json) {
  FieldErrors errors;
  const KindChecks* row = kind_checks(group, kind);
  if (row && row->create) {
    row->create(errors, object_json);
  } else {
    check_object_meta(errors, object_json, Scope::kUnknown, subdomain_name, row != nullptr);
  }
  // rest.BeforeCreate looks at the metadata of every kind once more.
  if (errors.empty()) {
    check_object_meta(errors, object_json, Scope::kUnknown, path_segment_name, false);
  }
  return errors;
}

FieldErrors validate_update(std::string_view group, std::string_view kind, const Json& now,
                            const Json& old) {
  FieldErrors errors;
  const KindChecks* row = kind_checks(group, kind);
  check_object_meta_update(errors, now, old, false);  // rest.BeforeUpdate, for every kind
  if (row && row->update) {
    row->update(errors, now, old);
  } else {
    check_object_meta_update(errors, now, old, row != nullptr);
  }
  if (row && row->create && !row->update_skips_create) row->create(errors, now);
  return errors;
}

FieldErrors validate_status_update(std::string_view group, std::string_view kind, const Json& now,
                                   const Json& old) {
  FieldErrors errors;
  const KindChecks* row = kind_checks(group, kind);
  check_object_meta_update(errors, now, old, false);
  if (row && row->status_update) {
    row->status_update(errors, now, old);
  } else {
    check_object_meta_update(errors, now, old, row != nullptr);
  }
  return errors;
}

void prepare_create(std::string_view group, std::string_view kind, Json& object_json) {
  const KindChecks* row = kind_checks(group, kind);
  if (!row || !object_json.is_object()) return;
  if (!row->new_status.empty()) object_json["status"] = Json::parse(row->new_status);
  if (row->prepare) guarded([&] { row->prepare(object_json); });
  if (row->generation) make_object(object_json, "metadata")["generation"] = 1;
}

void prepare_update(std::string_view group, std::string_view kind, Json& now, const Json& old) {
  const KindChecks* row = kind_checks(group, kind);
  if (!row || !now.is_object()) return;
  if (!row->new_status.empty() || row->status_update) keep(now, old, "status");
  // The spec of a request to sign is its author's, once and for all.
  if (kind == "CertificateSigningRequest") keep(now, old, "spec");
  if (row->prepare && kind != "Pod") guarded([&] { row->prepare(now); });
  if (kind == "DaemonSet") keep_template_generation(now, old);
  if (!row->generation) return;
  const std::int64_t generation = integer(object(old, "metadata"), "generation");
  make_object(now, "metadata")["generation"] = generation + (spec_changed(now, old) ? 1 : 0);
}

void prepare_status_update(std::string_view group, std::string_view kind, Json& now,
                           const Json& old) {
  if (!now.is_object()) return;
  keep(now, old, "spec");
  const KindChecks* row = kind_checks(group, kind);
  Json& meta = make_object(now, "metadata");
  const Json& old_meta = object(old, "metadata");
  if (row && row->generation) keep(meta, old_meta, "generation");
  if (kind == "Deployment" && group == "apps") keep(meta, old_meta, "labels");
  if (kind != "Pod" || !group.empty()) return;
  for (const char* key : {"deletionTimestamp", "deletionGracePeriodSeconds", "ownerReferences"}) {
    keep(meta, old_meta, key);
  }
}

FieldErrors validate_ephemeral_containers(const Json& now, const Json& old) {
  FieldErrors errors;
  check_ephemeral_containers_update(errors, now, old);
  return errors;
}

FieldErrors validate_pod_resize(const Json& now, const Json& old) {
  FieldErrors errors;
  check_pod_resize(errors, now, old);
  return errors;
}

FieldErrors validate_pod_template(const Json& pod_template, std::string_view path) {
  FieldErrors errors;
  check_pod_template(errors, pod_template, Path(path));
  return errors;
}

}  // namespace orrery::api
