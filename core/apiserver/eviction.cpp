// ApiServer: the eviction subresource: a deletion that asks the PodDisruptionBudgets first
// (registry/core/pod/storage/eviction.go).
#include <fmt/format.h>

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

// checkAndDecrement: the budget with one disruption less and this pod on its list.
Result<Ref<Budget>> spend(const Budget& budget, const api::Pod& pod, Time now) {
  const auto name = budget.meta.name.view();
  if (budget.status.observed_generation < budget.meta.generation) {
    return blocked(
        fmt::format("The disruption budget {} is still being processed by the server.", name), 10);
  }
  if (budget.status.disruptions_allowed <= 0) {
    if (budget.status.current_healthy <= budget.status.desired_healthy) {
      return blocked(fmt::format("The disruption budget {} needs {} healthy pods and has {} currently",
                                 name, budget.status.desired_healthy,
                                 budget.status.current_healthy));
    }
    return blocked(
        fmt::format("The disruption budget {} does not allow evicting pods currently", name));
  }
  auto spent = make_ref<Budget>(budget);
  --spent->status.disruptions_allowed;
  spent->status.disrupted_pods.edit().emplace_back(pod.meta.name, truncate_to_second(now));
  return spent;
}

}  // namespace

void ApiServer::evict(Request& request, Done done) {
  const api::ObjectRef* found = find(request);
  if (!found) return done(not_found_response(request));
  const api::ObjectRef held = *found;
  const auto& pod = static_cast<const api::Pod&>(*held);
  auto answer = [done = std::move(done)](Response response) mutable {
    if (response.status.ok()) {
      response.document = api::RawRef({{"kind", "Status"},
                                       {"apiVersion", "v1"},
                                       {"metadata", nlohmann::json::object()},
                                       {"status", "Success"},
                                       {"code", 201}});
    }
    done(std::move(response));
  };
  if (!is_outside_budgets(pod)) {
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
      return answer(failed(internal_error(
          "This pod has more than one PodDisruptionBudget, which the eviction subresource does not "
          "support.")));
    }
    if (budgets.size() == 1 && !is_free_to_go_unhealthy(pod, *budgets[0])) {
      Result<Ref<Budget>> spent = spend(*budgets[0], pod, env_.now());
      if (!spent.ok()) return answer(failed(spent.status()));
      if (!request.dry_run) {
        store_.put(*spent, budgets[0]->meta.resource_version, [](Result<api::ObjectRef>) {});
      }
    }
  }
  remove_object(held, request.remove, request.dry_run, std::move(answer));
}

}  // namespace orrery::apiserver
