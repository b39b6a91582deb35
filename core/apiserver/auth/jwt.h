// JSON web tokens in compact form, as text: base64url and the three parts. Signing and claims are
// elsewhere (token_signer.h, token_claims.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace orrery::apiserver {

/// Without padding (RFC 4648, 5).
std::string base64url(std::string_view bytes);
/// None if the text is not base64url without padding.
std::optional<std::string> from_base64url(std::string_view text);

struct Jwt {
  std::string_view signed_text;  // header.payload, as shown
  std::string header;            // JSON
  std::string payload;           // JSON
  std::string signature;         // bytes

  /// None if `text` is not three base64url parts. `signed_text` points into `text`.
  static std::optional<Jwt> split(std::string_view text);
};

}  // namespace orrery::apiserver
