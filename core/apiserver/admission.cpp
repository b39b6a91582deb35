// ApiServer: admission of pods: Priority, DefaultTolerationSeconds, ServiceAccount (name only).
#include <fmt/format.h>

#include <algorithm>

#include "core/api/config.h"
#include "core/apiserver/api_server.h"

namespace orrery::apiserver {
namespace {

constexpr std::int64_t kDefaultTolerationSeconds = 300;

bool tolerates_no_execute(const api::PodSpec& spec, std::string_view key) {
  return std::any_of(spec.tolerations.begin(), spec.tolerations.end(),
                     [&](const api::Toleration& t) {
                       return (t.key == key || t.key.empty()) &&
                              (t.effect == "NoExecute" || t.effect.empty());
                     });
}

// plugin DefaultTolerationSeconds.
void tolerate_lost_nodes(api::Pod& pod) {
  for (const char* key : {"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"}) {
    if (tolerates_no_execute(*pod.spec, key)) continue;
    pod.spec.edit().tolerations.edit().push_back({Symbol(key), Symbol("Exists"), Symbol(),
                                                  Symbol("NoExecute"), kDefaultTolerationSeconds});
  }
}

}  // namespace

Status ApiServer::admit_pod(api::Pod& pod) {
  // plugin Priority: the class by name, or the global default, or zero.
  const api::PriorityClass* found = nullptr;
  const Symbol wanted = pod.spec->priority_class_name;
  if (!wanted.empty()) {
    const api::ObjectRef* named =
        store_.find(api::KindId::kPriorityClass, Symbol(), wanted.view());
    if (!named) {
      return Status(Reason::kForbidden,
                    fmt::format("pods \"{}\" is forbidden: no PriorityClass with name {} was found",
                                pod.meta.name.view(), wanted.view()));
    }
    found = static_cast<const api::PriorityClass*>(named->get());
  } else {
    store_.table(api::KindId::kPriorityClass).for_each([&](const api::ObjectRef& o) {
      const auto& c = static_cast<const api::PriorityClass&>(*o);
      // Of several global defaults the lowest value wins.
      if (c.global_default && (!found || c.value < found->value)) found = &c;
    });
  }
  const std::int32_t priority = found ? found->value : 0;
  if (pod.spec->priority && *pod.spec->priority != priority) {
    return Status(Reason::kForbidden,
                  fmt::format("pods \"{}\" is forbidden: the integer value of priority ({}) must not "
                              "be provided in pod spec; priority admission controller computed {} "
                              "from the given PriorityClass name",
                              pod.meta.name.view(), *pod.spec->priority, priority));
  }
  api::PodSpec& spec = pod.spec.edit();
  spec.priority = priority;
  if (found) spec.priority_class_name = Symbol(found->meta.name.view());
  if (spec.preemption_policy.empty()) {
    spec.preemption_policy = found && found->preemption_policy ? *found->preemption_policy
                                                               : Symbol("PreemptLowerPriority");
  }
  if (spec.service_account_name.empty()) spec.service_account_name = Symbol("default");
  tolerate_lost_nodes(pod);
  return Status();
}

}  // namespace orrery::apiserver
