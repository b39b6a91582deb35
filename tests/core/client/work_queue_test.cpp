#include "core/client/work_queue.h"

#include <gtest/gtest.h>

#include "sim/clock/sim_driver.h"

namespace orrery {
namespace {

class WorkQueueTest : public testing::Test {
 protected:
  static ObjectKey key(std::string_view name) { return {Symbol("default"), Text(name)}; }
  void run_for(Duration d) { loop_.run(loop_.now() + d); }

  sim::SimDriver driver_{Time{} + 1h};
  EventLoop loop_{driver_};
  Random random_{1};
  Log log_;
  Metrics metrics_;
  Env env_{loop_, random_, log_, metrics_};
  int woken_ = 0;
  WorkQueue queue_{env_, {"test"}, [this] { ++woken_; }};
};

TEST_F(WorkQueueTest, HandsOutAKeyAddedTwiceOnce) {
  queue_.add(key("a"));
  queue_.add(key("a"));
  EXPECT_EQ(queue_.size(), 1u);
  EXPECT_EQ(queue_.get().str(), "default/a");
  EXPECT_TRUE(queue_.empty());
}

TEST_F(WorkQueueTest, AKeyAddedWhileItIsProcessedComesAgainAfterDone) {
  queue_.add(key("a"));
  const ObjectKey a = queue_.get();
  queue_.add(a);
  EXPECT_TRUE(queue_.empty());
  queue_.done(a);
  EXPECT_EQ(queue_.size(), 1u);
}

TEST_F(WorkQueueTest, FailuresBackOffFrom5MillisecondsDoubling) {
  for (int i = 0; i < 3; ++i) {
    queue_.add_rate_limited(key("a"));
    const Duration wait = 5ms * (1 << i);
    run_for(wait - 1ms);
    EXPECT_TRUE(queue_.empty()) << i;
    run_for(1ms);
    ASSERT_EQ(queue_.size(), 1u) << i;
    queue_.done(queue_.get());
  }
  EXPECT_EQ(queue_.failures(key("a")), 3);
  queue_.forget(key("a"));
  EXPECT_EQ(queue_.failures(key("a")), 0);
}

TEST_F(WorkQueueTest, OfTwoDelaysTheShorterWins) {
  queue_.add_after(key("a"), 10s);
  queue_.add_after(key("a"), 1s);
  queue_.add_after(key("a"), 5s);
  run_for(1s);
  ASSERT_EQ(queue_.size(), 1u);
  queue_.done(queue_.get());
  run_for(60s);
  EXPECT_TRUE(queue_.empty());
}

TEST_F(WorkQueueTest, KeysComeOutInTheOrderTheyWereAdded) {
  for (const char* name : {"c", "a", "b"}) queue_.add(key(name));
  EXPECT_EQ(queue_.get().name, "c");
  EXPECT_EQ(queue_.get().name, "a");
  EXPECT_EQ(queue_.get().name, "b");
}

}  // namespace
}  // namespace orrery
