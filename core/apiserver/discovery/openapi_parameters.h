// The query parameters of each action, and the path parameters, as upstream's OpenAPI lists them.
// openapi_paths calls it; the lists are constants.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace orrery::apiserver {

struct OpenApiParameter {
  std::string_view name;
  std::string_view type;  // "string", "integer", "boolean"
  bool in_path = false;   // else in the query
};

enum class ParameterSet : std::uint8_t {
  kNone,
  kList,
  kWatch,
  kDeleteCollection,
  kCreate,
  kReplace,
  kPatch,
  kDelete,
  kLog,
  kExec,
  kAttach,
  kPortForward,
  kProxy,
};

std::span<const OpenApiParameter> parameters_of(ParameterSet set);

}  // namespace orrery::apiserver
