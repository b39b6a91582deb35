// Workload files of scheduler_perf (performance-config.yaml): test cases, each a list of operations
// and the workloads that run it with their parameters. Read once, before anything runs; an unknown
// opcode or field is an error with its line. Paths of templates are
// as seen from the working folder.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "sim/scenario/tree.h"

namespace orrery::sim {

enum class Opcode : std::uint8_t {
  kCreateNodes,
  kCreateNamespaces,
  kCreatePods,
  kCreatePodSets,
  kCreateAny,
  kDeletePods,
  kChurn,
  kBarrier,
  kSleep,
  kStartCollectingMetrics,
  kStopCollectingMetrics,
};

enum class Stage : std::uint8_t { kScheduled, kAttempted };

using TextPairs = std::vector<std::pair<std::string, std::string>>;

/// One step of a test case; which members count depends on the opcode. A `...Param` names a
/// parameter of the workload; resolve() puts its value in the member's place.
struct WorkloadOp {
  Opcode opcode = Opcode::kSleep;
  int line = 0;
  std::optional<std::int64_t> count;
  std::string count_param, count_multiplier_param;
  std::string template_path;  // of the node, pod, namespace or other object
  std::string volume_template_path, claim_template_path;
  std::vector<TreeMember> template_params;
  std::string name_space, name_space_prefix;  // `namespace`; `prefix` and `namespacePrefix`
  std::vector<std::string> name_spaces;
  TextPairs label_selector;
  std::string name;

  // createNodes: at most one of the three strategies.
  TextPairs allocatable;
  std::vector<std::pair<std::string, std::int64_t>> csi_limits;  // driver, count
  std::vector<std::string> migrated_plugins;
  bool has_allocatable_strategy = false;
  std::string label_key;
  std::vector<std::string> label_values;
  std::string unique_label_key;

  // createPods
  bool collects_metrics = false;
  bool skips_wait = false;
  bool is_steady = false;
  std::string steady_param;
  Duration duration{};
  std::string duration_param;
  std::shared_ptr<const WorkloadOp> inner;  // createPodSets

  // churn
  bool recreates = false;
  std::int64_t number = 0;
  Duration interval = 500ms;
  std::vector<std::string> template_paths;

  std::int64_t pods_per_second = 0;  // deletePods; 0: all at once
  Stage stage = Stage::kScheduled;   // barrier
};

/// What the threshold is compared with.
struct ThresholdMetric {
  std::string name = "SchedulingThroughput";
  std::string bucket = "Average";
  bool expects_lower = false;
};

struct Workload {
  std::string name;
  int line = 0;
  std::vector<TreeMember> params;
  std::vector<std::string> labels;  // its own and its test case's
  std::map<std::string, bool> feature_gates;
  double threshold = 0;  // 0: none
  ThresholdMetric metric;
};

struct TestCase {
  std::string name;
  std::string file;
  int line = 0;
  std::string default_pod_template;
  std::string scheduler_config;  // a path, or ""
  std::vector<WorkloadOp> ops;
  std::vector<Workload> workloads;

  bool collects_metrics() const;
};

/// Invalid: every error of the file, one a line of the message and one a cause.
Result<std::vector<TestCase>> read_workload_file(const std::string& file);
Result<std::vector<TestCase>> parse_workload_file(std::string_view text, const std::string& file);

/// The operations with the workload's parameters in place. Invalid: a parameter that is not there,
/// is of another type, or is used by no operation; counts that are missing or negative.
Result<std::vector<WorkloadOp>> resolve(const TestCase& test_case, const Workload& workload);

}  // namespace orrery::sim
