#include <gtest/gtest.h>
#include <sys/resource.h>

#include <vector>

#include "tests/live/http_server/test_server.h"
#include "tests/live/http_server/wire_client.h"

namespace orrery::test {
namespace {

bool may_open(rlim_t files) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::max(limit.rlim_cur, std::min(files, limit.rlim_max));
  setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur >= files;
}

TEST(HttpServerConnections, TwoThousandClientsAreServedAtOnce) {
  if (!may_open(4200)) GTEST_SKIP() << "needs 4,200 open files";
  TestServer server(echo);
  std::vector<std::unique_ptr<WireClient>> clients;
  for (int i = 0; i < 2000; ++i) {
    clients.push_back(std::make_unique<WireClient>(server.port()));
    ASSERT_TRUE(clients.back()->is_connected());
  }
  for (auto& client : clients) client->send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  for (auto& client : clients) {
    ASSERT_EQ("GET /a\n", client->answer().value_or(WireAnswer{}).body);
  }
  EXPECT_EQ(2000u, server.stats().connections);
  clients.clear();
  EXPECT_TRUE(server.eventually([](const HttpServerStats& s) { return s.connections == 0; }));
}

TEST(HttpServerConnections, PastTheLimitClientsWaitUntilOthersLeave) {
  TestServer server(echo, {.connections_max = 2});
  auto first = std::make_unique<WireClient>(server.port());
  WireClient second(server.port()), third(server.port());
  ASSERT_TRUE(first->get("/1"));
  ASSERT_TRUE(second.get("/2"));
  third.send("GET /3 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(2u, server.stats().accepted);
  first.reset();
  EXPECT_EQ("GET /3\n", third.answer().value_or(WireAnswer{}).body);
}

TEST(HttpServerConnections, AClientThatResetsItsConnectionHurtsNobodyElse) {
  TestServer server([](std::unique_ptr<HttpExchange> exchange) {
    HttpReply reply;
    reply.body.assign(8 << 20, 'x');
    exchange->reply(std::move(reply));
  });
  WireClient other(server.port());
  for (int i = 0; i < 20; ++i) {
    WireClient rude(server.port());
    rude.send("GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n");
    rude.bytes(1000);  // closing with unread input resets
  }
  EXPECT_EQ(std::size_t{8 << 20}, other.get("/").value_or(WireAnswer{}).body.size());
  EXPECT_TRUE(server.eventually([](const HttpServerStats& s) { return s.connections == 1; }));
}

}  // namespace
}  // namespace orrery::test
