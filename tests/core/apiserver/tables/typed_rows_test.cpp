// Typed objects and their documents must give the same table, byte for byte after parsing.
#include "core/apiserver/tables/typed_rows.h"

#include <nlohmann/json.hpp>

#include "core/api/object_codec.h"
#include "tests/core/apiserver/tables/printed.h"

namespace orrery::test {
namespace {

using apiserver::IncludeObject;
using apiserver::TableOptions;
using apiserver::TablePrinter;
using apiserver::TableWriter;
using nlohmann::json;

constexpr std::string_view kObjects[] = {
    R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"d","generateName":"p-",
      "uid":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","resourceVersion":"12","generation":3,
      "creationTimestamp":"2025-12-31T23:00:00Z","deletionTimestamp":"2026-01-01T00:00:30Z",
      "deletionGracePeriodSeconds":30,"labels":{"b":"2","a":"\"q\""},"annotations":{"n":"x\ny"},
      "finalizers":["f/g","h"],"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet",
        "name":"r","uid":"3f2504e0-4f89-41d3-9a0c-0305e82c3302","controller":true,
        "blockOwnerDeletion":false}],
      "managedFields":[{"manager":"m","operation":"Update","apiVersion":"v1",
        "fieldsType":"FieldsV1","fieldsV1":{"f:spec":{}}}]},
      "spec":{"nodeName":"n1","containers":[{"name":"c","image":"i"}],
        "initContainers":[{"name":"s","image":"i","restartPolicy":"Always"}],
        "readinessGates":[{"conditionType":"g"}]},
      "status":{"phase":"Running","podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"}],
        "nominatedNodeName":"n2","conditions":[{"type":"g","status":"True"},
          {"type":"Ready","status":"True"}],
        "initContainerStatuses":[{"name":"s","image":"i","imageID":"","ready":true,"started":true,
          "restartCount":1,"state":{"running":{"startedAt":"2025-12-31T23:10:00Z"}},
          "lastState":{"terminated":{"exitCode":1,"finishedAt":"2025-12-31T23:09:00Z",
            "startedAt":"2025-12-31T23:01:00Z"}}}],
        "containerStatuses":[{"name":"c","image":"i","imageID":"","ready":true,"restartCount":2,
          "state":{"running":{"startedAt":"2025-12-31T23:10:00Z"}},
          "lastState":{"terminated":{"exitCode":1,"finishedAt":"2025-12-31T23:09:30Z",
            "startedAt":"2025-12-31T23:01:00Z"}}}]}})",
    R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"d"},
      "spec":{"containers":[{"name":"c","image":"i"}],"initContainers":[{"name":"i"}]},
      "status":{"phase":"Pending","reason":"R","conditions":[{"type":"Initialized","status":"False"}],
        "initContainerStatuses":[{"name":"i","image":"","imageID":"","ready":false,"restartCount":4,
          "state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}})",
    R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"d"},
      "spec":{"containers":[{"name":"c","image":"i"}]},
      "status":{"phase":"Failed","containerStatuses":[{"name":"c","image":"","imageID":"",
        "ready":false,"restartCount":0,"state":{"terminated":{"exitCode":137,"signal":9}}}]}})",
    R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"n","labels":{
        "node-role.kubernetes.io/control-plane":"","kubernetes.io/role":"edge"},
        "creationTimestamp":"2025-12-01T00:00:00Z"},"spec":{"unschedulable":true},
      "status":{"conditions":[{"type":"Ready","status":"False"}],
        "addresses":[{"type":"InternalIP","address":"1.1.1.1"}],
        "nodeInfo":{"kubeletVersion":"v1.36.2","osImage":"o","kernelVersion":"k",
          "containerRuntimeVersion":"c","architecture":"amd64","bootID":"","machineID":"",
          "kubeProxyVersion":"","operatingSystem":"linux","systemUUID":""}}})",
    R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s","namespace":"d",
        "creationTimestamp":"2025-12-31T00:00:00Z"},
      "spec":{"type":"LoadBalancer","clusterIP":"10.96.0.1","clusterIPs":["10.96.0.1"],
        "externalIPs":["1.2.3.4"],"selector":{"b":"c","a":"b"},
        "ports":[{"port":80,"nodePort":30080,"protocol":"TCP","targetPort":80}]},
      "status":{"loadBalancer":{"ingress":[{"ip":"9.9.9.9"}]}}})",
    R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s","namespace":"d"},
      "spec":{"type":"ExternalName","externalName":"a.b"}})",
    R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"x","namespace":"d",
        "creationTimestamp":"2025-12-31T00:00:00Z"},
      "spec":{"replicas":3,"selector":{"matchLabels":{"a":"b"},
          "matchExpressions":[{"key":"k","operator":"Exists"}]},
        "template":{"metadata":{},"spec":{"containers":[{"name":"c","image":"i"},
          {"name":"d","image":"j"}]}}},
      "status":{"replicas":4,"readyReplicas":2,"updatedReplicas":1,"availableReplicas":2}})",
    R"({"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"x","namespace":"d"},
      "spec":{"replicas":3,"selector":{"matchLabels":{"a":"b"}},
        "template":{"spec":{"containers":[{"name":"c","image":"i"}]}}},
      "status":{"replicas":2,"readyReplicas":1}})",
    R"({"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"x","namespace":"d"},
      "spec":{"selector":{}},"status":{"replicas":0}})",
};

class TypedRows : public ::testing::TestWithParam<IncludeObject> {};

TEST_P(TypedRows, AreThoseOfTheirDocuments) {
  const api::Kinds kinds;
  for (const std::string_view text : kObjects) {
    const json document = json::parse(text);
    const Result<Ref<api::Object>> object = api::decode_object(kinds, document);
    ASSERT_TRUE(object.ok()) << object.status().message();
    const json encoded = api::encode_object(kinds, **object);
    const TablePrinter printer(*table().find_kind(document["apiVersion"].get<std::string>(),
                                                  document["kind"].get<std::string>()));
    const TableOptions options{.include = GetParam(), .now = kNow};
    TableWriter typed(printer, options, {});
    ASSERT_TRUE(typed.add(**object, encoded.dump()));
    TableWriter generic(printer, options, {});
    generic.add(encoded);
    const json out = json::parse(typed.finish());
    EXPECT_EQ(out, json::parse(generic.finish())) << text;
    EXPECT_EQ(out["rows"].size(), 1u);
  }
}

INSTANTIATE_TEST_SUITE_P(Include, TypedRows,
                         ::testing::Values(IncludeObject::kMetadata, IncludeObject::kObject,
                                           IncludeObject::kNone));

TEST(TypedRows, AreRefusedWhereADocumentIsNeeded) {
  const api::Kinds kinds;
  const TablePrinter printer(*table().find_kind("v1", "Pod"));
  const auto pod = api::decode_object(kinds, json::parse(kObjects[0]));
  ASSERT_TRUE(pod.ok());
  TableWriter whole(printer, {.include = IncludeObject::kObject, .now = kNow}, {});
  EXPECT_FALSE(whole.add(**pod)) << "the whole object, but no text of it";
  const auto map = api::decode_object(
      kinds, json::parse(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}})"));
  ASSERT_TRUE(map.ok());
  TableWriter metadata(printer, {.now = kNow}, {});
  EXPECT_FALSE(metadata.add(**map)) << "config maps have no typed row";
  EXPECT_EQ(json::parse(metadata.finish())["rows"], json::array());
}

}  // namespace
}  // namespace orrery::test
