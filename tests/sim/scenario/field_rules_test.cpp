// Small decisions: amounts, comparisons, patterns, names.
#include <gtest/gtest.h>

#include "core/base/pattern.h"
#include "sim/scenario/action_spec.h"
#include "sim/scenario/input_error.h"
#include "sim/scenario/model_spec.h"
#include "sim/scenario/object_names.h"

namespace orrery::sim {
namespace {

TEST(Amount, RoundsPercentagesUpAndNeverPassesTheTotal) {
  EXPECT_EQ((Amount{5, true}.of(5000)), 250);
  EXPECT_EQ((Amount{5, true}.of(30)), 2);
  EXPECT_EQ((Amount{7, false}.of(3)), 3);
  EXPECT_EQ((Amount{0, true}.of(3)), 0);
}

TEST(Comparison, ComparesAsItsSignSays) {
  using Op = Comparison::Op;
  EXPECT_TRUE((Comparison{Op::kEqual, 3}.holds(3)));
  EXPECT_FALSE((Comparison{Op::kLess, 3}.holds(3)));
  EXPECT_TRUE((Comparison{Op::kGreaterEqual, 3}.holds(3)));
  EXPECT_TRUE((Comparison{Op::kNotEqual, 3}.holds(4)));
}

TEST(Pattern, MatchesStarsAndNothingElse) {
  EXPECT_TRUE(matches_pattern("shop/*", "shop/cart:1"));
  EXPECT_TRUE(matches_pattern("*:bad", "shop/cart:bad"));
  EXPECT_TRUE(matches_pattern("a*b*c", "a-b-b-c"));
  EXPECT_TRUE(matches_pattern("", ""));
  EXPECT_FALSE(matches_pattern("shop/*", "shops/cart"));
  EXPECT_FALSE(matches_pattern("a?c", "abc"));
  EXPECT_FALSE(matches_pattern("a*b", "a-b-c"));
}

TEST(ObjectName, FollowsRfc1123) {
  EXPECT_TRUE(is_object_name("a.b-1"));
  EXPECT_FALSE(is_object_name("a..b"));
  EXPECT_FALSE(is_object_name("A"));
  EXPECT_FALSE(is_label_name("-a"));
  EXPECT_FALSE(is_label_name(std::string(64, 'a')));
}

TEST(NearestName, GuessesAMisspeltFieldButNotAForeignOne) {
  EXPECT_EQ(nearest_name("nodePool", {"zones", "nodePools"}), "nodePools");
  EXPECT_EQ(nearest_name("manifest", {"metadata", "manifests"}), "manifests");
  EXPECT_EQ(nearest_name("colour", {"zones", "nodePools"}), "");
}

}  // namespace
}  // namespace orrery::sim
