// TlsContext: certificates and rules for the TLS connections of a server, made once. Used by
// HttpServer; each connection makes its session from it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/ports/http_exchange.h"

struct ssl_ctx_st;
struct ssl_st;

namespace orrery {

struct FreeTls {
  void operator()(ssl_ctx_st* context) const;
  void operator()(ssl_st* session) const;
};
using TlsContext = std::unique_ptr<ssl_ctx_st, FreeTls>;
using TlsSession = std::unique_ptr<ssl_st, FreeTls>;

/// TLS 1.2 and up, http/1.1 by ALPN, session tickets. With a client CA, clients are asked for a
/// certificate but need not send one, and a bad one does not end the handshake: as upstream, core
/// decides what an unknown client may do.
Result<TlsContext> make_server_tls(const std::string& certificate_pem, const std::string& key_pem,
                                   const std::string& client_ca_pem);

/// For clients of tests and benchmarks: checks the server against this CA, offers http/1.1.
/// `certificate_pem` and `key_pem` may be empty.
Result<TlsContext> make_client_tls(const std::string& ca_pem, const std::string& certificate_pem,
                                   const std::string& key_pem);

/// Who the peer is, if it sent a certificate that was verified.
std::optional<CertificateIdentity> verified_peer(ssl_st* session);

}  // namespace orrery
