// QuotaAdmission: the plugin ResourceQuota: what a new or grown object uses is held against every
// quota of its namespace, and raised in their status before the object is written. The API server
// calls it last, for what passed all other checks; that usage falls again is the work of the
// resourcequota controller.
//
//     charge -> check all quotas -> raise status.used of each -> done -> (the object is written)
#pragma once

#include <deque>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/api/kind_registry.h"
#include "core/api/quota.h"
#include "core/runtime/env.h"
#include "core/store/store.h"

namespace orrery::apiserver {

class QuotaAdmission {
 public:
  using Done = Callback<void(Status)>;

  QuotaAdmission(Env& env, const api::Kinds& kinds, store::Store& store);
  ~QuotaAdmission();

  /// Is there a quota in this namespace? Without any, nothing else of this class is needed.
  bool limits(Symbol ns) {
    return kind_ != api::KindId::kNone && !store_.table(kind_).empty() && of(ns) != nullptr;
  }
  /// Charges for `object`, less what `old` (of an update; may be null) was charged for. Forbidden,
  /// in upstream's words, if a quota does not allow it; then nothing is raised. A dry run only
  /// asks. Charges of one namespace are made one after the other.
  void charge(api::ObjectRef object, api::ObjectRef old, bool dry_run, Done done);
  /// Every stored change.
  void follow(const store::Change& change) {
    if (change.now->kind == kind_) keep(change);
  }

 private:
  static constexpr int kTriesMax = 3;  // of raising a status that others write too
  static constexpr Duration kRetryWait = 10ms;

  struct Kept {
    api::ObjectRef object;
    api::Quota quota;
  };
  using KeptQuotas = std::vector<Kept>;  // by name
  struct Raise {
    api::ObjectRef quota;
    api::ResourceList used;
  };
  struct Charge {
    api::ObjectRef object, old;
    bool dry_run = false;
    Done done;
    std::vector<Text> paid;  // quotas that were raised before another one was in conflict
    std::vector<Raise> raises;
    int tries = 0;
  };
  using ChargeRef = std::shared_ptr<Charge>;

  const KeptQuotas* of(Symbol ns);
  void keep(const store::Change& change);
  void begin(const ChargeRef& charge);
  void raise(const ChargeRef& charge, std::size_t i);
  void finish(const ChargeRef& charge, Status status);
  /// Fills charge.raises, or says which quota does not allow it.
  Status check(Charge& charge);
  /// Does the quota count this object, and is all there that it needs for that? `hard`: the limits
  /// that count; empty if none does.
  Status meets(const Charge& charge, const Kept& kept, api::ResourceList& hard) const;
  /// Room for `asked` in the quota.
  Status fits(Charge& charge, const Kept& kept, const api::ResourceList& asked) const;

  Env& env_;
  const api::Kinds& kinds_;
  store::Store& store_;
  const api::KindId kind_;  // ResourceQuota; kNone if the cluster has no such kind
  bool has_read_ = false;
  // By namespace; lookup only.
  std::unordered_map<std::uint32_t, KeptQuotas> quotas_;
  std::unordered_map<std::uint32_t, std::deque<ChargeRef>> open_;  // the first one is under way
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace orrery::apiserver
