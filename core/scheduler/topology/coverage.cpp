#include "core/scheduler/topology/coverage.h"

#include <algorithm>
#include <utility>

#include "core/scheduler/signature.h"

namespace orrery::scheduler {

Coverage::Coverage(const NodeTable& table, const TopologyKeys& keys, KeyId key, NodeFilter filter)
    : table_(table), keys_(keys), key_(key), filter_(std::move(filter)) {
  if (filter_) covered_.assign(table.slots(), kNoDomain);
  for (std::size_t i = 0; i < table.slots(); ++i) deposit(static_cast<NodeSlot>(i));
}

void Coverage::withdraw(NodeSlot slot) {
  const Domain domain = of(slot);
  if (domain == kNoDomain) return;
  if (filter_) covered_[static_cast<std::size_t>(slot)] = kNoDomain;
  if (--nodes_[static_cast<std::size_t>(domain)] == 0) --domains_;
}

void Coverage::deposit(NodeSlot slot) {
  const Domain domain = keys_.domain(key_, slot);
  if (domain == kNoDomain) return;
  if (filter_) {
    const NodeRow& row = table_.row(slot);
    if (!row.node || !filter_(*row.node)) return;
    const auto at = static_cast<std::size_t>(slot);
    if (at >= covered_.size()) covered_.resize(table_.slots(), kNoDomain);
    covered_[at] = domain;
  }
  const auto d = static_cast<std::size_t>(domain);
  if (d >= nodes_.size()) nodes_.resize(std::max(d + 1, nodes_.size() * 3 / 2), 0);
  if (nodes_[d]++ == 0) ++domains_;
}

std::shared_ptr<const Coverage> Coverages::of(KeyId key, NodeFilter filter,
                                              const std::string& identity) {
  Signature head;
  head.add(std::int64_t{key});
  std::string text = head.bytes() + identity;
  const auto known = known_.find(text);
  if (known != known_.end()) return known->second.lock();
  std::shared_ptr<Coverage> made(new Coverage(table_, keys_, key, std::move(filter)),
                                 [this, text](Coverage* gone) {
                                   std::erase(all_, gone);
                                   delete gone;
                                   known_.erase(text);
                                 });
  all_.push_back(made.get());
  known_.emplace(std::move(text), made);
  return made;
}

void Coverages::withdraw(NodeSlot slot) {
  for (Coverage* coverage : all_) coverage->withdraw(slot);
}

void Coverages::deposit(NodeSlot slot) {
  for (Coverage* coverage : all_) coverage->deposit(slot);
}

}  // namespace orrery::scheduler
