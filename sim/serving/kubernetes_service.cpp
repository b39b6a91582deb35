#include "sim/serving/kubernetes_service.h"

#include <nlohmann/json.hpp>

namespace orrery::sim {
namespace {

using nlohmann::json;

void create(apiserver::ApiServer& server, const char* api_version, const char* kind,
            json document) {
  const api::KindInfo* info = server.kinds().find(api_version, kind);
  if (!info) return;
  document["apiVersion"] = api_version;
  document["kind"] = kind;
  Request request;
  request.verb = Verb::kCreate;
  request.kind = info->id;
  request.namespace_ = Symbol("default");
  request.document = api::RawRef(std::move(document));
  server.handle(std::move(request), {});
}

}  // namespace

void create_kubernetes_service(apiserver::ApiServer& server, std::string address,
                               std::uint16_t port) {
  const json labels = {{"component", "apiserver"}, {"provider", "kubernetes"}};
  create(server, "v1", "Service",
         {{"metadata", {{"name", "kubernetes"}, {"labels", labels}}},
          {"spec",
           {{"clusterIP", kKubernetesAddress},
            {"type", "ClusterIP"},
            {"sessionAffinity", "None"},
            {"ports",
             {{{"name", "https"}, {"protocol", "TCP"}, {"port", 443}, {"targetPort", port}}}}}}});
  const json ports = {{{"name", "https"}, {"protocol", "TCP"}, {"port", port}}};
  create(server, "v1", "Endpoints",
         {{"metadata",
           {{"name", "kubernetes"},
            {"labels", {{"endpointslice.kubernetes.io/skip-mirror", "true"}}}}},
          {"subsets", {{{"addresses", {{{"ip", address}}}}, {"ports", ports}}}}});
  create(server, "discovery.k8s.io/v1", "EndpointSlice",
         {{"metadata",
           {{"name", "kubernetes"}, {"labels", {{"kubernetes.io/service-name", "kubernetes"}}}}},
          {"addressType", "IPv4"},
          {"ports", ports},
          {"endpoints",
           {{{"addresses", json::array({address})}, {"conditions", {{"ready", true}}}}}}});
}

}  // namespace orrery::sim
