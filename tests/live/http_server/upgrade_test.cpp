#include <gtest/gtest.h>

#include <mutex>

#include "tests/live/http_server/client_frame.h"
#include "tests/live/http_server/test_server.h"
#include "tests/live/http_server/wire_client.h"

namespace orrery::test {
namespace {

// Echoes messages; "close" closes with 3000, "drop" destroys the socket.
struct EchoSocket final : WebSocketSink {
  std::unique_ptr<WebSocket> socket;
  std::promise<void> closed;

  void open(std::unique_ptr<HttpExchange> exchange) {
    socket = exchange->accept_websocket("v5.channel.k8s.io", *this);
  }
  void on_message(std::string_view bytes, bool is_text) override {
    if (bytes == "close") {
      socket->close(3000, "as you wish");
    } else if (bytes == "drop") {
      socket.reset();
    } else {
      socket->send(std::string(bytes), is_text);
    }
  }
  void on_closed() override {
    socket.reset();
    closed.set_value();
  }
};

constexpr std::string_view kUpgrade =
    "GET /exec HTTP/1.1\r\nHost: h\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Protocol: v5.channel.k8s.io, v4.channel.k8s.io\r\n\r\n";

// A frame of the server: its payload, with the opcode in front.
std::string server_frame(WireClient& client) {
  const std::string head = client.bytes(2);
  if (head.size() < 2) return "end";
  std::size_t size = static_cast<unsigned char>(head[1]);
  if (size == 126) {
    const std::string more = client.bytes(2);
    size = static_cast<std::size_t>(static_cast<unsigned char>(more[0])) << 8 |
           static_cast<unsigned char>(more[1]);
  }
  return std::to_string(head[0] & 15) + ":" + client.bytes(size);
}

struct WebSocketWorld {
  EchoSocket echo_socket;
  TestServer server;
  WireClient client;

  explicit WebSocketWorld(HttpServerOptions options = {}, std::string_view ahead = {})
      : server([this](std::unique_ptr<HttpExchange> e) { echo_socket.open(std::move(e)); },
               options),
        client(server.port()) {
    client.send(std::string(kUpgrade) + std::string(ahead));
  }
  ~WebSocketWorld() {
    server.on_loop([this] { echo_socket.socket.reset(); });
  }
};

TEST(WebSocketUpgrade, EchoesMessagesAndAnswersPings) {
  WebSocketWorld w({}, client_frame(1, "sent ahead"));
  const auto answer = w.client.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(101, answer->status);
  EXPECT_EQ("Upgrade", answer->headers.at("connection"));
  EXPECT_EQ("websocket", answer->headers.at("upgrade"));
  EXPECT_EQ("v5.channel.k8s.io", answer->headers.at("sec-websocket-protocol"));
  // The example of RFC 6455, section 1.3.
  EXPECT_EQ("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", answer->headers.at("sec-websocket-accept"));
  EXPECT_EQ("1:sent ahead", server_frame(w.client));
  w.client.send(client_frame(2, std::string(60'000, '\0')));
  EXPECT_EQ("2:" + std::string(60'000, '\0'), server_frame(w.client));
  w.client.send(client_frame(9, "ping") + client_frame(1, "a", false) + client_frame(0, "b"));
  EXPECT_EQ("10:ping", server_frame(w.client));
  EXPECT_EQ("1:ab", server_frame(w.client));
}

TEST(WebSocketUpgrade, TheClientsCloseIsAnsweredAndCoreIsTold) {
  WebSocketWorld w;
  ASSERT_TRUE(w.client.answer());
  w.client.send(client_frame(8, "\x03\xe8"));
  EXPECT_EQ("8:\x03\xe8", server_frame(w.client));
  w.echo_socket.closed.get_future().wait();
  EXPECT_TRUE(w.client.is_at_end());
}

TEST(WebSocketUpgrade, CoresCloseIsSentAndTheClientsAnswerEndsIt) {
  WebSocketWorld w;
  ASSERT_TRUE(w.client.answer());
  w.client.send(client_frame(1, "close"));
  EXPECT_EQ("8:\x0b\xb8" "as you wish", server_frame(w.client));
  w.client.send(client_frame(8, "\x0b\xb8"));
  w.echo_socket.closed.get_future().wait();
  EXPECT_TRUE(w.client.is_at_end());
}

TEST(WebSocketUpgrade, DestroyedItSaysGoodbye) {
  WebSocketWorld w;
  ASSERT_TRUE(w.client.answer());
  w.client.send(client_frame(1, "drop"));
  EXPECT_EQ("8:\x03\xe9", server_frame(w.client));
  EXPECT_TRUE(w.client.is_at_end());
}

TEST(WebSocketUpgrade, TooLargeAMessageClosesWith1009) {
  WebSocketWorld w({.websocket_message_max = 1000});
  ASSERT_TRUE(w.client.answer());
  w.client.send(client_frame(2, std::string(1001, 'x')));
  EXPECT_EQ("8:\x03\xf1", server_frame(w.client));
  w.echo_socket.closed.get_future().wait();
}

TEST(WebSocketUpgrade, AVanishedClientIsNoticed) {
  WebSocketWorld w;
  ASSERT_TRUE(w.client.answer());
  w.client.finish();
  w.echo_socket.closed.get_future().wait();
}

TEST(WebSocketUpgrade, WhatIsNoUpgradeIsToldSo) {
  EchoSocket sink;
  TestServer server([&](std::unique_ptr<HttpExchange> exchange) {
    sink.open(std::move(exchange));
    EXPECT_EQ(nullptr, sink.socket);
  });
  for (const std::string_view part : {"Upgrade: WebSocket\r\n", "Version: 13", "c2U=", "=="}) {
    std::string request(kUpgrade);
    if (const std::size_t at = request.find(part); at != std::string::npos) {
      request.replace(at, part.size(), part == "Version: 13" ? "Version: 8" : "");
    } else {
      request.replace(request.find("GET"), 3, "PUT");
    }
    WireClient client(server.port());
    client.send(request);
    EXPECT_EQ(400, client.answer().value_or(WireAnswer{}).status) << part;
  }
}

// Sends back what comes in upper case.
struct UpperCase final : ByteSink {
  std::unique_ptr<ByteStream> stream;
  std::promise<void> closed;

  void on_bytes(std::string_view bytes) override {
    std::string out(bytes);
    for (char& c : out) c = static_cast<char>(std::toupper(c));
    const bool last = out.ends_with("BYE");
    stream->write(std::move(out));
    if (last) stream->finish();
  }
  void on_closed() override {
    stream.reset();
    closed.set_value();
  }
};

TEST(SwitchProtocols, HandsOverTheBytesThoseReadAheadFirst) {
  UpperCase sink;
  TestServer server([&](std::unique_ptr<HttpExchange> exchange) {
    HttpReply head;
    head.headers = {{"Upgrade", "SPDY/3.1"}, {"X-Stream-Protocol-Version", "v4.channel.k8s.io"}};
    sink.stream = exchange->switch_protocols(std::move(head), sink);
  });
  WireClient client(server.port());
  client.send("POST /exec HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
              "Content-Length: 0\r\n\r\nahead");
  const auto answer = client.answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ("HTTP/1.1 101 Switching Protocols\n", answer->head.substr(0, 33));
  EXPECT_EQ("Upgrade", answer->headers.at("connection"));
  EXPECT_EQ("SPDY/3.1", answer->headers.at("upgrade"));
  EXPECT_EQ("AHEAD", client.bytes(5));
  client.send("more");
  EXPECT_EQ("MORE", client.bytes(4));
  client.send("bye");
  EXPECT_EQ("BYE", client.rest()) << "finish() closes once all is sent";
  server.on_loop([&] { sink.stream.reset(); });
}

TEST(SwitchProtocols, TellsWhenTheClientHasGone) {
  UpperCase sink;
  TestServer server([&](std::unique_ptr<HttpExchange> exchange) {
    sink.stream = exchange->switch_protocols({}, sink);
  });
  {
    WireClient client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_TRUE(client.answer());
  }
  sink.closed.get_future().wait();
}

}  // namespace
}  // namespace orrery::test
