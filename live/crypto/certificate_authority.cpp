#include "live/crypto/certificate_authority.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <ctime>

#include "live/crypto/openssl_handles.h"

namespace orrery::live {
namespace {

constexpr int kVersion3 = 2;      // X.509 counts from 0
constexpr int kSerialBits = 127;  // positive, at most 20 bytes (RFC 5280, 4.1.2.2)
constexpr Duration kSkew = std::chrono::minutes(1);

using GeneralNames = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;

std::time_t unix_seconds(Time t) {
  return std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count();
}

bool add_name(X509_NAME* name, const char* field, const std::string& value) {
  return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(value.data()),
                                    static_cast<int>(value.size()), -1, 0) == 1;
}

bool add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  if (!extension) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

// Not by OpenSSL's configuration text: a name could then smuggle in other entries.
bool push_name(GENERAL_NAMES* names, int type, ASN1_STRING* value) {
  if (!value) return false;
  GENERAL_NAME* name = GENERAL_NAME_new();
  GENERAL_NAME_set0_value(name, type, value);
  return sk_GENERAL_NAME_push(names, name) > 0;
}

Status add_alternative_names(X509* certificate, const CertificateAuthority::ServerNames& wanted) {
  const GeneralNames names(GENERAL_NAMES_new());
  for (const std::string& dns : wanted.dns) {
    ASN1_STRING* value = ASN1_IA5STRING_new();
    ASN1_STRING_set(value, dns.data(), static_cast<int>(dns.size()));
    if (!push_name(names.get(), GEN_DNS, value)) return openssl_error("naming " + dns);
  }
  for (const std::string& address : wanted.addresses) {
    ASN1_OCTET_STRING* value = a2i_IPADDRESS(address.c_str());
    ERR_clear_error();
    if (!value) return bad_request("\"" + address + "\" is not an IP address");
    if (!push_name(names.get(), GEN_IPADD, value)) return openssl_error("naming " + address);
  }
  if (sk_GENERAL_NAME_num(names.get()) == 0) return Status();
  if (X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, 0) != 1) {
    return openssl_error("naming a server");
  }
  return Status();
}

bool set_serial(X509* certificate) {
  const NumberHandle number(BN_new());
  return BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

// A certificate for `key` with everything but names and extensions.
CertificateHandle blank(EVP_PKEY* key, CertificateAuthority::Validity validity) {
  CertificateHandle certificate(X509_new());
  X509* x = certificate.get();
  const bool good =
      X509_set_version(x, kVersion3) == 1 && set_serial(x) &&
      ASN1_TIME_set(X509_getm_notBefore(x), unix_seconds(validity.from - kSkew)) &&
      ASN1_TIME_set(X509_getm_notAfter(x), unix_seconds(validity.from + validity.length)) &&
      X509_set_pubkey(x, key) == 1;
  return good ? std::move(certificate) : nullptr;
}

std::string pem_of(X509* certificate) {
  const BioHandle bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return text_in(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
  const BioHandle bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_in(bio.get());
}

}  // namespace

struct CertificateAuthority::Signer {
  CertificateHandle certificate;
  KeyHandle key;

  /// Adds the extensions of a leaf, signs, and writes both as PEM.
  Result<CertificatePair> finish(X509* leaf, EVP_PKEY* leaf_key, const char* usage) const {
    X509* issuer = certificate.get();
    const bool good = X509_set_issuer_name(leaf, X509_get_subject_name(issuer)) == 1 &&
                      add_extension(leaf, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
                      add_extension(leaf, issuer, NID_key_usage, "critical,digitalSignature") &&
                      add_extension(leaf, issuer, NID_ext_key_usage, usage) &&
                      add_extension(leaf, issuer, NID_authority_key_identifier, "keyid:always") &&
                      X509_sign(leaf, key.get(), EVP_sha256()) > 0;
    if (!good) return openssl_error("signing a certificate");
    return CertificatePair{pem_of(leaf), pem_of(leaf_key)};
  }
};

CertificateAuthority::CertificateAuthority(std::unique_ptr<Signer> signer, CertificatePair pem)
    : signer_(std::move(signer)), pem_(std::move(pem)) {}
CertificateAuthority::CertificateAuthority(CertificateAuthority&&) noexcept = default;
CertificateAuthority& CertificateAuthority::operator=(CertificateAuthority&&) noexcept = default;
CertificateAuthority::~CertificateAuthority() = default;

Result<CertificateAuthority> CertificateAuthority::make(const std::string& common_name,
                                                        Validity validity) {
  auto signer = std::make_unique<Signer>();
  signer->key.reset(EVP_EC_gen("P-256"));
  if (!signer->key) return openssl_error("making a key");
  signer->certificate = blank(signer->key.get(), validity);
  X509* x = signer->certificate.get();
  const bool good =
      x && add_name(X509_get_subject_name(x), "CN", common_name) &&
      X509_set_issuer_name(x, X509_get_subject_name(x)) == 1 &&
      add_extension(x, x, NID_basic_constraints, "critical,CA:TRUE") &&
      add_extension(x, x, NID_key_usage, "critical,digitalSignature,keyCertSign,cRLSign") &&
      add_extension(x, x, NID_subject_key_identifier, "hash") &&
      X509_sign(x, signer->key.get(), EVP_sha256()) > 0;
  if (!good) return openssl_error("making a certificate authority");
  CertificatePair pem{pem_of(x), pem_of(signer->key.get())};
  return CertificateAuthority(std::move(signer), std::move(pem));
}

Result<CertificateAuthority> CertificateAuthority::load(const CertificatePair& pem) {
  auto signer = std::make_unique<Signer>();
  const BioHandle certificate = reading(pem.certificate), key = reading(pem.key);
  signer->certificate.reset(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
  signer->key.reset(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr));
  const bool fit = signer->certificate && signer->key &&
                   X509_check_private_key(signer->certificate.get(), signer->key.get()) == 1;
  ERR_clear_error();
  if (!fit) return bad_request("the CA's certificate and key are not a pair in PEM");
  return CertificateAuthority(std::move(signer), pem);
}

Result<CertificatePair> CertificateAuthority::issue_server(const ServerNames& names,
                                                           Validity validity) const {
  const KeyHandle key(EVP_EC_gen("P-256"));
  if (!key) return openssl_error("making a key");
  const CertificateHandle leaf = blank(key.get(), validity);
  if (!leaf || !add_name(X509_get_subject_name(leaf.get()), "CN", names.common_name)) {
    return openssl_error("naming a server");
  }
  RETURN_IF_ERROR(add_alternative_names(leaf.get(), names));
  return signer_->finish(leaf.get(), key.get(), "serverAuth");
}

Result<CertificatePair> CertificateAuthority::issue_client(const ClientNames& names,
                                                           Validity validity) const {
  const KeyHandle key(EVP_EC_gen("P-256"));
  if (!key) return openssl_error("making a key");
  const CertificateHandle leaf = blank(key.get(), validity);
  if (!leaf) return openssl_error("naming a client");
  X509_NAME* subject = X509_get_subject_name(leaf.get());
  for (const std::string& group : names.groups) {
    if (!add_name(subject, "O", group)) return openssl_error("naming a client's group");
  }
  if (!add_name(subject, "CN", names.user)) return openssl_error("naming a client");
  return signer_->finish(leaf.get(), key.get(), "clientAuth");
}

}  // namespace orrery::live
