#include "live/http_server/http_server.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/live/http_server/test_server.h"
#include "tests/live/http_server/wire_client.h"

namespace orrery::test {
namespace {

TEST(HttpServer, AnswersSeveralRequestsOnOneConnection) {
  TestServer server(echo);
  WireClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.get("/api/v1/pods?limit=" + std::to_string(i));
    ASSERT_TRUE(answer);
    EXPECT_EQ(200, answer->status);
    EXPECT_EQ("GET /api/v1/pods?limit=" + std::to_string(i) + "\n", answer->body);
    EXPECT_EQ(0u, answer->headers.count("connection"));
    EXPECT_TRUE(answer->headers.at("date").ends_with(" GMT"));
  }
  EXPECT_EQ(1u, server.stats().accepted);
}

TEST(HttpServer, GivesCoreTheRequestAsItWasSent) {
  HttpRequest seen;
  TestServer server([&](std::unique_ptr<HttpExchange> exchange) {
    seen = exchange->request();
    exchange->reply({});
  });
  WireClient client(server.port());
  client.send("PATCH /a%20b?x=%2F&y HTTP/1.1\r\nHost: h\r\nX-Two: 1\r\nACCEPT: a\r\nx-two: 2\r\n"
              "Content-Length: 2\r\n\r\n{}");
  ASSERT_TRUE(client.answer());
  EXPECT_EQ("PATCH", seen.method);
  EXPECT_EQ("/a%20b", seen.path);
  EXPECT_EQ("x=%2F&y", seen.query);
  EXPECT_EQ("a", seen.header("accept"));
  EXPECT_EQ("1", seen.header("x-two"));
  EXPECT_EQ("{}", seen.body);
  EXPECT_TRUE(seen.remote_address.starts_with("127.0.0.1:"));
  EXPECT_FALSE(seen.certificate);
}

TEST(HttpServer, AnswersPipelinedRequestsInTheirOrder) {
  // Core answers each a little later than the one before it could have been.
  std::vector<std::unique_ptr<HttpExchange>> waiting;
  TestServer* running = nullptr;
  TestServer server([&](std::unique_ptr<HttpExchange> exchange) {
    waiting.push_back(std::move(exchange));
    running->loop().after(1ms, [&] {
      echo(std::move(waiting.front()));
      waiting.erase(waiting.begin());
    });
  });
  running = &server;
  WireClient client(server.port());
  std::string requests;
  for (int i = 0; i < 20; ++i) {
    requests += "POST /" + std::to_string(i) +
                " HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
  }
  client.send(requests);
  for (int i = 0; i < 20; ++i) {
    const auto answer = client.answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ("POST /" + std::to_string(i) + "\nabc", answer->body);
  }
}

TEST(HttpServer, TakesARequestThatComesByteByByte) {
  TestServer server(echo);
  WireClient client(server.port());
  for (const char c : std::string("POST /slow HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
                                  "\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")) {
    client.send(std::string(1, c));
  }
  EXPECT_EQ("POST /slow\nabcde", client.answer().value_or(WireAnswer{}).body);
}

TEST(HttpServer, ClosesAfterAnHttp10RequestUnlessAskedToKeepOn) {
  TestServer server(echo);
  WireClient once(server.port());
  once.send("GET /once HTTP/1.0\r\n\r\n");
  const auto answer = once.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ("close", answer->headers.at("connection"));
  EXPECT_TRUE(once.is_at_end());

  WireClient kept(server.port());
  for (int i = 0; i < 2; ++i) {
    kept.send("GET /kept HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const auto again = kept.answer();
    ASSERT_TRUE(again);
    EXPECT_EQ("keep-alive", again->headers.at("connection"));
  }
}

TEST(HttpServer, ClosesWhenTheClientOrCoreAsksForIt) {
  TestServer server([](std::unique_ptr<HttpExchange> exchange) {
    HttpReply reply;
    if (exchange->request().path == "/core") reply.headers = {{"Connection", "close"}};
    exchange->reply(std::move(reply));
  });
  WireClient client(server.port());
  EXPECT_EQ("close", client.get("/", "Connection: close\r\n")->headers.at("connection"));
  EXPECT_TRUE(client.is_at_end());
  WireClient second(server.port());
  EXPECT_EQ("close", second.get("/core")->headers.at("connection"));
  EXPECT_TRUE(second.is_at_end());
}

TEST(HttpServer, SendsTheHeadAloneForHead) {
  TestServer server(echo);
  WireClient client(server.port());
  client.send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto answer = client.answer(true);
  ASSERT_TRUE(answer);
  EXPECT_EQ("8", answer->headers.at("content-length"));
  EXPECT_EQ("GET /y\n", client.get("/y")->body) << "nothing stood between";
}

TEST(HttpServer, TellsAClientThatWaitsToSendItsBodyToGoOn) {
  TestServer server(echo);
  WireClient client(server.port());
  client.send("POST /big HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ("HTTP/1.1 100 Continue", client.line());
  EXPECT_EQ("", client.line());
  client.send("body");
  EXPECT_EQ("POST /big\nbody", client.answer().value_or(WireAnswer{}).body);
}

TEST(HttpServer, ALargeReplyIsGzippedForThoseWhoTakeIt) {
  const std::string large(1 << 20, 'x');
  TestServer server([&](std::unique_ptr<HttpExchange> exchange) {
    HttpReply reply;
    reply.shared = make_ref<const Blob>(
        exchange->request().path == "/large" ? large : std::string(128 << 10, 'y'));
    exchange->reply(std::move(reply));
  });
  WireClient client(server.port());
  EXPECT_EQ(large, client.get("/large")->body);
  EXPECT_EQ(0u, client.get("/small", "Accept-Encoding: gzip\r\n")
                    ->headers.count("content-encoding"));
  const auto packed = client.get("/large", "Accept-Encoding: deflate, gzip;q=1.0\r\n");
  ASSERT_TRUE(packed);
  EXPECT_EQ("gzip", packed->headers.at("content-encoding"));
  EXPECT_LT(packed->body.size(), 20'000u);
  z_stream stream{};
  ASSERT_EQ(Z_OK, inflateInit2(&stream, 15 + 16));
  std::string plain(large.size() + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed->body.data()));
  stream.avail_in = static_cast<uInt>(packed->body.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  EXPECT_EQ(Z_STREAM_END, inflate(&stream, Z_FINISH));
  plain.resize(stream.total_out);
  inflateEnd(&stream);
  EXPECT_EQ(large, plain);
}

TEST(HttpServer, AnExchangeDroppedWithoutAnswerGives500) {
  TestServer server([](std::unique_ptr<HttpExchange> exchange) { exchange.reset(); });
  WireClient client(server.port());
  const auto answer = client.get("/");
  ASSERT_TRUE(answer);
  EXPECT_EQ(500, answer->status);
  EXPECT_NE(std::string::npos, answer->body.find(R"("reason":"InternalError")"));
}

TEST(HttpServer, AHeaderValueCannotEndTheHead) {
  TestServer server([](std::unique_ptr<HttpExchange> exchange) {
    HttpReply reply;
    reply.headers = {{"Warning", "a\r\nSet-Cookie: b"}};
    exchange->reply(std::move(reply));
  });
  WireClient client(server.port());
  const auto answer = client.get("/");
  ASSERT_TRUE(answer);
  EXPECT_EQ(0u, answer->headers.count("set-cookie"));
}

TEST(HttpServer, AHalfClosedClientStillGetsItsAnswersAndCoreIsTold) {
  std::unique_ptr<HttpExchange> waiting;
  std::promise<void> told;
  TestServer server([&](std::unique_ptr<HttpExchange> exchange) {
    if (exchange->request().path == "/first") return echo(std::move(exchange));
    waiting = std::move(exchange);
    waiting->when_closed([&] {
      told.set_value();
      echo(std::move(waiting));
    });
  });
  WireClient client(server.port());
  client.send("GET /first HTTP/1.1\r\nHost: h\r\n\r\nGET /second HTTP/1.1\r\nHost: h\r\n\r\n");
  client.finish();
  EXPECT_EQ("GET /first\n", client.answer().value_or(WireAnswer{}).body);
  told.get_future().wait();
  EXPECT_EQ("GET /second\n", client.answer().value_or(WireAnswer{}).body);
  EXPECT_TRUE(client.is_at_end());
}

TEST(HttpServer, TellsCoreThatAWaitingClientHasGone) {
  std::promise<void> arrived, gone;
  std::unique_ptr<HttpExchange> waiting;
  TestServer server([&](std::unique_ptr<HttpExchange> exchange) {
    waiting = std::move(exchange);
    waiting->when_closed([&] { gone.set_value(); });
    arrived.set_value();
  });
  {
    WireClient client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    arrived.get_future().wait();
  }
  gone.get_future().wait();
  server.on_loop([&] { echo(std::move(waiting)); });  // into the void
  EXPECT_TRUE(server.eventually([](const HttpServerStats& s) { return s.connections == 0; }));
}

TEST(HttpServer, SaysWhyItCannotListen) {
  TestServer server(echo);
  LiveDriver driver;
  EventLoop loop(driver);
  struct Nobody final : HttpHandler {
    void handle(std::unique_ptr<HttpExchange>) override {}
  } nobody;
  const auto listen = [&](HttpServerOptions options) {
    return HttpServer::listen(driver.io_context(), loop, nobody, std::move(options)).status();
  };
  EXPECT_EQ("listen tcp 127.0.0.1:" + std::to_string(server.port()) +
                ": bind: address already in use",
            listen({.port = server.port()}).message());
  EXPECT_TRUE(listen({.host = "no address"}).is(Reason::kBadRequest));
  EXPECT_TRUE(listen({.certificate_pem = "no PEM", .key_pem = "x"}).is(Reason::kBadRequest));
}

TEST(HttpServer, StopsOnceTheAnswersUnderWayAreOut) {
  std::promise<void> arrived, stopped;
  std::unique_ptr<HttpExchange> waiting;
  TestServer server([&](std::unique_ptr<HttpExchange> exchange) {
    waiting = std::move(exchange);
    arrived.set_value();
  });
  WireClient idle(server.port()), busy(server.port());
  busy.send("GET /busy HTTP/1.1\r\nHost: h\r\n\r\n");
  arrived.get_future().wait();
  server.on_loop([&] { server.server().stop(5s, [&] { stopped.set_value(); }); });
  EXPECT_TRUE(idle.is_at_end());
  EXPECT_FALSE(WireClient(server.port()).is_connected());
  server.on_loop([&] { echo(std::move(waiting)); });
  const auto answer = busy.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ("close", answer->headers.at("connection"));
  EXPECT_TRUE(busy.is_at_end());
  idle.finish();
  busy.finish();
  stopped.get_future().wait();
}

TEST(HttpServer, CutsWhatIsStillOpenAfterTheGrace) {
  std::promise<void> arrived, stopped;
  std::unique_ptr<HttpExchange> waiting;
  TestServer server(
      [&](std::unique_ptr<HttpExchange> exchange) {
        waiting = std::move(exchange);
        arrived.set_value();
      },
      {.linger_timeout = 20ms});
  WireClient busy(server.port());
  busy.send("GET /busy HTTP/1.1\r\nHost: h\r\n\r\n");
  arrived.get_future().wait();
  server.on_loop([&] { server.server().stop(10ms, [&] { stopped.set_value(); }); });
  stopped.get_future().wait();
  EXPECT_TRUE(busy.is_at_end());
  server.on_loop([&] { waiting.reset(); });
}

TEST(HttpServer, ExchangesAndStreamsMayOutliveIt) {
  std::unique_ptr<HttpExchange> exchange;
  std::unique_ptr<ReplyStream> stream;
  {
    std::promise<void> both;
    TestServer server([&](std::unique_ptr<HttpExchange> e) {
      if (e->request().path == "/stream") {
        stream = e->begin({});
      } else {
        exchange = std::move(e);
      }
      if (stream && exchange) both.set_value();
    });
    WireClient a(server.port()), b(server.port());
    a.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
    b.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
    both.get_future().wait();
  }
  stream->write(make_ref<const Blob>("x"));
  EXPECT_EQ(0u, stream->backlog());
  stream.reset();
  exchange->reply({});
}

}  // namespace
}  // namespace orrery::test
