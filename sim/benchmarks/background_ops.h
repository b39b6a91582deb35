// Churn and PodRemoval: operations that go on behind later ones, at their own pace in virtual time.
// The runner keeps them as long as the loop runs; destroying one ends it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/api/pod.h"
#include "sim/benchmarks/bench_cluster.h"
#include "sim/benchmarks/object_template.h"
#include "sim/benchmarks/workload_file.h"

namespace orrery::sim {

/// Creates objects at an interval; in mode recreate it deletes what it made `number` rounds ago.
class Churn {
 public:
  Churn(BenchCluster& cluster, TemplateSchema schema, const WorkloadOp& op, Symbol name_space);
  ~Churn();

  /// Reads the templates' objects.
  Status prepare(const std::vector<const ObjectTemplate*>& templates);
  void start();

 private:
  struct Kind {
    const api::KindInfo* info = nullptr;
    api::RawRef document;
    std::vector<Text> live;  // names; empty: to be created
  };
  void tick();
  void create(Kind& kind, std::size_t slot);

  BenchCluster& cluster_;
  TemplateSchema schema_;
  const WorkloadOp& op_;
  Symbol name_space_;
  std::vector<Kind> kinds_;
  std::int64_t rounds_ = 0;
  TimerId timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

/// Deletes pods, all at once or so many a second.
class PodRemoval {
 public:
  PodRemoval(BenchCluster& cluster, std::vector<Ref<const api::Pod>> pods,
             std::int64_t pods_per_second);
  ~PodRemoval();

  void start();
  bool is_done() const { return answered_ == pods_.size(); }

 private:
  void tick();
  void remove_next();

  BenchCluster& cluster_;
  std::vector<Ref<const api::Pod>> pods_;
  Duration period_{};
  std::size_t next_ = 0;
  std::size_t answered_ = 0;
  TimerId timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace orrery::sim
