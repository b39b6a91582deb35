// ApiServer: the eviction subresource: a deletion that asks the PodDisruptionBudgets first
// (registry/core/pod/storage/eviction.go).
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/api/config.h"
#include "core/apiserver/api_server.h"

namespace orrery::apiserver {
namespace {

using Budget = api::PodDisruptionBudget;

Status blocked(const std::string& why, int retry_after_seconds = 0) {
  StatusDetails details;
  details.causes.push_back({"DisruptionBudget", why, ""});
  details.retry_after_seconds = retry_after_seconds;
  return Status(Reason::kTooManyRequests,
                "Cannot evict pod as it would violate the pod's disruption budget.", details);
}

// canIgnorePDB: pods that count for no budget.
bool is_outside_budgets(const api::Pod& pod) {
  return api::is_terminal(pod) || pod.status.phase == "Pending" || pod.meta.is_being_deleted();
}

bool is_free_to_go_unhealthy(const api::Pod& pod, const Budget& budget) {
  if (api::is_ready(pod)) return false;
  const Symbol policy =
      budget.spec.unhealthy_pod_eviction_policy.value_or(Symbol("IfHealthyBudget"));
  if (policy == "AlwaysAllow") return true;
  return budget.status.current_healthy >= budget.status.desired_healthy &&
         budget.status.desired_healthy > 0;
}

// The condition DisruptionAllowed of a budget that has none left.
void note_exhausted(api::PodDisruptionBudgetStatus& status, Time now) {
  static const Symbol kType("DisruptionAllowed"), kFalse("False"), kReason("InsufficientPods");
  auto& all = status.conditions.edit();
  auto it = std::find_if(all.begin(), all.end(),
                         [](const api::MetaCondition& c) { return c.type == kType; });
  if (it == all.end()) it = all.insert(it, {kType, {}, 0, {}, {}, {}});
  if (!(it->status == kFalse)) it->last_transition_time = truncate_to_second(now);
  it->status = kFalse;
  it->reason = kReason;
  it->message = Text();
  it->observed_generation = status.observed_generation;
}

// checkAndDecrement: the budget with one disruption less and this pod on its list.
Result<Ref<Budget>> spend(const Budget& budget, const api::Pod& pod, Time now) {
  const auto name = budget.meta.name.view();
  if (budget.status.observed_generation < budget.meta.generation) {
    return blocked(
        fmt::format("The disruption budget {} is still being processed by the server.", name), 10);
  }
  if (budget.status.disruptions_allowed <= 0) {
    if (budget.status.current_healthy <= budget.status.desired_healthy) {
      return blocked(
          fmt::format("The disruption budget {} needs {} healthy pods and has {} currently", name,
                      budget.status.desired_healthy, budget.status.current_healthy));
    }
    return blocked(
        fmt::format("The disruption budget {} does not allow evicting pods currently", name));
  }
  auto spent = make_ref<Budget>(budget);
  api::PodDisruptionBudgetStatus& status = spent->status;
  --status.disruptions_allowed;
  if (status.disruptions_allowed == 0) note_exhausted(status, now);
  status.disrupted_pods.edit().emplace_back(pod.meta.name, truncate_to_second(now));
  return spent;
}

Response accepted() {
  Response response;
  response.document = api::RawRef({{"kind", "Status"},
                                   {"apiVersion", "v1"},
                                   {"metadata", nlohmann::json::object()},
                                   {"status", "Success"},
                                   {"code", 201}});
  return response;
}

}  // namespace

// Asks the budget of a pod, if there is one, and takes one disruption from it.
Status ApiServer::spend_budget(const api::Pod& pod, bool dry_run) {
  std::vector<Ref<const Budget>> budgets;
  for (const api::ObjectRef& o : store_.table(api::KindId::kPodDisruptionBudget).sorted()) {
    const auto& b = static_cast<const Budget&>(*o);
    if (!(b.meta.namespace_ == pod.meta.namespace_) || !b.spec.selector) continue;
    Result<api::Selector> selector = api::Selector::from(*b.spec.selector);
    if (selector.ok() && selector->matches(*pod.meta.labels)) {
      budgets.push_back(Ref<const Budget>(&b));
    }
  }
  if (budgets.size() > 1) {
    return Status(Reason::kUnknown,
                  "This pod has more than one PodDisruptionBudget, which the eviction subresource "
                  "does not support.");
  }
  if (budgets.empty() || is_free_to_go_unhealthy(pod, *budgets[0])) return Status();
  Result<Ref<Budget>> spent = spend(*budgets[0], pod, env_.now());
  if (!spent.ok()) return spent.status();
  if (!dry_run) {
    track_own_status(*budgets[0], **spent);
    store_.put(*spent, budgets[0]->meta.resource_version, [](Result<api::ObjectRef>) {});
  }
  return Status();
}

void ApiServer::evict(Request& request, Done done) {
  const api::ObjectRef* found = find(request);
  if (request.document) {
    const std::string name = request.document.json().value(
        nlohmann::json::json_pointer("/metadata/name"), request.name.str());
    if (name != request.name.view()) {
      return done(failed(bad_request("name in URL does not match name in Eviction object")));
    }
  }
  if (!found) return done(not_found_response(request));
  const api::ObjectRef held = *found;
  const auto& pod = static_cast<const api::Pod&>(*held);
  if (!is_outside_budgets(pod)) {
    if (Status s = spend_budget(pod, request.dry_run); !s.ok()) return done(failed(std::move(s)));
  }
  done = [done = std::move(done)](Response response) mutable {
    done(response.status.ok() ? accepted() : std::move(response));
  };
  if (request.dry_run) return remove_object(held, request.remove, true, std::move(done));
  mark_and_remove(held, request.remove, std::move(done));
}

// addConditionAndDeletePod: the pod says why it goes.
void ApiServer::mark_and_remove(const api::ObjectRef& old, const DeleteOptions& options,
                                Done done) {
  static const Symbol kTarget("DisruptionTarget"), kTrue("True"), kReason("EvictionByEvictionAPI");
  auto pod = make_ref<api::Pod>(static_cast<const api::Pod&>(*old));
  const bool changed = api::set_condition(pod->status, {kTarget,
                                                        kTrue,
                                                        kReason,
                                                        Text("Eviction API: evicting"),
                                                        {},
                                                        truncate_to_second(env_.now()),
                                                        0});
  if (!changed) return remove_object(old, options, false, std::move(done));
  store_.put(std::move(pod), old->meta.resource_version,
             [this, options, done = std::move(done)](Result<api::ObjectRef> put) mutable {
               if (!put.ok()) return done(failed(put.status()));
               remove_object(*put, options, false, std::move(done));
             });
}

}  // namespace orrery::apiserver
