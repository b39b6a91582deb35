// OpFields: reads one map of a workload file field by field; what is left unread is an unknown
// field. Used by the readers of workload files only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "sim/benchmarks/workload_file.h"
#include "sim/scenario/input_error.h"
#include "sim/scenario/tree.h"

namespace orrery::sim {

class OpFields {
 public:
  /// `where` starts the path of its errors, e.g. `SchedulingBasic.workloadTemplate[0]`.
  OpFields(const Tree& map, std::string where, InputErrors& errors);

  const Tree& tree() const { return map_; }
  const std::string& where() const { return where_; }
  InputErrors& errors() { return errors_; }
  int line() const { return map_.line; }
  void error(std::string_view field, std::string what) { error(map_, field, std::move(what)); }
  void error(const Tree& at, std::string_view field, std::string what);

  /// The field, now read; null where it is absent.
  const Tree* take(std::string_view name);
  std::string text(std::string_view name);
  bool flag(std::string_view name);
  std::int64_t integer(std::string_view name, std::int64_t otherwise = 0);
  std::optional<std::int64_t> maybe_integer(std::string_view name);
  /// As Go writes it: 10s, 1m30s.
  Duration duration(std::string_view name);
  /// A `$parameter`, its name without the sign.
  std::string parameter(std::string_view name);
  std::vector<std::string> texts(std::string_view name);
  TextPairs pairs(std::string_view name);
  std::vector<TreeMember> members(std::string_view name);
  /// A path beside the workload file.
  std::string path(std::string_view name);
  std::vector<std::string> paths(std::string_view name);

  /// Reports every field that nobody took.
  void finish();

 private:
  std::string text_of(const Tree& value, std::string_view field);
  std::string path_of(const std::string& text) const;

  const Tree& map_;
  std::string where_;
  InputErrors& errors_;
  std::vector<std::string_view> taken_;  // names asked for, there or not
};

/// One entry of a workloadTemplate. `inner`: a createPodSets' createPodsOp.
WorkloadOp read_op(const Tree& tree, const std::string& where, InputErrors& errors);

}  // namespace orrery::sim
