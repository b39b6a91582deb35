#include "sim/container_model/address_pool.h"

#include <gtest/gtest.h>

#include <set>

namespace orrery::sim {
namespace {

TEST(AddressPool, HandsOutEveryAddressOnceAndThenNone) {
  AddressPool pool;
  ASSERT_TRUE(pool.set_range("10.244.7.0/24"));
  std::set<std::uint32_t> seen;
  while (const auto a = pool.take()) seen.insert(*a);
  EXPECT_EQ(seen.size(), 253u);
  EXPECT_EQ(AddressPool::text_of(*seen.begin()), "10.244.7.2");
  EXPECT_EQ(AddressPool::text_of(*seen.rbegin()), "10.244.7.254");
}

TEST(AddressPool, ReusesAnAddressOnlyAfterTheOthers) {
  AddressPool pool;
  ASSERT_TRUE(pool.set_range("10.0.0.0/29"));
  const std::uint32_t first = *pool.take();
  pool.give_back(first);
  for (int i = 0; i < 4; ++i) EXPECT_NE(*pool.take(), first);
  EXPECT_EQ(*pool.take(), first);
  EXPECT_FALSE(pool.take());
}

TEST(AddressPool, RefusesWhatIsNoRange) {
  AddressPool pool;
  for (const char* bad : {"", "10.0.0.0", "10.0.0.0/33", "10.0.0/24", "10.0.0.256/24",
                          "10.0.0.0/31", "10.0.0.0/2", "fd00::/64", "10.0.0.0/24x"}) {
    EXPECT_FALSE(pool.set_range(bad)) << bad;
    EXPECT_FALSE(pool.take()) << bad;
  }
}

}  // namespace
}  // namespace orrery::sim
