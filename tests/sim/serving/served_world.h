// ServedWorld: a simulated cluster as it stands 2 min after its start, for tests of what real
// clients are shown of it: three pods of a Deployment `web` behind a Service, a headless Service
// `peers` for the same pods, a ConfigMap and a Secret.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "sim/cluster/simulation.h"
#include "sim/scenario/scenario_reader.h"

namespace orrery::sim {

class ServedWorld {
 public:
  ServedWorld() {
    char name[] = "/tmp/served-world-XXXXXX";
    folder_ = ::mkdtemp(name);
    std::ofstream(folder_ / "web.yaml") << kManifests;
    Result<Scenario> scenario = parse_scenario(kScenario, (folder_ / "s.yaml").string(), true);
    if (!scenario.ok()) {
      ADD_FAILURE() << scenario.status().message();
      return;
    }
    run_ = std::make_unique<Simulation>(std::move(*scenario));
    const Status prepared = run_->prepare();
    EXPECT_TRUE(prepared.ok()) << prepared.message();
    run_->run({});
  }
  ~ServedWorld() { std::filesystem::remove_all(folder_); }

  Simulation& run() { return *run_; }
  /// Of Deployment web, by name.
  std::vector<Ref<const api::Pod>> pods() {
    std::vector<Ref<const api::Pod>> out;
    for (const api::ObjectRef& o : run_->store().table(api::KindId::kPod).sorted()) {
      out.push_back(api::as<api::Pod>(o));
    }
    return out;
  }

 private:
  static constexpr const char* kScenario = R"(apiVersion: orrery.dev/v1alpha1
kind: Scenario
metadata: {name: served}
spec:
  until: 2m
  cluster: {nodePools: [{name: n, count: 2, cpu: "4", memory: 8Gi}]}
  manifests: [web.yaml]
  models:
    behaviours:
    - {match: {container: side}, usage: {cpu: 30m, memory: 90Mi}}
)";
  static constexpr const char* kManifests = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: "web:1"
        ports: [{containerPort: 8080}]
        resources: {requests: {cpu: 1000m, memory: 100Mi}}
      - {name: side, image: "side:1"}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: peers}
spec: {clusterIP: None, selector: {app: web}, ports: [{port: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: nobody}
spec: {selector: {app: nobody}, ports: [{port: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data: {a: "1"}
binaryData: {b: aGk=}
---
apiVersion: v1
kind: Secret
metadata: {name: pass}
data: {p: aGk=}
)";

  std::filesystem::path folder_;
  std::unique_ptr<Simulation> run_;
};

}  // namespace orrery::sim
