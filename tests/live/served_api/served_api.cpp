#include "tests/live/served_api/served_api.h"

#include <fmt/format.h>

#include "core/api/config.h"
#include "core/api/pod.h"
#include "core/api/schema/api_table.h"
#include "core/base/check.h"
#include "core/base/log.h"
#include "core/runtime/metrics.h"
#include "live/crypto/openssl_token_signer.h"
#include "sim/storage/memory_storage.h"

namespace orrery::test {
namespace {

api::Kinds all_kinds(const api::ApiTable& table) {
  api::Kinds kinds;
  for (const api::ResourceRow& r : table.resources()) {
    kinds.add(r.group, r.version, r.kind, r.plural, r.namespaced);
  }
  return kinds;
}

HttpServerOptions with_certificates(HttpServerOptions options, const ApiCredentials& credentials) {
  options.certificate_pem = credentials.server.certificate;
  options.key_pem = credentials.server.key;
  options.client_ca_pem = credentials.authority.certificate_pem();
  return options;
}

std::unique_ptr<live::OpenSslTokenSigner> make_signer() {
  auto signer = live::OpenSslTokenSigner::make();
  CHECK(signer.ok());
  return std::move(*signer);
}

Time wall_now() {
  return Time{std::chrono::duration_cast<Duration>(
      std::chrono::system_clock::now().time_since_epoch())};
}

void run_pod(api::Pod& pod, std::size_t n, Time now) {
  static const Symbol kRunning("Running"), kReady("Ready"), kTrue("True"), kContainer("app");
  pod.status.phase = kRunning;
  pod.status.host_ip = Text("192.168.0.1");
  pod.status.pod_ip = Text(fmt::format("10.{}.{}.{}", n >> 16, n >> 8 & 255, n & 255));
  pod.status.start_time = now;
  api::set_condition(pod.status, {kReady, kTrue, {}, {}, {}, now, 0});
  api::ContainerStatus status;
  status.name = kContainer;
  status.state.kind = api::ContainerState::Kind::kRunning;
  status.state.started_at = now;
  status.ready = true;
  pod.status.container_statuses = {status};
}

}  // namespace

std::string pod_json(const std::string& name) {
  return fmt::format(
      R"({{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"{}","labels":{{"app":"web",)"
      R"("tier":"front"}}}},"spec":{{"containers":[{{"name":"app",)"
      R"("image":"registry.example/app:1",)"
      R"("ports":[{{"containerPort":8080}}],"resources":{{"requests":{{"cpu":"100m",)"
      R"("memory":"64Mi"}},"limits":{{"memory":"128Mi"}}}}}}]}}}})",
      name);
}

std::string config_map_json(const std::string& name) {
  return fmt::format(
      R"({{"apiVersion":"v1","kind":"ConfigMap",)"
      R"("metadata":{{"name":"{}","labels":{{"app":"web"}}}},)"
      R"("data":{{"key":"value","other":"a somewhat longer value, as settings have"}}}})",
      name);
}

ApiCredentials ApiCredentials::make() {
  const live::CertificateAuthority::Validity validity{.from = wall_now()};
  auto authority = live::CertificateAuthority::make("served-api-ca", validity);
  CHECK(authority.ok());
  auto server = authority->issue_server({"api", {"localhost"}, {"127.0.0.1"}}, validity);
  auto admin = authority->issue_client({"kubernetes-admin", {"system:masters"}}, validity);
  CHECK(server.ok() && admin.ok());
  return {std::move(*authority), std::move(*server), std::move(*admin)};
}

struct ServedApi::Parts {
  Parts(const ApiCredentials& credentials, ServedApiOptions options)
      : storage(env, {.commit_latency = options.commit_latency}),
        front(env, server, store, delays, *signer, nullptr,
              {.server_address = "127.0.0.1", .limits = options.limits}) {
    auto listening = HttpServer::listen(driver.io_context(), loop, front.handler(),
                                        with_certificates(std::move(options.http), credentials));
    CHECK(listening.ok());
    http = std::move(*listening);
  }

  LiveDriver driver;
  EventLoop loop{driver};
  Random random{1};
  Log log;
  Metrics metrics;
  Env env{loop, random, log, metrics};
  api::ApiTable table = api::ApiTable::built_in();
  api::Kinds kinds = all_kinds(table);
  sim::MemoryStorage storage;
  store::Store store{env, kinds, storage, {}};
  apiserver::ApiServer server{env, kinds, table, store, {.service_account_tokens = true}};
  apiserver::LoopDelays delays{loop};
  std::unique_ptr<live::OpenSslTokenSigner> signer = make_signer();
  apiserver::Front front;
  std::unique_ptr<HttpServer> http;
};

ServedApi::ServedApi(const ApiCredentials& credentials, ServedApiOptions options)
    : parts_(std::make_unique<Parts>(credentials, std::move(options))) {
  parts_->server.bootstrap();
  apiserver::Front::bootstrap(parts_->server);
  auto account = make_ref<api::ServiceAccount>();
  account->meta.namespace_ = Symbol("default");
  account->meta.name = Text("default");
  Request request;
  request.verb = Verb::kCreate;
  request.kind = account->kind;
  request.namespace_ = account->meta.namespace_;
  request.object = std::move(account);
  parts_->server.handle(std::move(request), {});
}

ServedApi::~ServedApi() = default;

std::uint16_t ServedApi::port() const { return parts_->http->port(); }
void ServedApi::run() { parts_->loop.run(); }
void ServedApi::stop() { parts_->driver.stop(); }
EventLoop& ServedApi::loop() { return parts_->loop; }
Env& ServedApi::env() { return parts_->env; }
apiserver::ApiServer& ServedApi::api() { return parts_->server; }
apiserver::Front& ServedApi::front() { return parts_->front; }
HttpServer& ServedApi::http() { return *parts_->http; }
LiveDriver& ServedApi::driver() { return parts_->driver; }
const api::Kinds& ServedApi::kinds() const { return parts_->kinds; }

Response ServedApi::call(Request request) {
  Response out;
  parts_->server.handle(std::move(request), [&](Response response) { out = std::move(response); });
  return out;
}

void ServedApi::add_running_pods(std::size_t count) {
  const Time now = wall_now();
  for (std::size_t i = 0; i < count; ++i) {
    Request create;
    create.verb = Verb::kCreate;
    create.kind = api::KindId::kPod;
    create.namespace_ = Symbol("default");
    create.body = pod_json(fmt::format("pod-{:06}", i));
    create.field_manager = Text("kubectl-create");
    Response made = call(std::move(create));
    CHECK(made.status.ok());
    Request bind;
    bind.verb = Verb::kCreate;
    bind.kind = api::KindId::kPod;
    bind.subresource = Subresource::kBinding;
    bind.namespace_ = made.object->meta.namespace_;
    bind.name = made.object->meta.name;
    bind.node = Symbol(fmt::format("node-{}", i % 1000));
    made = call(std::move(bind));
    CHECK(made.status.ok());
    auto pod = make_ref<api::Pod>(static_cast<const api::Pod&>(*made.object));
    run_pod(*pod, i, now);
    Request update;
    update.verb = Verb::kUpdate;
    update.kind = api::KindId::kPod;
    update.subresource = Subresource::kStatus;
    update.namespace_ = pod->meta.namespace_;
    update.name = pod->meta.name;
    update.object = std::move(pod);
    CHECK(call(std::move(update)).status.ok());
  }
}

}  // namespace orrery::test
