#include "core/apiserver/discovery/content_hash.h"

#include <fmt/format.h>

#include <cstdint>

#include "core/apiserver/discovery/sha2.h"

namespace orrery::apiserver {
namespace {

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Of eight bytes: eleven characters and one of padding.
std::string base64_of_eight(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes.substr(0, 8)) value = (value << 8) | static_cast<unsigned char>(c);
  std::string out;
  for (int shift = 58; shift >= 4; shift -= 6) out.push_back(kBase64[(value >> shift) & 63]);
  out.push_back(kBase64[(value << 2) & 63]);
  out.push_back('=');
  return out;
}

}  // namespace

std::string content_hash(std::string_view bytes) {
  std::string out;
  for (const char byte : sha512(bytes)) {
    fmt::format_to(std::back_inserter(out), "{:02X}", static_cast<unsigned char>(byte));
  }
  return out;
}

std::string storage_version_hash(std::string_view group, std::string_view version,
                                 std::string_view kind) {
  return base64_of_eight(sha256(fmt::format("{}/{}/{}", group, version, kind)));
}

}  // namespace orrery::apiserver
