#include "sim/cluster/trace_player.h"

#include <fmt/format.h>

#include "core/client/typed_client.h"

namespace orrery::sim {
namespace {

constexpr std::int64_t kWholeGpu = 1000;
constexpr std::int64_t kMiBytes = 1 << 20;

void ask(api::ResourceRequirements& resources, const char* name, api::Quantity amount) {
  resources.requests.set(Symbol(name), amount);
}
// Extended resources must have equal requests and limits.
void ask_extended(api::ResourceRequirements& resources, const char* name, std::int64_t amount) {
  resources.requests.set(Symbol(name), api::Quantity::from_value(amount));
  resources.limits.set(Symbol(name), api::Quantity::from_value(amount));
}

}  // namespace

TracePlayer::TracePlayer(Env& env, Client& client, Journal& journal, ImportedTrace trace, Symbol ns)
    : env_(env),
      client_(client),
      journal_(journal),
      trace_(std::move(trace)),
      namespace_(ns),
      start_(env.now()) {}

void TracePlayer::start() {
  if (trace_.pods.empty()) return;
  env_.loop.at(start_ + trace_.pods[0].created, [this] { arrive(); });
}

void TracePlayer::arrive() {
  while (next_ < trace_.pods.size() && start_ + trace_.pods[next_].created <= env_.now()) {
    create(trace_.pods[next_++]);
  }
  if (next_ < trace_.pods.size()) {
    env_.loop.at(start_ + trace_.pods[next_].created, [this] { arrive(); });
  }
}

void TracePlayer::create(const TracePod& trace_pod) {
  auto pod = make_ref<api::Pod>();
  pod->meta.namespace_ = namespace_;
  pod->meta.name = trace_pod.name;
  pod->spec = spec_of(trace_pod);
  orrery::create<api::Pod>(client_, pod, [this](Result<Ref<const api::Pod>> made) {
    if (!made.ok()) journal_.problem(fmt::format("trace: {}", made.status().message()));
  });
  if (!trace_pod.deleted) return;
  env_.loop.at(start_ + *trace_pod.deleted, [this, name = pod->meta.name] {
    Request request;
    request.verb = orrery::Verb::kDelete;
    request.kind = api::KindId::kPod;
    request.namespace_ = namespace_;
    request.name = name;
    request.remove.grace_period_seconds = 0;
    client_.call(std::move(request), {});
  });
}

api::Shared<api::PodSpec> TracePlayer::spec_of(const TracePod& pod) {
  auto& spec = specs_[{pod.cpu_milli, pod.memory_mib, pod.gpus, pod.gpu_milli, pod.gpu_models}];
  if (spec) return spec;
  api::Container container;
  container.name = Symbol("main");
  container.image = Symbol("orrery/pause:1");
  ask(container.resources, "cpu", api::Quantity::from_milli(pod.cpu_milli));
  ask(container.resources, "memory",
      api::Quantity::from_value(pod.memory_mib * kMiBytes, api::Quantity::Format::kBinarySI));
  if (pod.gpus > 0 && pod.gpu_milli < kWholeGpu) {
    ask_extended(container.resources, "orrery.dev/gpu-milli", pod.gpu_milli * pod.gpus);
  } else if (pod.gpus > 0) {
    ask_extended(container.resources, "nvidia.com/gpu", pod.gpus);
  }
  api::PodSpec fresh;
  fresh.containers = {container};
  if (!pod.gpu_models.empty()) {
    std::vector<Symbol> models;
    for (const std::string& model : pod.gpu_models) models.push_back(Symbol(model));
    api::NodeSelectorTerm term;
    term.match_expressions = {{Symbol("orrery.dev/gpu-model"), Symbol("In"), std::move(models)}};
    api::NodeSelector selector;
    selector.node_selector_terms = {term};
    api::NodeAffinity affinity;
    affinity.required = selector;
    fresh.affinity.edit().node_affinity = affinity;
  }
  spec = api::Shared<api::PodSpec>(std::move(fresh));
  return spec;
}

}  // namespace orrery::sim
