#include "core/scheduler/gpu.h"

#include <gtest/gtest.h>

#include "tests/core/scheduler/builders.h"

namespace orrery::scheduler::test {
namespace {

GpuNode devices(std::vector<std::int32_t> free) {
  GpuNode node;
  node.free_milli = std::move(free);
  return node;
}

TEST(GpuDevices, AFractionGoesToTheDeviceWithTheLeastRoomThatSuffices) {
  EXPECT_EQ(choose_devices(devices({1000, 600, 500, 300}), {1, 400}), 0b100u);
  EXPECT_EQ(choose_devices(devices({500, 500}), {1, 500}), 0b1u);
  EXPECT_EQ(choose_devices(devices({499, 300}), {1, 500}), 0u);
}

TEST(GpuDevices, SeveralDevicesMustBeFreeEntirely) {
  EXPECT_EQ(choose_devices(devices({1000, 900, 1000, 1000}), {2, 1000}), 0b101u);
  EXPECT_EQ(choose_devices(devices({1000, 900}), {2, 1000}), 0u);
}

TEST(GpuDevices, ReleaseGivesBackWhatWasTaken) {
  GpuNode node = devices({1000, 1000});
  node.take({7, 300, 0b10});
  EXPECT_EQ(node.free_milli, (std::vector<std::int32_t>{1000, 700}));
  node.release(7);
  EXPECT_EQ(node.free_milli, (std::vector<std::int32_t>{1000, 1000}));
  EXPECT_TRUE(node.shares.empty());
}

struct DemandCase {
  Resources requests;
  std::vector<std::pair<std::string, std::string>> annotations;
  std::int32_t count, milli;
  bool invalid;
};

TEST(GpuDemand, ComesFromAnnotationsOrRequests) {
  const DemandCase cases[] = {
      {{{"cpu", "1"}}, {}, 0, 0, false},
      {{{"nvidia.com/gpu", "1"}}, {}, 1, 1000, false},
      {{{"nvidia.com/gpu", "4"}}, {}, 4, 1000, false},
      {{{"orrery.dev/gpu-milli", "250"}}, {}, 1, 250, false},
      {{{"orrery.dev/gpu-milli", "3000"}}, {}, 3, 1000, false},
      {{{"orrery.dev/gpu-milli", "1500"}}, {}, 0, 0, true},
      {{}, {{"orrery.dev/gpu-milli", "400"}}, 1, 400, false},
      {{}, {{"orrery.dev/gpu-milli", "1000"}, {"orrery.dev/gpu-count", "2"}}, 2, 1000, false},
      {{}, {{"orrery.dev/gpu-milli", "x"}}, 0, 0, true},
      {{}, {{"orrery.dev/gpu-milli", "2000"}}, 0, 0, true},
  };
  for (const DemandCase& c : cases) {
    Ref<api::Pod> pod = make_pod("p", c.requests);
    for (const auto& [k, v] : c.annotations) api::set(pod->meta.annotations, k, v);
    const GpuDemand demand = gpu_demand(*pod);
    EXPECT_EQ(demand.count, c.count);
    EXPECT_EQ(demand.milli, c.milli);
    EXPECT_EQ(demand.invalid, c.invalid);
  }
}

TEST(GpuDemand, ListsTheAllowedModels) {
  Ref<api::Pod> pod = make_pod("p", {{"nvidia.com/gpu", "1"}});
  api::set(pod->meta.annotations, "orrery.dev/gpu-spec", "V100M16|V100M32");
  EXPECT_EQ(gpu_demand(*pod).models, (std::vector<Symbol>{Symbol("V100M16"), Symbol("V100M32")}));
}

TEST(GpuDevices, AreWrittenAndReadAsAnAnnotation) {
  Ref<api::Pod> pod = make_pod("p", Resources{});
  api::set(pod->meta.annotations, "orrery.dev/gpu-devices", format_devices(0b1001));
  EXPECT_EQ(format_devices(0b1001), "0,3");
  EXPECT_EQ(recorded_devices(*pod), 0b1001u);
}

}  // namespace
}  // namespace orrery::scheduler::test
