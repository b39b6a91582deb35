#include "core/scheduler/plugins/node_resources_fit.h"

#include <algorithm>
#include <array>

#include "core/scheduler/cache.h"

namespace orrery::scheduler {
namespace {

struct FitData final : CycleData {
  Ref<const PodRequests> requests;
  /// Non-zero extended requests that are not ignored, with their reasons.
  struct Extended {
    ResourceIndex index;
    std::int64_t amount;
    Symbol reason;
  };
  std::vector<Extended> extended;
  bool asks_nothing = false;
};

bool is_scalar(ResourceIndex index) { return index >= kBaseResources; }

}  // namespace

NodeResourcesFit::NodeResourcesFit(NodeResourcesFitArgs args, SchedulerCache& cache)
    : args_(std::move(args)),
      cache_(cache),
      scorer_(args_, resolve(args_.resources, cache.resource_names())) {}

bool NodeResourcesFit::ignores(Symbol resource) const {
  if (resource.view() == kGpuMilliKey) return true;  // GpuDevice's business
  const auto& names = args_.ignored_resources;
  if (std::find(names.begin(), names.end(), resource) != names.end()) return true;
  const std::string_view group = resource.view().substr(0, resource.view().find('/'));
  if (group.size() == resource.view().size()) return false;
  const auto& groups = args_.ignored_resource_groups;
  return std::any_of(groups.begin(), groups.end(), [&](Symbol g) { return g.view() == group; });
}

void NodeResourcesFit::remember(CycleState& state, const api::Pod& pod) {
  auto data = std::make_unique<FitData>();
  data->requests = cache_.requests_of(pod);
  for (const auto& [index, amount] : data->requests->extended) {
    const Symbol name = cache_.resource_names().name(index);
    if (amount == 0 || ignores(name)) continue;
    data->extended.push_back({index, amount, Symbol("Insufficient " + name.str())});
  }
  const auto& base = data->requests->base;
  data->asks_nothing = base[kCpu] == 0 && base[kMemory] == 0 && base[kEphemeralStorage] == 0 &&
                       data->extended.empty();
  state.put(this, std::move(data));
}

bool NodeResourcesFit::is_worth_retrying(const ClusterEvent& event, const api::Pod& pod) const {
  if (!event.node) return true;
  // The pod must fit on the node if that were empty, and the change must be one that it can use.
  const Ref<const PodRequests> requests = cache_.requests_of(pod);
  static const std::array<Symbol, kBaseResources> kNames{Symbol("cpu"), Symbol("memory"),
                                                         Symbol("ephemeral-storage")};
  bool grew = !event.old_node;
  const auto fits = [&](Symbol name, ResourceIndex index, std::int64_t amount) {
    if (amount == 0) return true;
    const auto have = [&](const api::Node& node) {
      const api::Quantity* q = node.status.allocatable.find(name);
      return !q ? std::int64_t{0} : index == kCpu ? q->milli_value() : q->value();
    };
    if (event.old_node && have(*event.node) > have(*event.old_node)) grew = true;
    return amount <= have(*event.node);
  };
  for (ResourceIndex r = 0; r < kBaseResources; ++r) {
    if (!fits(kNames[r], r, requests->base[r])) return false;
  }
  for (const auto& [index, amount] : requests->extended) {
    const Symbol name = cache_.resource_names().name(index);
    if (!ignores(name) && !fits(name, index, amount)) return false;
  }
  static const Symbol kPods{"pods"};
  fits(kPods, kBaseResources, 1);
  return grew;
}

bool NodeResourcesFit::sign(const api::Pod& pod, Signature& signature) {
  sign_requests(*cache_.requests_of(pod), signature);
  return true;
}

Verdict NodeResourcesFit::pre_filter(CycleState& state, const api::Pod& pod, NodeNames&) {
  remember(state, pod);
  return {};
}

const std::vector<NodeSlot>* NodeResourcesFit::only_nodes(const CycleState& state,
                                                          const api::Pod&) const {
  const std::vector<NodeSlot>* fewest = nullptr;
  for (const FitData::Extended& e : state.get<FitData>(this)->extended) {
    const std::vector<NodeSlot>& nodes = cache_.table().nodes_with(e.index);
    if (!fewest || nodes.size() < fewest->size()) fewest = &nodes;
  }
  return fewest;
}

Verdict NodeResourcesFit::filter(const CycleState& state, const api::Pod&,
                                 const NodeInfo& node) const {
  static const Symbol kTooMany{"Too many pods"};
  static const std::array<Symbol, kBaseResources> kReasons{
      Symbol("Insufficient cpu"), Symbol("Insufficient memory"),
      Symbol("Insufficient ephemeral-storage")};
  const FitData& data = *state.get<FitData>(this);
  Verdict verdict;
  const auto reject = [&](Symbol reason, bool unresolvable) {
    if (unresolvable) verdict.code = Code::kUnschedulableAndUnresolvable;
    if (verdict.ok()) verdict.code = Code::kUnschedulable;
    verdict.reasons.push_back(reason);
  };
  if (node.pod_count() + 1 > node.allowed_pods()) reject(kTooMany, false);
  if (data.asks_nothing) return verdict;
  for (ResourceIndex r = 0; r < kBaseResources; ++r) {
    const std::int64_t amount = data.requests->base[r];
    if (amount <= 0 || amount <= node.allocatable(r) - node.requested(r)) continue;
    reject(kReasons[r], amount > node.allocatable(r));
  }
  for (const FitData::Extended& e : data.extended) {
    if (e.amount <= node.allocatable(e.index) - node.requested(e.index)) continue;
    reject(e.reason, e.amount > node.allocatable(e.index));
  }
  return verdict;
}

Verdict NodeResourcesFit::pre_score(CycleState& state, const api::Pod& pod,
                                    std::span<const NodeSlot>) {
  if (!state.get<FitData>(this)) remember(state, pod);
  return {};
}

std::int64_t NodeResourcesFit::score(const CycleState& state, const api::Pod&,
                                     const NodeInfo& node) const {
  const PodRequests& requests = *state.get<FitData>(this)->requests;
  std::array<std::int64_t, kScoredResourcesMax> requested{};
  std::array<std::int64_t, kScoredResourcesMax> allocatable{};
  const auto resources = scorer_.resources();
  for (std::size_t i = 0; i < resources.size(); ++i) {
    const ResourceIndex r = resources[i].index;
    const std::int64_t own = requests.scored_of(r);
    if (own == 0 && is_scalar(r)) continue;  // extended resources that the pod does not ask for
    allocatable[i] = node.allocatable(r);
    requested[i] = node.nonzero_requested(r) + own;
  }
  return scorer_.score(requested, allocatable);
}

}  // namespace orrery::scheduler
