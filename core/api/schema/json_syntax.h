// What is wrong with a text that is not JSON, in the words of Go's encoding/json, which apiserver
// sends on: `invalid character 'x' after top-level value`. Called after a parse failed.
#pragma once

#include <string>
#include <string_view>

namespace orrery::api {

/// Deeper nesting than this is refused, as Go does.
inline constexpr std::size_t kJsonDepthMax = 10000;

/// The first syntax error of `text`, "" where there is none.
std::string json_syntax_error(std::string_view text);

}  // namespace orrery::api
