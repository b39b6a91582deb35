#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "tests/live/http_server/certificates.h"
#include "tests/live/http_server/test_server.h"
#include "tests/live/http_server/wire_client.h"

namespace orrery::test {
namespace {

struct TlsWorld {
  Authority authority;
  Signed server = authority.sign("kube-apiserver", {}, "IP:127.0.0.1,DNS:localhost");

  HttpServerOptions options() const {
    return {.certificate_pem = server.certificate,
            .key_pem = server.key,
            .client_ca_pem = authority.pem()};
  }
  TlsContext client(const Signed& who = {}) const {
    auto made = make_client_tls(authority.pem(), who.certificate, who.key);
    EXPECT_TRUE(made.ok()) << made.status().message();
    return std::move(*made);
  }
};

// Answers who the client is: "CN/O,O", or "nobody".
void say_who(std::unique_ptr<HttpExchange> exchange) {
  HttpReply reply;
  reply.body = "nobody";
  if (const auto& who = exchange->request().certificate) {
    reply.body = who->common_name + "/";
    for (const std::string& o : who->organizations) reply.body += o + ",";
  }
  exchange->reply(std::move(reply));
}

TEST(HttpServerTls, ServesKeepAliveRequestsByHttp11) {
  TlsWorld world;
  TestServer server(echo, world.options());
  const TlsContext tls = world.client();
  WireClient client(server.port(), tls.get());
  ASSERT_TRUE(client.is_connected());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ("GET /x\n", client.get("/x").value_or(WireAnswer{}).body);
  }
  const unsigned char* protocol = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(client.session(), &protocol, &size);
  EXPECT_EQ("http/1.1", std::string(reinterpret_cast<const char*>(protocol), size));
  EXPECT_STREQ("TLSv1.3", SSL_get_version(client.session()));
}

TEST(HttpServerTls, KnowsClientsByTheirCertificates) {
  TlsWorld world;
  TestServer server(say_who, world.options());
  const auto ask = [&](const Signed& who) {
    const TlsContext tls = world.client(who);
    WireClient client(server.port(), tls.get());
    return client.get("/").value_or(WireAnswer{}).body;
  };
  EXPECT_EQ("admin/system:masters,dev,",
            ask(world.authority.sign("admin", {"system:masters", "dev"}, "")));
  EXPECT_EQ("nobody", ask({}));
  const Authority stranger;
  EXPECT_EQ("nobody", ask(stranger.sign("admin", {"system:masters"}, "")));
  EXPECT_EQ("nobody", ask(world.authority.sign("server", {}, "IP:127.0.0.1")))
      << "a server's certificate is no client's";
}

TEST(HttpServerTls, AResumedSessionIsTheSameClient) {
  TlsWorld world;
  TestServer server(say_who, world.options());
  const TlsContext tls = world.client(world.authority.sign("alice", {"dev"}, ""));
  WireClient first(server.port(), tls.get());
  EXPECT_EQ("alice/dev,", first.get("/").value_or(WireAnswer{}).body);
  WireClient second(server.port(), tls.get(), first.session());
  EXPECT_EQ("alice/dev,", second.get("/").value_or(WireAnswer{}).body);
  EXPECT_EQ(1, SSL_session_reused(second.session()));
}

TEST(HttpServerTls, LargeBodiesArriveWholeBothWays) {
  TlsWorld world;
  HttpServerOptions options = world.options();
  options.body_bytes_max = 16 << 20;
  TestServer server(echo, options);
  const TlsContext tls = world.client();
  WireClient client(server.port(), tls.get());
  std::string body;
  for (int i = 0; body.size() < (12u << 20); ++i) body += std::to_string(i) + ",";
  client.send("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n\r\n" + body);
  EXPECT_TRUE(client.answer().value_or(WireAnswer{}).body == "POST /b\n" + body);
}

TEST(HttpServerTls, RefusesTls11) {
  TlsWorld world;
  TestServer server(echo, world.options());
  const TlsContext tls = world.client();
  SSL_CTX_set_min_proto_version(tls.get(), TLS1_1_VERSION);
  SSL_CTX_set_max_proto_version(tls.get(), TLS1_1_VERSION);
  SSL_CTX_set_cipher_list(tls.get(), "DEFAULT@SECLEVEL=0");
  EXPECT_FALSE(WireClient(server.port(), tls.get()).is_connected());
  SSL_CTX_set_max_proto_version(tls.get(), TLS1_2_VERSION);
  WireClient older(server.port(), tls.get());
  EXPECT_STREQ("TLSv1.2", SSL_get_version(older.session()));
  EXPECT_TRUE(older.get("/"));
}

TEST(HttpServerTls, AHandshakeThatDoesNotComeTimesOut) {
  TlsWorld world;
  HttpServerOptions options = world.options();
  options.handshake_timeout = 20ms;
  TestServer server(echo, options);
  WireClient mute(server.port());
  EXPECT_TRUE(mute.is_at_end());
  WireClient plain(server.port());
  plain.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_FALSE(plain.answer());
}

TEST(HttpServerTls, TheClientsCloseNotifyEndsTheConnection) {
  TlsWorld world;
  TestServer server(echo, world.options());
  const TlsContext tls = world.client();
  WireClient client(server.port(), tls.get());
  ASSERT_TRUE(client.get("/"));
  SSL_shutdown(client.session());
  EXPECT_TRUE(client.is_at_end());
}

TEST(HttpServerTls, StreamsReachTheClientPieceByPiece) {
  TlsWorld world;
  std::unique_ptr<ReplyStream> stream;
  TestServer server([&](std::unique_ptr<HttpExchange> exchange) { stream = exchange->begin({}); },
                    world.options());
  const TlsContext tls = world.client();
  WireClient client(server.port(), tls.get());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  while (!client.line().empty()) {
  }
  for (const std::size_t size : {1u, 20'000u, 3'000'000u, 5u}) {
    server.on_loop([&] { stream->write(make_ref<const Blob>(std::string(size, 'x'))); });
    EXPECT_EQ(size, client.chunk().size());
  }
  server.on_loop([&] { stream.reset(); });
}

}  // namespace
}  // namespace orrery::test
