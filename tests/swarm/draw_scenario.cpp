#include "tests/swarm/draw_scenario.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/random.h"
#include "sim/scenario/node_plan.h"
#include "sim/scenario/scenario_reader.h"
#include "tests/swarm/draw_workloads.h"

namespace orrery::swarm {
namespace {

using namespace std::chrono_literals;
using Kind = DrawnWorkload::Kind;
using sim::Action;
using sim::Fault;

constexpr Duration kFirstFault = 90s;
constexpr Duration kShortest = 5s;

class Trouble {
 public:
  Trouble(Drawing& drawing, RandomStream& stream) : drawing_(drawing), stream_(stream) {
    for (const sim::PlannedNode& node : sim::plan_nodes(drawing.scenario.cluster)) {
      nodes_.push_back(node.name);
    }
  }

  void draw() {
    const std::uint64_t count = 2 + stream_.below(10);
    for (std::uint64_t i = 0; i < count; ++i) draw_one();
  }

 private:
  template <class T>
  const T& any(const std::vector<T>& items) {
    return items[stream_.below(items.size())];
  }
  Duration between(Duration from, Duration to) {
    const auto span = static_cast<std::uint64_t>((to - from) / 1ms);
    return from + 1ms * static_cast<std::int64_t>(stream_.below(span + 1));
  }
  // How long a fault from `at` lasts: short ones and long ones, never past half time.
  Duration draw_length(Duration at) {
    const Duration longest = drawing_.healed_at - at;
    const Duration aim = stream_.chance(0.5) ? between(kShortest, 1min) : between(1min, 12min);
    return std::min(aim, longest);
  }
  Action& add(Duration at, sim::Verb verb) {
    Action action;
    action.at = at;
    action.verb = verb;
    drawing_.scenario.actions.push_back(action);
    return drawing_.scenario.actions.back();
  }
  Action& add_fault(Duration at, Fault fault) {
    Action& action = add(at, sim::Verb::kFault);
    action.fault = fault;
    return action;
  }

  void draw_one() {
    const Duration at = between(kFirstFault, drawing_.healed_at - kShortest);
    switch (stream_.below(12)) {
      case 0:
        return kill_pods(at);
      case 1:
        return crash(at);
      case 2:
        return hang(at);
      case 3:
        return cut_zone(at);
      case 4:
        return fail_pulls(at);
      case 5:
        return slow(at);
      case 6:
        return drain(at);
      case 7:
        return scale(at);
      case 8:
        return set_image(at);
      case 9:
        return remove(at);
      case 10:
        return hang(at);
      default:
        return crash(at);
    }
  }

  void kill_pods(Duration at) {
    sim::PodSelector pods;
    if (stream_.chance(0.5)) {
      pods.labels["app"] = any(drawing_.workloads).name;
      pods.count = 1 + static_cast<std::int64_t>(stream_.below(3));
    } else {
      pods.percent = 10 + static_cast<std::int64_t>(stream_.below(60));
    }
    add_fault(at, Fault::kPodKill).pods = pods;
  }

  // Ends by `for`, or by a node-recover of its own.
  void on_node(Duration at, Fault fault, const std::string& node) {
    const Duration length = draw_length(at);
    const bool by_itself = stream_.chance(0.5);
    Action& action = add_fault(at, fault);
    action.node = node;
    if (by_itself) {
      action.lasts = length;
    } else {
      add_fault(at + length, Fault::kNodeRecover).node = node;
    }
  }
  void crash(Duration at) {
    const std::string& node = any(nodes_);
    drawing_.crashes.push_back({node, at});
    on_node(at, Fault::kNodeCrash, node);
  }
  void hang(Duration at) { on_node(at, Fault::kNodeHang, any(nodes_)); }
  void cut_zone(Duration at) {
    const Duration length = draw_length(at);
    Action& action = add_fault(at, Fault::kZoneOutage);
    action.zone = any(drawing_.scenario.cluster.zones).name;
    action.lasts = length;
  }
  void fail_pulls(Duration at) {
    const Duration length = draw_length(at);
    Action& action = add_fault(at, Fault::kImagePullFailure);
    action.image = stream_.chance(0.3) ? "swarm/*" : "swarm/" + any(drawing_.workloads).name + ":*";
    action.lasts = length;
  }
  void slow(Duration at) {
    const Duration length = draw_length(at);
    Action& action = add_fault(at, Fault::kSlowNode);
    action.node = any(nodes_);
    action.factor = 2 + static_cast<double>(stream_.below(9));
    action.lasts = length;
  }
  void drain(Duration at) {
    const Duration length = draw_length(at);
    const std::string& node = any(nodes_);
    add(at, sim::Verb::kDrain).drain = node;
    add(at + length, sim::Verb::kUncordon).uncordon = node;
  }
  void scale(Duration at) {
    const DrawnWorkload& w = any(drawing_.workloads);
    if (w.kind != Kind::kDeployment && w.kind != Kind::kStatefulSet) return kill_pods(at);
    sim::ScaleAction to;
    to.kind = kind_text(w.kind);
    to.name = w.name;
    to.replicas =
        static_cast<std::int64_t>(stream_.below(static_cast<std::uint64_t>(w.replicas_max) + 1));
    add(at, sim::Verb::kScale).scale = to;
  }
  void set_image(Duration at) {
    const DrawnWorkload& w = any(drawing_.workloads);
    if (w.kind != Kind::kDeployment) return kill_pods(at);
    sim::SetImage image;
    image.deployment = w.name;
    image.to = fmt::format("swarm/{}:{}", w.name, 1 + stream_.below(4));
    add(at, sim::Verb::kSet).set = sim::SetAction{image, {}};
  }

  void remove(Duration at) {
    DrawnWorkload& w = drawing_.workloads[stream_.below(drawing_.workloads.size())];
    if (w.is_deleted || drawing_.workloads.size() == 1) return kill_pods(at);
    w.is_deleted = true;
    sim::ObjectName name;
    name.kind = kind_text(w.kind);
    name.name = w.name;
    add(at, sim::Verb::kDelete).remove = name;
  }

  Drawing& drawing_;
  RandomStream& stream_;
  std::vector<std::string> nodes_;
};

void draw_cluster(sim::ClusterSpec& cluster, RandomStream& stream) {
  const std::uint64_t zones = 1 + stream.below(3);
  for (std::uint64_t i = 0; i < zones; ++i) {
    cluster.zones.push_back({fmt::format("zone-{}", i), "", 0});
  }
  std::int64_t left = 3 + static_cast<std::int64_t>(stream.below(18));
  const bool two_pools = left > 5 && stream.chance(0.4);
  while (left > 0) {
    sim::NodePool pool;
    pool.name = cluster.node_pools.empty() ? "n" : "m";
    pool.count = two_pools && cluster.node_pools.empty() ? left / 2 : left;
    pool.cpu.milli = std::int64_t{2000} << stream.below(3);
    pool.memory.bytes = pool.cpu.milli / 1000 * 2 * sim::kGiB;
    pool.pods = stream.chance(0.3) ? 20 : 110;
    left -= pool.count;
    cluster.node_pools.push_back(pool);
  }
}

}  // namespace

Drawing draw_scenario(std::uint64_t seed, const std::string& folder) {
  Random random(seed);
  RandomStream& stream = random.stream("swarm.draw");
  Drawing drawing;
  drawing.seed = seed;
  sim::Scenario& s = drawing.scenario;
  s.name = fmt::format("swarm-{}", seed);
  s.file = s.name + ".yaml";
  s.seed = seed;
  s.until = 1min * static_cast<std::int64_t>(30 + stream.below(31));
  drawing.healed_at = s.until / 2;
  draw_cluster(s.cluster, stream);
  draw_workloads(drawing, stream);
  if (const std::uint64_t network = stream.below(4); network == 1) {  // usual
    s.models.api_latency = {5ms, 50ms};
    s.models.watch_latency = {2ms, 200ms};
  } else if (network == 2) {  // caches lag far behind
    s.models.api_latency = {50ms, 2s};
    s.models.watch_latency = {100ms, 5s};
  }
  sim::fill_defaults(s);
  Trouble(drawing, stream).draw();
  sim::fill_defaults(s);
  drawing.manifest_file = fmt::format("{}/orrery-swarm-{}.yaml", folder, seed);
  s.manifests = {drawing.manifest_file};
  return drawing;
}

std::string describe(const Drawing& d) {
  std::string out = fmt::format("{} nodes, {} zones,", sim::pool_nodes(d.scenario),
                                d.scenario.cluster.zones.size());
  for (const DrawnWorkload& w : d.workloads) {
    out += fmt::format(" {} {} x{},", kind_text(w.kind), w.name, w.replicas);
  }
  return out + fmt::format(" {} actions, healed after {:.0f} s", d.scenario.actions.size(),
                           seconds(d.healed_at));
}

}  // namespace orrery::swarm
