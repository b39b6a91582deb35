#include "core/apiserver/signing_requests.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace orrery::apiserver {
namespace {

using nlohmann::json;

json conditions_of(const json& document) {
  const json::json_pointer at("/status/conditions");
  return document.contains(at) && document[at].is_array() ? document[at] : json::array();
}

}  // namespace

void stamp_conditions(const api::KindInfo& info, const json& before, Time now_time,
                      json& document) {
  if (!(info.kind == "CertificateSigningRequest")) return;
  json conditions = conditions_of(document);
  if (conditions.empty()) return;
  const json old = conditions_of(before);
  const std::string now = format_rfc3339(truncate_to_second(now_time));
  for (json& condition : conditions) {
    if (!condition.is_object()) return;
    if (!condition.contains("lastUpdateTime")) condition["lastUpdateTime"] = now;
    const auto same = std::find_if(old.begin(), old.end(), [&](const json& o) {
      return o.value("type", json()) == condition.value("type", json()) &&
             o.value("status", json()) == condition.value("status", json());
    });
    if (same != old.end() && same->contains("lastTransitionTime")) {
      condition["lastTransitionTime"] = (*same)["lastTransitionTime"];
    } else if (!condition.contains("lastTransitionTime")) {
      condition["lastTransitionTime"] = now;
    }
  }
  document["status"]["conditions"] = std::move(conditions);
}

}  // namespace orrery::apiserver
