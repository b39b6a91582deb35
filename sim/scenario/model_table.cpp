// The field tables of the models: start latencies and container behaviours.
#include "sim/scenario/field_table.h"

namespace orrery::sim {
namespace {

void check_behaviour(FieldReader& r, const Tree& t, void*) {
  const Tree* match = t.find("match");
  if (match && match->is_map() && match->members.empty()) {
    r.error(*match, "match", "must name an image, a container, a namespace or labels");
  }
  if (t.members.size() == (match ? 1u : 0u)) {
    r.error(
        t, "says nothing: give one of exits, crashLoop, oom, readiness, runTime, usage, pullFails");
  }
  if (t.find("exits") && t.find("crashLoop")) {
    r.error(*t.find("crashLoop"), "crashLoop", "cannot stand beside exits: keep one of the two");
  }
}

}  // namespace

template <>
const TypeTable& table_of<ImagePullModel>() {
  static const TypeTable kTable = table<ImagePullModel>(
      "ImagePull",
      "A pull takes overhead + size x perGiB; an image that the node has is not pulled again.",
      {row<&ImagePullModel::per_gib>("perGiB", "time for each GiB"),
       row<&ImagePullModel::overhead>("overhead", "time for any pull"),
       row<&ImagePullModel::default_size>("defaultSize",
                                          "size of images that `sizes` does not name"),
       row<&ImagePullModel::sizes>("sizes",
                                   "sizes by image pattern, e.g. \"shop/*\": 300Mi; the longest "
                                   "pattern that matches wins")});
  return kTable;
}

template <>
const TypeTable& table_of<StartLatency>() {
  static const TypeTable kTable = table<StartLatency>(
      "StartLatency", "How long the start of a pod takes.",
      {row<&StartLatency::image_pull>("imagePull", "pulling an image"),
       row<&StartLatency::sandbox>("sandbox", "making the pod's sandbox and network"),
       row<&StartLatency::container>("container", "creating and starting one container")});
  return kTable;
}

template <>
const TypeTable& table_of<BehaviourMatch>() {
  static const TypeTable kTable = table<BehaviourMatch>(
      "Match", "Which containers: all given fields must match.",
      {row<&BehaviourMatch::image>("image", "image pattern, e.g. shop/cart:bad or shop/*"),
       row<&BehaviourMatch::container>("container", "the container's name"),
       row<&BehaviourMatch::name_space>("namespace", "the pod's namespace"),
       row<&BehaviourMatch::labels>("labels", "labels of the pod")},
      true);
  return kTable;
}

template <>
const TypeTable& table_of<ExitModel>() {
  static const TypeTable kTable = table<ExitModel>(
      "Exits", "The container ends by itself.",
      {row<&ExitModel::after>("after", "time from its start, e.g. 10s", Need::kRequired),
       row<&ExitModel::code, Range{0, 255}>("code", "exit code")});
  return kTable;
}

template <>
const TypeTable& table_of<CrashLoopModel>() {
  static const TypeTable kTable = table<CrashLoopModel>(
      "CrashLoop", "The container crashes after each start, as often as `times` says.",
      {row<&CrashLoopModel::after>("after", "time from each start"),
       row<&CrashLoopModel::code, Range{1, 255}>("code", "exit code"),
       row<&CrashLoopModel::times, kNotNegative>(
           "times", "crashes of each pod before it stays up; 0: for ever")});
  return kTable;
}

template <>
const TypeTable& table_of<OomModel>() {
  static const TypeTable kTable = table<OomModel>(
      "Oom", "The container's memory grows; where its limit is lower it is OOMKilled (code 137).",
      {row<&OomModel::after>("after", "time from its start, e.g. 1m", Need::kRequired),
       row<&OomModel::memory>("memory", "what it grows to, e.g. 300Mi", Need::kRequired)});
  return kTable;
}

template <>
const TypeTable& table_of<ReadinessModel>() {
  static const TypeTable kTable = table<ReadinessModel>(
      "Readiness", "What the container's probes find.",
      {row<&ReadinessModel::delay>("delay",
                                   "time from start until startup and readiness probes succeed"),
       row<&ReadinessModel::never>("never", "they never succeed")});
  return kTable;
}

template <>
const TypeTable& table_of<UsageModel>() {
  static const TypeTable kTable =
      table<UsageModel>("Usage", "What the container really uses.",
                        {row<&UsageModel::cpu>("cpu", "CPU; unset: its request"),
                         row<&UsageModel::memory>("memory", "memory; unset: its request")});
  return kTable;
}

template <>
const TypeTable& table_of<Behaviour>() {
  static const TypeTable kTable = [] {
    TypeTable t = table<Behaviour>(
        "Behaviour",
        "How containers behave; for each field the first behaviour in the list that matches "
        "counts.",
        {row<&Behaviour::match>("match", "which containers", Need::kRequired),
         row<&Behaviour::exits>("exits", "they end by themselves"),
         row<&Behaviour::crash_loop>("crashLoop", "they crash again and again"),
         row<&Behaviour::oom>("oom", "their memory grows"),
         row<&Behaviour::readiness>("readiness", "when their probes succeed"),
         row<&Behaviour::run_time>("runTime",
                                   "they run so long and end with 0: containers of Jobs"),
         row<&Behaviour::usage>("usage", "what they really use"),
         row<&Behaviour::pull_fails>("pullFails", "their image cannot be pulled (ErrImagePull)")},
        true);
    t.check = check_behaviour;
    return t;
  }();
  return kTable;
}

template <>
const TypeTable& table_of<Models>() {
  static const TypeTable kTable = table<Models>(
      "Models", "How long things take and how containers behave.",
      {row<&Models::start_latency>("startLatency", "the start of a pod"),
       row<&Models::run_time>("runTime", "run time of Jobs' containers that no behaviour names"),
       row<&Models::behaviours>("behaviours", "behaviours by image, container or label"),
       row<&Models::api_latency>("apiLatency", "one API request"),
       row<&Models::watch_latency>("watchLatency", "from a write until a watcher sees it")});
  return kTable;
}

}  // namespace orrery::sim
