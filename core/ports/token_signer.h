// TokenSigner: the key that signs service-account tokens (JWS, RS256). live/ holds a real one; the
// API server asks it to sign new tokens, to verify those that clients show, and for the public keys
// that others may verify with. Answers come at once.
#pragma once

#include <string>
#include <string_view>

namespace orrery {

class TokenSigner {
 public:
  virtual ~TokenSigner() = default;

  /// The JWS header's "alg", e.g. "RS256".
  virtual std::string algorithm() const = 0;
  /// The JWS header's "kid": changes with the key.
  virtual std::string key_id() const = 0;
  /// The signature's bytes over `input` (base64url header, '.', base64url payload).
  virtual std::string sign(std::string_view input) = 0;
  /// Whether `signature` over `input` was made with the key `key_id`; with an empty `key_id`, with
  /// any key that is trusted.
  virtual bool is_signed(std::string_view key_id, std::string_view input,
                         std::string_view signature) const = 0;
  /// The public keys as a JWKS document: {"keys":[{"use":"sig","kty":"RSA",...}]}.
  virtual std::string jwks() const = 0;
};

}  // namespace orrery
