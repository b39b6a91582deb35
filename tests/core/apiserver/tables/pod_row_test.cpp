// The status, readiness and restarts of pods, case by case.
#include "tests/core/apiserver/tables/printed.h"

namespace orrery::test {
namespace {

/// The pod's ready, status and restarts cells, and the conditions of its row if it has any.
std::string short_row(std::string_view members) {
  std::string row = row_with("v1", "Pod", members);
  const std::size_t age = row.find(",\"5m\"");
  if (!row.starts_with("[\"x\",") || age == std::string::npos) return row;
  return row.substr(5, age - 5) + row.substr(row.find(']') + 1);
}

struct PodCase {
  std::string_view members, expected;
};
void expect_pods(const std::vector<PodCase>& cases) {
  for (const PodCase& c : cases) EXPECT_EQ(short_row(c.members), c.expected) << c.members;
}

constexpr std::string_view kTwo = R"("spec":{"containers":[{"name":"a"},{"name":"b"}]},)";

std::string two(std::string_view status) {
  return std::string(kTwo).append("\"status\":").append(status);
}

TEST(PodRow, ShowsThePhaseUnlessAReasonIsGiven) {
  expect_pods({
      {R"("spec":{"containers":[{"name":"a"}]},"status":{"phase":"Pending"})",
       R"("0/1","Pending","0")"},
      {R"("spec":{"containers":[{"name":"a"}]},"status":{"phase":"Failed","reason":"Evicted"})",
       R"("0/1","Evicted","0","conditions":[{"type":"Completed","status":"True","reason":"Failed",)"
       R"("message":"The pod failed."}])"},
      {R"("status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False",)"
       R"("reason":"SchedulingGated"}]})",
       R"("0/0","SchedulingGated","0")"},
  });
}

TEST(PodRow, CountsReadyContainersAndNamesTheFirstTroubledOne) {
  EXPECT_EQ(short_row(two(R"({"phase":"Running","containerStatuses":[
      {"name":"a","ready":true,"state":{"running":{}}},
      {"name":"b","ready":false,"state":{"running":{}}}]})")),
            R"("1/2","Running","0")");
  EXPECT_EQ(short_row(two(R"({"phase":"Running","containerStatuses":[
      {"name":"a","ready":false,"restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff"}}},
      {"name":"b","restartCount":1,"state":{"terminated":{"reason":"Error","exitCode":1}}}]})")),
            R"("0/2","CrashLoopBackOff","4")");
  EXPECT_EQ(short_row(two(R"({"phase":"Running","containerStatuses":[
      {"name":"a","ready":true,"state":{"running":{}}},
      {"name":"b","state":{"terminated":{"exitCode":137,"signal":9}}}]})")),
            R"("1/2","Signal:9","0")");
  EXPECT_EQ(short_row(two(R"({"phase":"Running","containerStatuses":[
      {"name":"b","state":{"terminated":{"exitCode":3}}}]})")),
            R"("0/2","ExitCode:3","0")");
}

TEST(PodRow, WithACompletedContainerIsRunningOnlyWhileAnotherRuns) {
  const std::string_view one_runs = R"("containerStatuses":[
      {"name":"a","state":{"terminated":{"reason":"Completed","exitCode":0}}},
      {"name":"b","ready":true,"state":{"running":{}}}])";
  EXPECT_EQ(short_row(two(std::string(R"({"phase":"Running",)")
                              .append(one_runs)
                              .append(R"(,"conditions":[{"type":"Ready","status":"True"}]})"))),
            R"("1/2","Running","0")");
  EXPECT_EQ(short_row(two(std::string(R"({"phase":"Running",)").append(one_runs).append("}"))),
            R"("1/2","NotReady","0")");
  EXPECT_EQ(short_row(two(R"({"phase":"Succeeded","containerStatuses":[
      {"name":"a","state":{"terminated":{"reason":"Completed","exitCode":0}}}]})")),
            R"("0/2","Completed","0","conditions":[{"type":"Completed","status":"True",)"
            R"("reason":"Succeeded","message":"The pod has completed successfully."}])");
}

TEST(PodRow, SaysWhenTheLastRestartWas) {
  EXPECT_EQ(short_row(two(R"({"phase":"Running","containerStatuses":[
      {"name":"a","ready":true,"restartCount":5,"state":{"running":{}},
       "lastState":{"terminated":{"finishedAt":"2025-12-31T23:58:00Z"}}},
      {"name":"b","ready":true,"restartCount":1,"state":{"running":{}},
       "lastState":{"terminated":{"finishedAt":"2025-12-31T23:57:00Z"}}}]})")),
            R"x("2/2","Running","6 (2m ago)")x");
}

constexpr std::string_view kInit =
    R"("spec":{"initContainers":[{"name":"i"},{"name":"j"}],"containers":[{"name":"a"}]},)";

std::string init(std::string_view statuses, std::string_view more = "") {
  return std::string(kInit)
      .append(R"("status":{"phase":"Pending","initContainerStatuses":)")
      .append(statuses)
      .append(more)
      .append("}");
}

TEST(PodRow, TellsWhichInitContainerIsNotDone) {
  const std::string_view done = R"({"name":"i","state":{"terminated":{"exitCode":0}}})";
  const auto after = [&](std::string_view second) {
    return init(std::string("[").append(done).append(",").append(second).append("]"));
  };
  EXPECT_EQ(short_row(after(R"({"name":"j","state":{"running":{}}})")), R"("0/1","Init:1/2","0")");
  EXPECT_EQ(short_row(after(R"({"name":"j","state":{"waiting":{"reason":"PodInitializing"}}})")),
            R"("0/1","Init:1/2","0")");
  EXPECT_EQ(short_row(after(R"({"name":"j","restartCount":2,)"
                            R"("state":{"waiting":{"reason":"CrashLoopBackOff"}}})")),
            R"("0/1","Init:CrashLoopBackOff","2")");
  EXPECT_EQ(short_row(after(R"({"name":"j","state":{"terminated":{"exitCode":2}}})")),
            R"("0/1","Init:ExitCode:2","0")");
  EXPECT_EQ(short_row(after(R"({"name":"j","state":{"terminated":{"exitCode":9,"signal":9}}})")),
            R"("0/1","Init:Signal:9","0")");
  EXPECT_EQ(short_row(after(R"({"name":"j","state":{"terminated":)"
                            R"({"exitCode":1,"reason":"Error"}}})")),
            R"("0/1","Init:Error","0")");
}

TEST(PodRow, OnceInitializedShowsItsContainersAgain) {
  EXPECT_EQ(short_row(init(R"([{"name":"i","restartCount":7,"state":{"running":{}}}])",
                           R"(,"conditions":[{"type":"Initialized","status":"True"}],
                              "containerStatuses":[{"name":"a","restartCount":1,
                                "state":{"waiting":{"reason":"ImagePullBackOff"}}}])")),
            R"("0/1","ImagePullBackOff","1")");
}

TEST(PodRow, CountsSidecarsAmongItsContainers) {
  const std::string_view spec =
      R"("spec":{"initContainers":[{"name":"s","restartPolicy":"Always"}],)"
      R"("containers":[{"name":"a"}]},)";
  EXPECT_EQ(short_row(std::string(spec).append(R"("status":{"phase":"Running",
      "initContainerStatuses":[{"name":"s","ready":true,"started":true,"restartCount":2,
        "state":{"running":{}},
        "lastState":{"terminated":{"finishedAt":"2025-12-31T23:59:00Z"}}}],
      "containerStatuses":[{"name":"a","ready":true,"restartCount":1,"state":{"running":{}}}]})")),
            R"x("2/2","Running","3 (60s ago)")x");
  EXPECT_EQ(short_row(std::string(spec).append(R"("status":{"phase":"Pending",
      "initContainerStatuses":[{"name":"s","started":false,"state":{"running":{}}}]})")),
            R"("0/2","Init:0/1","0")");
}

TEST(PodRow, OfADeletedPodIsTerminatingUntilItEnded) {
  const auto deleted = [](std::string_view status) {
    return row_of("v1", "Pod",
                  std::string(R"({"metadata":{"name":"x","deletionTimestamp":)"
                              R"("2026-01-01T00:00:00Z"},"status":)")
                      .append(status)
                      .append("}"));
  };
  const std::string rest = R"("0","<unknown>","<none>","<none>","<none>","<none>"])";
  EXPECT_EQ(deleted(R"({"phase":"Running"})"), R"(["x","0/0","Terminating",)" + rest);
  EXPECT_EQ(deleted(R"({"phase":"Running","reason":"NodeLost"})"),
            R"(["x","0/0","Unknown",)" + rest);
  EXPECT_TRUE(deleted(R"({"phase":"Succeeded"})").starts_with(R"(["x","0/0","Succeeded",)"));
}

TEST(PodRow, ShowsWhereItRunsAndItsReadinessGates) {
  EXPECT_EQ(row_with("v1", "Pod", R"("spec":{"nodeName":"n1","containers":[{"name":"a"}],
      "readinessGates":[{"conditionType":"g1"},{"conditionType":"g2"},{"conditionType":"g3"}]},
      "status":{"phase":"Running","podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"},{"ip":"fd::1"}],
      "nominatedNodeName":"n2","conditions":[{"type":"g1","status":"True"},
        {"type":"g2","status":"False"}]})"),
            R"(["x","0/1","Running","0","5m","10.0.0.1","n1","n2","1/3"])");
}

}  // namespace
}  // namespace orrery::test
