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

// Text of up to 13 bytes that is no UUID is kept as it is: 6 bytes in `high` above a version nibble
// that UUIDs do not have, 7 bytes in `low` below the length.
constexpr std::size_t kTextMax = 13;
constexpr std::uint64_t kTextMark = 0xf000;

Uid pack_text(std::string_view text) {
  Uid uid{kTextMark, static_cast<std::uint64_t>(text.size()) << 56};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>(text[i]));
    if (i < 6) {
      uid.high |= byte << (56 - 8 * i);
    } else {
      uid.low |= byte << (48 - 8 * (i - 6));
    }
  }
  return uid;
}

std::string unpack_text(const Uid& uid) {
  std::string text(uid.low >> 56, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = static_cast<char>(i < 6 ? uid.high >> (56 - 8 * i) : uid.low >> (48 - 8 * (i - 6)));
  }
  return text;
}

bool is_text(const Uid& uid) {
  return (uid.high & 0xffff) == kTextMark && uid.low >> 56 >= 1 && uid.low >> 56 <= kTextMax;
}

}  // namespace

std::string Uid::str() const {
  if (empty()) return {};
  if (is_text(*this)) return unpack_text(*this);
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
  if (text.size() <= kTextMax) return pack_text(text);
  return {fnv1a_64(text), hash_text(text) | 1};
}

}  // namespace orrery
