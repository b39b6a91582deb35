// NodeMaker: creates the nodes of one createNodes operation with the labels, allocatable resources
// and CSINodes that its strategy gives them. The runner keeps it as long as the loop runs.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "core/api/node.h"
#include "sim/benchmarks/bench_cluster.h"
#include "sim/benchmarks/object_template.h"
#include "sim/benchmarks/workload_file.h"

namespace orrery::sim {

class NodeMaker {
 public:
  /// `used`: the names of all nodes of the run so far. Null template: upstream's base node (4 CPUs,
  /// 32Gi, 110 pods).
  NodeMaker(BenchCluster& cluster, TemplateSchema schema, const WorkloadOp& op,
            const ObjectTemplate* node, std::string base_name, std::set<std::string>& used);

  Status prepare();
  void start();
  bool is_done() const { return answered_ == asked_; }
  const Status& status() const { return status_; }

 private:
  Result<Ref<api::Node>> node_at(std::int64_t index);
  std::string new_name(const std::string& prefix);
  void make_csi_node(const std::string& name);
  void count(const Status& status);

  BenchCluster& cluster_;
  TemplateSchema schema_;
  const WorkloadOp& op_;
  const ObjectTemplate* template_;
  ObjectTemplate base_;
  std::set<std::string>& used_;
  RandomStream& names_;
  Ref<const api::Node> prototype_;  // of a static template
  std::int64_t asked_ = 0;
  std::int64_t answered_ = 0;
  Status status_;
};

}  // namespace orrery::sim
