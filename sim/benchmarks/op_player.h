// OpPlayer: carries out the operations of one workload on a BenchCluster, one after the other, and
// drives its loop while an operation waits. Called by run_workload.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/benchmarks/background_ops.h"
#include "sim/benchmarks/measurer.h"
#include "sim/benchmarks/node_maker.h"
#include "sim/benchmarks/pod_counter.h"
#include "sim/benchmarks/pod_maker.h"
#include "sim/benchmarks/workload_runner.h"

namespace orrery::sim {

/// The templates of a workload by path, each read once.
class TemplateFiles {
 public:
  /// Null for no path. NotFound, BadRequest.
  Result<const ObjectTemplate*> get(const std::string& path);
  /// A pod of 100m CPU and 500Mi memory.
  const ObjectTemplate& base_pod();

 private:
  std::unique_ptr<ObjectTemplate> base_pod_;
  std::map<std::string, std::unique_ptr<ObjectTemplate>> files_;
};

class OpPlayer {
 public:
  OpPlayer(BenchCluster& cluster, PodCounter& pods, Measurer& measurer, const BenchOptions& options,
           std::string default_pod_template, std::string file);

  /// Reads and checks every template that the operations name.
  Status check_templates(const std::vector<WorkloadOp>& ops);
  /// Carries out all; the first that fails ends it, with file and line.
  Status play(const std::vector<WorkloadOp>& ops);

 private:
  Status play_one(const WorkloadOp& op, std::size_t index);
  Status create_nodes(const WorkloadOp& op, std::size_t index);
  Status create_namespaces(const WorkloadOp& op);
  Status create_pods(const WorkloadOp& op, Symbol name_space);
  Status create_pods_steadily(const WorkloadOp& op, Symbol name_space, PodMaker& maker);
  Status create_pod_sets(const WorkloadOp& op);
  Status create_any(const WorkloadOp& op);
  Status delete_pods(const WorkloadOp& op);
  Status churn(const WorkloadOp& op, Symbol name_space);
  Status barrier(const WorkloadOp& op);
  Status sleep(const WorkloadOp& op);

  Result<PodMaker::Plan> plan_of(const WorkloadOp& op, Symbol name_space);
  Status ensure_namespace(Symbol name_space, const ObjectTemplate* from = nullptr);
  /// One request, waited for.
  Result<Response> await(Callback<void(Callback<void(Response)>)> send);
  /// Runs the loop until `is_done`; `where` begins the error when it takes too long.
  Status run_until(Callback<bool()> is_done, Callback<std::string()> what_is_missing);

  BenchCluster& cluster_;
  TemplateSchema schema_;
  PodCounter& pods_;
  Measurer& measurer_;
  const BenchOptions& options_;
  std::string default_pod_template_;
  std::string file_;
  TemplateFiles templates_;
  std::set<std::string> node_names_;
  std::map<std::string, std::int64_t> awaited_;  // namespace -> pods that barriers wait for
  // What goes on behind later operations; kept until the run ends.
  std::vector<std::unique_ptr<PodMaker>> pod_makers_;
  std::vector<std::unique_ptr<NodeMaker>> node_makers_;
  std::vector<std::unique_ptr<Churn>> churns_;
  std::vector<std::unique_ptr<PodRemoval>> removals_;
};

}  // namespace orrery::sim
