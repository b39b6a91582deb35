#include "core/kubelet/admission.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/api/pod_requests.h"
#include "core/base/hash.h"
#include "core/kubelet/words.h"

namespace orrery::kubelet {

std::int64_t Amounts::get(Symbol resource) const {
  for (const auto& [name, amount] : entries_) {
    if (name == resource) return amount;
  }
  return 0;
}

bool Amounts::has(Symbol resource) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const auto& e) { return e.first == resource; });
}

std::int64_t& Amounts::at(Symbol resource) {
  for (auto& [name, amount] : entries_) {
    if (name == resource) return amount;
  }
  auto it = entries_.begin();
  while (it != entries_.end() && it->first < resource) ++it;
  return entries_.insert(it, {resource, 0})->second;
}

void Amounts::add(Symbol resource, std::int64_t amount) { at(resource) += amount; }
void Amounts::set(Symbol resource, std::int64_t amount) { at(resource) = amount; }

Amounts amounts_of(const api::ResourceList& list) {
  Amounts out;
  for (const auto& [name, quantity] : list) {
    out.set(name, name == words().cpu ? quantity.milli_value() : quantity.value());
  }
  return out;
}

Ref<const Amounts> RequestCache::of(const api::Shared<api::PodSpec>& spec) {
  Slot& slot = slots_[mix64(reinterpret_cast<std::uintptr_t>(spec.identity())) % kSlotsMax];
  if (!slot.requests || !slot.spec.same(spec)) {
    slot.spec = spec;
    slot.requests = Ref<const Amounts>(new Amounts(amounts_of(api::pod_requests(*spec))));
  }
  return slot.requests;
}

namespace {

Rejection rejected(std::string_view reason, std::string_view why) {
  return {Symbol(reason), Text(fmt::format("Pod was rejected: {}", why))};
}

Rejection out_of(Symbol resource, std::int64_t requested, std::int64_t used,
                 std::int64_t capacity) {
  return rejected(fmt::format("OutOf{}", resource.view()),
                  fmt::format("Node didn't have enough resource: {}, requested: {}, used: {}, "
                              "capacity: {}",
                              resource.view(), requested, used, capacity));
}

std::optional<Rejection> check_resources(const AdmissionInput& in) {
  const Words& w = words();
  const std::int64_t pods_max = in.allocatable.get(w.pods);
  if (in.pods + 1 > pods_max) return out_of(w.pods, 1, in.pods, pods_max);
  const auto lacks = [&](Symbol name, std::int64_t amount) {
    return amount > in.allocatable.get(name) - in.used.get(name);
  };
  const auto told = [&](Symbol name) {
    return out_of(name, in.requests.get(name), in.used.get(name), in.allocatable.get(name));
  };
  for (const Symbol name : {w.cpu, w.memory, w.ephemeral_storage}) {
    const std::int64_t amount = in.requests.get(name);
    if (amount > 0 && lacks(name, amount)) return told(name);
  }
  for (const auto& [name, amount] : in.requests.entries()) {
    if (amount == 0 || name == w.cpu || name == w.memory || name == w.ephemeral_storage) continue;
    // An extended resource that the node does not know is not the kubelet's to judge.
    if (in.allocatable.has(name) && lacks(name, amount)) return told(name);
  }
  return {};
}

bool parse_integer(std::string_view text, std::int64_t& out) {
  const auto r = std::from_chars(text.data(), text.data() + text.size(), out);
  return r.ec == std::errc() && r.ptr == text.data() + text.size();
}

bool matches(const api::NodeSelectorRequirement& r, const Symbol* value) {
  const auto listed = [&] {
    return value && std::find(r.values.begin(), r.values.end(), *value) != r.values.end();
  };
  if (r.operator_ == "In") return listed();
  if (r.operator_ == "NotIn") return !listed();
  if (r.operator_ == "Exists") return value != nullptr;
  if (r.operator_ == "DoesNotExist") return value == nullptr;
  std::int64_t have = 0, want = 0;
  if (!value || r.values.size() != 1 || !parse_integer(value->view(), have) ||
      !parse_integer(r.values[0].view(), want)) {
    return false;
  }
  return r.operator_ == "Gt" ? have > want : r.operator_ == "Lt" && have < want;
}

bool matches(const api::NodeSelectorTerm& term, const api::Node& node) {
  if (term.match_expressions.empty() && term.match_fields.empty()) return false;
  for (const auto& r : term.match_expressions) {
    if (!matches(r, node.meta.labels->find(r.key))) return false;
  }
  const Symbol name(node.meta.name.view());
  for (const auto& r : term.match_fields) {
    if (!(r.key == "metadata.name") || !matches(r, &name)) return false;
  }
  return true;
}

}  // namespace

bool matches_node(const api::PodSpec& spec, const api::Node& node) {
  for (const auto& [key, value] : spec.node_selector->entries()) {
    const Symbol* have = node.meta.labels->find(key);
    if (!have || !(*have == value)) return false;
  }
  if (!spec.affinity || !spec.affinity->node_affinity) return true;
  const auto& required = spec.affinity->node_affinity->required;
  if (!required) return true;
  const auto& terms = required->node_selector_terms;
  return std::any_of(terms.begin(), terms.end(), [&](const auto& t) { return matches(t, node); });
}

bool tolerates(const api::PodSpec& spec, const api::Taint& taint) {
  return std::any_of(spec.tolerations.begin(), spec.tolerations.end(), [&](const auto& t) {
    if (!t.effect.empty() && !(t.effect == taint.effect)) return false;
    if (!t.key.empty() && !(t.key == taint.key)) return false;
    return t.operator_ == "Exists" || (!t.key.empty() && t.value == taint.value);
  });
}

std::optional<Rejection> check_admission(const AdmissionInput& in) {
  if (auto no = check_resources(in)) return no;
  if (!matches_node(*in.pod.spec, in.node)) {
    return rejected(
        "NodeAffinity",
        "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector");
  }
  for (const api::Taint& taint : in.node.spec.taints) {
    if (taint.effect == words().no_execute && !tolerates(*in.pod.spec, taint)) {
      return rejected("TaintToleration",
                      "Predicate TaintToleration failed: node(s) had taints that the pod didn't "
                      "tolerate");
    }
  }
  return {};
}

}  // namespace orrery::kubelet
