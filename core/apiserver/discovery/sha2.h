// SHA-256 and SHA-512 (FIPS 180-4), because core reaches no crypto library and clients compare
// these hashes with those of other servers. For tags of documents only, never for secrets.
#pragma once

#include <string>
#include <string_view>

namespace orrery::apiserver {

/// 32 raw bytes.
std::string sha256(std::string_view bytes);
/// 64 raw bytes.
std::string sha512(std::string_view bytes);

}  // namespace orrery::apiserver
