// PodMaker: creates the pods of one createPods operation, with their volumes and claims, as
// upstream's harness does: several workers, each making one pod after the other. The runner keeps
// it as long as the loop runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/api/pod.h"
#include "sim/benchmarks/bench_cluster.h"
#include "sim/benchmarks/object_template.h"

namespace orrery::sim {

class PodMaker {
 public:
  static constexpr std::int64_t kWorkers = 30;  // upstream's workqueue.ParallelizeUntil

  struct Plan {
    const ObjectTemplate* pod = nullptr;
    const ObjectTemplate* volume = nullptr;  // both or neither
    const ObjectTemplate* claim = nullptr;
    std::vector<TreeMember> params;
    std::int64_t count = 0;
    Symbol name_space;
  };

  PodMaker(BenchCluster& cluster, TemplateSchema schema, Plan plan);

  /// Reads and checks the templates by their first object; makes nothing yet.
  Status prepare();
  /// Makes `count` pods.
  void start();
  /// Makes one more pod (steady state).
  void make_one();
  bool is_done() const { return made_ >= plan_.count; }
  std::int64_t made() const { return made_; }
  /// The first thing that went wrong.
  const Status& status() const { return status_; }

 private:
  Result<Ref<api::Pod>> pod_at(std::int64_t index) const;
  std::string claim_name(std::int64_t index) const;
  std::string volume_name(std::int64_t index) const;
  Result<ManifestDocument> volume_at(std::int64_t index) const;
  Result<ManifestDocument> claim_at(std::int64_t index) const;
  void work();
  void make(std::int64_t index);
  void make_claim(std::int64_t index);
  void make_volume(std::int64_t index);
  void make_pod(std::int64_t index);
  void bound_phase(const api::ObjectRef& object, Callback<void()> then);
  bool failed(const Status& status);

  BenchCluster& cluster_;
  TemplateSchema schema_;
  Plan plan_;
  Ref<const api::Pod> prototype_;  // of a static template
  std::int64_t next_ = 0;
  std::int64_t made_ = 0;
  Status status_;
};

}  // namespace orrery::sim
