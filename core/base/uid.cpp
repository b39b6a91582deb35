#include "core/base/uid.h"

#include <fmt/format.h>

namespace orrery {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string Uid::str() const {
  if (empty()) return {};
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xffff,
                     high & 0xffff, low >> 48, low & 0xffffffffffffull);
}

Uid Uid::draw(RandomStream& stream) {
  Uid uid{stream.next(), stream.next()};
  uid.high = (uid.high & ~0xf000ull) | 0x4000ull;
  uid.low = (uid.low & ~(3ull << 62)) | (2ull << 62);
  return uid;
}

Uid Uid::parse(std::string_view text) {
  if (text.empty()) return {};
  Uid uid;
  int digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '-' && (i == 8 || i == 13 || i == 18 || i == 23)) continue;
    const int d = hex_digit(text[i]);
    if (d < 0 || digits == 32) {
      digits = -1;
      break;
    }
    auto& half = digits < 16 ? uid.high : uid.low;
    half = half << 4 | static_cast<std::uint64_t>(d);
    ++digits;
  }
  if (digits == 32 && text.size() == 36) return uid;
  return {fnv1a_64(text), hash_text(text) | 1};
}

}  // namespace orrery
