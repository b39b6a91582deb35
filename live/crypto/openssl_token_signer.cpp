#include "live/crypto/openssl_token_signer.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "core/apiserver/auth/jwt.h"
#include "core/base/check.h"
#include "live/crypto/openssl_handles.h"

namespace orrery::live {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string fingerprint(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  CHECK(size > 0);
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned int hash_size = 0;
  const int hashed =
      EVP_Digest(der, static_cast<std::size_t>(size), hash, &hash_size, EVP_sha256(), nullptr);
  OPENSSL_free(der);
  CHECK(hashed == 1);
  return apiserver::base64url({reinterpret_cast<const char*>(hash), hash_size});
}

// A part of the public key ("n", "e") as JWK writes it: base64url of its big-endian bytes.
std::string number(EVP_PKEY* key, const char* name) {
  BIGNUM* raw = nullptr;
  CHECK(EVP_PKEY_get_bn_param(key, name, &raw) == 1);
  const NumberHandle value(raw);
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(value.get())), '\0');
  BN_bn2bin(value.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  return apiserver::base64url(bytes);
}

}  // namespace

struct OpenSslTokenSigner::Key {
  KeyHandle handle;
};

OpenSslTokenSigner::OpenSslTokenSigner(std::unique_ptr<Key> key) : key_(std::move(key)) {
  EVP_PKEY* handle = key_->handle.get();
  key_id_ = fingerprint(handle);
  jwks_ = "{\"keys\":[{\"use\":\"sig\",\"kty\":\"RSA\",\"kid\":\"" + key_id_ +
          "\",\"alg\":\"RS256\",\"n\":\"" + number(handle, OSSL_PKEY_PARAM_RSA_N) + "\",\"e\":\"" +
          number(handle, OSSL_PKEY_PARAM_RSA_E) + "\"}]}";
}

OpenSslTokenSigner::~OpenSslTokenSigner() = default;

Result<std::unique_ptr<OpenSslTokenSigner>> OpenSslTokenSigner::make(int bits) {
  auto key = std::make_unique<Key>();
  key->handle.reset(EVP_RSA_gen(static_cast<unsigned int>(bits)));
  if (!key->handle) return openssl_error("making an RSA key");
  return std::unique_ptr<OpenSslTokenSigner>(new OpenSslTokenSigner(std::move(key)));
}

Result<std::unique_ptr<OpenSslTokenSigner>> OpenSslTokenSigner::load(std::string_view pem) {
  const BioHandle bio = reading(pem);
  auto key = std::make_unique<Key>();
  key->handle.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  const bool is_rsa = key->handle && EVP_PKEY_get_base_id(key->handle.get()) == EVP_PKEY_RSA;
  ERR_clear_error();
  if (!is_rsa) return bad_request("the service-account key is not an RSA private key in PEM");
  return std::unique_ptr<OpenSslTokenSigner>(new OpenSslTokenSigner(std::move(key)));
}

std::string OpenSslTokenSigner::private_key_pem() const {
  const BioHandle bio(BIO_new(BIO_s_mem()));
  CHECK(PEM_write_bio_PrivateKey(bio.get(), key_->handle.get(), nullptr, nullptr, 0, nullptr,
                                 nullptr) == 1);
  return text_in(bio.get());
}

std::string OpenSslTokenSigner::sign(std::string_view input) {
  const DigestHandle context(EVP_MD_CTX_new());
  CHECK(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->handle.get()) == 1);
  std::size_t size = 0;
  CHECK(EVP_DigestSign(context.get(), nullptr, &size, bytes_of(input), input.size()) == 1);
  std::string signature(size, '\0');
  CHECK(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       bytes_of(input), input.size()) == 1);
  signature.resize(size);
  return signature;
}

bool OpenSslTokenSigner::is_signed(std::string_view key_id, std::string_view input,
                                   std::string_view signature) const {
  if (!key_id.empty() && key_id != key_id_) return false;
  const DigestHandle context(EVP_MD_CTX_new());
  const bool good = EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                                         key_->handle.get()) == 1 &&
                    EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                                     bytes_of(input), input.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace orrery::live
