#include <initializer_list>

#include "core/api/checks/apps_checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

// `field` may not be greater than `limit`.
struct Bound {
  const char* field;
  const char* limit;
  const char* message;
};

void check_counts(FieldErrors& errors, const Json& status,
                  std::initializer_list<const char*> counts, std::initializer_list<Bound> bounds) {
  const Path path("status");
  for (const char* key : counts) {
    check_not_negative(errors, integer(status, key), path.child(key));
  }
  for (const Bound& bound : bounds) {
    const std::int64_t value = integer(status, bound.field);
    if (value > integer(status, bound.limit)) {
      errors.invalid(path.child(bound.field), value, bound.message);
    }
  }
}

void check_collision_count(FieldErrors& errors, const Json& now, const Json& old) {
  const auto count = maybe_integer(now, "collisionCount");
  const auto before = maybe_integer(old, "collisionCount");
  if (before && count.value_or(-1) < *before) {
    errors.invalid(Path("status.collisionCount"), count.value_or(0), "cannot be decremented");
  }
}

constexpr char kOverReplicas[] = "cannot be greater than status.replicas";
constexpr char kOverReady[] = "cannot be greater than readyReplicas";

}  // namespace

void check_deployment_status(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_counts(errors, object(now, "status"),
               {"observedGeneration", "replicas", "updatedReplicas", "readyReplicas",
                "availableReplicas", "unavailableReplicas", "collisionCount"},
               {{"updatedReplicas", "replicas", kOverReplicas},
                {"readyReplicas", "replicas", kOverReplicas},
                {"availableReplicas", "replicas", kOverReplicas},
                {"availableReplicas", "readyReplicas", kOverReady}});
  check_collision_count(errors, object(now, "status"), object(old, "status"));
}

void check_replica_set_status(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_counts(errors, object(now, "status"),
               {"replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas",
                "observedGeneration"},
               {{"fullyLabeledReplicas", "replicas", kOverReplicas},
                {"readyReplicas", "replicas", kOverReplicas},
                {"availableReplicas", "replicas", kOverReplicas},
                {"availableReplicas", "readyReplicas", kOverReady}});
}

void check_daemon_set_status(FieldErrors& errors, const Json& now, const Json& old) {
  check_object_meta_update(errors, now, old);
  check_counts(errors, object(now, "status"),
               {"currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled",
                "numberReady", "observedGeneration", "updatedNumberScheduled", "numberAvailable",
                "numberUnavailable", "collisionCount"},
               {});
  check_collision_count(errors, object(now, "status"), object(old, "status"));
}

void check_stateful_set_status(FieldErrors& errors, const Json& now, const Json& old) {
  check_counts(
      errors, object(now, "status"),
      {"replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas",
       "observedGeneration", "collisionCount"},
      {{"readyReplicas", "replicas", kOverReplicas},
       {"currentReplicas", "replicas", kOverReplicas},
       {"updatedReplicas", "replicas", kOverReplicas},
       {"availableReplicas", "replicas", kOverReplicas},
       {"availableReplicas", "readyReplicas", "cannot be greater than status.readyReplicas"}});
  check_object_meta_update(errors, now, old);
  check_collision_count(errors, object(now, "status"), object(old, "status"));
}

}  // namespace orrery::api
