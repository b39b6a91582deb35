#include "tests/bench/loop_bench.h"

#include "core/base/random.h"
#include "core/runtime/event_loop.h"
#include "sim/clock/sim_driver.h"
#include "tests/bench/measure.h"

namespace orrery::bench {
namespace {

struct Loop {
  sim::SimDriver driver{Time{std::chrono::seconds(1'767'225'600)}};
  EventLoop loop{driver};
  Random random{1};
  RandomStream& delays = random.stream("bench.delays");

  Duration delay() { return Duration(1 + delays.below(10'000'000'000)); }
};

// A timer that sets itself again until `left` is used up.
struct Again {
  Loop& world;
  std::size_t& left;
  void operator()() {
    if (left == 0) return;
    --left;
    world.loop.after(world.delay(), Again{world, left});
  }
};

void bench_timers(std::size_t pending, std::size_t operations) {
  Loop world;
  std::size_t left = operations;
  for (std::size_t i = 0; i < pending; ++i) {
    world.loop.after(world.delay(), Again{world, left});
  }
  const double start = cpu_micros();
  world.loop.run();
  print_rate("loop.timers", static_cast<std::size_t>(world.loop.events_run()),
             cpu_micros() - start);
}

void bench_cancelled(std::size_t pending, std::size_t operations) {
  Loop world;
  std::size_t fired = 0;
  for (std::size_t i = 0; i < pending; ++i) {
    world.loop.after(world.delay(), [&fired] { ++fired; });
  }
  measure("loop.timer_set_and_cancelled", operations, [&](std::size_t) {
    world.loop.cancel(world.loop.after(world.delay(), [&fired] { ++fired; }));
  });
  world.loop.run();
  CHECK(fired == pending);
}

void bench_posts(std::size_t operations) {
  Loop world;
  std::size_t left = operations;
  struct Post {
    EventLoop& loop;
    std::size_t& left;
    void operator()() {
      if (left-- > 1) loop.post(Post{loop, left});
    }
  };
  world.loop.post(Post{world.loop, left});
  const double start = cpu_micros();
  world.loop.run();
  print_rate("loop.posts", operations, cpu_micros() - start);
}

}  // namespace

void bench_loop(std::size_t pending, std::size_t operations) {
  bench_timers(pending, operations);
  bench_cancelled(pending, operations);
  bench_posts(operations);
}

}  // namespace orrery::bench
