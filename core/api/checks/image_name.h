// The tag of an image reference, which decides the default pull policy.
#pragma once

#include <string_view>

namespace orrery::api {

/// "latest" where a valid reference names neither tag nor digest; "" where it has only a digest or
/// cannot be parsed (upstream's parsers.ParseImageName).
std::string_view image_tag(std::string_view image);

}  // namespace orrery::api
