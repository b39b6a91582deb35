// Schedules as robfig/cron's standard parser takes and refuses them.
#include "core/api/checks/cron_schedule.h"

#include <gtest/gtest.h>

namespace orrery::api {
namespace {

TEST(CronSchedule, TakesFieldsNamesStepsAndDescriptors) {
  for (const char* good :
       {"* * * * *", "*/5 0-6 1,15 jan-mar MON", "0 0 31 2 *", "@daily", "@every 5m",
        "@every 1h30m", "5/15 * ? * *", "  0   0 * * 0 ", "TZ=UTC 0 0 * * *"}) {
    EXPECT_EQ(cron_schedule_error(good), "") << good;
  }
}

TEST(CronSchedule, SaysWhatIsWrongInTheParsersWords) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "empty spec string"},
      {"* * * *", "expected exactly 5 fields, found 4: [* * * *]"},
      {"*/0 * * * *", "step of range should be a positive number: */0"},
      {"@foo", "unrecognized descriptor: @foo"},
      {"0 0 * * 7", "end of range (7) above maximum (6): 7"},
      {"0 0 0 * *", "beginning of range (0) below minimum (1): 0"},
      {"5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"},
      {"1-2-3 * * * *", "too many hyphens: 1-2-3"},
      {"*/2/3 * * * *", "too many slashes: */2/3"},
      {"x * * * *",
       "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax"},
      {"@every x", "failed to parse duration @every x: time: invalid duration \"x\""},
      {"@every 5",
       "failed to parse duration @every 5: time: missing unit in duration \"5\""},
  };
  for (const auto& [schedule, error] : cases) {
    EXPECT_EQ(cron_schedule_error(schedule), error) << schedule;
  }
}

}  // namespace
}  // namespace orrery::api
