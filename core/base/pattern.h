// matches_pattern: the one wildcard of scenarios and container models: * stands for any text.
#pragma once

#include <string_view>

namespace orrery {

/// True where `text` fits `pattern`; * stands for any text, everything else for itself.
bool matches_pattern(std::string_view pattern, std::string_view text);

}  // namespace orrery
