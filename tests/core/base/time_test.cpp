#include "core/base/time.h"

#include <gtest/gtest.h>

#include <limits>

namespace orrery {
namespace {

constexpr Time at(std::int64_t seconds, std::int64_t nanos = 0) {
  return Time{std::chrono::seconds{seconds} + Duration{nanos}};
}

TEST(Rfc3339, ParsesWhatGoParses) {
  const struct {
    std::string_view text;
    Time want;
  } cases[] = {
      {"1970-01-01T00:00:00Z", at(0)},
      {"2026-11-23T04:13:40Z", at(1795407220)},
      {"2026-11-23T04:13:40.5Z", at(1795407220, 500'000'000)},
      {"2026-11-23T04:13:40.354576Z", at(1795407220, 354'576'000)},
      {"2026-11-23T04:13:40.123456789Z", at(1795407220, 123'456'789)},
      {"2026-11-23T04:13:40.1234567899Z", at(1795407220, 123'456'789)},
      {"2026-11-23T06:13:40+02:00", at(1795407220)},
      {"2026-11-22T22:43:40-05:30", at(1795407220)},
      {"2024-02-29T12:00:00Z", at(1709208000)},
      {"1969-12-31T23:59:59Z", at(-1)},
      {"0001-01-01T00:00:00Z", Time{}},  // Go's zero time is "not set"
  };
  for (const auto& c : cases) {
    const Result<Time> parsed = parse_rfc3339(c.text);
    ASSERT_TRUE(parsed.ok()) << c.text << ": " << parsed.status().message();
    EXPECT_EQ(c.want.time_since_epoch().count(), parsed->time_since_epoch().count()) << c.text;
  }
}

TEST(Rfc3339, RefusesWhatIsNotATime) {
  for (const std::string_view text : {"",
                                      "yesterday",
                                      "2026-11-23",
                                      "2026-11-23 04:13:40Z",
                                      "2026-11-23t04:13:40Z",
                                      "2026-11-23T04:13:40",
                                      "2026-11-23T04:13:40z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-02-29T00:00:00Z",
                                      "2026-11-23T24:00:00Z",
                                      "2026-11-23T04:60:00Z",
                                      "2026-11-23T04:13:60Z",
                                      "2026-11-23T04:13:40.Z",
                                      "2026-11-23T04:13:40.",
                                      "2026-11-23T04:13:40.5",
                                      "2026-11-23T04:13:40+0200",
                                      "2026-11-23T04:13:40+02:0",
                                      "2026-11-23T04:13:40+25:00",
                                      "2026-11-23T04:13:40+02:60",
                                      "-026-11-23T04:13:40Z",
                                      "2026-11-23T04:13:40ZZ",
                                      "2026-11-23T04:1a:40Z"}) {
    const Result<Time> parsed = parse_rfc3339(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_TRUE(parsed.status().is(Reason::kBadRequest));
    EXPECT_NE(std::string::npos, parsed.status().message().find("parsing time")) << text;
  }
}

TEST(Rfc3339, RefusesYearsThatNanosecondsCannotHold) {
  const Result<Time> parsed = parse_rfc3339("9999-12-31T23:59:59Z");
  ASSERT_FALSE(parsed.ok());
  EXPECT_NE(std::string::npos, parsed.status().message().find("from 1678 to 2261"));
  for (const std::string_view text : {"1678-01-01T00:00:00Z", "2261-12-31T23:59:59Z"}) {
    EXPECT_EQ(text, format_rfc3339(*parse_rfc3339(text)));
  }
}

TEST(Rfc3339, PrintsWholeSecondsOrMicroseconds) {
  const Time t = at(1795407220, 354'576'999);
  EXPECT_EQ("2026-11-23T04:13:40Z", format_rfc3339(t));
  EXPECT_EQ("2026-11-23T04:13:40.354576Z", format_rfc3339_micro(t));
  EXPECT_EQ("1969-12-31T23:59:59.999999Z", format_rfc3339_micro(at(0, -1000)));
}

TEST(Time, TruncatesTowardsThePast) {
  EXPECT_EQ(at(5), truncate_to_second(at(5, 999'999'999)));
  EXPECT_EQ(at(-1), truncate_to_second(at(0, -1)));
}

TEST(Time, NotSetIsTheEpoch) {
  EXPECT_FALSE(is_set(Time{}));
  EXPECT_TRUE(is_set(at(0, 1)));
}

TEST(Duration, ParsesWhatGoParses) {
  const struct {
    std::string_view text;
    std::int64_t nanos;
  } cases[] = {
      {"0", 0},
      {"-0", 0},
      {"0s", 0},
      {"150ms", 150'000'000},
      {"1h30m", 5'400'000'000'000},
      {"2.5s", 2'500'000'000},
      {".5s", 500'000'000},
      {"5.s", 5'000'000'000},
      {"-1.5h", -5'400'000'000'000},
      {"+3m", 180'000'000'000},
      {"1us", 1'000},
      {"1\xc2\xb5s", 1'000},
      {"1\xce\xbcs", 1'000},
      {"7ns", 7},
      {"0.3h", 1'080'000'000'000},
      {"0.000000001s", 1},
      {"1h0.5m", 3'630'000'000'000},
      {"39h9m14.425s", 140'954'425'000'000},
      // Whole nanoseconds stay exact where a double has lost them.
      {"9007199254740993ns", 9'007'199'254'740'993},
      {"9223372036854775807ns", std::numeric_limits<std::int64_t>::max()},
      {"-9223372036854775808ns", std::numeric_limits<std::int64_t>::min()},
      {"2562047h47m16.854775807s", std::numeric_limits<std::int64_t>::max()},
  };
  for (const auto& c : cases) {
    const Result<Duration> parsed = parse_duration(c.text);
    ASSERT_TRUE(parsed.ok()) << c.text << ": " << parsed.status().message();
    EXPECT_EQ(c.nanos, parsed->count()) << c.text;
  }
}

TEST(Duration, RefusesWithGosWords) {
  const struct {
    std::string_view text;
    std::string_view message;
  } cases[] = {
      {"", "time: invalid duration \"\""},
      {"-", "time: invalid duration \"-\""},
      {".s", "time: invalid duration \".s\""},
      {"ten", "time: invalid duration \"ten\""},
      {"1h-5m", "time: unknown unit \"h-\" in duration \"1h-5m\""},
      {"3", "time: missing unit in duration \"3\""},
      {"1.5", "time: missing unit in duration \"1.5\""},
      {"3d", "time: unknown unit \"d\" in duration \"3d\""},
      {"1e3s", "time: unknown unit \"e\" in duration \"1e3s\""},
      {"nans", "time: invalid duration \"nans\""},
      {"infs", "time: invalid duration \"infs\""},
      {" 1s", "time: invalid duration \" 1s\""},
      {"9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\""},
      {"3000000h", "time: invalid duration \"3000000h\""},
      {"99999999999999999999s", "time: invalid duration \"99999999999999999999s\""},
  };
  for (const auto& c : cases) {
    const Result<Duration> parsed = parse_duration(c.text);
    ASSERT_FALSE(parsed.ok()) << c.text;
    EXPECT_EQ(c.message, parsed.status().message());
  }
}

TEST(Duration, PrintsAsGoDoes) {
  const struct {
    Duration d;
    std::string_view want;
  } cases[] = {
      {0s, "0s"},
      {1ns, "1ns"},
      {1100ns, "1.1\xc2\xb5s"},
      {2200us, "2.2ms"},
      {150ms, "150ms"},
      {3300ms, "3.3s"},
      {60s, "1m0s"},
      {4min + 5s, "4m5s"},
      {4min + 5001ms, "4m5.001s"},
      {5h + 6min + 7001ms, "5h6m7.001s"},
      {8min + 1ns, "8m0.000000001s"},
      {1h + 30min, "1h30m0s"},
      {-90s, "-1m30s"},
      {Duration::max(), "2562047h47m16.854775807s"},
      {Duration::min(), "-2562047h47m16.854775808s"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(c.want, format_duration(c.d));
    EXPECT_EQ(c.d.count(), parse_duration(c.want)->count()) << c.want;
  }
}

}  // namespace
}  // namespace orrery
