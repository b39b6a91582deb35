// Ages as kubectl shows them: "4m20s", "3d". Every row printer calls it. The rule: an unset time is
// "<unknown>", never an age since 1970.
#pragma once

#include <string>

#include "core/base/time.h"

namespace orrery::apiserver {

/// duration.HumanDuration: the shorter the time, the finer the units; "<invalid>" below -1 s.
std::string human_duration(Duration d);
/// translateTimestampSince: the time from `since` to `now`.
std::string age_text(Time since, Time now);

}  // namespace orrery::apiserver
