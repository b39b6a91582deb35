#include "sim/scenario/trace_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "sim/scenario/csv_reader.h"
#include "sim/scenario/input_files.h"
#include "sim/scenario/quantity_text.h"

namespace orrery::sim {
namespace {

constexpr std::string_view kPodPrefix = "openb_pod_list_";

// The columns of one table by name; the ones that must be there are errors where they are not.
class Columns {
 public:
  Columns(const CsvTable& table, InputErrors& errors) : table_(table), errors_(errors) {}

  std::optional<std::size_t> find(std::string_view name) const { return table_.column(name); }
  std::size_t need(std::string_view name) {
    if (const auto at = table_.column(name)) return *at;
    errors_.add(1, name,
                fmt::format("no such column; there are: {}", fmt::join(table_.header, ", ")));
    return 0;
  }

 private:
  const CsvTable& table_;
  InputErrors& errors_;
};

Result<CsvTable> load(const std::string& file, InputErrors& errors) {
  auto text = read_text_file(file);
  if (!text.ok()) return text.status();
  CsvTable table = read_csv(*text, errors);
  if (!errors.empty()) return errors.status();
  return table;
}

void check_unique(std::set<std::string>& seen, const CsvCell& cell, std::string_view column,
                  InputErrors& errors) {
  if (cell.text.empty()) {
    errors.add({cell.line, cell.column, std::string(column), "must not be empty"});
  } else if (!seen.insert(cell.text).second) {
    errors.add({cell.line, cell.column, std::string(column),
                fmt::format("\"{}\" is given twice", cell.text)});
  }
}

Result<std::vector<TraceNode>> read_nodes(const std::string& file) {
  InputErrors errors(file);
  auto table = load(file, errors);
  if (!table.ok()) return table.status();
  Columns columns(*table, errors);
  const std::size_t name = columns.need("sn"), cpu = columns.need("cpu_milli"),
                    memory = columns.need("memory_mib"), gpu = columns.need("gpu"),
                    model = columns.need("model");
  if (!errors.empty()) return errors.status();
  std::vector<TraceNode> out;
  std::set<std::string> seen;
  for (const auto& row : table->rows) {
    check_unique(seen, row[name], "sn", errors);
    out.push_back({row[name].text, csv_integer(row[cpu], "cpu_milli", errors),
                   csv_integer(row[memory], "memory_mib", errors),
                   csv_integer(row[gpu], "gpu", errors), row[model].text});
    if (out.back().gpus > 0 && out.back().gpu_model.empty()) {
      errors.add({row[model].line, row[model].column, "model", "required where gpu is above 0"});
    }
  }
  if (!errors.empty()) return errors.status();
  return out;
}

std::vector<std::string> split(std::string_view text, char by) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(by), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

class PodReader {
 public:
  PodReader(const CsvTable& table, InputErrors& errors, double speed)
      : errors_(errors), speed_(speed) {
    Columns columns(table, errors);
    name_ = columns.need("name");
    cpu_ = columns.need("cpu_milli");
    memory_ = columns.need("memory_mib");
    gpus_ = columns.need("num_gpu");
    gpu_milli_ = columns.need("gpu_milli");
    models_ = columns.find("gpu_spec");
    qos_ = columns.find("qos");
    phase_ = columns.find("pod_phase");
    created_ = columns.find("creation_time");
    deleted_ = columns.find("deletion_time");
    scheduled_ = columns.find("scheduled_time");
  }

  bool has_times() const { return created_.has_value(); }

  TracePod pod(const std::vector<CsvCell>& row) {
    check_unique(seen_, row[name_], "name", errors_);
    TracePod p;
    p.name = row[name_].text;
    p.cpu_milli = csv_integer(row[cpu_], "cpu_milli", errors_);
    p.memory_mib = csv_integer(row[memory_], "memory_mib", errors_);
    p.gpus = csv_integer(row[gpus_], "num_gpu", errors_);
    p.gpu_milli = csv_integer(row[gpu_milli_], "gpu_milli", errors_);
    check_gpu(row[gpu_milli_], p);
    if (models_) p.gpu_models = split(row[*models_].text, '|');
    if (qos_) p.qos = row[*qos_].text;
    if (phase_) p.phase = row[*phase_].text;
    if (created_) p.created = instant(row[*created_], "creation_time").value_or(Duration{});
    if (deleted_) p.deleted = instant(row[*deleted_], "deletion_time");
    if (scheduled_) p.scheduled = instant(row[*scheduled_], "scheduled_time");
    if (p.deleted && *p.deleted < p.created) {
      errors_.add({row[*deleted_].line, row[*deleted_].column, "deletion_time",
                   fmt::format("is before creation_time ({})", row[*created_].text)});
    }
    return p;
  }

 private:
  void check_gpu(const CsvCell& cell, const TracePod& p) {
    constexpr std::int64_t kWhole = 1000;
    const bool fits = p.gpus == 0   ? p.gpu_milli == 0
                      : p.gpus == 1 ? p.gpu_milli >= 1 && p.gpu_milli <= kWhole
                                    : p.gpu_milli == kWhole;
    if (fits) return;
    errors_.add(
        {cell.line, cell.column, "gpu_milli",
         fmt::format("must be 0 without a GPU, 1 to 1000 for one, 1000 for several; num_gpu "
                     "is {}, got {}",
                     p.gpus, p.gpu_milli)});
  }

  std::optional<Duration> instant(const CsvCell& cell, std::string_view column) {
    constexpr std::int64_t kSecondsMax = 9'000'000'000;  // what 64 bits of nanoseconds hold
    if (cell.text.empty()) return std::nullopt;
    const std::int64_t value = csv_integer(cell, column, errors_);
    if (value > kSecondsMax) {
      errors_.add({cell.line, cell.column, std::string(column),
                   fmt::format("must be at most {} seconds, got {}", kSecondsMax, value)});
      return std::nullopt;
    }
    const Duration exact = std::chrono::seconds(value);
    if (speed_ == 1) return exact;
    return Duration{static_cast<std::int64_t>(static_cast<double>(exact.count()) / speed_)};
  }

  InputErrors& errors_;
  double speed_;
  std::set<std::string> seen_;
  std::size_t name_ = 0, cpu_ = 0, memory_ = 0, gpus_ = 0, gpu_milli_ = 0;
  std::optional<std::size_t> models_, qos_, phase_, created_, deleted_, scheduled_;
};

std::string node_file(const std::string& dir, TraceNodes nodes) {
  return fmt::format("{}/openb_node_list_{}_node.csv", dir,
                     nodes == TraceNodes::kGpu ? "gpu" : "all");
}

// The pod lists in a folder: default, cpu100, ...
std::vector<std::string> pod_lists(const std::string& dir) {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(dir, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kPodPrefix) && name.ends_with(".csv")) {
      out.push_back(name.substr(kPodPrefix.size(), name.size() - kPodPrefix.size() - 4));
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Duration ImportedTrace::end() const {
  Duration out{};
  for (const TracePod& pod : pods) out = std::max({out, pod.created, pod.deleted.value_or(out)});
  return out;
}

Result<std::vector<TraceNode>> read_node_csv(const std::string& file) { return read_nodes(file); }

Result<ImportedTrace> read_pod_csv(const std::string& file, const OpenbOptions& options) {
  InputErrors errors(file);
  auto table = load(file, errors);
  if (!table.ok()) return table.status();
  PodReader reader(*table, errors, options.speed);
  if (!errors.empty()) return errors.status();
  ImportedTrace out;
  out.has_times = reader.has_times();
  for (const auto& row : table->rows) out.pods.push_back(reader.pod(row));
  if (!errors.empty()) return errors.status();
  std::stable_sort(out.pods.begin(), out.pods.end(),
                   [](const TracePod& a, const TracePod& b) { return a.created < b.created; });
  if (options.limit > 0 && out.pods.size() > static_cast<std::size_t>(options.limit)) {
    out.pods.resize(static_cast<std::size_t>(options.limit));
  }
  return out;
}

Result<ImportedTrace> read_openb(const std::string& dir, const OpenbOptions& options) {
  if (!is_folder(dir)) {
    return Status(
        Reason::kNotFound,
        fmt::format("{}: no such folder: it must hold the trace's openb_*.csv files", dir));
  }
  const std::string pod_file = fmt::format("{}/{}{}.csv", dir, kPodPrefix, options.pods);
  if (!is_file(pod_file)) {
    return Status(Reason::kNotFound, fmt::format("{}: no pod list \"{}\"; there are: {}", dir,
                                                 options.pods, fmt::join(pod_lists(dir), ", ")));
  }
  auto out = read_pod_csv(pod_file, options);
  if (!out.ok() || options.nodes == TraceNodes::kNone) return out;
  auto nodes = read_nodes(node_file(dir, options.nodes));
  if (!nodes.ok()) return nodes.status();
  out->nodes = std::move(*nodes);
  return out;
}

Result<ImportedTrace> read_trace(const Scenario& scenario) {
  if (!scenario.trace) return ImportedTrace{};
  const TraceSpec& t = *scenario.trace;
  const OpenbOptions options{t.pods, t.nodes, t.limit, t.speed};
  if (t.format == TraceFormat::kOpenb) return read_openb(scenario.path_of(t.dir), options);
  return read_pod_csv(scenario.path_of(t.file), options);
}

Status write_openb_scenario(const std::string& dir, const std::string& file,
                            const OpenbOptions& options) {
  auto trace = read_openb(dir, options);
  RETURN_IF_ERROR(trace.status());
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path beside_file =
      fs::absolute(dir, error)
          .lexically_normal()
          .lexically_relative(fs::absolute(file, error).parent_path().lexically_normal());
  const auto until = std::chrono::ceil<std::chrono::hours>(trace->end()) + std::chrono::hours(1);
  std::string name = fmt::format("openb-{}", options.pods);
  std::replace(name.begin(), name.end(), '_', '-');
  return write_text_file(
      file,
      fmt::format(
          R"(# The openb trace, pod list "{pods}": {n} pods on {m} nodes.
# Pods arrive and leave at the recorded instants. Watch pending time and GPU utilisation.
apiVersion: orrery.dev/v1alpha1
kind: Scenario
metadata: {{name: {name}}}
spec:
  description: openb trace, pod list {pods}
  until: {until}
  trace: {{format: openb, dir: "{dir}", pods: {pods}, nodes: {nodes}{rest}}}
)",
          fmt::arg("pods", options.pods), fmt::arg("n", trace->pods.size()),
          fmt::arg("m", trace->nodes.size()), fmt::arg("name", name),
          fmt::arg("until", short_duration(until)), fmt::arg("dir", beside_file.string()),
          fmt::arg("nodes", options.nodes == TraceNodes::kAll   ? "all"
                            : options.nodes == TraceNodes::kGpu ? "gpu"
                                                                : "none"),
          fmt::arg("rest",
                   (options.limit > 0 ? fmt::format(", limit: {}", options.limit) : "") +
                       (options.speed != 1 ? fmt::format(", speed: {}", options.speed) : ""))));
}

}  // namespace orrery::sim
