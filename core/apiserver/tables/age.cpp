#include "core/apiserver/tables/age.h"

#include <fmt/format.h>

#include <cstdint>

namespace orrery::apiserver {
namespace {

/// "5m" or "5m20s": the smaller unit only where it is not zero.
std::string two_units(std::int64_t big, char big_unit, std::int64_t small, char small_unit) {
  return small == 0 ? fmt::format("{}{}", big, big_unit)
                    : fmt::format("{}{}{}{}", big, big_unit, small, small_unit);
}

}  // namespace

std::string human_duration(Duration d) {
  using namespace std::chrono;
  const std::int64_t whole = duration_cast<std::chrono::seconds>(d).count();
  if (whole < -1) return "<invalid>";
  if (whole < 0) return "0s";
  const std::int64_t minute_count = whole / 60;
  const std::int64_t hour_count = whole / 3600;
  const std::int64_t day_count = hour_count / 24;
  if (whole < 120) return fmt::format("{}s", whole);
  if (minute_count < 10) return two_units(minute_count, 'm', whole % 60, 's');
  if (minute_count < 180) return fmt::format("{}m", minute_count);
  if (hour_count < 8) return two_units(hour_count, 'h', minute_count % 60, 'm');
  if (hour_count < 48) return fmt::format("{}h", hour_count);
  if (day_count < 8) return two_units(day_count, 'd', hour_count % 24, 'h');
  if (day_count < 365 * 2) return fmt::format("{}d", day_count);
  if (day_count < 365 * 8) return two_units(day_count / 365, 'y', day_count % 365, 'd');
  return fmt::format("{}y", day_count / 365);
}

std::string age_text(Time since, Time now) {
  return is_set(since) ? human_duration(now - since) : "<unknown>";
}

}  // namespace orrery::apiserver
