// Pod rules that the recorded cases do not reach.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/api/checks/checks.h"

namespace orrery::api {
namespace {

using Json = nlohmann::json;

// A defaulted pod after `patch` (merge patch).
Json pod_after(const char* patch) {
  Json pod =
      Json::parse(R"({"metadata":{"name":"p","namespace":"d","uid":"u","resourceVersion":"1"},
      "spec":{"serviceAccountName":"default","containers":[{"name":"c","image":"nginx"}]}})");
  pod.merge_patch(Json::parse(patch));
  apply_defaults("", "Pod", pod);
  return pod;
}

struct PodCase {
  const char* patch;
  const char* message;
};

TEST(PodChecks, SayWhatIsWrongWithASpec) {
  const PodCase cases[] = {
      {R"({})", ""},
      {R"({"spec":{"containers":[{"name":"c","image":"n"},{"name":"c","image":"n"}]}})",
       "spec.containers[1].name: Duplicate value: \"c\""},
      {R"({"spec":{"restartPolicy":"X"}})",
       "spec.restartPolicy: Unsupported value: \"X\": supported values: \"Always\", \"OnFailure\", "
       "\"Never\""},
      {R"({"spec":{"hostNetwork":true,"containers":[{"name":"c","image":"n",
          "ports":[{"containerPort":80,"hostPort":81}]}]}})",
       "spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when "
       "`hostNetwork` is true"},
      {R"({"spec":{"initContainers":[{"name":"c","image":"n"}]}})",
       "spec.initContainers[0].name: Duplicate value: \"c\""},
      {R"({"spec":{"containers":[{"name":"c","image":"n","livenessProbe":{"exec":{},
          "successThreshold":2}}]}})",
       "[spec.containers[0].livenessProbe.exec.command: Required value, "
       "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1]"},
      {R"({"spec":{"containers":[{"name":"c","image":"n","env":[{"name":"A","valueFrom":
          {"resourceFieldRef":{"resource":"limits.cpu","divisor":"2"}}}]}]}})",
       "spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "
       "\"limits.cpu\": only divisor's values 1m and 1 are supported with the cpu resource"},
      {R"({"spec":{"dnsConfig":{"nameservers":["1.1.1.1","2.2.2.2","3.3.3.3","x"]}}})",
       "[spec.dnsConfig.nameservers: Invalid value: [\"1.1.1.1\",\"2.2.2.2\",\"3.3.3.3\",\"x\"]: "
       "must not have more than 3 nameservers, spec.dnsConfig.nameservers[3]: Invalid value: "
       "\"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)]"},
      {R"({"spec":{"hostAliases":[{"ip":"x","hostnames":["a b"]}]}})", nullptr},
      {R"({"metadata":{"annotations":{"controller.kubernetes.io/pod-deletion-cost":"+1"}}})",
       "metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: \"+1\": "
       "must be a 32bit integer"},
      {R"({"spec":{"securityContext":{"seccompProfile":{"type":"Localhost"}}}})",
       "spec.securityContext.seccompProfile.localhostProfile: Required value: must be set when "
       "seccomp type is Localhost"},
      {R"({"spec":{"containers":[{"name":"c","image":"n","resources":{"requests":
          {"hugepages-2Mi":"3Mi","cpu":"1"},"limits":{"hugepages-2Mi":"3Mi"}}}]}})",
       nullptr},
  };
  for (const PodCase& c : cases) {
    const std::string message = validate_create("", "Pod", pod_after(c.patch)).message();
    if (c.message) {
      EXPECT_EQ(message, c.message) << c.patch;
    } else {
      EXPECT_NE(message, "") << c.patch;
    }
  }
}

TEST(PodChecks, MatchLabelKeysAreMergedIntoTheSelector) {
  Json pod = pod_after(R"({"metadata":{"labels":{"v":"1"}},"spec":{"topologySpreadConstraints":
      [{"maxSkew":1,"topologyKey":"z","whenUnsatisfiable":"DoNotSchedule","matchLabelKeys":["v"],
        "labelSelector":{"matchLabels":{"a":"b"}}}]}})");
  prepare_create("", "Pod", pod);
  EXPECT_EQ(pod["spec"]["topologySpreadConstraints"][0]["labelSelector"]["matchExpressions"],
            Json::parse(R"([{"key":"v","operator":"In","values":["1"]}])"));
  EXPECT_EQ(validate_create("", "Pod", pod).message(), "");
}

TEST(PodChecks, AnImageMayChangeAndAContainerMayNotBeAdded) {
  const Json old = pod_after("{}");
  Json now = old;
  now["spec"]["containers"][0]["image"] = "other:1";
  EXPECT_EQ(validate_update("", "Pod", now, old).message(), "");
  now["spec"]["containers"].push_back(now["spec"]["containers"][0]);
  now["spec"]["containers"][1]["name"] = "d";
  EXPECT_EQ(validate_update("", "Pod", now, old).message(),
            "spec.containers: Forbidden: pod updates may not add or remove containers");
}

TEST(PodChecks, AGatedPodMayGetNodeSelectorsButLoseNone) {
  const Json old = pod_after(R"({"spec":{"schedulingGates":[{"name":"a/b"}],
                                          "nodeSelector":{"x":"y"}}})");
  Json now = old;
  now["spec"]["nodeSelector"]["z"] = "1";
  EXPECT_EQ(validate_update("", "Pod", now, old).message(), "");
  now["spec"]["nodeSelector"].erase("x");
  EXPECT_EQ(validate_update("", "Pod", now, old).message(),
            "spec.nodeSelector: Invalid value: {\"z\":\"1\"}: only additions to spec.nodeSelector "
            "are allowed (no mutations or deletions)");
}

TEST(PodChecks, AStatusUpdateMayNotMoveAPodOrReviveAContainer) {
  Json old = pod_after(R"({"spec":{"restartPolicy":"Never"},"status":{"qosClass":"BestEffort",
      "containerStatuses":[{"name":"c","state":{"terminated":{"exitCode":0}}}]}})");
  Json now = old;
  EXPECT_EQ(validate_status_update("", "Pod", now, old).message(), "");
  now["spec"]["nodeName"] = "n";
  now["status"]["containerStatuses"][0]["state"] = {{"running", Json::object()}};
  EXPECT_EQ(validate_status_update("", "Pod", now, old).message(),
            "[status.nodeName: Forbidden: may not be changed directly, "
            "status.containerStatuses[0].state: Forbidden: may not be transitioned to "
            "non-terminated state]");
}

TEST(PodTemplateChecks, NamesTheGivenPath) {
  Json pod_template = {{"spec", {{"containers", Json::array()}}}};
  default_pod_template(pod_template);
  EXPECT_EQ(validate_pod_template(pod_template).message(),
            "spec.template.spec.containers: Required value");
  EXPECT_EQ(validate_pod_template(pod_template, "template").message(),
            "template.spec.containers: Required value");
}

}  // namespace
}  // namespace orrery::api
