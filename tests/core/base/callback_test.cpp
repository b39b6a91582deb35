#include "core/base/callback.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

namespace orrery {
namespace {

TEST(Callback, IsEmptyUntilGivenAFunction) {
  Callback<int(int)> f;
  EXPECT_FALSE(f);
  f = [](int x) { return x + 1; };
  ASSERT_TRUE(f);
  EXPECT_EQ(3, f(2));
  f = nullptr;
  EXPECT_FALSE(f);
}

TEST(Callback, CapturesMoveOnlyValues) {
  Callback<int()> f = [p = std::make_unique<int>(5)] { return *p; };
  Callback<int()> g = std::move(f);
  EXPECT_FALSE(f);
  EXPECT_EQ(5, g());
}

TEST(Callback, HoldsCapturesTooLargeForItsRoom) {
  std::array<int, 100> big{};
  big[99] = 7;
  Callback<int()> f = [big] { return big[99]; };
  Callback<int()> g;
  g = std::move(f);
  EXPECT_EQ(7, g());
}

TEST(Callback, ForwardsReferencesAndMoveOnlyArguments) {
  Callback<void(std::string&, std::unique_ptr<int>)> f =
      [](std::string& out, std::unique_ptr<int> p) { out += std::to_string(*p); };
  std::string out = "n=";
  f(out, std::make_unique<int>(4));
  EXPECT_EQ("n=4", out);
}

TEST(Callback, DestroysItsCapturesOnce) {
  const auto small = std::make_shared<int>(1);
  const auto large = std::make_shared<int>(1);
  {
    Callback<void()> a = [small] {};
    Callback<void()> b = [large, room = std::array<char, 200>{}] { (void)room; };
    Callback<void()> c = std::move(a);
    Callback<void()> d = std::move(b);
    EXPECT_EQ(2, small.use_count());
    EXPECT_EQ(2, large.use_count());
    c = std::move(d);
    EXPECT_EQ(1, small.use_count());
    EXPECT_EQ(2, large.use_count());
  }
  EXPECT_EQ(1, small.use_count());
  EXPECT_EQ(1, large.use_count());
}

TEST(CallbackDeathTest, CallingAnEmptyOneIsABug) {
  Callback<void()> f;
  EXPECT_DEATH(f(), "CHECK failed");
}

}  // namespace
}  // namespace orrery
