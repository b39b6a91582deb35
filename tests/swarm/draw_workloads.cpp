#include "tests/swarm/draw_workloads.h"

#include <fmt/format.h>

#include <algorithm>

namespace orrery::swarm {
namespace {

using Kind = DrawnWorkload::Kind;

// The lines of a pod template, indented for `template:`.
std::string pod_template(const DrawnWorkload& w, RandomStream& stream, std::int64_t cpu_max) {
  const std::int64_t cpu =
      10 + static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(cpu_max - 10) + 1));
  const std::int64_t memory = 16 << stream.below(4);
  std::string out = fmt::format("    metadata: {{labels: {{app: {}}}}}\n    spec:\n", w.name);
  if (w.kind == Kind::kJob) {
    out += fmt::format("      restartPolicy: {}\n", stream.chance(0.5) ? "Never" : "OnFailure");
  }
  if (w.kind == Kind::kDaemonSet && stream.chance(0.5)) {
    out += "      tolerations: [{operator: Exists}]\n";
  }
  constexpr std::int64_t kGraces[] = {0, 5, 30};
  if (stream.chance(0.5)) {
    out += fmt::format("      terminationGracePeriodSeconds: {}\n", kGraces[stream.below(3)]);
  }
  if (w.kind == Kind::kDeployment && stream.chance(0.3)) {
    out += fmt::format(
        "      topologySpreadConstraints:\n"
        "      - {{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, "
        "whenUnsatisfiable: ScheduleAnyway, labelSelector: {{matchLabels: {{app: {}}}}}}}\n",
        w.name);
  }
  out += fmt::format(
      "      containers:\n      - name: main\n        image: swarm/{}:1\n"
      "        resources: {{requests: {{cpu: {}m, memory: {}Mi}}}}\n",
      w.name, cpu, memory);
  if (w.has_service) out += "        ports: [{containerPort: 8080}]\n";
  if (w.kind != Kind::kJob && stream.chance(0.4)) {
    out += "        readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 5}\n";
  }
  return out;
}

std::string manifest(const DrawnWorkload& w, RandomStream& stream, std::int64_t cpu_max) {
  std::string out =
      fmt::format("apiVersion: {}\nkind: {}\nmetadata: {{name: {}}}\nspec:\n",
                  w.kind == Kind::kJob ? "batch/v1" : "apps/v1", kind_text(w.kind), w.name);
  if (w.kind == Kind::kJob) {
    out += fmt::format("  completions: {}\n  parallelism: {}\n  backoffLimit: 100\n", w.replicas,
                       1 + stream.below(static_cast<std::uint64_t>(w.replicas)));
  } else {
    out += fmt::format("  selector: {{matchLabels: {{app: {}}}}}\n", w.name);
  }
  if (w.kind == Kind::kDeployment || w.kind == Kind::kStatefulSet) {
    out += fmt::format("  replicas: {}\n", w.replicas);
  }
  if (w.kind == Kind::kStatefulSet) {
    out += fmt::format("  serviceName: {}\n", w.name);
    if (stream.chance(0.5)) out += "  podManagementPolicy: Parallel\n";
  }
  if (w.kind == Kind::kDeployment && stream.chance(0.2)) out += "  strategy: {type: Recreate}\n";
  if (w.kind == Kind::kDeployment && stream.chance(0.3)) out += "  minReadySeconds: 10\n";
  out += "  template:\n" + pod_template(w, stream, cpu_max) + "---\n";
  if (w.has_service) {
    out += fmt::format(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {0}}}\nspec:\n{1}"
        "  selector: {{app: {0}}}\n  ports: [{{port: 80, targetPort: 8080}}]\n---\n",
        w.name, w.kind == Kind::kStatefulSet ? "  clusterIP: None\n" : "");
  }
  if (w.kind == Kind::kDeployment && w.replicas > 1 && stream.chance(0.3)) {
    out += fmt::format(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: {0}}}\nspec:\n"
        "  maxUnavailable: 1\n  selector: {{matchLabels: {{app: {0}}}}}\n---\n",
        w.name);
  }
  return out;
}

Kind draw_kind(RandomStream& stream) {
  const std::uint64_t n = stream.below(10);
  if (n < 5) return Kind::kDeployment;
  if (n < 7) return Kind::kStatefulSet;
  return n < 8 ? Kind::kDaemonSet : Kind::kJob;
}

}  // namespace

std::string_view kind_text(Kind kind) {
  switch (kind) {
    case Kind::kDeployment:
      return "Deployment";
    case Kind::kStatefulSet:
      return "StatefulSet";
    case Kind::kDaemonSet:
      return "DaemonSet";
    case Kind::kJob:
      return "Job";
  }
  return "";
}

void draw_workloads(Drawing& drawing, RandomStream& stream) {
  std::int64_t nodes = 0, cpu_least = INT64_MAX;
  for (const sim::NodePool& pool : drawing.scenario.cluster.node_pools) {
    nodes += pool.count;
    cpu_least = std::min(cpu_least, pool.cpu.milli);
  }
  const std::int64_t count = 1 + static_cast<std::int64_t>(stream.below(6));
  const std::int64_t each_max = std::max<std::int64_t>(1, nodes * 3 / count);
  for (std::int64_t i = 0; i < count; ++i) {
    DrawnWorkload w;
    w.kind = draw_kind(stream);
    w.name = fmt::format("w{}", i);
    w.replicas_max = each_max;
    w.replicas = 1 + static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(each_max)));
    w.has_service =
        w.kind == Kind::kStatefulSet || (w.kind == Kind::kDeployment && stream.chance(0.6));
    // Six DaemonSets and all the others stay below a half.
    drawing.manifest_text += manifest(w, stream, cpu_least / (w.kind == Kind::kDaemonSet ? 64 : 8));
    drawing.workloads.push_back(std::move(w));
  }
}

}  // namespace orrery::swarm
