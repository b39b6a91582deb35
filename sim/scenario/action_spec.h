// The timed part of a scenario: actions (what a person does with kubectl), faults (what the world
// does) and expectations (what must hold), as plain data. One Action has one verb; which fields
// belong to which verb stands in action_rules.cpp. Filled by the scenario reader, carried out by
// the engine.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "sim/scenario/tree.h"

namespace orrery::sim {

/// A number of things, or a share of them: 3 or "5%".
struct Amount {
  std::int64_t value = 0;
  bool is_percent = false;
  bool operator==(const Amount&) const = default;
  /// Of `total`, rounded up for percentages, never more than total.
  std::int64_t of(std::int64_t total) const;
};

/// A comparison with a whole number: 30 (exactly), ">= 150000", "< 5".
struct Comparison {
  enum class Op : std::uint8_t { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };
  Op op = Op::kEqual;
  std::int64_t value = 0;
  bool operator==(const Comparison&) const = default;
  bool holds(std::int64_t actual) const;
};

enum class Pick : std::uint8_t { kRandom, kFirst };

/// Which nodes: all that match pool, zone, rack and names; of these `count` or `percent`, picked.
struct NodeSelector {
  std::vector<std::string> names;
  std::string pool, zone, rack;
  std::optional<std::int64_t> count;
  std::optional<std::int64_t> percent;
  Pick pick = Pick::kRandom;
};

/// Which pods: all that match; of these `count` or `percent`, picked.
struct PodSelector {
  std::string name, name_space, deployment, node;
  std::map<std::string, std::string> labels;
  std::optional<std::int64_t> count;
  std::optional<std::int64_t> percent;
  Pick pick = Pick::kRandom;
};

struct ObjectName {
  std::string kind, name;
  std::string name_space = "default";
};

struct ScaleAction {
  std::string kind = "Deployment", name;
  std::string name_space = "default";
  std::int64_t replicas = 0;
};

struct PatchAction {
  std::string kind, name;
  std::string name_space = "default";
  Tree patch;  // a merge patch: the fields to change
};

struct SetImage {
  std::string deployment, container;  // container "": the first
  std::string name_space = "default";
  std::string to;
};

struct SetEnv {
  std::string deployment, container;
  std::string name_space = "default";
  std::map<std::string, std::string> vars;
};

struct SetAction {
  std::optional<SetImage> image;
  std::optional<SetEnv> env;
};

enum class Fault : std::uint8_t {
  kNone,
  kPodKill,
  kNodeCrash,
  kNodeHang,
  kNodeRecover,
  kZoneOutage,
  kImagePullFailure,
  kSlowNode,
};

/// The verb of an action.
enum class Verb : std::uint8_t {
  kApply,
  kDelete,
  kScale,
  kSet,
  kPatch,
  kCordon,
  kUncordon,
  kDrain,
  kKill,
  kFault
};

struct Action {
  Duration at{};
  Verb verb = Verb::kApply;          // which of the following is set
  std::string apply;                 // a manifest file or folder, beside the scenario
  std::optional<ObjectName> remove;  // `delete:`
  std::optional<ScaleAction> scale;
  std::optional<SetAction> set;
  std::optional<PatchAction> patch;
  std::string cordon, uncordon, drain;  // a node's name
  std::optional<PodSelector> kill;      // the same as fault: pod-kill with pods:
  Fault fault = Fault::kNone;
  std::string node;                   // faults of nodes: one by name ...
  std::optional<NodeSelector> nodes;  // ... or several
  std::string zone;                   // zone-outage
  std::optional<PodSelector> pods;    // pod-kill
  std::string image;                  // image-pull-failure: a pattern such as shop/*
  double factor = 0;                  // slow-node: 3 makes starts three times as long
  std::optional<Duration> lasts;      // `for:`; unset: until node-recover or the end
};

/// From when an expectation's `within` counts.
struct After {
  enum class Mark : std::uint8_t { kStart, kEachFault, kEachAction, kInstant };
  Mark mark = Mark::kStart;
  Duration instant{};  // kInstant
  bool operator==(const After&) const = default;
};

/// One thing that must hold; exactly one of the first group is set.
struct Expectation {
  std::string available;  // "all", or a workload's name
  std::optional<Comparison> running, pending, ready, succeeded, failed, restarts, nodes_ready;
  bool no_pending = false;
  std::optional<Amount> max_unavailable;  // never more pods of `of` missing, from `after` on

  std::string of = "all";          // max_unavailable, restarts: all, or a workload's name
  std::optional<Duration> within;  // reached so soon after `after`; unset: true at the end
  After after;
};

}  // namespace orrery::sim
