#include "live/crypto/certificate_authority.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "live/crypto/openssl_handles.h"

namespace orrery::live {
namespace {

using StoreHandle = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using ContextHandle = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>>;

constexpr Time kStart{std::chrono::seconds(1'767'225'600)};
const CertificateAuthority::Validity kYear{kStart};

CertificateHandle certificate_of(const std::string& pem) {
  const BioHandle bio = reading(pem);
  return CertificateHandle(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

// X509_V_OK, or why OpenSSL does not trust `leaf` for this purpose at this time.
int verify(const CertificateAuthority& authority, const std::string& leaf, int purpose,
           Time at = kStart + std::chrono::hours(1)) {
  const CertificateHandle root = certificate_of(authority.certificate_pem());
  const CertificateHandle certificate = certificate_of(leaf);
  const StoreHandle store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), root.get());
  const ContextHandle context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr);
  X509_STORE_CTX_set_purpose(context.get(), purpose);
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_X509_STRICT);
  X509_VERIFY_PARAM_set_time(
      X509_STORE_CTX_get0_param(context.get()),
      std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count());
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

std::vector<std::string> subject(const std::string& pem, int nid) {
  const CertificateHandle certificate = certificate_of(pem);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  std::vector<std::string> out;
  for (int i = -1; (i = X509_NAME_get_index_by_NID(name, nid, i)) >= 0;) {
    const ASN1_STRING* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
    out.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                     static_cast<std::size_t>(ASN1_STRING_length(text)));
  }
  return out;
}

CertificateAuthority authority() {
  Result<CertificateAuthority> made = CertificateAuthority::make("orrery", kYear);
  CHECK(made.ok());
  return std::move(*made);
}

TEST(CertificateAuthority, AServersCertificateIsTrustedForItsNamesAndAddresses) {
  const CertificateAuthority ca = authority();
  const Result<CertificatePair> server = ca.issue_server(
      {"kube-apiserver", {"localhost", "kubernetes.default.svc"}, {"127.0.0.1", "::1"}}, kYear);
  ASSERT_TRUE(server.ok());
  EXPECT_EQ(verify(ca, server->certificate, X509_PURPOSE_SSL_SERVER), X509_V_OK);
  EXPECT_NE(verify(ca, server->certificate, X509_PURPOSE_SSL_CLIENT), X509_V_OK);
  const CertificateHandle certificate = certificate_of(server->certificate);
  for (const char* host : {"localhost", "kubernetes.default.svc"}) {
    EXPECT_EQ(X509_check_host(certificate.get(), host, 0, 0, nullptr), 1) << host;
  }
  EXPECT_EQ(X509_check_host(certificate.get(), "example.com", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "::1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "127.0.0.2", 0), 0);
}

TEST(CertificateAuthority, AClientsCertificateNamesUserAndGroups) {
  const CertificateAuthority ca = authority();
  const Result<CertificatePair> client =
      ca.issue_client({"admin", {"system:masters", "devs"}}, kYear);
  ASSERT_TRUE(client.ok());
  EXPECT_EQ(verify(ca, client->certificate, X509_PURPOSE_SSL_CLIENT), X509_V_OK);
  EXPECT_NE(verify(ca, client->certificate, X509_PURPOSE_SSL_SERVER), X509_V_OK);
  EXPECT_EQ(subject(client->certificate, NID_commonName), std::vector<std::string>{"admin"});
  EXPECT_EQ(subject(client->certificate, NID_organizationName),
            (std::vector<std::string>{"system:masters", "devs"}));
  const BioHandle bio = reading(client->key);
  const KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  EXPECT_EQ(X509_check_private_key(certificate_of(client->certificate).get(), key.get()), 1);
}

TEST(CertificateAuthority, CertificatesAreGoodForTheirTimeOnly) {
  const CertificateAuthority ca = authority();
  const Result<CertificatePair> client =
      ca.issue_client({"u", {}}, {kStart, std::chrono::hours(2)});
  ASSERT_TRUE(client.ok());
  const auto at = [&](Duration after) {
    return verify(ca, client->certificate, X509_PURPOSE_SSL_CLIENT, kStart + after);
  };
  EXPECT_EQ(at(Duration{}), X509_V_OK);
  EXPECT_EQ(at(std::chrono::hours(3)), X509_V_ERR_CERT_HAS_EXPIRED);
  EXPECT_NE(at(-std::chrono::hours(1)), X509_V_OK);
}

TEST(CertificateAuthority, AnotherAuthorityDoesNotVouchForThem) {
  const CertificateAuthority ca = authority(), other = authority();
  const Result<CertificatePair> client = ca.issue_client({"u", {}}, kYear);
  ASSERT_TRUE(client.ok());
  EXPECT_NE(verify(other, client->certificate, X509_PURPOSE_SSL_CLIENT), X509_V_OK);
}

TEST(CertificateAuthority, ComesBackFromItsPem) {
  const CertificateAuthority ca = authority();
  const Result<CertificateAuthority> loaded = CertificateAuthority::load(ca.pem());
  ASSERT_TRUE(loaded.ok());
  const Result<CertificatePair> client = loaded->issue_client({"u", {}}, kYear);
  ASSERT_TRUE(client.ok());
  EXPECT_EQ(verify(ca, client->certificate, X509_PURPOSE_SSL_CLIENT), X509_V_OK);
  CertificatePair mixed = ca.pem();
  mixed.key = authority().pem().key;
  EXPECT_FALSE(CertificateAuthority::load(mixed).ok());
  EXPECT_FALSE(CertificateAuthority::load({"x", "y"}).ok());
}

TEST(CertificateAuthority, NamesThatCannotBeInACertificateAreRefused) {
  const CertificateAuthority ca = authority();
  EXPECT_EQ(ca.issue_server({"s", {}, {"not an address"}}, kYear).status().message(),
            "\"not an address\" is not an IP address");
  EXPECT_FALSE(ca.issue_client({std::string(65, 'u'), {}}, kYear).ok());  // X.520: CN <= 64
}

}  // namespace
}  // namespace orrery::live
