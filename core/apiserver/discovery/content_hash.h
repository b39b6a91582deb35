// The hashes that upstream shows to clients: SHA-512 of a document as its ETag, and the hash of a
// kind's storage version. Discovery calls them.
#pragma once

#include <string>
#include <string_view>

namespace orrery::apiserver {

/// SHA-512 in upper-case hexadecimal, as in upstream's ETags and `?hash=`.
std::string content_hash(std::string_view bytes);

/// Base64 of the first eight bytes of SHA-256 of "group/version/Kind" (upstream's
/// discovery.StorageVersionHash).
std::string storage_version_hash(std::string_view group, std::string_view version,
                                 std::string_view kind);

}  // namespace orrery::apiserver
