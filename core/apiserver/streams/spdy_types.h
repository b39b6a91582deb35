// The numbers of SPDY/3's control frames; for SpdyReader and SpdyWriter only.
#pragma once

#include <cstdint>

namespace orrery::apiserver {

inline constexpr std::uint32_t kSpdyVersion = 3;

enum class SpdyType : std::uint32_t {
  kSynStream = 1,
  kSynReply = 2,
  kRstStream = 3,
  kSettings = 4,
  kPing = 6,
  kGoAway = 7,
  kHeaders = 8,
  kWindowUpdate = 9,
};

}  // namespace orrery::apiserver
