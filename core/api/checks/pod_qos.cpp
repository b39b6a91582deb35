#include <map>
#include <string>

#include "core/api/checks/checks.h"
#include "core/api/checks/json_view.h"
#include "core/api/values/quantity.h"

namespace orrery::api {
namespace {

using Amounts = std::map<std::string, Quantity>;

// Adds the cpu and memory of one list; returns whether both are there.
bool add_compute(const Json& list, Amounts& sum) {
  int found = 0;
  for (const char* name : {"cpu", "memory"}) {
    const Json* value = member(list, name);
    if (!value) continue;
    const auto* text = value->get_ptr<const std::string*>();
    const Quantity q = Quantity::parse(text ? *text : value->dump()).value_or(Quantity());
    if (q.sign() <= 0) continue;
    sum[name] += q;
    ++found;
  }
  return found == 2;
}

struct Totals {
  Amounts requests, limits;
  bool all_limited = true;

  void add(const Json& resources) {
    add_compute(object(resources, "requests"), requests);
    if (!add_compute(object(resources, "limits"), limits)) all_limited = false;
  }
};

bool equal(const Amounts& a, const Amounts& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [name, value] : a) {
    const auto it = b.find(name);
    if (it == b.end() || it->second.cmp(value) != 0) return false;
  }
  return true;
}

}  // namespace

std::string_view pod_qos_class(const Json& spec) {
  Totals totals;
  const Json& pod = object(spec, "resources");
  if (!object(pod, "requests").empty() || !object(pod, "limits").empty()) {
    totals.add(pod);
  } else {
    for (const char* key : {"containers", "initContainers"}) {
      for (const Json& container : array(spec, key)) totals.add(object(container, "resources"));
    }
  }
  if (totals.requests.empty() && totals.limits.empty()) return "BestEffort";
  if (totals.all_limited && equal(totals.requests, totals.limits)) return "Guaranteed";
  return "Burstable";
}

}  // namespace orrery::api
