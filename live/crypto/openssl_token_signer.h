// OpenSslTokenSigner: RS256 with an RSA key of its own, for service-account tokens. The program
// makes or loads it at start; keeping the PEM in a file that only its owner can read is the
// caller's work.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/ports/token_signer.h"

namespace orrery::live {

class OpenSslTokenSigner final : public TokenSigner {
 public:
  /// A fresh key of `bits` (2048 or more).
  static Result<std::unique_ptr<OpenSslTokenSigner>> make(int bits = 2048);
  /// From an RSA private key in PEM. BadRequest if it is none.
  static Result<std::unique_ptr<OpenSslTokenSigner>> load(std::string_view pem);
  ~OpenSslTokenSigner() override;

  /// The private key: PKCS#8, PEM.
  std::string private_key_pem() const;

  std::string algorithm() const override { return "RS256"; }
  /// As upstream: base64url of the SHA-256 of the public key's DER.
  std::string key_id() const override { return key_id_; }
  std::string sign(std::string_view input) override;
  bool is_signed(std::string_view key_id, std::string_view input,
                 std::string_view signature) const override;
  std::string jwks() const override { return jwks_; }

 private:
  struct Key;
  explicit OpenSslTokenSigner(std::unique_ptr<Key> key);
  std::unique_ptr<Key> key_;
  std::string key_id_;
  std::string jwks_;
};

}  // namespace orrery::live
