#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/api/checks/checks.h"

namespace orrery::api {
namespace {

using Json = nlohmann::json;

Json pod_with(const char* containers) {
  return {{"metadata", {{"name", "p"}, {"namespace", "d"}}},
          {"spec", {{"containers", Json::parse(containers)}}}};
}

TEST(Defaults, RequestsOfAPodComeFromItsLimitsButNotThoseOfATemplate) {
  Json pod = pod_with(R"([{"name":"c","image":"n","resources":{"limits":{"cpu":"0.5"}}}])");
  Json pod_template = {{"spec", pod["spec"]}};
  apply_defaults("", "Pod", pod);
  EXPECT_EQ(pod["spec"]["containers"][0]["resources"],
            Json::parse(R"({"limits":{"cpu":"500m"},"requests":{"cpu":"500m"}})"));
  EXPECT_EQ(pod["spec"]["enableServiceLinks"], true);
  default_pod_template(pod_template);
  EXPECT_FALSE(pod_template["spec"]["containers"][0]["resources"].contains("requests"));
  EXPECT_FALSE(pod_template["spec"].contains("enableServiceLinks"));
}

TEST(Defaults, QuantitiesAreRoundedUpToMilli) {
  Json pod = pod_with(
      R"([{"name":"c","image":"n","resources":{"requests":{"cpu":"100500u","memory":1024}}}])");
  apply_defaults("", "Pod", pod);
  EXPECT_EQ(pod["spec"]["containers"][0]["resources"]["requests"],
            Json::parse(R"({"cpu":"101m","memory":"1024"})"));
}

TEST(Defaults, HostPortsFollowContainerPortsInTheHostNetwork) {
  Json pod = pod_with(R"([{"name":"c","image":"n","ports":[{"containerPort":80}]}])");
  pod["spec"]["hostNetwork"] = true;
  apply_defaults("", "Pod", pod);
  EXPECT_EQ(pod["spec"]["containers"][0]["ports"][0]["hostPort"], 80);
}

TEST(Defaults, PodRequestsAreWhatTheContainersNeedWhenThePodHasLimits) {
  Json pod = pod_with(R"([{"name":"a","image":"n","resources":{"requests":{"cpu":"1"}}},
                          {"name":"b","image":"n","resources":{"requests":{"cpu":"500m"}}}])");
  pod["spec"]["resources"] = {{"limits", {{"cpu", "4"}, {"memory", "1Gi"}}}};
  apply_defaults("", "Pod", pod);
  EXPECT_EQ(pod["spec"]["resources"]["requests"], Json::parse(R"({"cpu":"1500m","memory":"1Gi"})"));
}

TEST(Defaults, ADeploymentKeepsWhatItsStrategyNames) {
  Json deployment = {{"spec", {{"strategy", {{"rollingUpdate", {{"maxSurge", 2}}}}}}}};
  apply_defaults("apps", "Deployment", deployment);
  EXPECT_EQ(deployment["spec"]["strategy"],
            Json::parse(R"({"type":"RollingUpdate","rollingUpdate":{"maxSurge":2,
                            "maxUnavailable":"25%"}})"));
  Json recreate = {{"spec", {{"strategy", {{"type", "Recreate"}}}}}};
  apply_defaults("apps", "Deployment", recreate);
  EXPECT_FALSE(recreate["spec"]["strategy"].contains("rollingUpdate"));
}

TEST(Defaults, StringDataOfASecretBecomesData) {
  Json secret = {{"stringData", {{"a", "p"}, {"b", "abc"}, {"c", "abcd"}}}};
  apply_defaults("", "Secret", secret);
  EXPECT_EQ(secret["data"], Json::parse(R"({"a":"cA==","b":"YWJj","c":"YWJjZA=="})"));
  EXPECT_FALSE(secret.contains("stringData"));
  EXPECT_EQ(secret["type"], "Opaque");
}

TEST(Defaults, LeaveUnknownKindsAlone) {
  Json object = {{"metadata", {{"name", "x"}}}, {"spec", {{"n", 1}}}};
  const Json before = object;
  apply_defaults("example.com", "Foo", object);
  EXPECT_EQ(object, before);
}

TEST(JobSelector, IsGeneratedUnlessManual) {
  Json job = {{"metadata", {{"name", "j"}}}, {"spec", Json::object()}};
  Json manual = job;
  manual["spec"]["manualSelector"] = true;
  job_generate_selector(job, "u1");
  EXPECT_EQ(job["spec"]["selector"]["matchLabels"],
            Json::parse(R"({"batch.kubernetes.io/controller-uid":"u1"})"));
  EXPECT_EQ(job["spec"]["template"]["metadata"]["labels"].size(), 4u);
  job_generate_selector(manual, "u1");
  EXPECT_FALSE(manual["spec"].contains("selector"));
}

struct QosCase {
  const char* resources;
  const char* qos;
};

TEST(PodQos, FollowsRequestsAndLimits) {
  const QosCase cases[] = {
      {R"({})", "BestEffort"},
      {R"({"requests":{"cpu":"1"}})", "Burstable"},
      {R"({"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"1","memory":"1Gi"}})",
       "Guaranteed"},
      {R"({"limits":{"cpu":"1000m","memory":"1024Mi"},"requests":{"cpu":"1","memory":"1Gi"}})",
       "Guaranteed"},
      {R"({"limits":{"cpu":"2","memory":"1Gi"},"requests":{"cpu":"1","memory":"1Gi"}})",
       "Burstable"},
      {R"({"limits":{"cpu":"0"},"requests":{"cpu":"0"}})", "BestEffort"},
  };
  for (const QosCase& c : cases) {
    const Json spec = {{"containers", {{{"name", "c"}, {"resources", Json::parse(c.resources)}}}}};
    EXPECT_EQ(pod_qos_class(spec), c.qos) << c.resources;
  }
}

TEST(PrepareCreate, EmptiesTheStatusAndCountsFromOne) {
  Json deployment = {{"spec", Json::object()}, {"status", {{"replicas", 7}}}};
  prepare_create("apps", "Deployment", deployment);
  EXPECT_EQ(deployment["status"], Json::object());
  EXPECT_EQ(deployment["metadata"]["generation"], 1);
  Json pod = pod_with(R"([{"name":"c","image":"n"}])");
  prepare_create("", "Pod", pod);
  EXPECT_EQ(pod["status"], Json::parse(R"({"phase":"Pending","qosClass":"BestEffort"})"));
}

TEST(PrepareUpdate, KeepsTheOldStatusAndRaisesTheGenerationWithTheSpec) {
  const Json old = {{"metadata", {{"generation", 4}, {"name", "d"}}},
                    {"spec", {{"replicas", 1}}},
                    {"status", {{"replicas", 1}}}};
  Json same_spec = old;
  same_spec["metadata"]["labels"] = {{"a", "b"}};
  same_spec["status"] = {{"replicas", 9}};
  prepare_update("apps", "Deployment", same_spec, old);
  EXPECT_EQ(same_spec["metadata"]["generation"], 4);
  EXPECT_EQ(same_spec["status"], old["status"]);
  Json scaled = old;
  scaled["spec"]["replicas"] = 2;
  prepare_update("apps", "Deployment", scaled, old);
  EXPECT_EQ(scaled["metadata"]["generation"], 5);
}

TEST(PrepareStatusUpdate, KeepsTheOldSpec) {
  const Json old = {{"metadata", {{"generation", 2}}}, {"spec", {{"replicas", 1}}}};
  Json now = {{"metadata", {{"generation", 2}}},
              {"spec", {{"replicas", 5}}},
              {"status", {{"replicas", 1}}}};
  prepare_status_update("apps", "Deployment", now, old);
  EXPECT_EQ(now["spec"]["replicas"], 1);
  EXPECT_EQ(now["status"]["replicas"], 1);
}

}  // namespace
}  // namespace orrery::api
