#include "core/scheduler/topology/pod_query.h"

#include <algorithm>

#include "core/scheduler/signature.h"

namespace orrery::scheduler {
namespace {

void sign(const api::Selector& selector, Signature& out) {
  out.add(std::int64_t{selector.is_nothing()});
  out.add(static_cast<std::int64_t>(selector.requirements().size()));
  for (const api::Selector::Requirement& r : selector.requirements()) {
    out.add(r.key);
    out.add(static_cast<std::int64_t>(r.op));
    out.add(r.bound);
    out.add(static_cast<std::int64_t>(r.values.size()));
    for (const Symbol value : r.values) out.add(value);
  }
}

}  // namespace

bool PodQuery::matches(Symbol ns, const api::Labels* ns_labels, const api::Labels& labels,
                       bool is_terminating) const {
  if (skips_terminating && is_terminating) return false;
  if (std::find(namespaces.begin(), namespaces.end(), ns) == namespaces.end()) {
    static const api::Labels kNone;
    if (!namespace_selector || !namespace_selector->matches(ns_labels ? *ns_labels : kNone)) {
      return false;
    }
  }
  return std::all_of(selectors.begin(), selectors.end(),
                     [&](const api::Selector& s) { return s.matches(labels); });
}

std::string PodQuery::identity() const {
  Signature out;
  out.add(std::int64_t{skips_terminating});
  out.add(static_cast<std::int64_t>(namespaces.size()));
  for (const Symbol ns : namespaces) out.add(ns);
  out.add(std::int64_t{namespace_selector.has_value()});
  if (namespace_selector) sign(*namespace_selector, out);
  for (const api::Selector& selector : selectors) sign(selector, out);
  return out.bytes();
}

api::Selector selector_of(const api::Shared<api::LabelSelector>& selector) {
  if (!selector) return api::Selector::nothing();
  auto compiled = api::Selector::from(*selector);
  return compiled.ok() ? std::move(*compiled) : api::Selector::nothing();
}

PodQuery query_of(const api::PodAffinityTerm& term, Symbol ns) {
  PodQuery query;
  query.namespaces.assign(term.namespaces.begin(), term.namespaces.end());
  if (query.namespaces.empty() && !term.namespace_selector) query.namespaces.push_back(ns);
  std::sort(query.namespaces.begin(), query.namespaces.end());
  if (term.namespace_selector) query.namespace_selector = selector_of(term.namespace_selector);
  query.selectors.push_back(selector_of(term.label_selector));
  return query;
}

}  // namespace orrery::scheduler
