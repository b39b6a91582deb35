// Rules of other kinds that the recorded cases do not reach.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/api/checks/checks.h"

namespace orrery::api {
namespace {

using Json = nlohmann::json;

Json with_meta(const char* text) {
  Json object = Json::parse(text);
  Json meta = {{"name", "x"}, {"namespace", "d"}, {"resourceVersion", "1"}};
  if (object.contains("metadata")) meta.merge_patch(object["metadata"]);
  object["metadata"] = meta;
  return object;
}

TEST(MetadataChecks, ApplyToKindsWithoutARow) {
  const Json good = with_meta(R"({"metadata":{"labels":{"a":"b"},"finalizers":["x.y/z"]}})");
  EXPECT_EQ(validate_create("example.com", "Foo", good).message(), "");
  const Json bad = with_meta(R"({"metadata":{"labels":{"a b":"c"}}})");
  EXPECT_EQ(validate_create("example.com", "Foo", bad).list().at(0).field, "metadata.labels");
  Json nameless = good;
  nameless["metadata"].erase("name");
  EXPECT_EQ(validate_create("example.com", "Foo", nameless).message(),
            "metadata.name: Required value: name or generateName is required");
}

TEST(MetadataChecks, NothingThrowsOnObjectsOfAnotherShape) {
  const char* texts[] = {
      R"({"metadata":"x","spec":[]})", R"({"metadata":{"labels":[1]},"spec":"x"})",
      R"({"spec":{"containers":["x",null],"volumes":{"a":1},"affinity":[]}})",
      R"({"spec":{"template":{"spec":{"containers":[{"ports":[1],"env":{}}]}}}})"};
  for (const char* kind : {"Pod", "Service", "Node", "Secret", "PersistentVolume"}) {
    for (const char* text : texts) {
      Json object = Json::parse(text);
      const Json before = object;
      apply_defaults("", kind, object);
      prepare_create("", kind, object);
      EXPECT_FALSE(validate_create("", kind, object).empty());
      prepare_update("", kind, object, before);
      EXPECT_FALSE(validate_update("", kind, before, before).empty());
    }
  }
}

TEST(MetadataChecks, AnnotationsHaveATotalSize) {
  Json object = with_meta("{}");
  object["metadata"]["annotations"] = {{"a", std::string(256 * 1024, 'x')}};
  EXPECT_EQ(validate_create("", "ConfigMap", object).message(),
            "metadata.annotations: Too long: may not be more than 262144 bytes");
}

TEST(MetadataChecks, OnlyOneOwnerIsTheController) {
  const Json object = with_meta(R"({"metadata":{"ownerReferences":[
      {"apiVersion":"v1","kind":"A","name":"a","uid":"1","controller":true},
      {"apiVersion":"v1","kind":"B","name":"b","uid":"2","controller":true}]}})");
  const FieldErrors errors = validate_create("", "ConfigMap", object);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors.list()[0].detail,
            "Only one reference can have Controller set to true. Found \"true\" in references for "
            "A/a and B/b");
}

TEST(MetadataChecks, AnObjectBeingDeletedGetsNoNewFinalizers) {
  const Json old = with_meta(R"({"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"}})");
  Json now = old;
  now["metadata"]["finalizers"] = {"a/b"};
  EXPECT_EQ(validate_update("example.com", "Foo", now, old).message(),
            "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being "
            "deleted, found new finalizers []string{\"a/b\"}");
}

TEST(ServiceFamilies, AreIPv4InThisCluster) {
  Json service = with_meta(R"({"spec":{"selector":{"a":"b"},"clusterIP":"None"}})");
  EXPECT_TRUE(service_ip_families(service).empty());
  EXPECT_EQ(service["spec"]["clusterIPs"], Json::array({"None"}));
  EXPECT_EQ(service["spec"]["ipFamilies"], Json::array({"IPv4"}));
  EXPECT_EQ(service["spec"]["ipFamilyPolicy"], "SingleStack");
  Json external = with_meta(R"({"spec":{"type":"ExternalName","externalName":"a.b"}})");
  EXPECT_TRUE(service_ip_families(external).empty());
  EXPECT_FALSE(external["spec"].contains("ipFamilies"));
}

TEST(ServiceChecks, AClusterIpStaysWhatItIs) {
  Json old = with_meta(R"({"spec":{"type":"ClusterIP","clusterIP":"10.0.0.1",
      "clusterIPs":["10.0.0.1"],"ports":[{"port":80}]}})");
  apply_defaults("", "Service", old);
  Json now = old;
  now["spec"]["clusterIP"] = "10.0.0.2";
  EXPECT_TRUE(service_ip_families(now, &old).empty());
  EXPECT_EQ(validate_update("", "Service", now, old).message(),
            "spec.clusterIPs[0]: Invalid value: [\"10.0.0.2\"]: may not change once set");
}

TEST(DeploymentChecks, AStatusMayNotCountMoreThanItsReplicas) {
  const Json old = with_meta(R"({"status":{"collisionCount":2}})");
  const Json now = with_meta(R"({"status":{"replicas":1,"readyReplicas":2,"collisionCount":1}})");
  EXPECT_EQ(validate_status_update("apps", "Deployment", now, old).message(),
            "[status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas, "
            "status.collisionCount: Invalid value: 1: cannot be decremented]");
}

TEST(JobChecks, CompletionsMayOnlyChangeTogetherWithParallelismWhenIndexed) {
  Json old = with_meta(R"({"spec":{"completions":2,"parallelism":2,"completionMode":"Indexed",
      "template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"n"}]}}}})");
  apply_defaults("batch", "Job", old);
  job_generate_selector(old, "u");
  Json now = old;
  now["spec"]["completions"] = now["spec"]["parallelism"] = 3;
  EXPECT_EQ(validate_update("batch", "Job", now, old).message(), "");
  now["spec"]["parallelism"] = 2;
  EXPECT_EQ(validate_update("batch", "Job", now, old).message(),
            "spec.completions: Invalid value: 3: field is immutable");
}

TEST(ClaimChecks, ABoundClaimMayGrow) {
  Json old = with_meta(R"({"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":
      {"storage":"1Gi"}}},"status":{"phase":"Bound","capacity":{"storage":"1Gi"}}})");
  apply_defaults("", "PersistentVolumeClaim", old);
  Json now = old;
  now["spec"]["resources"]["requests"]["storage"] = "2Gi";
  EXPECT_EQ(validate_update("", "PersistentVolumeClaim", now, old).message(), "");
  now["spec"]["resources"]["requests"]["storage"] = "512Mi";
  EXPECT_EQ(validate_update("", "PersistentVolumeClaim", now, old).message(),
            "spec.resources.requests.storage: Forbidden: field can not be less than "
            "status.capacity");
}

TEST(NamespaceChecks, ThePhaseFollowsTheDeletion) {
  const Json old = Json::parse(R"({"metadata":{"name":"n","resourceVersion":"1"},
                                   "status":{"phase":"Active"}})");
  Json now = old;
  now["status"]["phase"] = "Terminating";
  EXPECT_EQ(validate_status_update("", "Namespace", now, old).message(),
            "status.Phase: Invalid value: \"Terminating\": may only be 'Active' if "
            "`deletionTimestamp` is empty");
}

TEST(PriorityClassChecks, AValueIsForever) {
  const Json old = Json::parse(R"({"metadata":{"name":"p","resourceVersion":"1"},"value":5})");
  Json now = old;
  now["value"] = 6;
  EXPECT_EQ(validate_update("scheduling.k8s.io", "PriorityClass", now, old).message(),
            "Value: Forbidden: may not be changed in an update.");
}

}  // namespace
}  // namespace orrery::api
