// ResourceQuota (core/v1), which is stored without a struct: what its limits and status say, and
// what objects use of them (upstream: pkg/quota/v1/evaluator). The API server's admission charges
// by it, the resourcequota controller counts by it: the same rules, so that both agree.
#pragma once

#include <string>
#include <vector>

#include "core/api/kind_registry.h"
#include "core/api/resources.h"
#include "core/base/time.h"

namespace orrery::api {

/// One of spec.scopes (its operator is Exists) or of spec.scopeSelector.matchExpressions.
struct QuotaScope {
  Symbol name;
  Symbol operator_;
  std::vector<Symbol> values;
};

struct Quota {
  ResourceList limits;  // spec.hard
  std::vector<QuotaScope> scopes;
  bool is_counted = false;  // status has hard and used
  ResourceList hard;        // status.hard: the limits that used was counted for
  ResourceList used;        // status.used
};
Quota read_quota(const Object& quota);
/// The quota with this status.
Ref<Object> with_quota_status(const Object& quota, const ResourceList& hard,
                              const ResourceList& used);

/// Do objects of this kind use `resource`: their number (count/deployments.apps), or for pods,
/// services and claims what they ask for (requests.cpu)?
bool quota_counts(const KindInfo& kind, std::string_view resource);
/// What the object uses of everything that a quota can limit. A pod that has ended, or whose grace
/// is over, is only an object (count/pods).
ResourceList quota_usage(const KindInfo& kind, const Object& object, Time now);
/// Is the object in all of the quota's scopes?
bool quota_includes(const Quota& quota, const Object& object);
/// "must specify requests.cpu for: c0", or empty: of the hard resources, what a container leaves
/// open.
std::string quota_unspecified(const ResourceList& hard, const Object& object);

/// Those of `list` that `names` has too.
ResourceList quota_mask(const ResourceList& list, const ResourceList& names);
ResourceList quota_sum(ResourceList a, const ResourceList& b);
/// The same names and amounts, however they are written.
bool is_same_amount(const ResourceList& a, const ResourceList& b);

}  // namespace orrery::api
