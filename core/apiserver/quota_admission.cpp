#include "core/apiserver/quota_admission.h"

#include <fmt/format.h>

#include <algorithm>

namespace orrery::apiserver {
namespace {

api::KindId quota_kind(const api::Kinds& kinds) {
  const api::KindInfo* info = kinds.find("v1", "ResourceQuota");
  return info ? info->id : api::KindId::kNone;
}

// "limits.cpu=1,pods=2"
std::string shown(const api::ResourceList& list) {
  std::string out;
  for (const auto& [name, amount] : list) {
    if (!out.empty()) out += ',';
    out.append(name.view()).append("=").append(amount.to_string());
  }
  return out;
}

std::string shown_names(const api::ResourceList& list) {
  std::string out;
  for (const auto& [name, amount] : list) {
    if (!out.empty()) out += ',';
    out += name.view();
  }
  return out;
}

// What is above the limit.
api::ResourceList exceeded(const api::ResourceList& used, const api::ResourceList& hard) {
  api::ResourceList out;
  for (const auto& [name, amount] : used) {
    const api::Quantity* limit = hard.find(name);
    if (limit && amount.cmp(*limit) > 0) out.set(name, amount);
  }
  return out;
}

// More than before, and not nothing (SubtractWithNonNegativeResult, RemoveZeros).
api::ResourceList growth(const api::ResourceList& now, const api::ResourceList& before) {
  api::ResourceList out;
  for (const auto& [name, amount] : now) {
    const api::Quantity* was = before.find(name);
    api::Quantity more = was ? amount - *was : amount;
    if (more.sign() > 0) out.set(name, std::move(more));
  }
  return out;
}

Status forbidden(const api::KindInfo& info, const api::Object& object, std::string_view why) {
  StatusDetails details;
  details.name = object.meta.name.str();
  details.group = info.group.str();
  details.kind = info.resource.str();
  return Status(Reason::kForbidden,
                fmt::format("{} \"{}\" is forbidden: {}", info.group_resource(),
                            object.meta.name.view(), why),
                details);
}

}  // namespace

QuotaAdmission::QuotaAdmission(Env& env, const api::Kinds& kinds, store::Store& store)
    : env_(env), kinds_(kinds), store_(store), kind_(quota_kind(kinds)) {}

QuotaAdmission::~QuotaAdmission() { *alive_ = false; }

// Read at the first question, kept by keep() from then on: what a store loads is told to nobody.
const QuotaAdmission::KeptQuotas* QuotaAdmission::of(Symbol ns) {
  if (!has_read_) {
    has_read_ = true;
    for (const api::ObjectRef& object : store_.table(kind_).sorted()) {
      quotas_[object->meta.namespace_.id()].push_back({object, api::read_quota(*object)});
    }
  }
  const auto it = quotas_.find(ns.id());
  return it == quotas_.end() || it->second.empty() ? nullptr : &it->second;
}

void QuotaAdmission::keep(const store::Change& change) {
  if (!has_read_) return;
  KeptQuotas& all = quotas_[change.now->meta.namespace_.id()];
  const auto at = std::lower_bound(
      all.begin(), all.end(), change.now->meta.name.view(),
      [](const Kept& kept, std::string_view name) { return kept.object->meta.name.view() < name; });
  const bool known = at != all.end() && at->object->meta.name == change.now->meta.name;
  if (change.type == WatchType::kDeleted) {
    if (known) all.erase(at);
    return;
  }
  Kept kept{change.now, api::read_quota(*change.now)};
  if (known) {
    *at = std::move(kept);
  } else {
    all.insert(at, std::move(kept));
  }
}

void QuotaAdmission::charge(api::ObjectRef object, api::ObjectRef old, bool dry_run, Done done) {
  auto charge = std::make_shared<Charge>();
  charge->object = std::move(object);
  charge->old = std::move(old);
  charge->dry_run = dry_run;
  charge->done = std::move(done);
  std::deque<ChargeRef>& line = open_[charge->object->meta.namespace_.id()];
  line.push_back(charge);
  if (line.size() == 1) begin(charge);
}

void QuotaAdmission::begin(const ChargeRef& charge) {
  charge->raises.clear();
  Status status = check(*charge);
  if (!status.ok() || charge->dry_run) return finish(charge, std::move(status));
  raise(charge, 0);
}

void QuotaAdmission::raise(const ChargeRef& charge, std::size_t i) {
  if (i == charge->raises.size()) return finish(charge, Status());
  const Raise& next = charge->raises[i];
  const api::Quota quota = api::read_quota(*next.quota);
  store_.put(api::with_quota_status(*next.quota, quota.hard, next.used),
             next.quota->meta.resource_version,
             [this, alive = alive_, charge, i](Result<api::ObjectRef> put) {
               if (!*alive) return;
               if (put.ok()) {
                 charge->paid.push_back((*put)->meta.name);
                 return raise(charge, i + 1);
               }
               if (++charge->tries >= kTriesMax) return finish(charge, put.status());
               env_.loop.after(kRetryWait, [this, alive, charge] {
                 if (*alive) begin(charge);
               });
             });
}

void QuotaAdmission::finish(const ChargeRef& charge, Status status) {
  const std::uint32_t ns = charge->object->meta.namespace_.id();
  charge->done(std::move(status));
  const auto it = open_.find(ns);
  it->second.pop_front();
  if (it->second.empty()) {
    open_.erase(it);
    return;
  }
  env_.loop.post([this, alive = alive_, next = it->second.front()] {
    if (*alive) begin(next);
  });
}

// Every quota's demands on the object come before any quota's amounts.
Status QuotaAdmission::check(Charge& charge) {
  const KeptQuotas* all = of(charge.object->meta.namespace_);
  if (!all) return Status();
  std::vector<std::pair<const Kept*, api::ResourceList>> counting;
  for (const Kept& kept : *all) {
    api::ResourceList hard;
    RETURN_IF_ERROR(meets(charge, kept, hard));
    if (!hard.empty()) counting.emplace_back(&kept, std::move(hard));
  }
  if (counting.empty()) return Status();
  const api::KindInfo& info = kinds_.info(charge.object->kind);
  api::ResourceList before;
  if (charge.old) before = api::quota_usage(info, *charge.old, env_.now());
  const api::ResourceList usage =
      growth(api::quota_usage(info, *charge.object, env_.now()), before);
  for (const auto& [kept, hard] : counting) {
    const api::ResourceList asked = api::quota_mask(usage, hard);
    if (!asked.empty()) RETURN_IF_ERROR(fits(charge, *kept, asked));
  }
  return Status();
}

Status QuotaAdmission::meets(const Charge& charge, const Kept& kept,
                             api::ResourceList& hard) const {
  const Text& name = kept.object->meta.name;
  const api::Object& object = *charge.object;
  if (std::find(charge.paid.begin(), charge.paid.end(), name) != charge.paid.end()) {
    return Status();
  }
  const api::KindInfo& info = kinds_.info(object.kind);
  if (!api::quota_includes(kept.quota, object)) return Status();
  for (const auto& [resource, amount] : kept.quota.hard) {
    if (api::quota_counts(info, resource.view())) hard.set(resource, amount);
  }
  if (hard.empty()) return Status();
  if (const std::string open = api::quota_unspecified(hard, object); !open.empty()) {
    return forbidden(info, object, fmt::format("failed quota: {}: {}", name.view(), open));
  }
  for (const auto& [resource, amount] : hard) {
    if (kept.quota.used.find(resource)) continue;
    return forbidden(
        info, object,
        fmt::format("status unknown for quota: {}, resources: {}", name.view(), shown_names(hard)));
  }
  return Status();
}

Status QuotaAdmission::fits(Charge& charge, const Kept& kept,
                            const api::ResourceList& asked) const {
  const api::Quota& quota = kept.quota;
  api::ResourceList used = api::quota_sum(quota.used, asked);
  const api::ResourceList over = exceeded(api::quota_mask(used, asked), quota.hard);
  if (over.empty()) {
    charge.raises.push_back({kept.object, std::move(used)});
    return Status();
  }
  return forbidden(kinds_.info(charge.object->kind), *charge.object,
                   fmt::format("exceeded quota: {}, requested: {}, used: {}, limited: {}",
                               kept.object->meta.name.view(), shown(api::quota_mask(asked, over)),
                               shown(api::quota_mask(quota.used, over)),
                               shown(api::quota_mask(quota.hard, over))));
}

}  // namespace orrery::apiserver
