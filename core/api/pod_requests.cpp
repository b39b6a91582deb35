#include "core/api/pod_requests.h"

namespace orrery::api {
namespace {

void add(ResourceList& to, const ResourceList& more) {
  for (const auto& [name, quantity] : more) {
    const Quantity* have = to.find(name);
    to.set(name, have ? *have + quantity : quantity);
  }
}

void raise(ResourceList& to, const ResourceList& least) {
  for (const auto& [name, quantity] : least) {
    const Quantity* have = to.find(name);
    if (!have || have->cmp(quantity) < 0) to.set(name, quantity);
  }
}

}  // namespace

ResourceList pod_requests(const PodSpec& spec) {
  ResourceList total;
  for (const Container& c : spec.containers) add(total, c.resources.requests);
  ResourceList sidecars;  // started so far
  ResourceList init;      // the most that init containers need at once
  for (const Container& c : spec.init_containers) {
    ResourceList at_once = c.resources.requests;
    if (c.restart_policy == "Always") {
      add(total, c.resources.requests);
      add(sidecars, c.resources.requests);
      at_once = sidecars;
    } else {
      add(at_once, sidecars);
    }
    raise(init, at_once);
  }
  raise(total, init);
  if (spec.resources) {
    for (const auto& [name, quantity] : spec.resources->requests) total.set(name, quantity);
  }
  add(total, spec.overhead);
  return total;
}

BasicRequests basic_of(const ResourceList& list) {
  BasicRequests out;
  for (const auto& [name, quantity] : list) {
    if (name == "cpu") out.cpu_milli = quantity.milli_value();
    if (name == "memory") out.memory_bytes = quantity.value();
    if (name == "ephemeral-storage") out.ephemeral_bytes = quantity.value();
  }
  return out;
}

}  // namespace orrery::api
