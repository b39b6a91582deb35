#include "tests/golden/scheduler/golden_cluster.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/api/object_codec.h"

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

Profile recorded_profile(const std::string& name) {
  Profile profile = default_profile();
  std::erase_if(profile.plugins, [](const EnabledPlugin& p) { return p.name == "GpuDevice"; });
  NodeResourcesFitArgs fit;
  const Symbol cpu("cpu"), memory("memory"), gpu("nvidia.com/gpu");
  if (name == "most-allocated") {
    fit.strategy = ScoringStrategy::kMostAllocated;
  } else if (name == "r2c-binpack") {
    fit.strategy = ScoringStrategy::kRequestedToCapacityRatio;
    fit.resources = {{cpu, 2}, {memory, 1}, {gpu, 3}};
    fit.shape = {{0, 0}, {100, 10}};
  } else if (name == "r2c-peak") {
    fit.strategy = ScoringStrategy::kRequestedToCapacityRatio;
    fit.shape = {{0, 2}, {33, 7}, {70, 10}, {100, 0}};
  } else if (name == "least-4res") {
    fit.resources = {{cpu, 2}, {memory, 1}, {Symbol("ephemeral-storage"), 1}, {gpu, 5}};
    profile.args["NodeResourcesBalancedAllocation"] =
        BalancedAllocationArgs{{{cpu, 1}, {memory, 1}, {gpu, 1}}};
  } else if (name == "added-affinity-ignored-res") {
    fit.ignored_resources = {Symbol("example.com/foo")};
    fit.ignored_resource_groups = {Symbol("nvidia.com")};
    const api::NodeSelectorRequirement ssd{Symbol("disk"), Symbol("In"), {Symbol("ssd")}};
    const api::NodeSelectorRequirement any{
        Symbol("disk"), Symbol("In"), {Symbol("ssd"), Symbol("hdd")}};
    api::NodeAffinity added;
    added.required = api::NodeSelector{{api::NodeSelectorTerm{{any}, {}}}};
    added.preferred = {api::PreferredSchedulingTerm{7, {{ssd}, {}}}};
    profile.args["NodeAffinity"] = NodeAffinityArgs{added};
  } else if (name == "weights") {
    for (EnabledPlugin& p : profile.plugins) {
      if (p.name == "NodeResourcesFit") p.weight = 5;
      if (p.name == "ImageLocality") p.weight = 3;
      if (p.name == "TaintToleration") p.weight = 1;
      if (p.name == "NodeAffinity") p.weight = 10;
      if (p.name == "NodeResourcesBalancedAllocation") p.scores = false;
    }
  }
  profile.args["NodeResourcesFit"] = fit;
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

GoldenCluster::GoldenCluster(const api::Kinds& kinds, const json& cluster) {
  for (const json& node : cluster["nodes"]) cache.add_node(decode<api::Node>(kinds, node));
  for (const json& pod : cluster["pods"]) cache.add_pod(decode<api::Pod>(kinds, pod));
  auto made = Framework::make(recorded_profile(cluster["profile"].get<std::string>()),
                              built_in_plugins(), {env, client, cache});
  CHECK(made.ok());
  framework = std::move(*made);
}

}  // namespace orrery::scheduler::test
