// What clients can do to the whole API server over TLS, what they are answered, and that others do
// not notice. The transport's own limits have their tests in tests/live/http_server.
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <map>
#include <thread>
#include <vector>

#include "live/http_server/tls_context.h"
#include "tests/live/http_server/wire_client.h"
#include "tests/live/served_api/served_api.h"

namespace orrery::test {
namespace {

const ApiCredentials& credentials() {
  static const ApiCredentials made = ApiCredentials::make();
  return made;
}

// A ServedApi on a thread of its own.
class Server {
 public:
  explicit Server(ServedApiOptions options) : thread_([this, options] { run(options); }) {
    ready_.get_future().wait();
  }
  ~Server() {
    api_->stop();
    thread_.join();
  }

  std::unique_ptr<WireClient> client() {
    auto made = std::make_unique<WireClient>(port_, tls_.get());
    EXPECT_TRUE(made->is_connected());
    return made;
  }
  /// Reads a figure on the server's thread.
  std::size_t figure(std::function<std::size_t(ServedApi&)> read) {
    std::promise<std::size_t> value;
    EXPECT_TRUE(api_->driver().post_from_any_thread([&] { value.set_value(read(*api_)); }).ok());
    return value.get_future().get();
  }
  bool becomes(std::size_t wanted, const std::function<std::size_t(ServedApi&)>& read) {
    for (int i = 0; i < 1000; ++i) {
      if (figure(read) == wanted) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }

 private:
  void run(const ServedApiOptions& options) {
    api_ = std::make_unique<ServedApi>(credentials(), options);
    port_ = api_->port();
    ready_.set_value();
    api_->run();
    api_.reset();
  }
  const TlsContext tls_ = [] {
    auto made = make_client_tls(credentials().authority.certificate_pem(),
                                credentials().admin.certificate, credentials().admin.key);
    EXPECT_TRUE(made.ok());
    return std::move(*made);
  }();
  std::unique_ptr<ServedApi> api_;
  std::uint16_t port_ = 0;
  std::promise<void> ready_;
  std::thread thread_;  // last: it uses the rest
};

std::string post(std::string_view path, const std::string& body) {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

constexpr const char* kConfigMaps = "/api/v1/namespaces/default/configmaps";
constexpr const char* kNamespace = "/api/v1/namespaces/default";

int get_status(WireClient& client, std::string_view path = kNamespace) {
  return client.get(path).value_or(WireAnswer{}).status;
}

std::string large_config_map(const std::string& name, std::size_t size) {
  std::string text = config_map_json(name);
  return text.replace(text.find("\"value\""), 7, "\"" + std::string(size, 'x') + "\"");
}

std::size_t watches(ServedApi& api) { return api.front().wire().watches(); }

TEST(ServedApiLimits, ABodyPastThreeMegabytesIsRefusedWithAStatus) {
  Server server({});
  const auto other = server.client();
  const auto rude = server.client();
  rude->send(post(kConfigMaps, large_config_map("large", 3 << 20)));
  const auto answer = rude->answer().value_or(WireAnswer{});
  EXPECT_EQ(413, answer.status);
  EXPECT_NE(answer.body.find(R"("reason":"RequestEntityTooLarge")"), std::string::npos);
  EXPECT_EQ(200, get_status(*other));
  EXPECT_EQ(404, get_status(*other, std::string(kConfigMaps) + "/large"));
}

TEST(ServedApiLimits, RequestsPastTheInFlightLimitAreToldWhenToComeAgain) {
  ServedApiOptions options;
  options.commit_latency = 300ms;
  options.limits.in_flight_max = 4;
  Server server(options);
  const auto patient = server.client();
  for (int i = 0; i < 200 && get_status(*patient) != 200; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  std::vector<std::unique_ptr<WireClient>> clients;
  for (int i = 0; i < 7; ++i) clients.push_back(server.client());
  for (std::size_t i = 0; i < clients.size(); ++i) {
    clients[i]->send(post(kConfigMaps, config_map_json("c" + std::to_string(i))));
  }
  std::map<int, int> by_status;
  for (auto& client : clients) {
    auto answer = client->answer().value_or(WireAnswer{});
    ++by_status[answer.status];
    if (answer.status != 429) continue;
    EXPECT_EQ("1", answer.headers["retry-after"]);
    EXPECT_NE(answer.body.find(R"("reason":"TooManyRequests")"), std::string::npos);
  }
  EXPECT_EQ((std::map<int, int>{{201, 4}, {429, 3}}), by_status);
  EXPECT_EQ(200, get_status(*patient)) << "the limit has passed with its requests";
}

TEST(ServedApiLimits, ClientsThatDribbleHoldUpNobodyAndAreCut) {
  ServedApiOptions options;
  options.http.header_timeout = 400ms;
  Server server(options);
  const auto other = server.client();
  std::vector<std::unique_ptr<WireClient>> slow;
  for (int i = 0; i < 20; ++i) {
    slow.push_back(server.client());
    slow.back()->send("GET /api/v1/pods HTTP/1.1\r\nX-Slow: ");
  }
  for (int round = 0; round < 5; ++round) {
    for (auto& client : slow) client->send("x");
    EXPECT_EQ(200, get_status(*other));
  }
  for (auto& client : slow) EXPECT_EQ(408, client->answer().value_or(WireAnswer{}).status);
  EXPECT_EQ(200, get_status(*other));
}

TEST(ServedApiLimits, AWatchWhoseClientStopsSendingEndsAndIsForgotten) {
  Server server({});
  std::vector<std::unique_ptr<WireClient>> clients;
  for (int i = 0; i < 10; ++i) {
    clients.push_back(server.client());
    clients.back()->send("GET /api/v1/pods?watch=true HTTP/1.1\r\nHost: h\r\n\r\n");
  }
  EXPECT_TRUE(server.becomes(10, watches));
  for (std::size_t i = 0; i < 5; ++i) clients[i]->finish();  // half closed
  EXPECT_TRUE(server.becomes(5, watches));
  clients.clear();
  EXPECT_TRUE(server.becomes(0, watches));
  EXPECT_TRUE(server.becomes(
      0, [](ServedApi& api) { return api.http().stats().connections; }));
}

TEST(ServedApiLimits, AWatcherThatDoesNotReadCostsLittleAndOthersSeeAll) {
  constexpr int kWrites = 150;
  Server server({});
  const auto deaf = server.client(), reader = server.client(), writer = server.client();
  const std::string watch =
      "GET " + std::string(kConfigMaps) + "?watch=true HTTP/1.1\r\nHost: h\r\n\r\n";
  deaf->send(watch);
  reader->send(watch);
  EXPECT_TRUE(server.becomes(2, watches));
  auto seen = std::async(std::launch::async, [&] {
    int added = 0, empty = 0;  // lines between chunks are empty, and all after the end
    while (added < kWrites && empty < 100) {
      const std::string text = reader->line();
      empty = text.empty() ? empty + 1 : 0;
      if (text.starts_with(R"({"type":"ADDED","object":{"kind":"ConfigMap")")) ++added;
    }
    return added;
  });
  for (int i = 0; i < kWrites; ++i) {
    writer->send(post(kConfigMaps, large_config_map("c" + std::to_string(i), 200 << 10)));
    ASSERT_EQ(201, writer->answer().value_or(WireAnswer{}).status);
  }
  EXPECT_EQ(kWrites, seen.get());
  // 30 MB were written; what waits for the deaf one stays near the stream's mark of 1 MB.
  EXPECT_LT(server.figure([](ServedApi& api) { return api.http().stats().backlog; }),
            std::size_t{8 << 20});
}

TEST(ServedApiLimits, PastTheLimitOfWatchesAnotherIsRefused) {
  ServedApiOptions options;
  options.limits.watches_max = 2;
  Server server(options);
  std::vector<std::unique_ptr<WireClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(server.client());
    clients.back()->send("GET /api/v1/pods?watch=true HTTP/1.1\r\nHost: h\r\n\r\n");
    if (i < 2) {
      EXPECT_TRUE(server.becomes(static_cast<std::size_t>(i) + 1, watches));
    }
  }
  auto answer = clients[2]->answer().value_or(WireAnswer{});
  EXPECT_EQ(429, answer.status);
  EXPECT_EQ("1", answer.headers["retry-after"]);
}

}  // namespace
}  // namespace orrery::test
