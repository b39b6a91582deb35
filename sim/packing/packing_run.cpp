#include "sim/packing/packing_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "core/base/check.h"
#include "core/scheduler/placer.h"
#include "core/scheduler/research/fragmentation.h"
#include "core/scheduler/research/packing_rules.h"
#include "sim/clock/sim_driver.h"

namespace orrery::sim {
namespace {

using scheduler::NodeSlot;
using scheduler::Placement;

struct PolicyName {
  std::string_view policy;
  std::string_view plugin;
};
constexpr std::array<PolicyName, 6> kPolicies{{{"Random", "RandomScore"},
                                               {"DotProd", "DotProductScore"},
                                               {"GpuClustering", "GpuClusteringScore"},
                                               {"GpuPacking", "GpuPackingScore"},
                                               {"BestFit", "BestFitScore"},
                                               {"FGD", "FGDScore"}}};

/// The experiment binds nothing, so it asks no API.
class NoClient final : public Client {
 public:
  void call(Request, Callback<void(Response)>) override { CHECK(false); }
  std::unique_ptr<Watch> watch(WatchRequest, WatchSink&) override {
    CHECK(false);
    return nullptr;
  }
};

template <class T>
void shuffle(std::vector<T>& items, RandomStream& stream) {
  for (std::size_t left = items.size(); left > 1; --left) {
    std::swap(items[left - 1], items[stream.below(left)]);
  }
}

/// Indices of the pods that arrive, in order: all of them shuffled, then drawn ones until the GPU
/// demand exceeds the capacity so many times; or, if they ask for more, without some drawn ones.
std::vector<std::uint32_t> draw_arrivals(const PackingInput& input, double demand, Random& random) {
  std::vector<std::uint32_t> arrivals(input.pods.size());
  std::iota(arrivals.begin(), arrivals.end(), 0u);
  shuffle(arrivals, random.stream("packing.pods"));
  const double wanted = demand * static_cast<double>(input.capacity.gpu_milli);
  double asked = 0;
  for (const PackingPod& pod : input.pods) asked += static_cast<double>(pod.gpu_milli());
  RandomStream& stream = random.stream("packing.tuning");
  while (asked > wanted && !arrivals.empty()) {
    const auto at = static_cast<std::ptrdiff_t>(stream.below(arrivals.size()));
    asked -= static_cast<double>(input.pods[arrivals[static_cast<std::size_t>(at)]].gpu_milli());
    arrivals.erase(arrivals.begin() + at);
    if (asked <= wanted) return arrivals;
  }
  while (asked <= wanted) {
    const auto drawn = static_cast<std::uint32_t>(stream.below(input.pods.size()));
    asked += static_cast<double>(input.pods[drawn].gpu_milli());
    arrivals.push_back(drawn);
  }
  return arrivals;
}

class Run {
 public:
  Run(const PackingInput& input, const PackingOptions& options)
      : input_(input),
        options_(options),
        random_(options.seed),
        fragmentation_(input.typical_pods) {
    result_.policy = options.policy;
    result_.seed = options.seed;
    placer_.use_fast_path(options.fast_path);
  }

  Status prepare() {
    auto profile = packing_profile(options_.policy, input_, options_.tie_break);
    if (!profile.ok()) return profile.status();
    auto framework = scheduler::Framework::make(std::move(*profile), scheduler::built_in_plugins(),
                                                {env_, client_, cache_});
    if (!framework.ok()) return framework.status();
    framework_ = std::move(*framework);
    add_nodes();
    arrivals_ = draw_arrivals(input_, options_.demand, random_);
    for (const double point : {0.4, 0.6, 0.8, 1.0, 1.3, 1.6, 2.0}) {
      if (point < options_.demand) points_.push_back(point);
    }
    return {};
  }

  PackingResult run(const PackingProgress& progress) {
    std::int64_t arrived_milli = 0;
    const auto total = static_cast<std::int64_t>(arrivals_.size());
    for (const std::uint32_t index : arrivals_) {
      const PackingPod& pod = input_.pods[index];
      arrive(pod);
      arrived_milli += pod.gpu_milli();
      while (next_point_ < points_.size() &&
             share(arrived_milli, input_.capacity.gpu_milli) >= points_[next_point_]) {
        measure(points_[next_point_++]);
      }
      if (progress && result_.pods % 256 == 0) progress(result_.pods, total);
    }
    measure(options_.demand);
    result_.gpu_allocated = share(taken_.gpu_milli, input_.capacity.gpu_milli);
    result_.cpu_allocated = share(taken_.cpu_milli, input_.capacity.cpu_milli);
    result_.memory_allocated = share(taken_.memory_bytes, input_.capacity.memory_bytes);
    return std::move(result_);
  }

 private:
  static double share(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  }

  /// The drawn order is the order of the names, too.
  void add_nodes() {
    std::vector<std::uint32_t> order(input_.nodes.size());
    std::iota(order.begin(), order.end(), 0u);
    shuffle(order, random_.stream("packing.nodes"));
    for (std::size_t i = 0; i < order.size(); ++i) {
      const TraceNode& node = input_.nodes[order[i]];
      cache_.add_node(make_packing_node(node, fmt::format("{:06}-{}", i, node.name)));
    }
  }

  void arrive(const PackingPod& pod) {
    auto object = make_ref<api::Pod>();
    object->meta.name = Text(pod.name);
    object->meta.namespace_ = namespace_;
    object->meta.uid = Uid{mix64(options_.seed), static_cast<std::uint64_t>(++result_.pods)};
    object->spec = pod.spec;
    const Ref<const api::Pod> arrived = object;
    const Placement placement = placer_.place(*framework_, arrived);
    if (placement.kind != Placement::Kind::kPlaced) {
      ++result_.unscheduled;
      return;
    }
    cache_.assume(arrived, placement.node,
                  framework_->devices_for(*arrived, cache_.node(placement.node)));
    taken_.cpu_milli += pod.shape.cpu_milli;
    taken_.memory_bytes += pod.memory_bytes;
    taken_.gpu_milli += pod.gpu_milli();
  }

  void measure(double arrived) {
    static const Symbol kModelLabel{scheduler::kGpuModelLabel};
    std::int64_t fragments = 0;
    std::int64_t idle = 0;
    for (const NodeSlot slot : cache_.order()) {
      const scheduler::NodeInfo node = cache_.node(slot);
      if (!node.gpu()) continue;
      idle += scheduler::free_gpu_milli(node);
      fragments +=
          fragmentation_.amount(node.labels().get(kModelLabel),
                                node.allocatable(scheduler::kCpu) - node.requested(scheduler::kCpu),
                                node.gpu()->free_milli);
    }
    const std::int64_t weight = fragmentation_.weight();
    result_.points.push_back({arrived, share(taken_.gpu_milli, input_.capacity.gpu_milli),
                              share(fragments, weight * input_.capacity.gpu_milli),
                              share(fragments, weight * idle)});
  }

  const PackingInput& input_;
  const PackingOptions& options_;
  SimDriver driver_{Time{std::chrono::seconds(0)}};
  EventLoop loop_{driver_};
  Random random_;
  Log log_;
  Metrics metrics_;
  Env env_{loop_, random_, log_, metrics_};
  NoClient client_;
  const Symbol namespace_{"default"};
  scheduler::SchedulerCache cache_;
  std::unique_ptr<scheduler::Framework> framework_;
  scheduler::Placer placer_{cache_, random_.stream("scheduler.tie_break")};
  scheduler::Fragmentation fragmentation_;
  std::vector<std::uint32_t> arrivals_;
  std::vector<double> points_;
  std::size_t next_point_ = 0;
  PackingAmounts taken_;
  PackingResult result_;
};

}  // namespace

std::vector<std::string> packing_policies() {
  std::vector<std::string> names;
  for (const PolicyName& known : kPolicies) names.emplace_back(known.policy);
  return names;
}

Result<scheduler::Profile> packing_profile(std::string_view policy, const PackingInput& input,
                                           scheduler::TieBreak tie_break) {
  const auto known = std::find_if(kPolicies.begin(), kPolicies.end(),
                                  [&](const PolicyName& n) { return n.policy == policy; });
  if (known == kPolicies.end()) {
    return bad_request(fmt::format("no policy \"{}\"; there are: {}", policy,
                                   fmt::join(packing_policies(), ", ")));
  }
  scheduler::Profile profile;
  profile.plugins = {{"PrioritySort"},        {"NodeAffinity", 0},
                     {"NodeResourcesFit", 0},  // weight 0: filters only
                     {"GpuDevice"},           {std::string(known->plugin), 1},
                     {"DefaultBinder"}};
  if (policy == "FGD") profile.args["FGDScore"] = scheduler::FgdArgs{input.typical_pods};
  profile.percentage_of_nodes_to_score = 100;
  profile.tie_break = tie_break;
  return profile;
}

Result<PackingResult> run_packing(const PackingInput& input, const PackingOptions& options,
                                  const PackingProgress& progress) {
  Run run(input, options);
  if (Status status = run.prepare(); !status.ok()) return status;
  return run.run(progress);
}

}  // namespace orrery::sim
