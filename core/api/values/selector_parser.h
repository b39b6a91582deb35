// The parser behind Selector::parse: upstream's label selector grammar. Callers want Selector.
#pragma once

#include <string_view>
#include <vector>

#include "core/api/values/selector.h"

namespace orrery::api {

/// labels.ParseToRequirements in the order written; BadRequest with upstream's text.
Result<std::vector<Selector::Requirement>> parse_requirements(std::string_view text);

}  // namespace orrery::api
