#include "core/scheduler/topology/pod_groups.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/base/hash.h"
#include "core/scheduler/signature.h"

namespace orrery::scheduler {
namespace {

std::uint64_t hash_of(const api::Pod& pod) {
  std::uint64_t h = mix64(pod.meta.namespace_.id() * 2u + pod.meta.is_being_deleted());
  for (const auto& [key, value] : pod.meta.labels->entries()) {
    h = mix64(h ^ (std::uint64_t{key.id()} << 32 | value.id()));
  }
  return h;
}

std::string tally_identity(const PodGroups::Query& query, KeyId key, const std::string& filter) {
  Signature out;
  out.add(static_cast<std::int64_t>(query.identity.size()));
  out.add(std::int64_t{key});
  return out.bytes() + query.identity + filter;
}

}  // namespace

PodGroups::~PodGroups() { CHECK(all_tallies_.empty()); }

bool PodGroups::matches(const PodQuery& what, const Group& group) const {
  const auto* ns = objects_.find<api::Object>(Watched::kNamespace, Symbol(), group.ns.view());
  return what.matches(group.ns, ns ? &*ns->meta.labels : nullptr, *group.labels,
                      group.is_terminating);
}

/// Adds (sign 1) or takes away (sign -1) a group's pods.
void PodGroups::count(Query& query, const Group& group, std::int32_t sign) {
  group.pods.for_each([&](NodeSlot slot, std::int32_t pods) {
    query.counts.add(slot, sign * pods);
    for (Tally* tally : query.tallies) tally->add(slot, sign * pods);
  });
}

void PodGroups::attach(Query& query, GroupId id) {
  groups_[id].queries.push_back(&query);
  count(query, groups_[id], 1);
}

void PodGroups::detach(Query& query, GroupId id) {
  std::erase(groups_[id].queries, &query);
  count(query, groups_[id], -1);
}

/// F(GroupId): all groups that may match.
template <class F>
void PodGroups::for_groups_of(const PodQuery& what, F&& visit) const {
  if (what.namespaces.size() == 1 && !what.namespace_selector) {
    const auto in = by_namespace_.find(what.namespaces.front().id());
    if (in != by_namespace_.end()) std::for_each(in->second.begin(), in->second.end(), visit);
    return;
  }
  for (GroupId id = 0; id < groups_.size(); ++id) {
    if (groups_[id].pods.total() > 0) visit(id);
  }
}

PodGroups::QueryRef PodGroups::query(PodQuery what) {
  std::string identity = what.identity();
  const auto known = queries_.find(identity);
  if (known != queries_.end()) return known->second.lock();
  std::shared_ptr<Query> made(new Query{std::move(what), {}, {}, identity},
                              [this](Query* query) { forget(query); });
  for_groups_of(made->what, [&](GroupId id) {
    if (matches(made->what, groups_[id])) attach(*made, id);
  });
  index_.insert(made->what, made.get());
  queries_.emplace(std::move(identity), made);
  return made;
}

PodGroups::TallyRef PodGroups::tally(const QueryRef& query, KeyId key, NodeFilter filter,
                                     const std::string& identity) {
  const std::string text = tally_identity(*query, key, identity);
  const auto known = tallies_.find(text);
  if (known != tallies_.end()) return known->second.lock();
  auto* counted = const_cast<Query*>(query.get());
  std::shared_ptr<Tally> made(
      new Tally(keys_, coverages_.of(key, std::move(filter), identity), query->counts),
      [this, held = query, counted, text](Tally* tally) mutable {
        tallies_.erase(text);
        forget(counted, tally);
        held.reset();
      });
  counted->tallies.push_back(made.get());
  all_tallies_.push_back(made.get());
  tallies_.emplace(text, made);
  return made;
}

void PodGroups::forget(Query* query) {
  for_groups_of(query->what, [&](GroupId id) { std::erase(groups_[id].queries, query); });
  index_.erase(query->what, query);
  queries_.erase(query->identity);
  delete query;
}

void PodGroups::forget(Query* query, Tally* tally) {
  std::erase(query->tallies, tally);
  std::erase(all_tallies_, tally);
  delete tally;
}

GroupId PodGroups::group_of(const api::Pod& pod) {
  const std::uint64_t hash = hash_of(pod);
  const auto [begin, end] = by_content_.equal_range(hash);
  for (auto it = begin; it != end; ++it) {
    const Group& group = groups_[it->second];
    if (group.ns == pod.meta.namespace_ && group.is_terminating == pod.meta.is_being_deleted() &&
        group.labels == pod.meta.labels) {
      return it->second;
    }
  }
  if (free_.empty()) {
    free_.push_back(static_cast<GroupId>(groups_.size()));
    groups_.emplace_back();
  }
  const GroupId id = free_.back();
  free_.pop_back();
  std::vector<GroupId>& in_namespace = by_namespace_[pod.meta.namespace_.id()];
  groups_[id] = Group{pod.meta.namespace_,
                      pod.meta.labels,
                      pod.meta.is_being_deleted(),
                      {},
                      {},
                      hash,
                      static_cast<std::uint32_t>(in_namespace.size())};
  by_content_.emplace(hash, id);
  in_namespace.push_back(id);
  index_.for_candidates(*pod.meta.labels, [&](Query& query) {
    if (matches(query.what, groups_[id])) attach(query, id);
  });
  return id;
}

void PodGroups::drop(GroupId id) {
  Group& group = groups_[id];
  const auto [begin, end] = by_content_.equal_range(group.hash);
  for (auto it = begin; it != end; ++it) {
    if (it->second != id) continue;
    by_content_.erase(it);
    break;
  }
  std::vector<GroupId>& in_namespace = by_namespace_[group.ns.id()];
  groups_[in_namespace.back()].position = group.position;
  in_namespace[group.position] = in_namespace.back();
  in_namespace.pop_back();
  group = Group{};
  free_.push_back(id);
}

GroupId PodGroups::add(const api::Pod& pod, NodeSlot slot) {
  const GroupId id = group_of(pod);
  Group& group = groups_[id];
  group.pods.add(slot, 1);
  for (Query* query : group.queries) {
    query->counts.add(slot, 1);
    for (Tally* tally : query->tallies) tally->add(slot, 1);
  }
  return id;
}

void PodGroups::remove(GroupId id, NodeSlot slot) {
  Group& group = groups_[id];
  group.pods.add(slot, -1);
  for (Query* query : group.queries) {
    query->counts.add(slot, -1);
    for (Tally* tally : query->tallies) tally->add(slot, -1);
  }
  if (group.pods.total() == 0) drop(id);
}

void PodGroups::withdraw(NodeSlot slot) {
  for (Tally* tally : all_tallies_) tally->withdraw(slot);
  coverages_.withdraw(slot);
}

void PodGroups::deposit(NodeSlot slot) {
  coverages_.deposit(slot);
  for (Tally* tally : all_tallies_) tally->deposit(slot);
}

void PodGroups::on_namespace(Symbol ns) {
  const auto in = by_namespace_.find(ns.id());
  if (in == by_namespace_.end()) return;
  for (const GroupId id : in->second) {
    const std::vector<Query*>& joined = groups_[id].queries;
    index_.for_candidates(*groups_[id].labels, [&](Query& query) {
      if (!query.what.namespace_selector) return;
      const bool was = std::find(joined.begin(), joined.end(), &query) != joined.end();
      const bool is = matches(query.what, groups_[id]);
      if (is && !was) attach(query, id);
      if (was && !is) detach(query, id);
    });
  }
}

}  // namespace orrery::scheduler
