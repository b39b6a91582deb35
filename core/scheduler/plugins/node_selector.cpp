#include "core/scheduler/plugins/node_selector.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace orrery::scheduler {
namespace {

std::optional<std::int64_t> parse_int(Symbol symbol) {
  std::string_view text = symbol.view();
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool contains(const api::List<Symbol>& values, Symbol value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

/// labels.Requirement.Matches, false for what NewRequirement would refuse.
bool matches(const api::NodeSelectorRequirement& r, const api::Labels& labels) {
  const Symbol* value = labels.find(r.key);
  const std::string_view op = r.operator_.view();
  if (op == "In") return !r.values.empty() && value && contains(r.values, *value);
  if (op == "NotIn") return !r.values.empty() && (!value || !contains(r.values, *value));
  if (op == "Exists") return r.values.empty() && value;
  if (op == "DoesNotExist") return r.values.empty() && !value;
  if ((op != "Gt" && op != "Lt") || r.values.size() != 1 || !value) return false;
  const auto left = parse_int(*value);
  const auto right = parse_int(r.values[0]);
  if (!left || !right) return false;
  return op == "Gt" ? *left > *right : *left < *right;
}

bool matches_field(const api::NodeSelectorRequirement& r, const api::Node& node) {
  if (!(r.key == "metadata.name") || r.values.size() != 1) return false;
  const bool equal = node.meta.name == r.values[0].view();
  if (r.operator_ == "In") return equal;
  return r.operator_ == "NotIn" && !equal;
}

void sign_term(const api::NodeSelectorTerm& term, Signature& signature) {
  signature.add(static_cast<std::int64_t>(term.match_expressions.size()));
  for (const api::NodeSelectorRequirement& r : term.match_expressions) {
    signature.add(r.key);
    signature.add(r.operator_);
    signature.add(static_cast<std::int64_t>(r.values.size()));
    for (const Symbol value : r.values) signature.add(value);
  }
}

}  // namespace

bool matches(const api::NodeSelectorTerm& term, const api::Node& node) {
  if (term.match_expressions.empty() && term.match_fields.empty()) return false;
  for (const api::NodeSelectorRequirement& r : term.match_expressions) {
    if (!matches(r, *node.meta.labels)) return false;
  }
  for (const api::NodeSelectorRequirement& r : term.match_fields) {
    if (!matches_field(r, node)) return false;
  }
  return true;
}

bool matches(const api::NodeSelector& selector, const api::Node& node) {
  for (const api::NodeSelectorTerm& term : selector.node_selector_terms) {
    if (matches(term, node)) return true;
  }
  return false;
}

const api::NodeSelector* required_affinity(const api::PodSpec& spec) {
  if (!spec.affinity || !spec.affinity->node_affinity) return nullptr;
  return spec.affinity->node_affinity->required.get();
}

bool matches_required_affinity(const api::PodSpec& spec, const api::Node& node) {
  for (const auto& [key, value] : spec.node_selector->entries()) {
    const Symbol* have = node.meta.labels->find(key);
    if (!have || *have != value) return false;
  }
  const api::NodeSelector* required = required_affinity(spec);
  return !required || matches(*required, node);
}

std::int64_t preferred_weight(const api::List<api::PreferredSchedulingTerm>& terms,
                              const api::Node& node) {
  std::int64_t sum = 0;
  for (const api::PreferredSchedulingTerm& term : terms) {
    if (term.weight != 0 && matches(term.preference, node)) sum += term.weight;
  }
  return sum;
}

bool sign_node_selector(const api::PodSpec& spec, Signature& signature) {
  signature.add(static_cast<std::int64_t>(spec.node_selector->size()));
  for (const auto& [key, value] : spec.node_selector->entries()) {
    signature.add(key);
    signature.add(value);
  }
  const api::NodeAffinity* affinity = spec.affinity ? spec.affinity->node_affinity.get() : nullptr;
  const api::NodeSelector* required = affinity ? affinity->required.get() : nullptr;
  signature.add(required ? static_cast<std::int64_t>(required->node_selector_terms.size()) : -1);
  if (required) {
    for (const api::NodeSelectorTerm& term : required->node_selector_terms) {
      if (!term.match_fields.empty()) return false;
      sign_term(term, signature);
    }
  }
  const std::size_t preferred = affinity ? affinity->preferred.size() : 0;
  signature.add(static_cast<std::int64_t>(preferred));
  for (std::size_t i = 0; i < preferred; ++i) {
    const api::PreferredSchedulingTerm& term = affinity->preferred[i];
    if (!term.preference.match_fields.empty()) return false;
    signature.add(term.weight);
    sign_term(term.preference, signature);
  }
  return true;
}

}  // namespace orrery::scheduler
