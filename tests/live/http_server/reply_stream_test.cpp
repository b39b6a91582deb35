#include <gtest/gtest.h>

#include "tests/live/http_server/test_server.h"
#include "tests/live/http_server/wire_client.h"

namespace orrery::test {
namespace {

BlobRef blob(std::string text) { return make_ref<const Blob>(std::move(text)); }

// A server that hands its streams to the test; use them in on_loop().
struct StreamServer {
  explicit StreamServer(HttpServerOptions options = {})
      : server(
            [this](std::unique_ptr<HttpExchange> exchange) {
              if (exchange->request().path != "/watch") return echo(std::move(exchange));
              HttpReply head;
              head.headers = {{"Content-Type", "application/json"}};
              stream = exchange->begin(std::move(head));
              begun.set_value();
            },
            options) {}
  ~StreamServer() {
    server.on_loop([this] { stream.reset(); });
  }

  void open(WireClient& client, std::string_view version = "1.1") {
    client.send("GET /watch HTTP/" + std::string(version) + "\r\nHost: h\r\n\r\n");
    begun.get_future().wait();
  }

  std::unique_ptr<ReplyStream> stream;
  std::promise<void> begun;
  TestServer server;
};

TEST(ReplyStream, SendsPiecesAsTheyComeAndTheConnectionGoesOn) {
  StreamServer s;
  WireClient client(s.server.port());
  s.open(client);
  const std::string head = [&] {
    std::string out;
    for (std::string line = client.line(); !line.empty(); line = client.line()) out += line + "\n";
    return out;
  }();
  EXPECT_NE(std::string::npos, head.find("Transfer-Encoding: chunked")) << head;
  EXPECT_EQ(std::string::npos, head.find("Content-Length")) << head;
  for (const std::size_t size : {1, 100, 100'000}) {
    const std::string piece(size, 'p');
    s.server.on_loop([&] {
      s.stream->write(blob(piece));
      s.stream->write(blob(""));  // ends nothing
    });
    EXPECT_EQ(piece, client.chunk());
  }
  s.server.on_loop([&] { s.stream->finish(); });
  EXPECT_EQ("", client.chunk());
  s.server.on_loop([&] { s.stream.reset(); });
  EXPECT_EQ("GET /next\n", client.get("/next").value_or(WireAnswer{}).body);
}

TEST(ReplyStream, AnHttp10ClientGetsTheBytesAloneAndTheEnd) {
  StreamServer s;
  WireClient client(s.server.port());
  s.open(client, "1.0");
  s.server.on_loop([&] {
    s.stream->write(blob("one\n"));
    s.stream->write(blob("two\n"));
    s.stream->finish();
  });
  const auto answer = client.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(0u, answer->headers.count("transfer-encoding"));
  EXPECT_EQ("one\ntwo\n", answer->body);
}

TEST(ReplyStream, DestroyedUnfinishedItCutsTheConnection) {
  StreamServer s;
  WireClient client(s.server.port());
  s.open(client);
  s.server.on_loop([&] {
    s.stream->write(blob("last words"));
    s.stream.reset();
  });
  const std::string all = client.rest();
  EXPECT_TRUE(all.ends_with("a\r\nlast words\r\n")) << all;
}

TEST(ReplyStream, TellsWhenTheClientHasGone) {
  StreamServer s;
  std::promise<void> gone;
  {
    WireClient client(s.server.port());
    s.open(client);
    s.server.on_loop([&] { s.stream->when_closed([&] { gone.set_value(); }); });
  }
  gone.get_future().wait();
}

TEST(ReplyStream, AHalfClosedWatchIsToldAndCanStillBeFinished) {
  StreamServer s;
  std::promise<void> told;
  WireClient client(s.server.port());
  s.open(client);
  s.server.on_loop([&] { s.stream->when_closed([&] { told.set_value(); }); });
  client.finish();
  told.get_future().wait();
  s.server.on_loop([&] {
    s.stream->write(blob("bye"));
    s.stream->finish();
  });
  EXPECT_EQ("bye", client.answer().value_or(WireAnswer{}).body);
  EXPECT_TRUE(client.is_at_end());
}

TEST(ReplyStream, CallbacksComeAfterTheCallThatSetThem) {
  StreamServer s;
  WireClient client(s.server.port());
  s.open(client);
  std::promise<void> drained;
  bool returned = false;
  s.server.on_loop([&] {
    s.stream->when_drained([&] {
      EXPECT_TRUE(returned);
      drained.set_value();
    });
    returned = true;
  });
  drained.get_future().wait();
}

TEST(ReplyStream, TellsWhenASlowReaderHasReadItAll) {
  StreamServer s;
  WireClient client(s.server.port());
  s.open(client);
  const std::string much(16 << 20, 'm');
  std::promise<void> drained;
  s.server.on_loop([&] {
    s.stream->write(blob(much));
    EXPECT_GT(s.stream->backlog(), std::size_t{1 << 20});
    s.stream->when_drained([&] {
      EXPECT_EQ(0u, s.stream->backlog());
      drained.set_value();
      s.stream->finish();
    });
  });
  EXPECT_TRUE(client.answer().value_or(WireAnswer{}).body == much);
  drained.get_future().wait();
}

TEST(ReplyStream, AWatcherThatDoesNotReadIsCutAtTheLimitAndOthersGoOn) {
  constexpr std::size_t kLimit = 1 << 20;
  StreamServer s({.stream_backlog_max = kLimit});
  WireClient watcher(s.server.port()), other(s.server.port());
  s.open(watcher);
  std::promise<void> gone;
  std::size_t backlog_max = 0;
  s.server.on_loop([&] { s.stream->when_closed([&] { gone.set_value(); }); });
  for (bool cut = false; !cut;) {
    s.server.on_loop([&] {
      for (int i = 0; i < 100; ++i) s.stream->write(blob(std::string(1000, 'e')));
      backlog_max = std::max(backlog_max, s.stream->backlog());
      cut = s.server.server().stats().cut_for_backlog == 1;
    });
    ASSERT_LE(s.server.stats().backlog, kLimit);
  }
  gone.get_future().wait();
  EXPECT_LE(backlog_max, kLimit);
  EXPECT_GT(backlog_max, kLimit / 2);
  EXPECT_TRUE(other.get("/still-here"));
}

TEST(ReplyStream, AllTogetherHaveALimit) {
  StreamServer s({.stream_backlog_max = 64 << 20, .total_backlog_max = 2 << 20});
  WireClient watcher(s.server.port());
  s.open(watcher);
  s.server.on_loop([&] {
    for (int i = 0; i < 16; ++i) s.stream->write(blob(std::string(1 << 20, 'e')));
    EXPECT_EQ(1u, s.server.server().stats().cut_for_backlog);
    EXPECT_EQ(0u, s.server.server().stats().backlog);
  });
}

}  // namespace
}  // namespace orrery::test
