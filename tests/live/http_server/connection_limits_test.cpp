// What a client can do to hold or exhaust the server, and the answer it gets.
#include <gtest/gtest.h>

#include "live/http_server/request_reader.h"
#include "tests/live/http_server/test_server.h"
#include "tests/live/http_server/wire_client.h"

namespace orrery::test {
namespace {

const std::string kTooLarge =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)"
    R"("message":"Request entity too large: limit is 3145728",)"
    R"("reason":"RequestEntityTooLarge","code":413})"
    "\n";

TEST(HttpServerLimits, ABodyOfTheLimitIsTakenAndOneByteMoreIsNot) {
  TestServer server([](std::unique_ptr<HttpExchange> exchange) {
    HttpReply reply;
    reply.body = std::to_string(exchange->request().body.size());
    exchange->reply(std::move(reply));
  });
  const auto post = [&](std::size_t size) {
    WireClient client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) +
                "\r\n\r\n" + std::string(size, 'x'));
    const auto answer = client.answer().value_or(WireAnswer{});
    EXPECT_EQ(answer.status == 413, client.is_connected() && answer.headers.count("connection"));
    return std::pair(answer.status, answer.body);
  };
  EXPECT_EQ(std::pair(200, std::string("3145728")), post(3145728));
  EXPECT_EQ(std::pair(413, kTooLarge), post(3145729));
  EXPECT_EQ(std::pair(413, kTooLarge), post(20'000'000)) << "heard although it was still sending";
}

TEST(HttpServerLimits, ABodyInChunksHasTheSameLimit) {
  TestServer server(echo);
  WireClient client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "80000\r\n" + std::string(0x80000, 'x') + "\r\n";
  for (int i = 0; i < 8; ++i) client.send(chunk);
  EXPECT_EQ(kTooLarge, client.answer().value_or(WireAnswer{}).body);
}

TEST(HttpServerLimits, ARequestThatCannotBeReadIsRefused) {
  TestServer server(echo, {.header_bytes_max = 16 << 10});
  const struct {
    std::string request;
    int status;
  } cases[] = {
      {"nonsense\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},  // no Host
      {"GET / HTTP/3.7\r\nHost: h\r\n\r\n", 400},
      {"GET nowhere HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", 431},
      {"\x16\x03\x01\x02\x04", 400},  // TLS to a plain port
      {"GET http://proxied/path HTTP/1.1\r\nHost: h\r\n\r\n", 200},
      {"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 200},
      {"PURGE / HTTP/1.1\r\nHost: h\r\n\r\n", 200},  // methods are core's affair
  };
  for (const auto& c : cases) {
    WireClient client(server.port());
    client.send(c.request);
    client.finish();
    const auto answer = client.answer();

    ASSERT_TRUE(answer) << c.request;
    EXPECT_EQ(c.status, answer->status) << c.request;
    if (c.status == 400) {
      EXPECT_EQ("400 Bad Request", answer->body);
    }
  }
}

TEST(HttpServerLimits, AHeadIsTooLargeHoweverItComes) {
  const auto status = [](std::size_t size, std::size_t step) {
    RequestReader reader({.header_bytes_max = 1000, .body_bytes_max = 10});
    std::string text = "GET / HTTP/1.1\r\nHost: h\r\nX: \r\n\r\n", kept;
    text.insert(text.size() - 4, size - text.size(), 'x');
    for (std::size_t at = 0; at < text.size(); at += step) {
      kept += text.substr(at, step);
      kept.erase(0, reader.read(kept));
    }
    return reader.state() == RequestReader::State::kDone ? 200 : reader.failure_status();
  };
  for (const std::size_t step : {1u, 7u, 5000u}) {
    EXPECT_EQ(200, status(1000, step)) << step;
    EXPECT_EQ(431, status(1001, step)) << step;
    EXPECT_EQ(431, status(3000, step)) << step;
  }
}

TEST(HttpServerLimits, AHeaderThatTricklesInTimesOut) {
  TestServer server(echo, {.header_timeout = 40ms, .idle_timeout = 5s});
  WireClient client(server.port());
  ASSERT_TRUE(client.get("/"));
  client.send("GET / HTTP/1.1\r\nX-Slow: ");
  // Each byte is in time; the header as a whole is not.
  while (server.stats().timed_out == 0) {
    client.send("x");
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_EQ(408, client.answer().value_or(WireAnswer{}).status);
}

TEST(HttpServerLimits, ABodyThatStopsTimesOut) {
  TestServer server(echo, {.body_timeout = 30ms});
  WireClient client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(408, client.answer().value_or(WireAnswer{}).status);
  EXPECT_TRUE(client.is_at_end());
}

TEST(HttpServerLimits, IdleConnectionsAreClosedAndSilentOnesToo) {
  TestServer server(echo, {.header_timeout = 30ms, .idle_timeout = 30ms, .linger_timeout = 30ms});
  WireClient silent(server.port()), idle(server.port());
  ASSERT_TRUE(idle.get("/"));
  EXPECT_TRUE(silent.is_at_end());
  EXPECT_TRUE(idle.is_at_end());
  EXPECT_TRUE(server.eventually([](const HttpServerStats& s) { return s.connections == 0; }));
}

TEST(HttpServerLimits, ARequestUnderWayHasAllTheTimeItTakes) {
  TestServer* running = nullptr;
  std::unique_ptr<HttpExchange> waiting;
  TestServer server(
      [&](std::unique_ptr<HttpExchange> exchange) {
        waiting = std::move(exchange);
        running->loop().after(80ms, [&] { echo(std::move(waiting)); });
      },
      {.header_timeout = 10ms, .body_timeout = 10ms, .idle_timeout = 10ms, .stall_timeout = 10ms});
  running = &server;
  WireClient client(server.port());
  EXPECT_EQ(200, client.get("/").value_or(WireAnswer{}).status);
}

TEST(HttpServerLimits, AClientThatDoesNotReadItsAnswerIsCutInTime) {
  TestServer server(
      [](std::unique_ptr<HttpExchange> exchange) {
        HttpReply reply;
        reply.body.assign(64 << 20, 'x');
        exchange->reply(std::move(reply));
      },
      {.stall_timeout = 50ms});
  WireClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(server.eventually(
      [](const HttpServerStats& s) { return s.timed_out == 1 && s.connections == 0; }));
  EXPECT_LT(client.rest().size(), std::size_t{64 << 20});
}

TEST(HttpServerLimits, PipelinedRequestsWaitWhileTheirAnswersAreNotRead) {
  std::atomic<int> handled{0};
  const auto large = make_ref<const Blob>(std::string(1 << 20, 'x'));
  TestServer server([&](std::unique_ptr<HttpExchange> exchange) {
    ++handled;
    HttpReply reply;
    reply.body = large->bytes;
    exchange->reply(std::move(reply));
  });
  WireClient client(server.port());
  std::string requests;
  for (int i = 0; i < 100; ++i) requests += "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  client.send(requests);
  EXPECT_TRUE(server.eventually([](const HttpServerStats& s) { return s.backlog > 0; }));
  std::this_thread::sleep_for(20ms);
  EXPECT_LT(handled, 50) << "the kernel's buffers take a few megabytes";
  EXPECT_LT(server.stats().backlog, std::size_t{4 << 20});
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(std::size_t{1 << 20}, client.answer().value_or(WireAnswer{}).body.size()) << i;
  }
  EXPECT_EQ(100, handled);
}

}  // namespace
}  // namespace orrery::test
