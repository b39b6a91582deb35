// Documents of any type of the API table, drawn from a stream: what a Go client would send as JSON.
// Used by the round-trip tests. It reads the table alone, not the codec's plan.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/api/schema/api_table.h"
#include "core/base/random.h"

namespace orrery::api {

/// Without apiVersion and kind, which are not in a message.
nlohmann::json generate_document(const ApiTable& table, std::size_t type, RandomStream& random);

}  // namespace orrery::api
