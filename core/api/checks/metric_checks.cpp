// Checks of an autoscaler's metrics.
#include "core/api/checks/amount.h"
#include "core/api/checks/autoscaler_checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/checks/meta_checks.h"

namespace orrery::api {
namespace {

struct SourceRow {
  const char* key;
  std::string_view type;
};
constexpr SourceRow kSources[] = {{"object", "Object"},
                                  {"external", "External"},
                                  {"pods", "Pods"},
                                  {"resource", "Resource"},
                                  {"containerResource", "ContainerResource"}};

constexpr char kRawOrUtilization[] = "must set either a target raw value or a target utilization";
constexpr char kValueOrPerPod[] =
    "must set either a target value for metric or a per-pod target";

bool is_positive(const Json& value) {
  return !is_negative_amount(value) && compare_amounts(&value, nullptr) != 0;
}

void check_target(FieldErrors& errors, const Json& target, const Path& path) {
  const std::string_view type = text(target, "type");
  if (type.empty()) {
    errors.required(path.child("type"), "must specify a metric target type");
  } else if (type != "Utilization" && type != "Value" && type != "AverageValue") {
    errors.invalid(path.child("type"), type, "must be either Utilization, Value, or AverageValue");
  }
  for (const char* key : {"value", "averageValue"}) {
    const Json* value = member(target, key);
    if (value && !is_positive(*value)) {
      errors.invalid(path.child(key), amount_text(value), "must be positive");
    }
  }
  const auto percent = maybe_integer(target, "averageUtilization");
  if (percent && *percent < 1) {
    errors.invalid(path.child("averageUtilization"), *percent, "must be greater than 0");
  }
}

void check_identifier(FieldErrors& errors, const Json& source, const Path& path) {
  const Json& metric = object(source, "metric");
  const std::string_view name = text(metric, "name");
  const Path at = path.child("metric");
  if (name.empty()) {
    errors.required(at.child("name"), "must specify a metric name");
  } else {
    errors.invalid_each(at.child("name"), name, path_segment_name(name, false));
  }
}

void check_utilization(FieldErrors& errors, const Json& source, const Path& path) {
  if (text(source, "name").empty()) {
    errors.required(path.child("name"), "must specify a resource name");
  }
  const Json& target = object(source, "target");
  const Path at = path.child("target");
  check_target(errors, target, at);
  const bool percent = has(target, "averageUtilization"), raw = has(target, "averageValue");
  if (!percent && !raw) errors.required(at.child("averageUtilization"), kRawOrUtilization);
  if (percent && raw) {
    errors.forbidden(at.child("averageValue"),
                     "may not set both a target raw value and a target utilization");
  }
}

void check_values(FieldErrors& errors, std::string_view type, const Json& source,
                  const Path& path) {
  const Json& target = object(source, "target");
  const Path at = path.child("target");
  if (type == "Object") {
    check_scaled_object(errors, object(source, "describedObject"), path.child("describedObject"));
  }
  check_identifier(errors, source, path);
  check_target(errors, target, at);
  const bool value = has(target, "value"), average = has(target, "averageValue");
  if (type == "Pods") {
    if (!average || !is_positive(target["averageValue"])) {
      errors.required(at.child("averageValue"), "must specify a positive target averageValue");
    }
    return;
  }
  if (!value && !average) errors.required(at.child("averageValue"), kValueOrPerPod);
  if (type == "External" && value && average) {
    errors.forbidden(at.child("value"),
                     "may not set both a target value for metric and a per-pod target");
  }
}

void check_source(FieldErrors& errors, std::string_view type, const Json& source,
                  const Path& path) {
  if (type == "ContainerResource" && text(source, "container").empty()) {
    errors.required(path.child("container"), "must specify a container");
  }
  if (type == "Resource" || type == "ContainerResource") {
    check_utilization(errors, source, path);
  } else {
    check_values(errors, type, source, path);
  }
}

void check_metric(FieldErrors& errors, const Json& metric, const Path& path) {
  const std::string_view type = text(metric, "type");
  if (type.empty()) errors.required(path.child("type"), "must specify a metric source type");
  const char* expected = nullptr;
  for (const SourceRow& row : kSources) {
    if (row.type == type) expected = row.key;
  }
  if (!expected) {
    errors.not_supported(path.child("type"), type,
                         {"ContainerResource", "External", "Object", "Pods", "Resource"});
  }
  std::size_t present = 0;
  for (const SourceRow& row : kSources) {
    const Json* source = member(metric, row.key);
    if (source && ++present == 1) check_source(errors, row.type, *source, path.child(row.key));
  }
  if (!expected) return;
  if (!has(metric, expected)) {
    errors.required(path.child(expected), "must populate information for the given metric source");
  }
  if (present == 1) return;
  for (const SourceRow& row : kSources) {
    if (has(metric, row.key) && row.type != type) {
      errors.forbidden(path.child(row.key), "must populate the given metric source only");
    }
  }
}

}  // namespace

void check_metrics(FieldErrors& errors, const Json& spec, const Path& path) {
  const Json& metrics = array(spec, "metrics");
  bool scales_to_zero = false;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    check_metric(errors, metrics[i], path.index(i));
    const std::string_view type = text(metrics[i], "type");
    scales_to_zero = scales_to_zero || type == "Object" || type == "External";
  }
  if (maybe_integer(spec, "minReplicas") == 0 && !scales_to_zero) {
    errors.forbidden(path,
                     "must specify at least one Object or External metric to support scaling to "
                     "zero replicas");
  }
}

}  // namespace orrery::api
