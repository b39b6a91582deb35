#include "sim/benchmarks/workload_runner.h"

#include "sim/benchmarks/measurer.h"
#include "sim/benchmarks/op_player.h"
#include "sim/benchmarks/pod_counter.h"

namespace orrery::sim {

Result<BenchRun> run_workload(const TestCase& test_case, const Workload& workload,
                              const BenchScheduler& scheduler, const BenchOptions& options,
                              Stopwatch& stopwatch) {
  const auto ops = resolve(test_case, workload);
  if (!ops.ok()) return ops.status();
  const std::int64_t began = stopwatch();
  Measurer measurer(stopwatch);
  BenchCluster cluster(scheduler, {.seed = options.seed,
                                   .requests_per_second = options.requests_per_second,
                                   .writes_events = options.writes_events,
                                   .observer = &measurer});
  PodCounter pods(cluster.informers);
  OpPlayer player(cluster, pods, measurer, options, test_case.default_pod_template,
                  test_case.file);
  RETURN_IF_ERROR(player.check_templates(ops.value()));
  RETURN_IF_ERROR(cluster.scheduler.start());
  cluster.informers.start();
  const Time start = cluster.loop.now();
  RETURN_IF_ERROR(player.play(ops.value()));
  BenchRun out;
  out.measurements = measurer.take();
  out.nodes = static_cast<std::int64_t>(cluster.store.table(api::KindId::kNode).size());
  out.pods_bound = pods.bound();
  out.bindings = pods.digest();
  out.virtual_seconds = seconds(cluster.loop.now() - start);
  out.wall_seconds = static_cast<double>(stopwatch() - began) / 1e9;
  return out;
}

}  // namespace orrery::sim
