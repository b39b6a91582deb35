// MetricsApi: metrics.k8s.io/v1beta1 of a simulated cluster: NodeMetrics and PodMetrics, for
// `kubectl top` and autoscalers, from PodUsage. Made by whoever serves the cluster, after the
// Front; it outlives the server's calls.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "core/apiserver/wire/wire_server.h"
#include "core/store/store.h"
#include "sim/serving/pod_usage.h"

namespace orrery::sim {

class MetricsApi {
 public:
  /// All outlive it.
  MetricsApi(Env& env, apiserver::ApiServer& server, const store::Store& store, PodUsage usage);
  /// Adds the group to what the server serves, and its routes.
  void add_to(apiserver::WireServer& wire);

 private:
  void serve(apiserver::WireServer& wire, apiserver::CallRef call, api::KindId kind);
  nlohmann::json document_of(const api::Object& object) const;
  nlohmann::json pod_metrics(const api::Pod& pod) const;
  nlohmann::json node_metrics(const api::Node& node) const;

  Env& env_;
  apiserver::ApiServer& server_;
  const store::Store& store_;
  PodUsage usage_;
};

/// The API table of the group: package, types and resources.
std::shared_ptr<const api::ApiTable> metrics_table();

}  // namespace orrery::sim
