// ApiServer: what the registry of CertificateSigningRequests adds to a status or an approval.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/apiserver/api_server.h"
#include "core/base/time.h"

namespace orrery::apiserver {
namespace {

using nlohmann::json;

json conditions_of(const json& document) {
  const json::json_pointer at("/status/conditions");
  return document.contains(at) && document[at].is_array() ? document[at] : json::array();
}

}  // namespace

// populateConditionTimestamps: lastUpdateTime where it is missing, lastTransitionTime when the
// status is another than before.
void ApiServer::stamp_conditions(const Request& request, const json& before,
                                 json& document) const {
  if (!(kinds_.info(request.kind).kind == "CertificateSigningRequest")) return;
  json conditions = conditions_of(document);
  if (conditions.empty()) return;
  const json old = conditions_of(before);
  const std::string now = format_rfc3339(truncate_to_second(env_.now()));
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
