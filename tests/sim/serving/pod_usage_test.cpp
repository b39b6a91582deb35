#include "sim/serving/pod_usage.h"

#include "tests/sim/serving/served_world.h"

namespace orrery::sim {
namespace {

TEST(PodUsage, IsTheScenariosWhereABehaviourMatchesAndAShareOfTheRequestElsewhere) {
  ServedWorld world;
  const PodUsage usage(world.run().scenario());
  const Time now = world.run().env().now();
  ASSERT_EQ(world.pods().size(), 3u);
  const auto of = usage.of(*world.pods()[0], now);
  ASSERT_EQ(of.size(), 2u);
  EXPECT_EQ(of[0].name, Symbol("web"));
  EXPECT_GE(of[0].usage.cpu_milli, 400);
  EXPECT_LE(of[0].usage.cpu_milli, 600);
  EXPECT_EQ(of[0].usage.memory_bytes, (100ll << 20) / 100 * 70);
  EXPECT_EQ(of[1].usage.cpu_milli, 30);
  EXPECT_EQ(of[1].usage.memory_bytes, 90ll << 20);
}

TEST(PodUsage, IsTheSameWithinAMinuteAndMovesBetweenMinutes) {
  ServedWorld world;
  const PodUsage usage(world.run().scenario());
  const Time now = world.run().env().now();
  const auto milli = [&](Duration later) {
    return usage.of(*world.pods()[0], now + later)[0].usage.cpu_milli;
  };
  EXPECT_EQ(milli(0s), milli(59s));
  bool moved = false;
  for (int minute = 1; minute < 10; ++minute) {
    moved = moved || milli(std::chrono::minutes(minute)) != milli(0s);
  }
  EXPECT_TRUE(moved);
}

TEST(PodUsage, OfContainersThatDoNotRunIsNothing) {
  ServedWorld world;
  auto pod = copy_of(world.pods()[0]);
  pod->status.container_statuses.edit()[1].state.kind = api::ContainerState::Kind::kTerminated;
  const PodUsage usage(world.run().scenario());
  EXPECT_EQ(usage.of(*pod, world.run().env().now()).size(), 1u);
}

}  // namespace
}  // namespace orrery::sim
