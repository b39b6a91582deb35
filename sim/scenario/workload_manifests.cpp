#include "sim/scenario/workload_manifests.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/scenario/quantity_text.h"

namespace orrery::sim {
namespace {

using Json = nlohmann::json;
constexpr int kPort = 8080;

ManifestDocument document(Json json, const std::string& file) {
  ManifestDocument out;
  out.json = std::make_shared<const Json>(std::move(json));
  out.file = file;
  out.document = 1;
  return out;
}

Json container(const Workload& w) {
  Json requests = {{"cpu", cpu_text(w.cpu)}, {"memory", bytes_text(w.memory)}};
  Json limits = Json::object();
  if (w.cpu_limit) limits["cpu"] = cpu_text(*w.cpu_limit);
  if (w.memory_limit) limits["memory"] = bytes_text(*w.memory_limit);
  if (w.gpus > 0) {
    requests["nvidia.com/gpu"] = fmt::format("{}", w.gpus);
    limits["nvidia.com/gpu"] = fmt::format("{}", w.gpus);
  }
  Json resources = {{"requests", std::move(requests)}};
  if (!limits.empty()) resources["limits"] = std::move(limits);
  Json out = {{"name", "main"}, {"image", w.image}, {"resources", std::move(resources)}};
  if (w.service) out["ports"] = Json::array({{{"containerPort", kPort}}});
  return out;
}

Json deployment(const Workload& w, const std::string& name, const std::string& name_space) {
  Json labels = Json::object();
  for (const auto& [key, value] : w.labels) labels[key] = value;
  labels["app"] = name;
  Json spec = {{"containers", Json::array({container(w)})}};
  if (!w.priority_class.empty()) spec["priorityClassName"] = w.priority_class;
  if (!w.node_selector.empty()) spec["nodeSelector"] = w.node_selector;
  return {
      {"apiVersion", "apps/v1"},
      {"kind", "Deployment"},
      {"metadata", {{"name", name}, {"namespace", name_space}, {"labels", {{"app", name}}}}},
      {"spec",
       {{"replicas", w.replicas},
        {"selector", {{"matchLabels", {{"app", name}}}}},
        {"template", {{"metadata", {{"labels", std::move(labels)}}}, {"spec", std::move(spec)}}}}}};
}

Json service(const std::string& name, const std::string& name_space) {
  return {{"apiVersion", "v1"},
          {"kind", "Service"},
          {"metadata", {{"name", name}, {"namespace", name_space}}},
          {"spec",
           {{"selector", {{"app", name}}},
            {"ports", Json::array({{{"port", 80}, {"targetPort", kPort}}})}}}};
}

}  // namespace

std::vector<ManifestDocument> workload_manifests(const Workload& w, const std::string& file) {
  std::vector<ManifestDocument> out;
  std::vector<std::string> spaces;
  for (std::int64_t n = 0; n < w.namespace_count; ++n) {
    spaces.push_back(w.namespace_count == 1 ? w.name_space : fmt::format("{}-{}", w.name_space, n));
    if (spaces.back() == "default") continue;
    out.push_back(document(
        {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", spaces.back()}}}},
        file));
  }
  for (std::int64_t i = 0; i < w.count; ++i) {
    const std::string name = w.count == 1 ? w.name : fmt::format("{}-{}", w.name, i);
    const std::string& space = spaces[static_cast<std::size_t>(i) % spaces.size()];
    out.push_back(document(deployment(w, name, space), file));
    if (w.service) out.push_back(document(service(name, space), file));
  }
  return out;
}

}  // namespace orrery::sim
