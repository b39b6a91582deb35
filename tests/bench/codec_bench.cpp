#include "tests/bench/codec_bench.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/api/object_codec.h"
#include "core/api/pod.h"
#include "core/base/check.h"
#include "tests/bench/measure.h"

namespace orrery::bench {
namespace {

constexpr std::string_view kPod = R"({
  "apiVersion": "v1", "kind": "Pod",
  "metadata": {"name": "web-5d78c9869d-x7k2p", "generateName": "web-5d78c9869d-",
    "namespace": "default", "uid": "0d9b4c1e-6a55-4f0e-9c57-2f8d4d3b7a10",
    "resourceVersion": "1234", "creationTimestamp": "2026-01-01T00:00:01Z",
    "labels": {"app": "web", "pod-template-hash": "5d78c9869d"},
    "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-5d78c9869d",
      "uid": "7c0a7f52-8f0e-4d8e-8f6e-4f1f0c2d9b11", "controller": true,
      "blockOwnerDeletion": true}]},
  "spec": {"nodeName": "node-17", "restartPolicy": "Always", "dnsPolicy": "ClusterFirst",
    "terminationGracePeriodSeconds": 30, "schedulerName": "default-scheduler",
    "containers": [{"name": "app", "image": "registry.example/app:1",
      "imagePullPolicy": "IfNotPresent", "ports": [{"containerPort": 8080, "protocol": "TCP"}],
      "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "1Gi"}},
      "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080, "scheme": "HTTP"},
        "periodSeconds": 10, "timeoutSeconds": 1, "successThreshold": 1, "failureThreshold": 3}}],
    "tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists",
      "effect": "NoExecute", "tolerationSeconds": 300}]},
  "status": {"phase": "Running", "podIP": "10.1.2.3", "startTime": "2026-01-01T00:00:01Z",
    "conditions": [
      {"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:04Z"},
      {"type": "PodScheduled", "status": "True", "lastTransitionTime": "2026-01-01T00:00:01Z"}],
    "containerStatuses": [{"name": "app", "image": "registry.example/app:1", "imageID": "",
      "ready": true, "started": true, "restartCount": 0,
      "state": {"running": {"startedAt": "2026-01-01T00:00:03Z"}}}]}})";

void print_bytes(std::string_view name, std::size_t pods, std::size_t bytes) {
  fmt::print("{{\"bench\":\"{}\",\"pods\":{},\"bytes_per_pod\":{}}}\n", name, pods, bytes / pods);
}

Ref<api::Object> decode(const api::Kinds& kinds, std::string_view text) {
  Result<Ref<api::Object>> object =
      api::decode_object(kinds, nlohmann::json::parse(text, nullptr, false));
  CHECK(object.ok());
  return std::move(*object);
}

}  // namespace

void bench_codec(std::size_t pods) {
  const api::Kinds kinds;
  const Ref<api::Object> first = decode(kinds, kPod);  // names are interned from here on
  const std::string text = api::encode_object(kinds, *first).dump();
  std::vector<api::ObjectRef> objects(pods);
  const std::size_t before = heap_bytes();
  measure("codec.pod_decode", pods, [&](std::size_t i) { objects[i] = decode(kinds, text); });
  print_bytes("codec.pod_memory", pods, heap_bytes() - before);
  std::size_t written = 0;
  measure("codec.pod_encode", pods,
          [&](std::size_t i) { written += api::encode_object(kinds, *objects[i]).dump().size(); });
  CHECK(written == pods * text.size());
  fmt::print("{{\"bench\":\"codec.pod_text\",\"bytes_per_pod\":{}}}\n", text.size());
  std::vector<api::ObjectRef> copies(pods);
  const std::size_t shared = heap_bytes();
  for (api::ObjectRef& copy : copies) {
    copy = make_ref<api::Pod>(static_cast<const api::Pod&>(*first));
  }
  print_bytes("codec.pod_copy_memory", pods, heap_bytes() - shared);
}

}  // namespace orrery::bench
