// gzip for large replies: kube-apiserver's level 1, chosen for speed.
#pragma once

#include <string>
#include <string_view>

namespace orrery {

/// "" if zlib fails, which it does only for want of memory.
std::string gzip(std::string_view plain);

/// Whether an Accept-Encoding header allows gzip: "gzip", "*", without ";q=0".
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace orrery
