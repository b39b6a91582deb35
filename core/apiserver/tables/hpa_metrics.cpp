#include "core/apiserver/tables/hpa_metrics.h"

#include <fmt/format.h>

#include "core/api/checks/json_view.h"
#include "core/apiserver/tables/row_text.h"

namespace orrery::apiserver {
namespace {

using namespace api::json_view;

constexpr std::size_t kShownMax = 2;  // upstream's, then "+ N more..."
constexpr const char* kMetricsAnnotation = "autoscaling.alpha.kubernetes.io/metrics";
constexpr const char* kCurrentAnnotation = "autoscaling.alpha.kubernetes.io/current-metrics";
constexpr std::string_view kUnknown = "<unknown>";

/// The member of a metric that its type names.
const char* source_key(std::string_view type) {
  if (type == "External") return "external";
  if (type == "Pods") return "pods";
  if (type == "Object") return "object";
  if (type == "Resource") return "resource";
  return type == "ContainerResource" ? "containerResource" : nullptr;
}

/// A quantity behind a pointer: Go prints an absent one as "<nil>".
std::string pointer_text(const Json& values, const char* key) {
  return quantity_at(values, key, "<nil>");
}

/// `current` is null where the status has nothing for this metric.
std::string value_pair(const Json& target, const Json* current, bool is_pods) {
  const bool is_average = is_pods || has(target, "averageValue");
  const char* key = is_average ? "averageValue" : "value";
  std::string now(kUnknown);
  if (current && (is_pods || !is_average || has(*current, key))) now = pointer_text(*current, key);
  return fmt::format("{}/{}{}", now, pointer_text(target, key),
                     is_average && !is_pods ? " (avg)" : "");
}

std::string resource_pair(const Json& source, const Json& target, const Json* current) {
  std::string now(kUnknown), wanted = "<auto>";
  if (has(target, "averageValue")) {
    wanted = pointer_text(target, "averageValue");
    if (current) now = pointer_text(*current, "averageValue");
  } else {
    if (const auto use = maybe_integer(target, "averageUtilization")) {
      wanted = fmt::format("{}%", *use);
    }
    const auto use = current ? maybe_integer(*current, "averageUtilization") : std::nullopt;
    if (use) now = fmt::format("{}%", *use);
  }
  return fmt::format("{}: {}/{}", text(source, "name"), now, wanted);
}

std::string metric_text(const Json& metric, const Json* status) {
  const char* key = source_key(text(metric, "type"));
  if (!key) return "<unknown type>";
  const Json& source = object(metric, key);
  const Json& target = object(source, "target");
  const Json* reported = status ? member(*status, key) : nullptr;
  const Json* current = reported ? &object(*reported, "current") : nullptr;
  if (text(metric, "type").ends_with("Resource")) return resource_pair(source, target, current);
  return value_pair(target, current, text(metric, "type") == "Pods");
}

Json parsed_annotation(const Json& o, const char* key) {
  const std::string_view written = text(object_at(o, {"metadata", "annotations"}), key);
  if (written.empty()) return {};
  Json out = Json::parse(written, nullptr, false);
  return out.is_array() ? out : Json();
}

/// Moves what v1's annotations say in flat fields into v2's target or current.
Json in_v2_form(const Json& metric, const char* to) {
  static constexpr std::pair<const char*, const char*> kNames[] = {
      {"targetAverageUtilization", "averageUtilization"},
      {"targetAverageValue", "averageValue"},
      {"targetValue", "value"},
      {"averageValue", "averageValue"},
      {"currentAverageUtilization", "averageUtilization"},
      {"currentAverageValue", "averageValue"},
      {"currentValue", "value"}};
  const char* key = source_key(text(metric, "type"));
  if (!key) return metric;
  Json out = metric;
  Json values = Json::object();
  for (const auto& [from, name] : kNames) {
    if (const Json* value = member(object(metric, key), from)) values[name] = *value;
  }
  out[key] = {{"name", text(object(metric, key), "name")}, {to, std::move(values)}};
  return out;
}

Json cpu_metric(std::int64_t percent, const char* to) {
  return {{"type", "Resource"},
          {"resource", {{"name", "cpu"}, {to, {{"averageUtilization", percent}}}}}};
}

Json v1_metrics(const Json& o) {
  Json out = Json::array();
  for (const Json& m : parsed_annotation(o, kMetricsAnnotation)) {
    out.push_back(in_v2_form(m, "target"));
  }
  if (const auto cpu = maybe_integer(object(o, "spec"), "targetCPUUtilizationPercentage")) {
    out.push_back(cpu_metric(*cpu, "target"));
  }
  return out;
}

Json v1_current(const Json& o) {
  Json out = Json::array();
  for (const Json& m : parsed_annotation(o, kCurrentAnnotation)) {
    out.push_back(in_v2_form(m, "current"));
  }
  const auto cpu = maybe_integer(object(o, "status"), "currentCPUUtilizationPercentage");
  if (cpu) out.push_back(cpu_metric(*cpu, "current"));
  return out;
}

std::string list_text(const Json& metrics, const Json& statuses) {
  if (metrics.empty()) return "<none>";
  std::string out;
  for (std::size_t i = 0; i < metrics.size() && i < kShownMax; ++i) {
    if (i > 0) out += ", ";
    out += metric_text(metrics[i], i < statuses.size() ? &statuses[i] : nullptr);
  }
  if (metrics.size() > kShownMax) {
    out += fmt::format(" + {} more...", metrics.size() - kShownMax);
  }
  return out;
}

}  // namespace

std::string hpa_metrics_text(const Json& o) {
  const Json& spec = object(o, "spec");
  if (!has(spec, "metrics")) return list_text(v1_metrics(o), v1_current(o));
  return list_text(array(spec, "metrics"), array(object(o, "status"), "currentMetrics"));
}

}  // namespace orrery::apiserver
