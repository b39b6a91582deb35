// ServedApi: the whole API server (Front) over memory, behind a real HttpServer with TLS, on a
// wall-clock loop: what the benchmarks load and what the tests of limits attack. Rule: all but
// stop() belongs to the thread that calls run().
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "core/apiserver/api_server.h"
#include "core/apiserver/wire/front.h"
#include "live/crypto/certificate_authority.h"
#include "live/http_server/http_server.h"
#include "live/live_driver.h"

namespace orrery::test {

struct ServedApiOptions {
  HttpServerOptions http;  // certificates are filled in
  apiserver::WireServer::Limits limits;
  Duration commit_latency{};  // of the storage: requests stay in flight so long
};

/// The authority and an administrator's certificate; made before the server, so that a process
/// that forks has them on both sides.
struct ApiCredentials {
  static ApiCredentials make();
  live::CertificateAuthority authority;
  live::CertificatePair server, admin;
};

class ServedApi {
 public:
  ServedApi(const ApiCredentials& credentials, ServedApiOptions options);
  ~ServedApi();

  std::uint16_t port() const;
  /// Serves until stop().
  void run();
  /// Safe from any thread.
  void stop();

  EventLoop& loop();
  Env& env();
  apiserver::ApiServer& api();
  apiserver::Front& front();
  HttpServer& http();
  LiveDriver& driver();
  const api::Kinds& kinds() const;

  /// Writes at once, in this process.
  Response call(Request request);
  /// `count` pods pod-000000... in namespace default, created from JSON as a client sends it, bound
  /// and running.
  void add_running_pods(std::size_t count);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// A pod or ConfigMap as kubectl sends it.
std::string pod_json(const std::string& name);
std::string config_map_json(const std::string& name);

}  // namespace orrery::test
