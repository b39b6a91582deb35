#include "cli/served_cluster.h"

#include <fmt/format.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>

#include "core/runtime/metrics.h"
#include "live/prometheus_text.h"
#include "sim/serving/kubernetes_service.h"

namespace orrery::cli {
namespace {

using live::CertificateAuthority;

// How long answers under way have when the server ends.
constexpr Duration kGrace = 500ms;

Time wall_now() {
  return Time(std::chrono::duration_cast<Duration>(
      std::chrono::system_clock::now().time_since_epoch()));
}

// A scenario that names no start begins now, so that the ages that kubectl computes by its own
// clock make sense.
sim::Scenario started_now(sim::Scenario scenario) {
  if (scenario.start_time == sim::Scenario().start_time) {
    scenario.start_time = truncate_to_second(wall_now());
  }
  return scenario;
}

sim::ServingOptions serving_options(const CertificateAuthority& authority, double speed) {
  sim::ServingOptions options;
  // At full speed heartbeats would be all that happens: time would run off.
  options.writes_heartbeats = speed != ScaledDriver::kSpeedMax;
  options.root_ca_pem = authority.certificate_pem();
  options.admission.service_account_tokens = true;
  options.admission.taint_new_nodes = true;
  // No controller lifts the finalizers of protect_storage yet.
  return options;
}

std::vector<std::string> addresses_of(const std::string& host) {
  std::vector<std::string> all = {"127.0.0.1", "::1", sim::kKubernetesAddress,
                                  sim::kControlPlaneAddress};
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  if (!error && !address.is_loopback() && !address.is_unspecified()) all.push_back(host);
  return all;
}

}  // namespace

Result<std::unique_ptr<ServedCluster>> ServedCluster::make(sim::Scenario scenario,
                                                           Options options) {
  const CertificateAuthority::Validity validity{wall_now()};
  Result<CertificateAuthority> authority = CertificateAuthority::make("kubernetes", validity);
  if (!authority.ok()) return authority.status();
  auto signer = live::OpenSslTokenSigner::make();
  if (!signer.ok()) return signer.status();
  auto cluster = std::unique_ptr<ServedCluster>(
      new ServedCluster(started_now(std::move(scenario)), options, std::move(*authority),
                        std::move(*signer)));
  RETURN_IF_ERROR(cluster->simulation_.prepare());
  RETURN_IF_ERROR(cluster->listen(options));
  RETURN_IF_ERROR(cluster->grant_access(validity));
  cluster->begin(options);
  return cluster;
}

ServedCluster::ServedCluster(sim::Scenario scenario, const Options& options,
                             CertificateAuthority authority,
                             std::unique_ptr<live::OpenSslTokenSigner> signer)
    : authority_(std::move(authority)),
      signer_(std::move(signer)),
      driver_(scenario.start_time, options.speed),
      simulation_(std::move(scenario), driver_, serving_options(authority_, options.speed)),
      delays_(driver_.io_context(), simulation_.env().loop),
      pod_view_(simulation_.store(), simulation_.fleet()),
      console_(simulation_.env().loop, pod_view_),
      usage_(simulation_.env(), simulation_.server(), simulation_.store(),
             sim::PodUsage(simulation_.scenario())) {}

ServedCluster::~ServedCluster() = default;

Status ServedCluster::listen(const Options& options) {
  CertificateAuthority::ServerNames names;
  names.common_name = "kube-apiserver";
  names.dns = {"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
               "kubernetes.default.svc.cluster.local"};
  names.addresses = addresses_of(options.host);
  auto certificate = authority_.issue_server(names, {wall_now()});
  if (!certificate.ok()) return certificate.status();
  HttpServerOptions http;
  http.host = options.host;
  http.port = options.port;
  http.certificate_pem = certificate->certificate;
  http.key_pem = certificate->key;
  http.client_ca_pem = authority_.certificate_pem();
  auto server = HttpServer::listen(driver_.io_context(), simulation_.env().loop, gate_, http);
  if (!server.ok()) return server.status();
  server_ = std::move(*server);
  return Status();
}

Status ServedCluster::grant_access(CertificateAuthority::Validity validity) {
  auto admin = authority_.issue_client({"admin", {"system:masters"}}, validity);
  if (!admin.ok()) return admin.status();
  access_ = {server_->url(), authority_.certificate_pem(), admin->certificate, admin->key};
  for (const char* any : {"//0.0.0.0:", "//[::]:"}) {
    const std::size_t at = access_.server.find(any);
    if (at != std::string::npos) {
      access_.server.replace(at, std::string_view(any).size(), "//127.0.0.1:");
    }
  }
  return Status();
}

void ServedCluster::begin(const Options& options) {
  apiserver::Front::Settings settings;
  settings.server_address = access_.server.substr(access_.server.find("//") + 2);
  front_ = std::make_unique<apiserver::Front>(simulation_.env(), simulation_.server(),
                                              simulation_.store(), delays_, *signer_, &console_,
                                              settings);
  clock_ = std::make_unique<ClockApi>(simulation_.env(), driver_, simulation_.start_time());
  clock_->add_to(front_->wire());
  usage_.add_to(front_->wire());
  front_->set_metrics([this] { return metrics_text(); });
  gate_.next = &front_->handler();
  if (options.paused) driver_.pause();
  simulation_.start();
  apiserver::Front::bootstrap(simulation_.server());
  sim::create_kubernetes_service(simulation_.server(), sim::kControlPlaneAddress, server_->port());
}

std::string ServedCluster::metrics_text() {
  const apiserver::WireServer& wire = front_->wire();
  PrometheusText out;
  out.add(simulation_.env().metrics);
  out.add_process();
  for (const auto& [labels, count] : wire.answered()) {
    out.counter("apiserver_request_total", PrometheusText::parse_labels(labels),
                static_cast<double>(count));
  }
  const std::size_t writes = wire.writes_in_flight();
  out.gauge("apiserver_current_inflight_requests", {{"request_kind", "mutating"}},
            static_cast<double>(writes));
  out.gauge("apiserver_current_inflight_requests", {{"request_kind", "readOnly"}},
            static_cast<double>(wire.in_flight() - writes));
  out.gauge("apiserver_longrunning_requests", {{"verb", "WATCH"}},
            static_cast<double>(wire.watches()));
  for (const api::KindInfo& kind : simulation_.kinds().all()) {
    out.gauge("apiserver_storage_objects", {{"resource", kind.group_resource()}},
              static_cast<double>(simulation_.store().table(kind.id).size()));
  }
  out.gauge("kubernetes_build_info", {{"git_version", "v1.36.2+orrery"}, {"major", "1"},
                                      {"minor", "36"}}, 1);
  return out.text();
}

void ServedCluster::end() {
  server_->stop(kGrace, [this] { driver_.stop(); });
}

void ServedCluster::run() {
  boost::asio::signal_set signals(driver_.io_context(), SIGINT, SIGTERM);
  signals.async_wait([this](const boost::system::error_code& error, int) {
    if (!error) end();
  });
  simulation_.env().loop.run();
}

}  // namespace orrery::cli
