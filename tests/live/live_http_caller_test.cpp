#include "live/live_http_caller.h"

#include <gtest/gtest.h>

#include <future>

#include "core/runtime/event_loop.h"
#include "tests/live/loopback_server.h"
#include "tests/live/self_signed.h"

namespace orrery::test {
namespace {

void echo(const LoopbackServer::Request& request, LoopbackServer::Response& response) {
  response.body() = std::string(request.method_string()) + " " + std::string(request.target()) +
                    " " + std::string(request[boost::beast::http::field::content_type]) + " " +
                    request.body();
}

TEST(LiveHttpCaller, PostsAndWaits) {
  LoopbackServer server(echo);
  LiveDriver driver;
  LiveHttpCaller caller(driver);
  auto answer = caller.post_and_wait({"http://" + server.authority() + "/v1/filter", "{\"a\":1}"});
  ASSERT_TRUE(answer.ok()) << answer.status().message();
  EXPECT_EQ(answer->code, 200);
  EXPECT_EQ(answer->body, "POST /v1/filter application/json {\"a\":1}");
}

TEST(LiveHttpCaller, CarriesLargeBodiesBothWays) {
  LoopbackServer server(
      [](const auto& request, auto& response) { response.body() = request.body() + "!"; });
  LiveDriver driver;
  LiveHttpCaller caller(driver);
  const std::string body(5 << 20, 'x');
  auto answer = caller.post_and_wait({"http://" + server.authority(), body});
  ASSERT_TRUE(answer.ok()) << answer.status().message();
  EXPECT_TRUE(answer->body == body + "!");
}

TEST(LiveHttpCaller, AnyCodeIsAnAnswer) {
  LoopbackServer server([](const auto&, auto& response) {
    response.result(503);
    response.body() = "busy";
  });
  LiveDriver driver;
  LiveHttpCaller caller(driver);
  auto answer = caller.post_and_wait({"http://" + server.authority() + "/", ""});
  ASSERT_TRUE(answer.ok()) << answer.status().message();
  EXPECT_EQ(answer->code, 503);
  EXPECT_EQ(answer->body, "busy");
}

TEST(LiveHttpCaller, AnswersPostsOnTheLoopsThread) {
  LoopbackServer server(echo);
  LiveDriver driver;
  EventLoop loop(driver);
  LiveHttpCaller caller(driver);
  const std::thread::id here = std::this_thread::get_id();
  int answered = 0;
  bool is_within_call = true;
  for (int i = 0; i < 3; ++i) {
    caller.post({"http://" + server.authority() + "/" + std::to_string(i), ""},
                [&](Result<HttpAnswer> answer) {
                  EXPECT_FALSE(is_within_call);
                  EXPECT_EQ(std::this_thread::get_id(), here);
                  EXPECT_TRUE(answer.ok());
                  if (++answered == 3) driver.stop();
                });
  }
  is_within_call = false;
  loop.run();
  EXPECT_EQ(answered, 3);
}

TEST(LiveHttpCaller, SaysWhyThereIsNoAnswer) {
  LiveDriver driver;
  LiveHttpCaller caller(driver);
  std::string closed;
  {
    LoopbackServer server(echo);
    closed = "http://" + server.authority();
  }
  EXPECT_EQ(caller.post_and_wait({closed + "/x", ""}).status().message(),
            "Post \"" + closed + "/x\": connect: Connection refused");
  EXPECT_EQ(caller.post_and_wait({"ftp://x", ""}).status().message(),
            "Post \"ftp://x\": unsupported protocol scheme: use http:// or https://");
  EXPECT_EQ(caller.post_and_wait({"http:///x", ""}).status().message(),
            "Post \"http:///x\": no Host in request URL");
}

TEST(LiveHttpCaller, GivesUpAfterTheTimeout) {
  std::promise<void> over;
  LoopbackServer server([&](const auto&, auto&) { over.get_future().wait(); });
  LiveDriver driver;
  LiveHttpCaller caller(driver);
  const std::string url = "http://" + server.authority() + "/slow";
  auto answer = caller.post_and_wait({url, "", 50ms});
  EXPECT_EQ(answer.status().message(),
            "Post \"" + url +
                "\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
  over.set_value();
}

class Https : public testing::Test {
 protected:
  Https() {
    tls_.use_certificate_chain(boost::asio::buffer(made_.certificate));
    tls_.use_private_key(boost::asio::buffer(made_.key), boost::asio::ssl::context::pem);
  }
  /// The answer's body, or why there is none.
  std::string ask(const HttpTls& tls) {
    LoopbackServer server(echo, &tls_);
    HttpPost post{"https://" + server.authority() + "/", "hi"};
    post.tls = tls;
    auto answer = caller_.post_and_wait(post);
    return answer.ok() ? answer->body : answer.status().message();
  }

  const Certificate made_ = self_signed();
  boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_server};
  LiveDriver driver_;
  LiveHttpCaller caller_{driver_};
};

TEST_F(Https, TrustsTheGivenAuthorityOnly) {
  HttpTls tls;
  tls.ca_data = made_.certificate;
  EXPECT_EQ(ask(tls), "POST / application/json hi");
  tls.ca_data = self_signed().certificate;
  EXPECT_NE(ask(tls).find("tls: "), std::string::npos);
}

TEST_F(Https, ChecksTheServersName) {
  HttpTls tls;
  tls.ca_data = made_.certificate;
  tls.server_name = "extender.test";
  EXPECT_EQ(ask(tls), "POST / application/json hi");
  tls.server_name = "other.test";
  EXPECT_NE(ask(tls).find("tls: "), std::string::npos);
}

TEST_F(Https, ChecksNothingIfInsecure) {
  HttpTls tls;
  tls.insecure = true;
  EXPECT_EQ(ask(tls), "POST / application/json hi");
}

TEST_F(Https, NamesBadSettings) {
  HttpTls tls;
  tls.ca_data = "no certificate";
  EXPECT_NE(ask(tls).find("TLS settings: "), std::string::npos);
}

}  // namespace
}  // namespace orrery::test
