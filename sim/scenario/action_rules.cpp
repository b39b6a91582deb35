#include "sim/scenario/action_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/field_table.h"

namespace orrery::sim {
namespace {

using Names = std::vector<std::string_view>;

bool has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const ActionRule* find_rule(std::string_view verb, bool is_fault) {
  for (const ActionRule& rule : action_rules()) {
    if (rule.verb == verb && rule.is_fault == is_fault) return &rule;
  }
  return nullptr;
}

// The verbs an action gives, in the order of the enum.
std::vector<Verb> verbs_of(const Tree& tree) {
  std::vector<Verb> out;
  const auto& names = enum_names<Verb>();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (tree.find(names[i])) out.push_back(static_cast<Verb>(i));
  }
  return out;
}

void check_fields(FieldReader& r, const Tree& tree, const ActionRule& rule, std::string_view own) {
  const std::string label = fmt::format("{}{}", rule.is_fault ? "fault: " : "", rule.verb);
  Names given;
  for (const auto& [name, value] : tree.members) {
    if (name == "at" || name == own) continue;
    if (has(rule.one_of, name)) {
      given.push_back(name);
    } else if (!has(rule.required, name) && !has(rule.optional, name)) {
      const bool known =
          std::any_of(table_of<Action>().rows.begin(), table_of<Action>().rows.end(),
                      [&name = name](const FieldRow& row) { return row.name == name; });
      if (known) r.error(value, name, fmt::format("does not belong to {}: leave it out", label));
    }
  }
  if (!rule.one_of.empty() && given.size() != 1) {
    r.error(tree, fmt::format("{} needs {} of {}", label, given.empty() ? "one" : "only one",
                              fmt::join(rule.one_of, ", ")));
  }
  for (const std::string_view name : rule.required) {
    if (!tree.find(name))
      r.error(tree, fmt::format("{} needs {}, e.g. {}", label, name, rule.example));
  }
}

void check_set(FieldReader& r, const Tree& tree, const Action& action) {
  const Tree* set = tree.find("set");
  if (set && set->is_map() && action.set &&
      action.set->image.has_value() == action.set->env.has_value()) {
    r.error(*set, "set", "needs one of image, env");
  }
}

}  // namespace

const std::vector<ActionRule>& action_rules() {
  static const std::vector<ActionRule> kRules = {
      {"apply",
       false,
       {},
       {},
       {},
       "creates or updates what a manifest file or folder holds",
       "{at: 5m, apply: workloads/extra.yaml}"},
      {"delete",
       false,
       {},
       {},
       {},
       "deletes an object, its dependants in the background",
       "{at: 5m, delete: {kind: Deployment, name: cart}}"},
      {"scale",
       false,
       {},
       {},
       {},
       "sets spec.replicas",
       "{at: 5m, scale: {name: cart, replicas: 5}}"},
      {"set",
       false,
       {},
       {},
       {},
       "changes the image or the variables of a Deployment's containers",
       "{at: 5m, set: {image: {deployment: cart, to: \"shop/cart:2\"}}}"},
      {"patch",
       false,
       {},
       {},
       {},
       "merges fields into an object",
       "{at: 5m, patch: {kind: Deployment, name: cart, patch: {spec: {paused: true}}}}"},
      {"cordon", false, {}, {}, {}, "no new pods on a node", "{at: 5m, cordon: general-3}"},
      {"uncordon", false, {}, {}, {}, "new pods again", "{at: 5m, uncordon: general-3}"},
      {"drain",
       false,
       {},
       {},
       {},
       "cordons a node and evicts its pods, as PodDisruptionBudgets allow",
       "{at: 5m, drain: general-3}"},
      {"kill",
       false,
       {},
       {},
       {},
       "short for fault: pod-kill",
       "{at: 5m, kill: {deployment: cart, count: 1}}"},
      {"pod-kill",
       true,
       {},
       {"pods"},
       {},
       "deletes pods at once, without grace",
       "{at: 5m, fault: pod-kill, pods: {labels: {app: cart}, count: 2}}"},
      {"node-crash",
       true,
       {"node", "nodes"},
       {},
       {"for"},
       "the node loses power: its containers are gone, its kubelet is silent; with `for` it boots "
       "again",
       "{at: 5m, fault: node-crash, node: general-7}"},
      {"node-hang",
       true,
       {"node", "nodes"},
       {},
       {"for"},
       "the kubelet stops answering, its containers run on",
       "{at: 5m, fault: node-hang, nodes: {pool: general, count: 2}, for: 3m}"},
      {"node-recover",
       true,
       {"node", "nodes"},
       {},
       {},
       "ends a crash, a hang or slowness",
       "{at: 15m, fault: node-recover, node: general-7}"},
      {"zone-outage",
       true,
       {},
       {"zone"},
       {"for"},
       "all nodes of a zone are cut off and come back after `for`",
       "{at: 10m, fault: zone-outage, zone: b, for: 5m}"},
      {"image-pull-failure",
       true,
       {},
       {"image"},
       {"for"},
       "the registry fails for images that match the pattern",
       "{at: 5m, fault: image-pull-failure, image: \"shop/*\", for: 4m}"},
      {"slow-node",
       true,
       {"node", "nodes"},
       {"factor"},
       {"for"},
       "starts and pulls on the node take `factor` times as long",
       "{at: 5m, fault: slow-node, node: general-2, factor: 4, for: 10m}"},
  };
  return kRules;
}

void check_action(FieldReader& r, const Tree& tree, void* object) {
  for (const auto& [name, value] : tree.members) {
    const bool is_empty = value.is_text() && value.text.empty();
    if (is_empty) return r.error(value, name, "must not be empty: name what it is about");
  }
  Action& action = *static_cast<Action*>(object);
  const std::vector<Verb> verbs = verbs_of(tree);
  if (verbs.size() != 1) {
    Names names;
    for (const Verb verb : verbs)
      names.push_back(enum_names<Verb>()[static_cast<std::size_t>(verb)]);
    return r.error(tree, verbs.empty()
                             ? fmt::format("needs one of {}", enum_type(enum_names<Verb>()))
                             : fmt::format("has more than one verb: {}: make several actions of it",
                                           fmt::join(names, ", ")));
  }
  action.verb = verbs.front();
  const std::string_view own = enum_names<Verb>()[static_cast<std::size_t>(action.verb)];
  const std::string_view name = action.verb == Verb::kFault
                                    ? enum_names<Fault>()[static_cast<std::size_t>(action.fault)]
                                    : own;
  if (const ActionRule* rule = find_rule(name, action.verb == Verb::kFault)) {
    check_fields(r, tree, *rule, own);
  }
  check_set(r, tree, action);
}

void check_expectation(FieldReader& r, const Tree& tree, void*) {
  static const Names kWhat{"available", "running",  "pending",    "ready",     "succeeded",
                           "failed",    "restarts", "nodesReady", "noPending", "maxUnavailable"};
  static const Names kWholeRun{"maxUnavailable"};
  Names given;
  for (const auto& [name, value] : tree.members) {
    if (has(kWhat, name)) given.push_back(name);
  }
  if (given.size() != 1) {
    return r.error(tree, fmt::format("needs {} of {}", given.empty() ? "one" : "only one",
                                     fmt::join(kWhat, ", ")));
  }
  const std::string_view what = given.front();
  const Tree* within = tree.find("within");
  if (within && has(kWholeRun, what)) {
    r.error(*within, "within", fmt::format("does not belong to {}: leave it out", what));
  }
  const Tree* after = tree.find("after");
  if (after && !within && !has(kWholeRun, what)) {
    r.error(*after, "after", "needs within beside it, e.g. within: 2m");
  }
  const Tree* of = tree.find("of");
  if (of && what != "maxUnavailable" && what != "restarts") {
    r.error(*of, "of", fmt::format("does not belong to {}: leave it out", what));
  }
  const Tree* no_pending = tree.find("noPending");
  if (no_pending && no_pending->kind == Tree::Kind::kBool && !no_pending->boolean) {
    r.error(*no_pending, "noPending", "must be true, or left out");
  }
}

}  // namespace orrery::sim
