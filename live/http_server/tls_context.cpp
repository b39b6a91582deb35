#include "live/http_server/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstring>
#include <string_view>

namespace orrery {
namespace {

struct FreeX509 {
  void operator()(X509* x) const { X509_free(x); }
  void operator()(EVP_PKEY* x) const { EVP_PKEY_free(x); }
  void operator()(BIO* x) const { BIO_free(x); }
};
using Certificate = std::unique_ptr<X509, FreeX509>;
using Memory = std::unique_ptr<BIO, FreeX509>;

Memory reader_of(const std::string& pem) {
  return Memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Status bad(std::string_view what) {
  char text[256] = "no PEM block";
  if (const unsigned long code = ERR_get_error()) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return bad_request("tls: " + std::string(what) + ": " + text);
}

Status use_certificate(SSL_CTX* context, const std::string& certificate_pem,
                       const std::string& key_pem) {
  const Memory certificates = reader_of(certificate_pem);
  const Certificate leaf(PEM_read_bio_X509_AUX(certificates.get(), nullptr, nullptr, nullptr));
  if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1) return bad("certificate");
  while (X509* next = PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr)) {
    if (SSL_CTX_add0_chain_cert(context, next) != 1) {
      X509_free(next);
      return bad("certificate chain");
    }
  }
  ERR_clear_error();  // the end of the file counts as an error
  const Memory keys = reader_of(key_pem);
  const std::unique_ptr<EVP_PKEY, FreeX509> key(
      PEM_read_bio_PrivateKey(keys.get(), nullptr, nullptr, nullptr));
  if (!key || SSL_CTX_use_PrivateKey(context, key.get()) != 1) return bad("private key");
  if (SSL_CTX_check_private_key(context) != 1) return bad("the key is not the certificate's");
  return {};
}

Status trust(SSL_CTX* context, const std::string& ca_pem, bool name_to_clients) {
  const Memory reader = reader_of(ca_pem);
  int count = 0;
  while (Certificate ca{PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)}) {
    ++count;
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.get()) != 1) return bad("CA");
    if (name_to_clients && SSL_CTX_add_client_CA(context, ca.get()) != 1) return bad("CA");
  }
  if (count == 0) return bad("CA");
  ERR_clear_error();
  return {};
}

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned in_size, void*) {
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, out_size, kHttp11, sizeof kHttp11 - 1, in,
                                          in_size);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;  // then HTTP/1.1 all the same
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

// A bad certificate is remembered as the session's verify result: verified_peer() tells.
int accept_any(int, X509_STORE_CTX*) { return 1; }

Result<TlsContext> make_context(const SSL_METHOD* method) {
  TlsContext context(SSL_CTX_new(method));
  if (!context) return bad("context");
  SSL_CTX* c = context.get();
  SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
  SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF |
                             SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION);
  // Idle connections give their buffers back: 34 KB each.
  SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                          SSL_MODE_ENABLE_PARTIAL_WRITE);
  SSL_CTX_set_read_ahead(c, 1);  // one system call a record, not two
  // AES-128 first, as Go's clients would have it: the fastest where the machine has AES.
  SSL_CTX_set_ciphersuites(
      c, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256");
  return context;
}

// All values of one kind in a name, in their order.
std::vector<std::string> values(X509_NAME* name, int nid) {
  std::vector<std::string> out;
  int at = -1;
  while ((at = X509_NAME_get_index_by_NID(name, nid, at)) >= 0) {
    unsigned char* utf8 = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (size < 0) continue;
    out.emplace_back(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
    OPENSSL_free(utf8);
  }
  return out;
}

}  // namespace

void FreeTls::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }
void FreeTls::operator()(ssl_st* session) const { SSL_free(session); }

Result<TlsContext> make_server_tls(const std::string& certificate_pem, const std::string& key_pem,
                                   const std::string& client_ca_pem) {
  Result<TlsContext> made = make_context(TLS_server_method());
  if (!made.ok()) return made;
  SSL_CTX* c = made->get();
  RETURN_IF_ERROR(use_certificate(c, certificate_pem, key_pem));
  SSL_CTX_set_alpn_select_cb(c, choose_protocol, nullptr);
  SSL_CTX_set_num_tickets(c, 1);
  static constexpr unsigned char kSessions[] = "orrery";
  SSL_CTX_set_session_id_context(c, kSessions, sizeof kSessions - 1);
  if (!client_ca_pem.empty()) {
    RETURN_IF_ERROR(trust(c, client_ca_pem, true));
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER, accept_any);
  }
  return made;
}

Result<TlsContext> make_client_tls(const std::string& ca_pem, const std::string& certificate_pem,
                                   const std::string& key_pem) {
  Result<TlsContext> made = make_context(TLS_client_method());
  if (!made.ok()) return made;
  SSL_CTX* c = made->get();
  RETURN_IF_ERROR(trust(c, ca_pem, false));
  SSL_CTX_set_verify(c, SSL_VERIFY_PEER, nullptr);
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(c, kHttp11, sizeof kHttp11 - 1);
  if (!certificate_pem.empty()) RETURN_IF_ERROR(use_certificate(c, certificate_pem, key_pem));
  return made;
}

std::optional<CertificateIdentity> verified_peer(ssl_st* session) {
  const Certificate peer(SSL_get1_peer_certificate(session));
  if (!peer || SSL_get_verify_result(session) != X509_V_OK) return std::nullopt;
  X509_NAME* subject = X509_get_subject_name(peer.get());
  CertificateIdentity identity;
  // Go takes the last of several common names.
  const std::vector<std::string> names = values(subject, NID_commonName);
  if (!names.empty()) identity.common_name = names.back();
  identity.organizations = values(subject, NID_organizationName);
  return identity;
}

}  // namespace orrery
