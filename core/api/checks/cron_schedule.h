// Cron schedules as github.com/robfig/cron's standard parser reads them (five fields, names,
// "@daily", "@every 5m"), with its error texts. CronJob validation asks what is wrong with one.
#pragma once

#include <string>
#include <string_view>

namespace orrery::api {

/// What is wrong with the schedule, in the parser's words; "" where it is right.
std::string cron_schedule_error(std::string_view schedule);

}  // namespace orrery::api
