// quoted(): text as Go's %q prints it, which is how apiserver shows values in its error messages.
#pragma once

#include <string>
#include <string_view>

namespace orrery::api {

/// strconv.Quote: double quotes, escapes for what does not print and for bytes that are not UTF-8.
std::string quoted(std::string_view text);

}  // namespace orrery::api
