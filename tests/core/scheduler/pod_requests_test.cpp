#include "core/scheduler/pod_requests.h"

#include <gtest/gtest.h>

#include "tests/core/scheduler/builders.h"

namespace orrery::scheduler::test {
namespace {

api::Container container(const std::string& name, const Resources& requests, bool sidecar = false) {
  api::Container c;
  c.name = Symbol(name);
  c.resources.requests = resource_list(requests);
  if (sidecar) c.restart_policy = Symbol("Always");
  return c;
}

TEST(PodRequests, SumsContainersAndTakesThePeakOfInitContainersOnTopOfSidecars) {
  api::PodSpec spec;
  spec.containers = {container("a", {{"cpu", "100m"}, {"memory", "1Gi"}}),
                     container("b", {{"cpu", "200m"}})};
  spec.init_containers = {container("s", {{"cpu", "50m"}}, true),
                          container("i", {{"cpu", "2"}, {"memory", "64Mi"}})};
  spec.overhead = resource_list({{"cpu", "10m"}});
  ResourceNames names;
  const PodRequests r = compute_requests(*make_pod("p", api::Shared<api::PodSpec>(spec)), names);
  EXPECT_EQ(r.base[kCpu], 2000 + 50 + 10);  // the init container runs beside the sidecar
  EXPECT_EQ(r.base[kMemory], 1024LL * 1024 * 1024);
}

TEST(PodRequests, CountsContainersWithoutRequestsByDefaultsWhenScoring) {
  api::PodSpec spec;
  spec.containers = {container("a", {}), container("b", {{"cpu", "0"}})};
  ResourceNames names;
  const PodRequests r = compute_requests(*make_pod("p", api::Shared<api::PodSpec>(spec)), names);
  EXPECT_EQ(r.base[kCpu], 0);
  EXPECT_EQ(r.nonzero_cpu, 100);  // an explicit zero is a request
  EXPECT_EQ(r.nonzero_memory, 2 * 200 * 1024 * 1024);
}

TEST(PodRequests, TakePodLevelResourcesInsteadOfTheSum) {
  api::PodSpec spec = make_spec({{"cpu", "100m"}, {"example.com/foo", "2"}});
  spec.resources = api::ResourceRequirements{{}, resource_list({{"cpu", "3"}}), {}};
  ResourceNames names;
  const PodRequests r = compute_requests(*make_pod("p", api::Shared<api::PodSpec>(spec)), names);
  EXPECT_EQ(r.base[kCpu], 3000);
  EXPECT_EQ(r.of(names.index_of(Symbol("example.com/foo"))), 2);
  EXPECT_EQ(r.nonzero_cpu, 3000);
  EXPECT_EQ(r.scored_cpu, 100);
}

TEST(PodRequests, AreComputedOncePerSpec) {
  ResourceNames names;
  RequestsMemo memo(names);
  const api::Shared<api::PodSpec> spec(make_spec({{"cpu", "1"}}));
  const auto first = memo.of(*make_pod("a", spec));
  EXPECT_EQ(memo.of(*make_pod("b", spec)).get(), first.get());
  EXPECT_NE(memo.of(*make_pod("c", {{"cpu", "1"}})).get(), first.get());
}

}  // namespace
}  // namespace orrery::scheduler::test
