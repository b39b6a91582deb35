#include "core/base/ref.h"

#include <gtest/gtest.h>

namespace orrery {
namespace {

struct Thing : RefCounted {
  explicit Thing(int v, int* deaths = nullptr) : value(v), deaths_counter(deaths) {}
  Thing(const Thing&) = default;
  ~Thing() override {
    if (deaths_counter) ++*deaths_counter;
  }
  int value;
  int* deaths_counter;
};

TEST(Ref, DeletesWithTheLastReference) {
  int deaths = 0;
  {
    Ref<Thing> a = make_ref<Thing>(1, &deaths);
    const Ref<Thing> b = a;
    EXPECT_EQ(2u, a->ref_count());
    a = nullptr;
    EXPECT_EQ(0, deaths);
    EXPECT_EQ(1u, b->ref_count());
  }
  EXPECT_EQ(1, deaths);
}

TEST(Ref, MovingDoesNotTouchTheCount) {
  Ref<Thing> a = make_ref<Thing>(1);
  const Ref<const Thing> b = std::move(a);
  EXPECT_EQ(nullptr, a);
  EXPECT_EQ(1u, b->ref_count());
}

TEST(Ref, AssigningToItselfKeepsTheObject) {
  int deaths = 0;
  Ref<Thing> a = make_ref<Thing>(1, &deaths);
  const Ref<Thing>& same = a;
  a = same;
  EXPECT_EQ(0, deaths);
  EXPECT_EQ(1u, a->ref_count());
}

TEST(Ref, EqualityIsIdentity) {
  const Ref<Thing> a = make_ref<Thing>(1);
  const Ref<const Thing> same = a;
  const Ref<Thing> other = make_ref<Thing>(1);
  EXPECT_TRUE(a == same);
  EXPECT_FALSE(a == other);
}

TEST(Ref, ACopyOfTheObjectStartsItsOwnCount) {
  const Ref<const Thing> a = make_ref<Thing>(1);
  const Ref<const Thing> b = a;
  const Ref<Thing> copy = copy_of(a);
  copy->value = 2;
  EXPECT_EQ(1, a->value);
  EXPECT_EQ(1u, copy->ref_count());
  EXPECT_EQ(2u, a->ref_count());
}

TEST(Ref, ReleaseGivesThePointerAway) {
  int deaths = 0;
  Ref<Thing> a = make_ref<Thing>(1, &deaths);
  Thing* raw = a.release();
  EXPECT_EQ(1u, raw->ref_count());
  EXPECT_FALSE(a);
  delete static_cast<Thing*>(raw);
  EXPECT_EQ(1, deaths);
}

}  // namespace
}  // namespace orrery
