#include "tests/core/apiserver/tables/printed.h"

namespace orrery::test {
namespace {

constexpr std::string_view kTemplate =
    R"("template":{"spec":{"containers":[{"name":"c","image":"i:1"},{"name":"d","image":"j"}]}})";

std::string spec(std::string_view members, std::string_view status = "{}") {
  return std::string(R"("spec":{)")
      .append(kTemplate)
      .append(members.empty() ? "" : ",")
      .append(members)
      .append(R"(},"status":)")
      .append(status);
}

TEST(WorkloadRows, ShowTheirCountsAndContainers) {
  const std::string deployment =
      spec(R"("replicas":3,"selector":{"matchLabels":{"a":"b"}})",
           R"({"replicas":4,"readyReplicas":2,"updatedReplicas":1,"availableReplicas":2})");
  const std::string set = spec(
      R"("replicas":3,"selector":{"matchExpressions":[{"key":"k","operator":"In",)"
      R"("values":["z","y"]}]})",
      R"({"replicas":2,"readyReplicas":1})");
  const std::string daemon =
      std::string(R"("spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"spec":{)"
                  R"("nodeSelector":{"d":"e"},"containers":[{"name":"c","image":"i"}]}}},)"
                  R"("status":{"desiredNumberScheduled":5,"currentNumberScheduled":4,)"
                  R"("numberReady":3,"updatedNumberScheduled":2,"numberAvailable":1})");
  expect_rows({
      {"apps/v1", "Deployment", deployment, R"(["x","2/3",1,2,"5m","c,d","i:1,j","a=b"])"},
      {"apps/v1", "ReplicaSet", set, R"x(["x",3,2,1,"5m","c,d","i:1,j","k in (y,z)"])x"},
      {"apps/v1", "StatefulSet", set, R"(["x","1/3","5m","c,d","i:1,j"])"},
      {"apps/v1", "DaemonSet", daemon, R"(["x",5,4,3,2,1,"d=e","5m","c","i","a=b"])"},
  });
}

TEST(WorkloadRows, NameAnInvalidSelectorEachInItsWay) {
  const std::string bad = spec(R"("selector":{"matchExpressions":[{"key":"k","operator":"X"}]})");
  const std::string none = spec("");
  expect_rows({
      {"apps/v1", "Deployment", bad, R"(["x","0/0",0,0,"5m","c,d","i:1,j","<invalid>"])"},
      {"apps/v1", "ReplicaSet", bad, R"(["x",0,0,0,"5m","c,d","i:1,j","<error>"])"},
      {"apps/v1", "Deployment", none, R"(["x","0/0",0,0,"5m","c,d","i:1,j",""])"},
      {"apps/v1", "ReplicaSet", none, R"(["x",0,0,0,"5m","c,d","i:1,j","<none>"])"},
  });
}

TEST(JobRow, ShowsHowFarItIs) {
  const auto job = [](std::string_view spec_members, std::string_view status) {
    return spec(spec_members, status);
  };
  const std::string rest = R"("5m","c,d","i:1,j","<none>"])";
  const std::pair<std::string, std::string> cases[] = {
      {job(R"("completions":2,"parallelism":1)",
           R"({"succeeded":2,"startTime":"2025-12-31T23:50:00Z",)"
           R"("completionTime":"2025-12-31T23:51:10Z",)"
           R"("conditions":[{"type":"Complete","status":"True"}]})"),
       R"(["x","Complete","2/2","70s",)"},
      {job(R"("completions":1)", R"({"startTime":"2025-12-31T23:50:00Z",)"
                                 R"("conditions":[{"type":"Failed","status":"True"}]})"),
       R"(["x","Failed","0/1","10m",)"},
      {job(R"("completions":1)", R"({"conditions":[{"type":"Suspended","status":"True"}]})"),
       R"(["x","Suspended","0/1","",)"},
      {job(R"("completions":1)", R"({"conditions":[{"type":"FailureTarget","status":"True"},)"
                                 R"({"type":"Complete","status":"False"}]})"),
       R"(["x","FailureTarget","0/1","",)"},
      {job(R"("parallelism":3)", R"({"succeeded":1})"), R"(["x","Running","1/1 of 3","",)"},
      {job(R"("parallelism":1)", R"({})"), R"(["x","Running","0/1","",)"},
  };
  for (const auto& [members, expected] : cases) {
    EXPECT_EQ(row_with("batch/v1", "Job", members), expected + rest);
  }
  EXPECT_TRUE(row_of("batch/v1", "Job",
                     R"({"metadata":{"name":"x","deletionTimestamp":"2026-01-01T00:00:00Z"}})")
                  .starts_with(R"(["x","Terminating",)"));
}

TEST(CronJobRow, ShowsItsSchedule) {
  expect_rows({
      {"batch/v1", "CronJob",
       R"("spec":{"schedule":"*/5 * * * *","timeZone":"Europe/Zurich","suspend":true,)"
       R"("jobTemplate":{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"i"}]}}}}},)"
       R"("status":{"active":[{},{}],"lastScheduleTime":"2025-12-31T23:58:00Z"})",
       R"(["x","*/5 * * * *","Europe/Zurich","True",2,"2m","5m","c","i","<none>"])"},
      {"batch/v1", "CronJob", R"("spec":{"schedule":"@daily","suspend":false})",
       R"(["x","@daily","<none>","False",0,"<none>","5m","","","<none>"])"},
      {"batch/v1", "CronJob", R"("spec":{"schedule":"@daily"})",
       R"(["x","@daily","<none>","<unset>",0,"<none>","5m","","","<none>"])"},
  });
}

TEST(ControllerRevisionRow, NamesItsController) {
  EXPECT_EQ(row_of("apps/v1", "ControllerRevision",
                   R"({"metadata":{"name":"x","ownerReferences":[
                     {"apiVersion":"v1","kind":"Other","name":"o"},
                     {"apiVersion":"apps/v1","kind":"DaemonSet","name":"d","controller":true}]},
                     "revision":4})"),
            R"(["x","daemonset.apps/d",4,"<unknown>"])");
  EXPECT_EQ(row_with("apps/v1", "ControllerRevision", R"("revision":1)"),
            R"(["x","<none>",1,"5m"])");
}

std::string hpa(std::string_view metrics, std::string_view current) {
  return std::string(R"("spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},)"
                     R"("maxReplicas":5,"metrics":)")
      .append(metrics)
      .append(R"(},"status":{"currentReplicas":2,"currentMetrics":)")
      .append(current)
      .append("}");
}

std::string targets(std::string_view metrics, std::string_view current) {
  const std::string row =
      row_with("autoscaling/v2", "HorizontalPodAutoscaler", hpa(metrics, current));
  const std::string_view before = R"(["x","Deployment/d",")", after = R"(","<unset>",5,2,"5m"])";
  if (!row.starts_with(before) || !row.ends_with(after)) return row;
  return row.substr(before.size(), row.size() - before.size() - after.size());
}

TEST(AutoscalerRow, ShowsEachKindOfMetric) {
  EXPECT_EQ(targets("[]", "[]"), "<none>");
  EXPECT_EQ(
      targets(
          R"([{"type":"Resource","resource":{"name":"cpu","target":{"averageUtilization":80}}}])",
          R"([{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":10}}}])"),
      "cpu: 10%/80%");
  EXPECT_EQ(
      targets(
          R"([{"type":"Resource","resource":{"name":"cpu","target":{"averageUtilization":80}}}])",
          "[]"),
      "cpu: <unknown>/80%");
  EXPECT_EQ(
      targets(
          R"([{"type":"ContainerResource",
               "containerResource":{"name":"memory","target":{"averageValue":"1Gi"}}}])",
          R"([{"type":"ContainerResource",
               "containerResource":{"name":"memory","current":{"averageValue":"512Mi"}}}])"),
      "memory: 512Mi/1Gi");
  EXPECT_EQ(targets(R"([{"type":"Pods","pods":{"target":{"averageValue":"100"}}}])",
                    R"([{"type":"Pods","pods":{"current":{"averageValue":"50"}}}])"),
            "50/100");
  EXPECT_EQ(targets(R"([{"type":"External","external":{"target":{"averageValue":"100"}}},
                        {"type":"Object","object":{"target":{"value":"7"}}}])",
                    R"([{"type":"External","external":{"current":{"averageValue":"5"}}},
                        {"type":"Object","object":{"current":{"value":"6"}}}])"),
            "5/100 (avg), 6/7");
  EXPECT_EQ(targets(R"([{"type":"Object","object":{"target":{"averageValue":"7"}}},{"type":"New"},
                        {"type":"New"},{"type":"New"}])",
                    R"([{"type":"Object","object":{"current":{"value":"6"}}}])"),
            "<unknown>/7 (avg), <unknown type> + 2 more...");
}

TEST(AutoscalerRow, ReadsVersionOneWithItsAnnotations) {
  EXPECT_EQ(row_with("autoscaling/v1", "HorizontalPodAutoscaler",
                     R"("spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"minReplicas":1,)"
                     R"("maxReplicas":5,"targetCPUUtilizationPercentage":50},)"
                     R"("status":{"currentReplicas":3,"currentCPUUtilizationPercentage":20})"),
            R"(["x","Deployment/d","cpu: 20%/50%","1",5,3,"5m"])");
  EXPECT_EQ(row_of("autoscaling/v1", "HorizontalPodAutoscaler",
                   R"({"metadata":{"name":"x","annotations":{
                     "autoscaling.alpha.kubernetes.io/metrics":
                       "[{\"type\":\"Resource\",\"resource\":)"
                   R"({\"name\":\"memory\",\"targetAverageValue\":\"9Mi\"}}]",
                     "autoscaling.alpha.kubernetes.io/current-metrics":
                       "[{\"type\":\"Resource\",\"resource\":)"
                   R"({\"name\":\"memory\",\"currentAverageValue\":\"4Mi\"}}]"}},
                     "spec":{"scaleTargetRef":{"kind":"D","name":"d"},"maxReplicas":1,
                       "targetCPUUtilizationPercentage":80}})"),
            R"(["x","D/d","memory: 4Mi/9Mi, cpu: <unknown>/80%","<unset>",1,0,"<unknown>"])");
}

}  // namespace
}  // namespace orrery::test
