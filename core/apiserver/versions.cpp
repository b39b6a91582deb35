#include "core/apiserver/versions.h"

#include <nlohmann/json.hpp>
#include <string>

namespace orrery::apiserver {
namespace {

using nlohmann::json;

constexpr const char* kMetrics = "autoscaling.alpha.kubernetes.io/metrics";
constexpr const char* kBehavior = "autoscaling.alpha.kubernetes.io/behavior";
constexpr const char* kConditions = "autoscaling.alpha.kubernetes.io/conditions";
constexpr const char* kCurrent = "autoscaling.alpha.kubernetes.io/current-metrics";

void rename(json& object, const char* from, const char* to) {
  const auto it = object.find(from);
  if (it == object.end()) return;
  json value = std::move(*it);
  object.erase(it);
  object[to] = std::move(value);
}

// core/v1 carries these members even when they are empty.
void event_to_hub(json& event) {
  rename(event, "regarding", "involvedObject");
  rename(event, "note", "message");
  rename(event, "deprecatedSource", "source");
  rename(event, "deprecatedFirstTimestamp", "firstTimestamp");
  rename(event, "deprecatedLastTimestamp", "lastTimestamp");
  rename(event, "deprecatedCount", "count");
  rename(event, "reportingController", "reportingComponent");
  event["apiVersion"] = "v1";
}

void event_from_hub(json& event) {
  rename(event, "involvedObject", "regarding");
  rename(event, "message", "note");
  rename(event, "source", "deprecatedSource");
  rename(event, "firstTimestamp", "deprecatedFirstTimestamp");
  rename(event, "lastTimestamp", "deprecatedLastTimestamp");
  rename(event, "count", "deprecatedCount");
  rename(event, "reportingComponent", "reportingController");
  event["apiVersion"] = "events.k8s.io/v1";
}

json* member(json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto it = object.find(name);
  return it == object.end() ? nullptr : &*it;
}

// What v1 cannot say travels in annotations.
void take_annotation(json& autoscaler, const char* name, json& into, const char* key) {
  json* meta = member(autoscaler, "metadata");
  json* annotations = meta ? member(*meta, "annotations") : nullptr;
  json* text = annotations ? member(*annotations, name) : nullptr;
  if (!text || !text->is_string()) return;
  json value = json::parse(text->get<std::string>(), nullptr, false);
  annotations->erase(name);
  if (annotations->empty()) meta->erase("annotations");
  if (value.is_discarded()) return;
  if (value.is_array() && into.contains(key) && into[key].is_array()) {
    for (json& one : value) into[key].push_back(std::move(one));
  } else {
    into[key] = std::move(value);
  }
}

void put_annotation(json& autoscaler, const char* name, const json& value) {
  autoscaler["metadata"]["annotations"][name] = value.dump();
}

json cpu_metric(const char* side, const json& percent) {
  return {{"type", "Resource"},
          {"resource",
           {{"name", "cpu"},
            {side, side == std::string("target")
                       ? json{{"type", "Utilization"}, {"averageUtilization", percent}}
                       : json{{"averageUtilization", percent}}}}}};
}

void autoscaler_to_hub(json& autoscaler) {
  autoscaler["apiVersion"] = "autoscaling/v2";
  if (json* spec = member(autoscaler, "spec"); spec && spec->is_object()) {
    if (json* percent = member(*spec, "targetCPUUtilizationPercentage")) {
      json metrics = json::array({cpu_metric("target", *percent)});
      spec->erase("targetCPUUtilizationPercentage");
      (*spec)["metrics"] = std::move(metrics);
    }
    take_annotation(autoscaler, kMetrics, *spec, "metrics");
    take_annotation(autoscaler, kBehavior, *spec, "behavior");
  }
  if (json* status = member(autoscaler, "status"); status && status->is_object()) {
    if (json* percent = member(*status, "currentCPUUtilizationPercentage")) {
      json metrics = json::array({cpu_metric("current", *percent)});
      status->erase("currentCPUUtilizationPercentage");
      (*status)["currentMetrics"] = std::move(metrics);
    }
    take_annotation(autoscaler, kCurrent, *status, "currentMetrics");
    take_annotation(autoscaler, kConditions, *status, "conditions");
  }
}

// Takes the first CPU utilization out of `metrics`; what is left goes into the annotation.
json take_cpu(json& metrics, const char* side) {
  for (auto it = metrics.begin(); it != metrics.end(); ++it) {
    const json percent = it->value(
        json::json_pointer(std::string("/resource/") + side + "/averageUtilization"), json());
    if (it->value(json::json_pointer("/resource/name"), "") != "cpu" || percent.is_null()) continue;
    metrics.erase(it);
    return percent;
  }
  return {};
}

void autoscaler_from_hub(json& autoscaler) {
  autoscaler["apiVersion"] = "autoscaling/v1";
  if (json* spec = member(autoscaler, "spec"); spec && spec->is_object()) {
    if (json* metrics = member(*spec, "metrics"); metrics && metrics->is_array()) {
      const json percent = take_cpu(*metrics, "target");
      if (!metrics->empty()) put_annotation(autoscaler, kMetrics, *metrics);
      spec->erase("metrics");
      if (!percent.is_null()) (*spec)["targetCPUUtilizationPercentage"] = percent;
    }
    if (json* behavior = member(*spec, "behavior")) {
      put_annotation(autoscaler, kBehavior, *behavior);
      spec->erase("behavior");
    }
  }
  if (json* status = member(autoscaler, "status"); status && status->is_object()) {
    if (json* metrics = member(*status, "currentMetrics"); metrics && metrics->is_array()) {
      const json percent = take_cpu(*metrics, "current");
      if (!metrics->empty()) put_annotation(autoscaler, kCurrent, *metrics);
      if (!percent.is_null()) (*status)["currentCPUUtilizationPercentage"] = percent;
    }
    status->erase("currentMetrics");
    if (json* conditions = member(*status, "conditions")) {
      put_annotation(autoscaler, kConditions, *conditions);
      status->erase("conditions");
    }
  }
}

constexpr VersionRow kRows[] = {
    {"events.k8s.io", "v1", "Event", "", "v1", event_to_hub, event_from_hub},
    {"autoscaling", "v1", "HorizontalPodAutoscaler", "autoscaling", "v2", autoscaler_to_hub,
     autoscaler_from_hub},
};

}  // namespace

const VersionRow* version_row(std::string_view group, std::string_view version,
                              std::string_view kind) {
  for (const VersionRow& row : kRows) {
    if (row.kind == kind && row.group == group && row.version == version) return &row;
  }
  return nullptr;
}

}  // namespace orrery::apiserver
