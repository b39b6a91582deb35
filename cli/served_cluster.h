// ServedCluster: a simulated cluster behind a real API server: both worlds wired together. Made by
// `orrery sim serve`: make(), then run() until a signal. The order of the members is the wiring.
//
//     kubectl --TLS--> HttpServer --> Front --> ApiServer of the Simulation
//     wall clock --> ScaledDriver --> EventLoop --> everything
#pragma once

#include <memory>
#include <string>

#include "cli/clock_api.h"
#include "cli/kubeconfig.h"
#include "core/apiserver/wire/front.h"
#include "live/crypto/certificate_authority.h"
#include "live/crypto/openssl_token_signer.h"
#include "live/http_server/http_server.h"
#include "live/wall_delays.h"
#include "sim/cluster/simulation.h"
#include "sim/pod_console/pod_console.h"
#include "sim/serving/metrics_api.h"
#include "sim/serving/store_pod_view.h"

namespace orrery::cli {

class ServedCluster {
 public:
  struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    double speed = 1;  // of virtual time; ScaledDriver::kSpeedMax
    bool paused = false;
  };
  /// Prepares the scenario, listens and starts. Invalid or BadRequest: bad input;
  /// ServiceUnavailable: the address cannot be had.
  static Result<std::unique_ptr<ServedCluster>> make(sim::Scenario scenario, Options options);
  ~ServedCluster();
  ServedCluster(const ServedCluster&) = delete;
  ServedCluster& operator=(const ServedCluster&) = delete;

  /// Of user admin, in system:masters.
  const ClusterAccess& access() const { return access_; }
  sim::Simulation& simulation() { return simulation_; }
  /// Serves until SIGINT or SIGTERM.
  void run();

 private:
  // The server listens, to know its port, before there is anything to serve.
  struct Gate final : HttpHandler {
    HttpHandler* next = nullptr;
    void handle(std::unique_ptr<HttpExchange> exchange) override {
      next->handle(std::move(exchange));
    }
  };

  ServedCluster(sim::Scenario scenario, const Options& options,
                live::CertificateAuthority authority,
                std::unique_ptr<live::OpenSslTokenSigner> signer);
  Status listen(const Options& options);
  Status grant_access(live::CertificateAuthority::Validity validity);
  void begin(const Options& options);
  std::string metrics_text();
  void end();

  live::CertificateAuthority authority_;
  std::unique_ptr<live::OpenSslTokenSigner> signer_;
  ScaledDriver driver_;
  sim::Simulation simulation_;
  WallDelays delays_;
  sim::StorePodView pod_view_;
  sim::PodConsole console_;
  sim::MetricsApi usage_;
  Gate gate_;
  std::unique_ptr<apiserver::Front> front_;
  std::unique_ptr<ClockApi> clock_;
  std::unique_ptr<HttpServer> server_;
  ClusterAccess access_;
};

}  // namespace orrery::cli
