// resolve: a workload's parameters put into its test case's operations (upstream's patchParams).
#include <fmt/format.h>

#include <set>

#include "sim/benchmarks/workload_file.h"
#include "sim/scenario/input_error.h"

namespace orrery::sim {
namespace {

class Resolver {
 public:
  Resolver(const TestCase& test_case, const Workload& workload, InputErrors& errors)
      : where_(test_case.name + "/" + workload.name), workload_(workload), errors_(errors) {}

  WorkloadOp resolve(WorkloadOp op) {
    line_ = op.line;
    if (!op.count_param.empty()) op.count = integer(op.count_param);
    if (!op.count_multiplier_param.empty()) {
      op.count = op.count.value_or(0) * integer(op.count_multiplier_param);
    }
    if (!op.duration_param.empty()) op.duration = duration(op.duration_param);
    if (!op.steady_param.empty()) op.is_steady = flag(op.steady_param);
    for (TreeMember& m : op.template_params) {
      if (!m.value.is_text() || !m.value.text.starts_with('$')) continue;
      if (const Tree* value = find(m.value.text.substr(1))) m.value = *value;
    }
    if (op.opcode == Opcode::kCreatePods && op.is_steady && op.duration <= Duration{}) {
      error("a steady state needs a duration of more than 0");
    }
    if (op.inner) op.inner = std::make_shared<const WorkloadOp>(resolve(*op.inner));
    return op;
  }

  void report_unused() {
    for (const TreeMember& m : workload_.params) {
      if (used_.contains(m.name)) continue;
      errors_.add(m.value.line, where_ + ".params." + m.name, "no operation uses this parameter");
    }
  }

 private:
  void error(std::string what) { errors_.add(line_, where_, std::move(what)); }

  const Tree* find(const std::string& name) {
    used_.insert(name);
    for (const TreeMember& m : workload_.params) {
      if (m.name == name) return &m.value;
    }
    error(fmt::format("the workload has no parameter {}", name));
    return nullptr;
  }
  void mismatch(const std::string& name, const Tree& value, std::string_view expected) {
    errors_.add(value.line, where_ + ".params." + name,
                fmt::format("must be {}, got {}", expected, shown(value)));
  }
  std::int64_t integer(const std::string& name) {
    const Tree* value = find(name);
    if (!value) return 0;
    if (value->kind == Tree::Kind::kInt && value->integer >= 0) return value->integer;
    mismatch(name, *value, "an integer of 0 or more");
    return 0;
  }
  bool flag(const std::string& name) {
    const Tree* value = find(name);
    if (value && value->kind != Tree::Kind::kBool) mismatch(name, *value, "true or false");
    return value && value->boolean;
  }
  Duration duration(const std::string& name) {
    const Tree* value = find(name);
    if (!value) return {};
    Result<Duration> parsed =
        value->is_text() ? parse_duration(value->text) : bad_request("no text");
    if (!parsed.ok()) mismatch(name, *value, "a duration such as 10s");
    return parsed.value_or({});
  }

  std::string where_;
  const Workload& workload_;
  InputErrors& errors_;
  std::set<std::string> used_;
  int line_ = 0;
};

}  // namespace

Result<std::vector<WorkloadOp>> resolve(const TestCase& test_case, const Workload& workload) {
  InputErrors errors(test_case.file);
  Resolver resolver(test_case, workload, errors);
  std::vector<WorkloadOp> out;
  for (const WorkloadOp& op : test_case.ops) out.push_back(resolver.resolve(op));
  resolver.report_unused();
  if (!errors.empty()) return errors.status();
  return out;
}

}  // namespace orrery::sim
