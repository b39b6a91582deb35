// The document as Go would write it back: Go's decoder and encoder lose empty values that a client
// wrote out (`readOnly: false`, `labels: {}`, `nodePort: 0`), so the server never stores them and
// nobody owns them. The API server calls it after decoding, before managedFields are computed.
// Built-in kinds only: custom resources keep what they are given.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>

#include "core/api/schema/api_table.h"

namespace orrery::api {

/// Removes zero scalars and empty lists and maps, except in fields that are required, always
/// written, or behind a pointer. Structs stay, even when nothing is left in them.
void omit_empty(const ApiTable& table, std::size_t type, nlohmann::json& value);

}  // namespace orrery::api
