#include "sim/benchmarks/workload_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/benchmarks/op_fields.h"
#include "sim/scenario/document_reader.h"
#include "sim/scenario/input_files.h"

namespace orrery::sim {
namespace {

// Metrics that a threshold may be about: those that a run measures.
constexpr std::string_view kMetrics[] = {"SchedulingThroughput",
                                         "scheduler_scheduling_attempt_duration_seconds"};
constexpr std::string_view kBuckets[] = {"Average", "Perc50", "Perc90", "Perc95", "Perc99"};

template <class Names>
bool is_one_of(std::string_view name, const Names& names) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

ThresholdMetric read_metric(const Tree& tree, const std::string& where, InputErrors& errors) {
  ThresholdMetric metric;
  OpFields f(tree, where, errors);
  metric.name = f.text("name");
  metric.bucket = f.text("dataBucket");
  metric.expects_lower = f.flag("expectLower");
  f.pairs("labels");
  f.finish();
  if (!is_one_of(metric.name, kMetrics)) {
    f.error("name", fmt::format("must be {} or {}, got \"{}\"", kMetrics[0], kMetrics[1],
                                metric.name));
  }
  if (!is_one_of(metric.bucket, kBuckets)) {
    f.error("dataBucket",
            fmt::format("must be {}, got \"{}\"", fmt::join(kBuckets, ", "), metric.bucket));
  }
  return metric;
}

void read_gates(OpFields& f, std::map<std::string, bool>& gates) {
  for (const TreeMember& m : f.members("featureGates")) {
    if (m.value.kind != Tree::Kind::kBool) {
      f.error(m.value, "featureGates." + m.name,
              fmt::format("must be true or false, got {}", shown(m.value)));
    }
    gates[m.name] = m.value.boolean;
  }
}

// A number, or one for each topic; a run has no topic, so the latter counts for none.
double read_threshold(OpFields& f) {
  const Tree* value = f.take("threshold");
  if (!value || value->is_map()) return 0;
  const bool is_number = value->kind == Tree::Kind::kInt || value->kind == Tree::Kind::kFloat;
  const double number = value->kind == Tree::Kind::kFloat ? value->real
                                                          : static_cast<double>(value->integer);
  if (is_number && number >= 0) return number;
  f.error(*value, "threshold", fmt::format("must be a number of 0 or more, got {}", shown(*value)));
  return 0;
}

struct CaseDefaults {
  std::vector<std::string> labels;
  std::map<std::string, bool> gates;
  ThresholdMetric metric;
};

Workload read_workload(const Tree& tree, const CaseDefaults& defaults, const std::string& where,
                       InputErrors& errors) {
  Workload w;
  w.line = tree.line;
  OpFields f(tree, where, errors);
  w.name = f.text("name");
  w.params = f.members("params");
  w.labels = f.texts("labels");
  w.labels.insert(w.labels.end(), defaults.labels.begin(), defaults.labels.end());
  w.feature_gates = defaults.gates;
  read_gates(f, w.feature_gates);
  w.threshold = read_threshold(f);
  w.metric = defaults.metric;
  if (const Tree* metric = f.take("thresholdMetricSelector")) {
    w.metric = read_metric(*metric, where + ".thresholdMetricSelector", errors);
  }
  if (w.name.empty()) f.error("name", "required");
  f.finish();
  return w;
}

const std::vector<Tree>& items_of(OpFields& f, std::string_view name) {
  static const std::vector<Tree> kNone;
  const Tree* list = f.take(name);
  if (list && list->is_list() && !list->items.empty()) return list->items;
  f.error(list ? *list : f.tree(), name, "required: a list with at least one entry");
  return kNone;
}

TestCase read_case(const Tree& tree, std::size_t index, InputErrors& errors) {
  TestCase c;
  c.file = errors.file();
  c.line = tree.line;
  OpFields f(tree, fmt::format("[{}]", index), errors);
  if (!tree.is_map()) return c;
  c.name = f.text("name");
  if (c.name.empty()) f.error("name", "required");
  CaseDefaults defaults;
  defaults.labels = f.texts("labels");
  read_gates(f, defaults.gates);
  if (const Tree* metric = f.take("defaultThresholdMetricSelector")) {
    defaults.metric = read_metric(*metric, c.name + ".defaultThresholdMetricSelector", errors);
  }
  c.default_pod_template = f.path("defaultPodTemplatePath");
  c.scheduler_config = f.path("schedulerConfigPath");
  std::size_t n = 0;
  for (const Tree& op : items_of(f, "workloadTemplate")) {
    c.ops.push_back(read_op(op, fmt::format("{}.workloadTemplate[{}]", c.name, n++), errors));
  }
  std::set<std::string> names;
  n = 0;
  for (const Tree& one : items_of(f, "workloads")) {
    const std::string where = fmt::format("{}.workloads[{}]", c.name, n++);
    c.workloads.push_back(read_workload(one, defaults, where, errors));
    const std::string& name = c.workloads.back().name;
    if (!names.insert(name).second) {
      errors.add(one.line, where, fmt::format("a second workload has the name \"{}\"", name));
    }
  }
  f.finish();
  if (!c.ops.empty() && !c.collects_metrics()) {
    f.error("workloadTemplate", "no operation collects metrics");
  }
  return c;
}

}  // namespace

bool TestCase::collects_metrics() const {
  return std::any_of(ops.begin(), ops.end(), [](const WorkloadOp& op) {
    return op.collects_metrics || op.opcode == Opcode::kStopCollectingMetrics ||
           (op.inner && op.inner->collects_metrics);
  });
}

Result<std::vector<TestCase>> parse_workload_file(std::string_view text, const std::string& file) {
  InputErrors errors(file);
  std::vector<TestCase> out;
  for (const Tree& document : read_documents(text, errors)) {
    if (document.is_null()) continue;
    if (!document.is_list()) {
      errors.add(document.line, "", fmt::format("must be a list of test cases, got {}",
                                                shown(document)));
      continue;
    }
    for (std::size_t i = 0; i < document.items.size(); ++i) {
      out.push_back(read_case(document.items[i], i, errors));
    }
  }
  if (!errors.empty()) return errors.status();
  if (out.empty()) return bad_request(file + ": no test cases");
  return out;
}

Result<std::vector<TestCase>> read_workload_file(const std::string& file) {
  Result<std::string> text = read_text_file(file);
  if (!text.ok()) return text.status();
  return parse_workload_file(*text, file);
}

}  // namespace orrery::sim
