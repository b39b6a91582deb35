// The field tables of actions, faults and expectations.
#include "sim/scenario/action_rules.h"
#include "sim/scenario/field_table.h"

namespace orrery::sim {
namespace {

void check_count_or_percent(FieldReader& r, const Tree& t, void*) {
  if (t.members.empty()) r.error(t, "must select something");
  if (t.find("count") && t.find("percent")) {
    r.error(*t.find("percent"), "percent", "cannot stand beside count: keep one of the two");
  }
}

}  // namespace

template <>
const TypeTable& table_of<NodeSelector>() {
  static const TypeTable kTable = [] {
    TypeTable t = table<NodeSelector>(
        "NodeSelector", "All nodes that match; with count or percent, so many of them.",
        {row<&NodeSelector::names>("names", "node names"),
         row<&NodeSelector::pool>("pool", "a node pool"),
         row<&NodeSelector::zone>("zone", "a zone"),
         row<&NodeSelector::rack>("rack", "a rack, e.g. b-r0"),
         row<&NodeSelector::count, kPositive>("count", "so many"),
         row<&NodeSelector::percent, kPercent>("percent", "this share, 1 to 100, rounded up"),
         row<&NodeSelector::pick>("pick", "drawn from the seed, or the first by name")},
        true);
    t.check = check_count_or_percent;
    return t;
  }();
  return kTable;
}

template <>
const TypeTable& table_of<PodSelector>() {
  static const TypeTable kTable = [] {
    TypeTable t = table<PodSelector>(
        "PodSelector", "All pods that match; with count or percent, so many of them.",
        {row<&PodSelector::name>("name", "a pod's name"),
         row<&PodSelector::name_space>("namespace", "a namespace; empty: all"),
         row<&PodSelector::deployment>("deployment", "pods of this Deployment"),
         row<&PodSelector::node>("node", "pods on this node"),
         row<&PodSelector::labels>("labels", "labels they must have"),
         row<&PodSelector::count, kPositive>("count", "so many"),
         row<&PodSelector::percent, kPercent>("percent", "this share, 1 to 100, rounded up"),
         row<&PodSelector::pick>("pick", "drawn from the seed, or the first by name")},
        true);
    t.check = check_count_or_percent;
    return t;
  }();
  return kTable;
}

template <>
const TypeTable& table_of<ObjectName>() {
  static const TypeTable kTable = table<ObjectName>(
      "ObjectName", "One object.",
      {row<&ObjectName::kind>("kind", "its kind, e.g. Deployment", Need::kRequired),
       row<&ObjectName::name>("name", "its name, e.g. cart", Need::kRequired),
       row<&ObjectName::name_space>("namespace", "its namespace")});
  return kTable;
}

template <>
const TypeTable& table_of<ScaleAction>() {
  static const TypeTable kTable = table<ScaleAction>(
      "Scale", "A new number of replicas.",
      {row<&ScaleAction::kind>("kind", "Deployment, ReplicaSet or StatefulSet"),
       row<&ScaleAction::name>("name", "its name, e.g. cart", Need::kRequired),
       row<&ScaleAction::name_space>("namespace", "its namespace"),
       row<&ScaleAction::replicas, kNotNegative>("replicas", "how many, e.g. 5", Need::kRequired)});
  return kTable;
}

template <>
const TypeTable& table_of<PatchAction>() {
  static const TypeTable kTable = table<PatchAction>(
      "Patch", "A merge patch of one object.",
      {row<&PatchAction::kind>("kind", "its kind, e.g. Deployment", Need::kRequired),
       row<&PatchAction::name>("name", "its name, e.g. cart", Need::kRequired),
       row<&PatchAction::name_space>("namespace", "its namespace"),
       row<&PatchAction::patch>("patch", "the fields to change, e.g. {spec: {paused: true}}",
                                Need::kRequired)});
  return kTable;
}

template <>
const TypeTable& table_of<SetImage>() {
  static const TypeTable kTable = table<SetImage>(
      "SetImage", "A new image, as kubectl set image.",
      {row<&SetImage::deployment>("deployment", "the Deployment, e.g. cart", Need::kRequired),
       row<&SetImage::container>("container", "its container; empty: the first"),
       row<&SetImage::name_space>("namespace", "its namespace"),
       row<&SetImage::to>("to", "the new image, e.g. shop/cart:2", Need::kRequired)});
  return kTable;
}

template <>
const TypeTable& table_of<SetEnv>() {
  static const TypeTable kTable = table<SetEnv>(
      "SetEnv", "New variables, as kubectl set env.",
      {row<&SetEnv::deployment>("deployment", "the Deployment, e.g. cart", Need::kRequired),
       row<&SetEnv::container>("container", "its container; empty: the first"),
       row<&SetEnv::name_space>("namespace", "its namespace"),
       row<&SetEnv::vars>("vars", "names and values, e.g. {LOG_LEVEL: debug}", Need::kRequired)});
  return kTable;
}

template <>
const TypeTable& table_of<SetAction>() {
  static const TypeTable kTable =
      table<SetAction>("Set", "One change of a Deployment's containers.",
                       {row<&SetAction::image>("image", "a new image"),
                        row<&SetAction::env>("env", "new variables")});
  return kTable;
}

template <>
const TypeTable& table_of<Action>() {
  static const TypeTable kTable = [] {
    TypeTable t = table<Action>(
        "Action", "Something that happens at an instant: one verb each.",
        {row<&Action::at>("at", "when, from the start of the run, e.g. 5m", Need::kRequired),
         row<&Action::apply>("apply", "a manifest file or folder, beside the scenario"),
         row<&Action::remove>("delete", "an object"),
         row<&Action::scale>("scale", "a new number of replicas"),
         row<&Action::set>("set", "a new image or new variables"),
         row<&Action::patch>("patch", "a merge patch"),
         row<&Action::cordon>("cordon", "a node's name"),
         row<&Action::uncordon>("uncordon", "a node's name"),
         row<&Action::drain>("drain", "a node's name"),
         row<&Action::kill>("kill", "pods that are deleted at once"),
         row<&Action::fault>("fault", "what breaks"),
         row<&Action::node>("node", "of a fault: the node's name"),
         row<&Action::nodes>("nodes", "of a fault: several nodes"),
         row<&Action::zone>("zone", "of zone-outage: the zone"),
         row<&Action::pods>("pods", "of pod-kill: the pods"),
         row<&Action::image>("image", "of image-pull-failure: an image pattern"),
         row<&Action::factor, kPositive>("factor", "of slow-node: how many times slower"),
         row<&Action::lasts, kPositive>(
             "for", "of a fault: how long; unset: to the end, or node-recover")},
        true);
    t.check = check_action;
    return t;
  }();
  return kTable;
}

template <>
const TypeTable& table_of<Expectation>() {
  static const TypeTable kTable = [] {
    TypeTable t = table<Expectation>(
        "Expectation", "What must hold, or the run fails (exit code 1).",
        {row<&Expectation::available>("available",
                                      "all, or a workload's name: all its replicas are available"),
         row<&Expectation::running>("running", "pods in phase Running"),
         row<&Expectation::pending>("pending", "pods in phase Pending"),
         row<&Expectation::ready>("ready", "pods with condition Ready"),
         row<&Expectation::succeeded>("succeeded", "pods in phase Succeeded"),
         row<&Expectation::failed>("failed", "pods in phase Failed"),
         row<&Expectation::restarts>("restarts", "container restarts in the whole run"),
         row<&Expectation::nodes_ready>("nodesReady", "nodes with condition Ready"),
         row<&Expectation::no_pending>("noPending", "no pod is Pending"),
         row<&Expectation::max_unavailable>("maxUnavailable",
                                            "never more replicas missing of each workload (counted "
                                            "from when it was first available)"),
         row<&Expectation::of>("of", "of maxUnavailable and restarts: all, or a workload's name"),
         row<&Expectation::within>("within", "reached so soon; unset: true at the end"),
         row<&Expectation::after>("after", "from when within counts")},
        true);
    t.check = check_expectation;
    return t;
  }();
  return kTable;
}

}  // namespace orrery::sim
