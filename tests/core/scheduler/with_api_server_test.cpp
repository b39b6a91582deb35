// The scheduler against the real API server of this process: binding, condition, events, GPU
// devices.
#include <gtest/gtest.h>

#include "core/scheduler/scheduler.h"
#include "tests/core/apiserver/world.h"

namespace orrery::scheduler {
namespace {

struct ClusterWorld : orrery::test::World {
  sim::LocalClient own{env, server, {}, "kube-scheduler"};
  Informers informers{env, own};
  EventRecorder recorder{env, own, Symbol("default-scheduler")};
  Scheduler scheduler{env, own, informers, recorder, {}};

  ClusterWorld() {
    CHECK(scheduler.start().ok());
    informers.start();
  }
  void add_node(const std::string& name, const std::string& extra = "") {
    const Response made =
        create(R"({"apiVersion":"v1","kind":"Node","metadata":{"name":")" + name +
               R"("},"status":{"allocatable":{"cpu":"2","memory":"4Gi","pods":"10")" + extra +
               R"(},"capacity":{"cpu":"2","memory":"4Gi","pods":"10")" + extra + R"(}}})");
    CHECK(made.status.ok());
  }
  void add_pod(const std::string& name, const std::string& requests) {
    const Response made =
        create(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")" + name +
               R"("},"spec":{"containers":[{"name":"c","image":"app:1","resources":{"requests":)" +
               requests + R"(,"limits":)" + requests + R"(}}]}})");
    CHECK(made.status.ok());
  }
  orrery::test::json pod(const std::string& name) { return encode(get("v1", "Pod", name)); }
};

TEST(SchedulerWithApiServer, BindsAPod) {
  ClusterWorld w;
  w.add_node("n1");
  w.add_pod("p", R"({"cpu":"1"})");
  w.run_for(2s);
  EXPECT_EQ(w.pod("p")["spec"].value("nodeName", ""), "n1");
  EXPECT_FALSE(w.scheduler.cache().is_assumed(w.get("v1", "Pod", "p").object->meta.uid));
}

TEST(SchedulerWithApiServer, WritesConditionAndEventOfAPodThatFitsNowhere) {
  ClusterWorld w;
  w.add_node("n1");
  w.add_pod("p", R"({"cpu":"3"})");
  w.run_for(2s);
  const auto conditions = w.pod("p")["status"]["conditions"];
  ASSERT_EQ(conditions.size(), 1u);
  EXPECT_EQ(conditions[0]["reason"], "Unschedulable");
  EXPECT_EQ(conditions[0]["message"],
            "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: "
            "0/1 nodes are available: 1 Preemption is not helpful for scheduling.");
  Request list = w.about(Verb::kList, "v1", "Event");
  const Response events = w.call(std::move(list));
  ASSERT_EQ(events.items.size(), 1u);
  EXPECT_EQ(api::as<api::Event>(events.items[0])->reason, Symbol("FailedScheduling"));
}

TEST(SchedulerWithApiServer, RecordsGpuDevicesBeforeBinding) {
  ClusterWorld w;
  w.add_node("n1", R"(,"nvidia.com/gpu":"2")");
  w.add_pod("p", R"({"nvidia.com/gpu":"1"})");
  w.run_for(2s);
  EXPECT_EQ(w.pod("p")["spec"].value("nodeName", ""), "n1");
  EXPECT_EQ(w.pod("p")["metadata"]["annotations"].value("orrery.dev/gpu-devices", ""), "0");
}

}  // namespace
}  // namespace orrery::scheduler
