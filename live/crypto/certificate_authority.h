// CertificateAuthority: a CA of our own (ECDSA P-256) and the certificates it issues: for servers,
// by DNS names and addresses, and for clients, whose CN is the user and whose O are the groups.
// `orrery sim serve` and `orrery up` make or load one at start. Keys leave as PEM: writing them to
// files that only their owner can read is the caller's work.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace orrery::live {

/// A certificate and its private key, both PEM.
struct CertificatePair {
  std::string certificate;
  std::string key;
};

class CertificateAuthority {
 public:
  /// From when, and for how long, a certificate is good; a minute of clock skew is allowed for.
  struct Validity {
    Time from;
    Duration length = std::chrono::hours(24 * 365);
  };
  struct ServerNames {
    std::string common_name;
    std::vector<std::string> dns;
    std::vector<std::string> addresses;  // IPv4 or IPv6 text
  };
  struct ClientNames {
    std::string user;
    std::vector<std::string> groups;
  };

  static Result<CertificateAuthority> make(const std::string& common_name, Validity validity);
  /// BadRequest if the two do not belong together.
  static Result<CertificateAuthority> load(const CertificatePair& pem);
  CertificateAuthority(CertificateAuthority&&) noexcept;
  CertificateAuthority& operator=(CertificateAuthority&&) noexcept;
  ~CertificateAuthority();

  const std::string& certificate_pem() const { return pem_.certificate; }
  const CertificatePair& pem() const { return pem_; }

  Result<CertificatePair> issue_server(const ServerNames& names, Validity validity) const;
  Result<CertificatePair> issue_client(const ClientNames& names, Validity validity) const;

 private:
  struct Signer;
  CertificateAuthority(std::unique_ptr<Signer> signer, CertificatePair pem);
  std::unique_ptr<Signer> signer_;
  CertificatePair pem_;
};

}  // namespace orrery::live
