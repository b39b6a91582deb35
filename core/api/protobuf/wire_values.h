// The scalar forms that JSON and protobuf write differently: instants and base64. Called by the
// protobuf codec. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orrery::api {

/// An instant as protobuf keeps it: seconds since 1970 and nanoseconds after them.
struct Timestamp {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  bool operator==(const Timestamp&) const = default;
};

/// Go's zero time.Time, the first second of the year 1: not set.
inline constexpr std::int64_t kZeroTimeSeconds = -62'135'596'800;

/// "2026-11-23T04:13:40.5+01:00"; nothing if it is not RFC 3339. Years 0000 to 9999.
std::optional<Timestamp> parse_timestamp(std::string_view text);
/// "2026-11-23T04:13:40Z", with `micro` "2026-11-23T04:13:40.354576Z"; nothing outside of the
/// years 0000 to 9999.
std::optional<std::string> format_timestamp(Timestamp at, bool micro);

std::string base64_encode(std::string_view bytes);
/// Standard alphabet with padding; line breaks are skipped as Go does. Nothing if it is not base64.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace orrery::api
