// read_op: one operation of a test case: which fields each opcode has (upstream's operations.go)
// and what must hold among them.
#include <fmt/format.h>

#include <algorithm>

#include "sim/benchmarks/op_fields.h"

namespace orrery::sim {
namespace {

void read_counts(OpFields& f, WorkloadOp& op) {
  op.count = f.maybe_integer("count");
  op.count_param = f.parameter("countParam");
  if (!f.tree().find("count") && !f.tree().find("countParam")) {
    f.error("count", "required, or countParam");
  }
}

void read_allocatable(const Tree& tree, OpFields& outer, WorkloadOp& op) {
  OpFields f(tree, outer.where() + ".nodeAllocatableStrategy", outer.errors());
  op.has_allocatable_strategy = true;
  op.allocatable = f.pairs("nodeAllocatable");
  for (const TreeMember& driver : f.members("csiNodeAllocatable")) {
    OpFields limits(driver.value, f.where() + ".csiNodeAllocatable." + driver.name, f.errors());
    op.csi_limits.emplace_back(driver.name, limits.integer("count"));
    limits.finish();
  }
  op.migrated_plugins = f.texts("migratedPlugins");
  f.finish();
}

void read_create_nodes(OpFields& f, WorkloadOp& op) {
  read_counts(f, op);
  op.template_path = f.path("nodeTemplatePath");
  op.template_params = f.members("templateParams");
  int strategies = 0;
  if (const Tree* tree = f.take("nodeAllocatableStrategy")) {
    ++strategies;
    read_allocatable(*tree, f, op);
  }
  if (const Tree* tree = f.take("labelNodePrepareStrategy")) {
    ++strategies;
    OpFields s(*tree, f.where() + ".labelNodePrepareStrategy", f.errors());
    op.label_key = s.text("labelKey");
    op.label_values = s.texts("labelValues");
    if (op.label_key.empty()) s.error("labelKey", "required");
    if (op.label_values.empty()) s.error("labelValues", "required: at least one value");
    s.finish();
  }
  if (const Tree* tree = f.take("uniqueNodeLabelStrategy")) {
    ++strategies;
    OpFields s(*tree, f.where() + ".uniqueNodeLabelStrategy", f.errors());
    op.unique_label_key = s.text("labelKey");
    if (op.unique_label_key.empty()) s.error("labelKey", "required");
    s.finish();
  }
  if (strategies > 1) f.error("", "at most one of the node strategies may be given");
}

void read_create_pods(OpFields& f, WorkloadOp& op) {
  read_counts(f, op);
  op.count_multiplier_param = f.parameter("countMultiplierParam");
  op.collects_metrics = f.flag("collectMetrics");
  op.name_space = f.text("namespace");
  op.template_path = f.path("podTemplatePath");
  op.template_params = f.members("templateParams");
  op.skips_wait = f.flag("skipWaitToCompletion");
  op.volume_template_path = f.path("persistentVolumeTemplatePath");
  op.claim_template_path = f.path("persistentVolumeClaimTemplatePath");
  op.is_steady = f.flag("steadyState");
  op.steady_param = f.parameter("steadyStateParam");
  op.duration = f.duration("duration");
  op.duration_param = f.parameter("durationParam");
  if (op.collects_metrics && op.skips_wait) {
    f.error("skipWaitToCompletion", "must not be true together with collectMetrics");
  }
  if (op.skips_wait && op.is_steady) {
    f.error("skipWaitToCompletion", "must not be true together with steadyState");
  }
  if (op.volume_template_path.empty() != op.claim_template_path.empty()) {
    f.error("persistentVolumeClaimTemplatePath",
            "persistentVolumeTemplatePath and persistentVolumeClaimTemplatePath go together");
  }
}

void read_pod_sets(OpFields& f, WorkloadOp& op) {
  read_counts(f, op);
  op.name_space_prefix = f.text("namespacePrefix");
  const Tree* inner = f.take("createPodsOp");
  if (!inner) return f.error("createPodsOp", "required");
  WorkloadOp pods = read_op(*inner, f.where() + ".createPodsOp", f.errors());
  if (pods.opcode != Opcode::kCreatePods) {
    f.error(*inner, "createPodsOp.opcode", "must be createPods");
  }
  op.inner = std::make_shared<const WorkloadOp>(std::move(pods));
}

void read_create_any(OpFields& f, WorkloadOp& op) {
  op.count = f.maybe_integer("count");
  op.count_param = f.parameter("countParam");
  if (!op.count && op.count_param.empty()) op.count = 1;
  op.name_space = f.text("namespace");
  op.template_path = f.path("templatePath");
  op.template_params = f.members("templateParams");
  if (op.template_path.empty()) f.error("templatePath", "required");
}

void read_churn(OpFields& f, WorkloadOp& op) {
  const std::string mode = f.text("mode");
  op.recreates = mode == "recreate";
  if (!op.recreates && mode != "create") {
    f.error("mode", fmt::format("must be create or recreate, got \"{}\"", mode));
  }
  op.number = f.integer("number");
  op.name_space = f.text("namespace");
  if (const std::int64_t ms = f.integer("intervalMilliseconds"); ms > 0) {
    op.interval = std::chrono::milliseconds(ms);
  }
  op.template_paths = f.paths("templatePaths");
  if (op.recreates && op.number == 0) f.error("number", "must not be 0 in mode recreate");
  if (op.template_paths.empty()) f.error("templatePaths", "required: at least one path");
}

void read_barrier(OpFields& f, WorkloadOp& op) {
  op.name_spaces = f.texts("namespaces");
  op.label_selector = f.pairs("labelSelector");
  const std::string stage = f.text("stageRequirement");
  if (stage == "Attempted") {
    op.stage = Stage::kAttempted;
  } else if (!stage.empty() && stage != "Scheduled") {
    f.error("stageRequirement", fmt::format("must be Scheduled or Attempted, got \"{}\"", stage));
  }
}

void read_delete_pods(OpFields& f, WorkloadOp& op) {
  op.name_space = f.text("namespace");
  op.label_selector = f.pairs("labelSelector");
  op.skips_wait = f.flag("skipWaitToCompletion");
  op.pods_per_second = f.integer("deletePodsPerSecond");
  if (op.name_space.empty()) f.error("namespace", "required");
}

struct OpRow {
  std::string_view name;
  Opcode opcode;
  void (*read)(OpFields&, WorkloadOp&);
};

const OpRow kOps[] = {
    {"createNodes", Opcode::kCreateNodes, read_create_nodes},
    {"createNamespaces", Opcode::kCreateNamespaces,
     [](OpFields& f, WorkloadOp& op) {
       read_counts(f, op);
       op.name_space_prefix = f.text("prefix");
       op.template_path = f.path("namespaceTemplatePath");
       if (op.name_space_prefix.empty()) f.error("prefix", "required");
     }},
    {"createPods", Opcode::kCreatePods, read_create_pods},
    {"createPodSets", Opcode::kCreatePodSets, read_pod_sets},
    {"createAny", Opcode::kCreateAny, read_create_any},
    {"deletePods", Opcode::kDeletePods, read_delete_pods},
    {"churn", Opcode::kChurn, read_churn},
    {"barrier", Opcode::kBarrier, read_barrier},
    {"sleep", Opcode::kSleep,
     [](OpFields& f, WorkloadOp& op) {
       op.duration = f.duration("duration");
       op.duration_param = f.parameter("durationParam");
     }},
    {"startCollectingMetrics", Opcode::kStartCollectingMetrics,
     [](OpFields& f, WorkloadOp& op) {
       op.name = f.text("name");
       op.name_spaces = f.texts("namespaces");
       op.label_selector = f.pairs("labelSelector");
       if (op.name_spaces.empty()) f.error("namespaces", "required: at least one");
     }},
    {"stopCollectingMetrics", Opcode::kStopCollectingMetrics, [](OpFields&, WorkloadOp&) {}},
};

}  // namespace

WorkloadOp read_op(const Tree& tree, const std::string& where, InputErrors& errors) {
  WorkloadOp op;
  op.line = tree.line;
  OpFields f(tree, where, errors);
  if (!tree.is_map()) return op;
  const std::string name = f.text("opcode");
  const auto* row = std::find_if(std::begin(kOps), std::end(kOps),
                                 [&](const OpRow& r) { return r.name == name; });
  if (row == std::end(kOps)) {
    std::vector<std::string_view> known;
    for (const OpRow& r : kOps) known.push_back(r.name);
    const std::string_view near = nearest_name(name, known);
    f.error("opcode", near.empty()
                          ? fmt::format("unknown opcode \"{}\"", name)
                          : fmt::format("unknown opcode \"{}\"; did you mean {}?", name, near));
    return op;
  }
  op.opcode = row->opcode;
  row->read(f, op);
  f.finish();
  return op;
}

}  // namespace orrery::sim
