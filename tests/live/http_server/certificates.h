// Certificates for tests, made with OpenSSL: an authority and what it signs. P-256 keys.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string>
#include <vector>

namespace orrery::test {

struct Signed {
  std::string certificate, key;  // PEM
};

class Authority {
 public:
  Authority() : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
    fill(certificate_, key_, "test-ca", {});
    X509_set_issuer_name(certificate_, X509_get_subject_name(certificate_));
    extend(certificate_, NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(certificate_, key_, EVP_sha256());
  }
  ~Authority() {
    X509_free(certificate_);
    EVP_PKEY_free(key_);
  }
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  std::string pem() const { return pem_of(certificate_); }
  /// `names`: e.g. "IP:127.0.0.1", "" for a client's.
  Signed sign(const std::string& common_name, const std::vector<std::string>& organizations,
              const std::string& names) const {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* made = X509_new();
    fill(made, key, common_name, organizations);
    X509_set_issuer_name(made, X509_get_subject_name(certificate_));
    if (!names.empty()) extend(made, NID_subject_alt_name, names);
    extend(made, NID_ext_key_usage, names.empty() ? "clientAuth" : "serverAuth");
    X509_sign(made, key_, EVP_sha256());
    Signed out{pem_of(made), {}};
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    out.key = text_of(bio);
    X509_free(made);
    EVP_PKEY_free(key);
    return out;
  }

 private:
  static std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string out(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return out;
  }
  static std::string pem_of(X509* certificate) {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, certificate);
    return text_of(bio);
  }
  static void add_name(X509_NAME* name, const char* field, const std::string& value) {
    X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1, 0);
  }
  static void fill(X509* x, EVP_PKEY* key, const std::string& common_name,
                   const std::vector<std::string>& organizations) {
    static long serial = 1;
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
    X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_set_pubkey(x, key);
    for (const std::string& o : organizations) add_name(X509_get_subject_name(x), "O", o);
    add_name(X509_get_subject_name(x), "CN", common_name);
  }
  static void extend(X509* x, int nid, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
    X509_add_ext(x, extension, -1);
    X509_EXTENSION_free(extension);
  }

  EVP_PKEY* key_;
  X509* certificate_;
};

}  // namespace orrery::test
