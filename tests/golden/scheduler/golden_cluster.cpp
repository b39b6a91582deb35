#include "tests/golden/scheduler/golden_cluster.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/api/object_codec.h"
#include "core/scheduler/config/configuration.h"
#include "sim/scenario/document_reader.h"

namespace orrery::scheduler::test {

using nlohmann::json;

std::string golden_path(const std::string& name) {
  const char* root = std::getenv("ORRERY_GOLDEN");
  const std::string path =
      std::string(root ? root : "../shared/data/golden") + "/scheduler/" + name;
  return std::filesystem::exists(path) ? path : std::string();
}

void for_each_line(const std::string& path, const std::function<void(const json&)>& visit) {
  std::ifstream in(path);
  std::string line;
  while (std::getline(in, line)) {
    if (!line.empty()) visit(json::parse(line));
  }
}

namespace {

/// The text that stands under profiles[0] of the recorded scheduler's configuration.
std::string recorded_fragment(const std::string& name) {
  std::string fragment;
  bool found = false;
  for_each_line(golden_path("profiles.jsonl"), [&](const json& profile) {
    if (profile["name"] != name) return;
    fragment = profile["profileYAML"].get<std::string>();
    found = true;
  });
  CHECK(found);
  return fragment;
}

}  // namespace

Profile recorded_profile(const std::string& name) {
  sim::InputErrors errors(name);
  const std::vector<sim::Tree> documents = sim::read_documents(recorded_fragment(name), errors);
  CHECK(errors.empty());
  json configuration = {{"apiVersion", "kubescheduler.config.k8s.io/v1"},
                        {"kind", "KubeSchedulerConfiguration"}};
  if (!documents.empty()) {
    configuration["profiles"] = json::array({sim::to_json(documents.front())});
  }
  auto parsed = parse_scheduler_configuration(configuration, name);
  if (!parsed.ok()) ADD_FAILURE() << parsed.status().message();
  CHECK(parsed.ok());
  Profile profile = std::move(parsed->profiles.front());
  std::erase_if(profile.plugins, [](const EnabledPlugin& p) { return p.name == "GpuDevice"; });
  return profile;
}

template <class T>
Ref<const T> decode(const api::Kinds& kinds, const json& document) {
  auto object = api::decode_object(kinds, T::kKind, document);
  CHECK(object.ok());
  return api::as<T>(api::ObjectRef(*object));
}
template Ref<const api::Pod> decode(const api::Kinds&, const json&);
template Ref<const api::Node> decode(const api::Kinds&, const json&);

void GoldenCluster::add_objects(const api::Kinds& kinds, const json& cluster,
                                const std::string& list, Watched kind, api::KindId id) {
  for (const json& document : cluster.value(list, json::array())) {
    auto object = api::decode_object(kinds, id, document);
    CHECK(object.ok());
    cache.on_object(kind, {}, *object);
  }
}

GoldenCluster::GoldenCluster(const api::Kinds& kinds, const json& cluster) {
  for (const json& ns : cluster["namespaces"]) {
    cache.on_object(Watched::kNamespace, {},
                    *api::decode_object(kinds, api::KindId::kNamespace, ns));
  }
  for (const json& service : cluster.value("services", json::array())) {
    cache.on_object(Watched::kService, {},
                    *api::decode_object(kinds, api::KindId::kService, service));
  }
  for (const json& set : cluster.value("replicaSets", json::array())) {
    cache.on_object(Watched::kReplicaSet, {},
                    *api::decode_object(kinds, api::KindId::kReplicaSet, set));
  }
  add_objects(kinds, cluster, "persistentVolumes", Watched::kPersistentVolume,
              api::KindId::kPersistentVolume);
  add_objects(kinds, cluster, "persistentVolumeClaims", Watched::kPersistentVolumeClaim,
              api::KindId::kPersistentVolumeClaim);
  add_objects(kinds, cluster, "storageClasses", Watched::kStorageClass,
              api::KindId::kStorageClass);
  add_objects(kinds, cluster, "podDisruptionBudgets", Watched::kPodDisruptionBudget,
              api::KindId::kPodDisruptionBudget);
  api::Kinds more;
  const api::KindId csi_node = more.add("storage.k8s.io", "v1", "CSINode", "csinodes", false);
  add_objects(more, cluster, "csiNodes", Watched::kCsiNode, csi_node);
  for (const json& node : cluster["nodes"]) cache.add_node(decode<api::Node>(kinds, node));
  for (const json& pod : cluster["pods"]) cache.add_pod(decode<api::Pod>(kinds, pod));
  auto made = Framework::make(recorded_profile(cluster["profile"].get<std::string>()),
                              built_in_plugins(), {env, client, cache});
  CHECK(made.ok());
  framework = std::move(*made);
}

}  // namespace orrery::scheduler::test
