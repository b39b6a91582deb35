#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/pod_console/console_world.h"

namespace orrery::sim {
namespace {

LogText read(ConsoleWorld& world, LogOptions options) {
  LogText text;
  auto stream = world.console.logs(world.target(), options, text);
  world.loop.run(world.loop.now());
  return text;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

TEST(Log, IsTheSameEachTimeAndGrowsAtItsEnd) {
  ConsoleWorld world, other;
  const std::string first = read(world, {}).text;
  EXPECT_GT(lines(first).size(), 100u);
  EXPECT_EQ(first, read(world, {}).text);
  EXPECT_EQ(first, read(other, {}).text);
  EXPECT_EQ(lines(first)[0], "web: starting in pod default/web-0");
  EXPECT_EQ(lines(first)[2], "web: listening on :80");
  world.loop.run(world.loop.now() + 10min);
  const std::string later = read(world, {}).text;
  EXPECT_GT(later.size(), first.size());
  EXPECT_TRUE(later.starts_with(first));
  other.status().restart_count = 1;
  EXPECT_NE(first, read(other, {}).text);
}

TEST(Log, HasTimesThatRiseAndAreNotInTheFuture) {
  ConsoleWorld world;
  const auto stamped = lines(read(world, {.timestamps = true}).text);
  std::string before;
  Time last{};
  for (const std::string& line : stamped) {
    const Result<Time> time = parse_rfc3339(line.substr(0, line.find(' ')));
    ASSERT_TRUE(time.ok()) << line;
    EXPECT_LE(last, *time);
    EXPECT_LE(*time, world.loop.now());
    last = *time;
  }
}

TEST(Log, TakesTheTailAndWhatIsYoungEnough) {
  ConsoleWorld world;
  const auto all = lines(read(world, {}).text);
  const auto tail = lines(read(world, {.tail_lines = 3}).text);
  EXPECT_TRUE(std::equal(tail.begin(), tail.end(), all.end() - 3, all.end()));
  EXPECT_EQ(read(world, {.tail_lines = 0}).text, "");
  EXPECT_EQ(lines(read(world, {.tail_lines = 1'000'000}).text), all);
  const auto young = lines(read(world, {.since_seconds = 300}).text);
  const auto same = lines(read(world, {.since_time = world.loop.now() - 300s}).text);
  EXPECT_EQ(young, same);
  EXPECT_LT(young.size(), all.size() / 5);
  EXPECT_GT(young.size(), 5u);
  EXPECT_EQ(lines(read(world, {.since_seconds = INT64_MAX}).text), all);
  EXPECT_EQ(read(world, {.limit_bytes = 10}).text.size(), 10u);
}

TEST(Log, FollowsInVirtualTimeUntilTheContainerEnds) {
  ConsoleWorld world;
  LogText text;
  auto stream = world.console.logs(world.target(), {.follow = true, .tail_lines = 0}, text);
  world.loop.run(world.loop.now() + 5min);
  const std::size_t some = lines(text.text).size();
  EXPECT_GT(some, 5u);
  EXPECT_FALSE(text.end);
  auto& state = world.status().state;
  state.kind = api::ContainerState::Kind::kTerminated;
  state.finished_at = world.loop.now();
  state.exit_code = 137;
  state.reason = Symbol("OOMKilled");
  world.loop.run();
  ASSERT_TRUE(text.end && text.end->ok());
  EXPECT_EQ(lines(text.text).back(), "web: exiting with code 137 (OOMKilled)");
  EXPECT_EQ(text.text, [&] {
    const auto all = read(world, {}).text;
    return all.substr(all.size() - text.text.size());
  }());
}

TEST(Log, OfTheRunBeforeIsWhatThatRunShowed) {
  ConsoleWorld world;
  const std::string running = read(world, {}).text;
  auto& status = world.status();
  api::ContainerState last = status.state;
  last.kind = api::ContainerState::Kind::kTerminated;
  last.finished_at = world.loop.now();
  last.exit_code = 1;
  last.reason = Symbol("Error");
  status.last_state = last;
  status.restart_count = 1;
  status.state.started_at = world.loop.now();
  EXPECT_EQ(read(world, {.previous = true}).text, running + "web: exiting with code 1 (Error)\n");
}

TEST(Log, OfEchoIsItsText) {
  ConsoleWorld world;
  world.view.pod->spec.edit().containers.edit()[0].command = {Text("echo"), Text("hello"),
                                                              Text("you")};
  EXPECT_EQ(read(world, {}).text, "hello you\n");
}

TEST(Log, EndsWithAnErrorWhereThePodIsGone) {
  ConsoleWorld world;
  world.view.pod->meta.uid = Uid{1, 1};
  EXPECT_EQ(read(world, {}).end->message(), "container \"web\" in pod \"web-0\" is not available");
}

TEST(Attach, ShowsNewLinesOfTheLog) {
  ConsoleWorld world;
  Output output;
  auto session = world.console.attach(world.target(), {false, true, true, false}, output);
  world.loop.run(world.loop.now() + 2min);
  EXPECT_FALSE(output.out.empty());
  EXPECT_TRUE(read(world, {}).text.ends_with(output.out));
}

}  // namespace
}  // namespace orrery::sim
