// Digest: a 128-bit running fingerprint of what happened, in order. Two runs with one digest did
// the same things at the same virtual times. Not cryptographic.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/hash.h"

namespace orrery {

class Digest {
 public:
  void add(std::uint64_t word) {
    a_ = mix64(a_ ^ word);
    b_ = (b_ + word) * 0x9fb21c651e98df25ull;
    b_ ^= b_ >> 29;
    ++count_;
  }
  void add(std::string_view text) {
    add(hash_text(text));
    add(text.size());
  }
  /// How many words went in.
  std::uint64_t count() const { return count_; }
  /// 32 lower-case hex digits.
  std::string hex() const;
  bool operator==(const Digest&) const = default;

 private:
  std::uint64_t a_ = 0x243f6a8885a308d3ull;  // first digits of pi
  std::uint64_t b_ = 0x13198a2e03707344ull;
  std::uint64_t count_ = 0;
};

}  // namespace orrery
