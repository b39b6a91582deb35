// The two OpenAPI forms that are published: v2 (Swagger 2.0, one document) and v3 (3.0.0, one
// document a group-version). All OpenAPI writers here take one.
#pragma once

#include <cstdint>
#include <string_view>

namespace orrery::apiserver {

enum class OpenApiFlavor : std::uint8_t { kV2, kV3 };

/// What stands before a schema's name in a "$ref".
constexpr std::string_view reference_prefix(OpenApiFlavor flavor) {
  return flavor == OpenApiFlavor::kV2 ? "#/definitions/" : "#/components/schemas/";
}

}  // namespace orrery::apiserver
