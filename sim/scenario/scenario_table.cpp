// The field tables of a scenario's top: spec, trace, scheduler, stop and record.
#include "sim/scenario/scenario_table.h"

#include <fmt/format.h>

namespace orrery::sim {
namespace {

void check_scheduler(FieldReader& r, const Tree& t, void* object) {
  const SchedulerSpec& s = *static_cast<SchedulerSpec*>(object);
  if (!s.config.empty()) {
    for (const auto& [name, value] : t.members) {
      if (name != "config" && name != "gpuPolicy") {
        r.error(value, name, "stands in the file that config names: leave it out");
      }
    }
  }
  const bool by_shape = s.scoring_strategy == ScoringStrategy::kRequestedToCapacityRatio;
  const Tree* shape = t.find("shape");
  if (by_shape && !shape) {
    r.error(t, "shape",
            "required by RequestedToCapacityRatio, e.g. [{utilization: 0, score: 0}, "
            "{utilization: 100, score: 10}]");
  }
  if (!by_shape && shape && !shape->items.empty()) {
    r.error(*shape, "shape", "belongs to scoringStrategy RequestedToCapacityRatio: leave it out");
  }
  for (std::size_t i = 1; i < s.shape.size(); ++i) {
    if (s.shape[i].utilization <= s.shape[i - 1].utilization) {
      r.error(shape->items[i], fmt::format("shape[{}].utilization", i),
              "must be larger than the one before it");
    }
  }
}

void check_trace(FieldReader& r, const Tree& t, void* object) {
  const TraceSpec& trace = *static_cast<TraceSpec*>(object);
  if (trace.format == TraceFormat::kOpenb && trace.dir.empty()) {
    r.error(t, "dir", "required by format openb: the folder of the trace's CSV files");
  }
  if (trace.format == TraceFormat::kCsv && trace.file.empty()) {
    r.error(t, "file", "required by format csv: the file with the pods");
  }
}

}  // namespace

template <>
const TypeTable& table_of<TraceSpec>() {
  static const TypeTable kTable = [] {
    TypeTable t = table<TraceSpec>(
        "Trace", "Pods that arrive and leave at recorded instants.",
        {row<&TraceSpec::format>("format", "what the files are", Need::kRequired),
         row<&TraceSpec::dir>("dir", "of openb: the folder of the CSV files, beside the scenario"),
         row<&TraceSpec::pods>("pods", "of openb: which openb_pod_list_NAME.csv"),
         row<&TraceSpec::nodes>(
             "nodes", "of openb: all nodes, only those with GPUs, or none (nodePools instead)"),
         row<&TraceSpec::file>("file", "of csv: one file with openb's pod columns"),
         row<&TraceSpec::limit, kNotNegative>("limit", "only the first so many pods; 0: all"),
         row<&TraceSpec::name_space>("namespace", "namespace of the pods"),
         row<&TraceSpec::speed, kPositive>("speed", "2: arrivals and departures twice as dense")});
    t.check = check_trace;
    return t;
  }();
  return kTable;
}

template <>
const TypeTable& table_of<ShapePoint>() {
  static const TypeTable kTable = table<ShapePoint>(
      "ShapePoint", "A point of the scoring function.",
      {row<&ShapePoint::utilization, Range{0, 100}>("utilization", "percent in use",
                                                    Need::kRequired),
       row<&ShapePoint::score, Range{0, 10}>("score", "0 to 10", Need::kRequired)});
  return kTable;
}

template <>
const TypeTable& table_of<SchedulerSpec>() {
  static const TypeTable kTable = [] {
    TypeTable t = table<SchedulerSpec>(
        "Scheduler", "Settings of the default scheduler profile.",
        {row<&SchedulerSpec::config>(
             "config",
             "a KubeSchedulerConfiguration file beside the scenario (docs/scheduler.md); then only "
             "gpuPolicy may be set here too"),
         row<&SchedulerSpec::tie_break>("tieBreak", "which of the nodes with the best score"),
         row<&SchedulerSpec::percentage_of_nodes_to_score, Range{0, 100}>(
             "percentageOfNodesToScore", "0: kube-scheduler's adaptive share"),
         row<&SchedulerSpec::scoring_strategy>("scoringStrategy", "of NodeResourcesFit"),
         row<&SchedulerSpec::shape>("shape", "of RequestedToCapacityRatio"),
         row<&SchedulerSpec::gpu_policy>("gpuPolicy", "which device inside the chosen node")});
    t.check = check_scheduler;
    return t;
  }();
  return kTable;
}

template <>
const TypeTable& table_of<StopSpec>() {
  static const TypeTable kTable =
      table<StopSpec>("StopWhen", "Ends the run before `until`, once no action is left.",
                      {row<&StopSpec::all_available>("allAvailable", "all workloads are available"),
                       row<&StopSpec::idle, kPositive>("idle", "nothing changed for so long")});
  return kTable;
}

template <>
const TypeTable& table_of<RecordSpec>() {
  static const TypeTable kTable =
      table<RecordSpec>("Record", "What the run writes (docs/output.md).",
                        {row<&RecordSpec::series>("series", "series.csv"),
                         row<&RecordSpec::series_interval, kPositive>(
                             "seriesInterval", "one row each; default: until / 600, at least 1s"),
                         row<&RecordSpec::placement>("placement", "placement.csv"),
                         row<&RecordSpec::placement_interval, kPositive>(
                             "placementInterval",
                             "one row a node each; default: until / 120, longer where rows would "
                             "pass placementRowsMax"),
                         row<&RecordSpec::placement_rows_max, kPositive>(
                             "placementRowsMax", "most rows of placement.csv"),
                         row<&RecordSpec::events>("events", "events.ndjson"),
                         row<&RecordSpec::events_max, kNotNegative>(
                             "eventsMax", "most lines of it; later ones are only counted")});
  return kTable;
}

const TypeTable& spec_table() {
  static const TypeTable kTable = table<Scenario>(
      "Spec", "The whole run.",
      {row<&Scenario::description>("description", "what the scenario shows"),
       row<&Scenario::seed>("seed", "all draws of the run depend on it; --seed overrides it"),
       row<&Scenario::until, kPositive>("until",
                                        "virtual time at which the run ends; --until overrides it"),
       row<&Scenario::start_time>("startTime", "virtual wall time at the start"),
       row<&Scenario::cluster>("cluster", "the machines"),
       row<&Scenario::manifests>(
           "manifests",
           "Kubernetes YAML or JSON applied at the start: files or folders, beside the scenario"),
       row<&Scenario::workloads>("workloads", "generated Deployments"),
       row<&Scenario::trace>("trace", "recorded pods"),
       row<&Scenario::actions>("actions", "what happens when"),
       row<&Scenario::models>("models", "how long things take"),
       row<&Scenario::scheduler>("scheduler", "the scheduler's settings"),
       row<&Scenario::stop_when>("stopWhen", "ends the run early"),
       row<&Scenario::record>("record", "what is written"),
       row<&Scenario::expect>("expect", "what must hold")});
  return kTable;
}

}  // namespace orrery::sim
