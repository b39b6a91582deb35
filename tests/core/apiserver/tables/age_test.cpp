#include "core/apiserver/tables/age.h"

#include <gtest/gtest.h>

namespace orrery::apiserver {
namespace {

constexpr Duration kDay = 24h;

TEST(Age, GetsCoarserAsTimeGoesBy) {
  const std::pair<Duration, const char*> cases[] = {
      {0s, "0s"},
      {999ms, "0s"},
      {1s, "1s"},
      {119s, "119s"},
      {120s, "2m"},
      {121s, "2m1s"},
      {9min + 59s, "9m59s"},
      {10min + 59s, "10m"},
      {179min, "179m"},
      {180min, "3h"},
      {3h + 5min + 9s, "3h5m"},
      {7h + 59min, "7h59m"},
      {8h + 59min, "8h"},
      {47h + 59min, "47h"},
      {48h, "2d"},
      {49h, "2d1h"},
      {8 * kDay - 1s, "7d23h"},
      {8 * kDay + 5h, "8d"},
      {729 * kDay, "729d"},
      {730 * kDay, "2y"},
      {731 * kDay, "2y1d"},
      {(8 * 365 - 1) * kDay, "7y364d"},
      {8 * 365 * kDay + 40 * kDay, "8y"},
  };
  for (const auto& [d, text] : cases) EXPECT_EQ(human_duration(d), text);
}

TEST(Age, ForgivesOneSecondOfClockSkewAndNoMore) {
  EXPECT_EQ(human_duration(-500ms), "0s");
  EXPECT_EQ(human_duration(-1s), "0s");
  EXPECT_EQ(human_duration(-1999ms), "0s");
  EXPECT_EQ(human_duration(-2s), "<invalid>");
}

TEST(Age, OfAnUnsetTimeIsUnknown) {
  EXPECT_EQ(age_text(Time{}, Time{100s}), "<unknown>");
  EXPECT_EQ(age_text(Time{40s}, Time{100s}), "60s");
}

}  // namespace
}  // namespace orrery::apiserver
