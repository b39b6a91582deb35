#include "core/scheduler/plugins/dynamic_resources.h"

#include <nlohmann/json.hpp>

#include "core/scheduler/framework.h"

namespace orrery::scheduler {
namespace {

using nlohmann::json;

const json* array_in(const api::RawRef& raw, const char* key) {
  if (!raw || !raw.json().is_object()) return nullptr;
  const auto it = raw.json().find(key);
  return it != raw.json().end() && it->is_array() && !it->empty() ? &*it : nullptr;
}

const json* claims_of(const api::Pod& pod) {
  return pod.spec ? array_in(pod.spec->extra, "resourceClaims") : nullptr;
}

std::string text(const json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

Verdict wait_for(const std::string& why) {
  return {Code::kUnschedulableAndUnresolvable, {Symbol(why)}};
}

/// The claim that was made from a template for this entry; absent: none was needed.
Verdict check_generated(const api::Pod& pod, const std::string& entry, std::string& claim) {
  const json* made = array_in(pod.status.extra, "resourceClaimStatuses");
  for (const json& status : made ? *made : json::array()) {
    if (text(status, "name") != entry) continue;
    claim = text(status, "resourceClaimName");
    return {};
  }
  return wait_for("pod \"" + api::key_of(pod) + "\": ResourceClaim not created yet");
}

Verdict check_claims(const api::Pod& pod) {
  const json* claims = claims_of(pod);
  if (!claims) return {};
  for (const json& entry : *claims) {
    std::string claim = text(entry, "resourceClaimName");
    if (claim.empty()) {
      Verdict verdict = check_generated(pod, text(entry, "name"), claim);
      if (!verdict.ok()) return verdict;
    }
    if (!claim.empty()) {
      return wait_for("resourceclaim.resource.k8s.io \"" + claim + "\" not found");
    }
  }
  return {};
}

}  // namespace

Verdict DynamicResources::pre_enqueue(const api::Pod& pod) const { return check_claims(pod); }

Verdict DynamicResources::pre_filter(CycleState&, const api::Pod& pod, NodeNames&) {
  Verdict verdict = check_claims(pod);
  if (verdict.ok()) verdict.code = Code::kSkip;
  return verdict;
}

PostFilterPlugin::Outcome DynamicResources::post_filter(const Ref<const api::Pod>& pod,
                                                        const FailedCycle& cycle) {
  static const Symbol kNoClaims{"no new claims to deallocate"};
  static const Symbol kNoState{"not found"};
  // Upstream misses what its PreFilter would have noted if a plugin before it turned the pod down.
  if (cycle.removable.empty()) {
    CycleState state;
    NodeNames names;
    std::uint64_t narrowed_by = 0;
    const Verdict verdict = cycle.framework.run_pre_filter(state, *pod, names, narrowed_by);
    if (!verdict.ok() && verdict.plugin < cycle.framework.find(name())) {
      return {{Code::kError, {kNoState}}, {}};
    }
  }
  return {{Code::kUnschedulable, {kNoClaims}}, {}};
}

}  // namespace orrery::scheduler
