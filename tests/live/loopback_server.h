// LoopbackServer: a small HTTP or HTTPS server on 127.0.0.1 with a thread of its own, for tests of
// HTTP clients. It answers one request a connection from a function.
#pragma once

#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

namespace orrery::test {

class LoopbackServer {
 public:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;
  /// Runs on the server's thread.
  using Answer = std::function<void(const Request&, Response&)>;

  /// `tls`: null for plain HTTP.
  explicit LoopbackServer(Answer answer, boost::asio::ssl::context* tls = nullptr)
      : answer_(std::move(answer)), tls_(tls), thread_([this] { serve(); }) {}
  ~LoopbackServer() {
    stopping_ = true;
    boost::system::error_code ignored;
    boost::asio::ip::tcp::socket wake(io_);  // accept() returns
    wake.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }

  std::string authority() const {
    return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }

 private:
  using Socket = boost::asio::ip::tcp::socket;

  void serve() {
    while (true) {
      boost::system::error_code error;
      Socket socket(io_);
      acceptor_.accept(socket, error);
      if (error || stopping_) return;
      if (!tls_) {
        talk(socket);
        continue;
      }
      boost::asio::ssl::stream<Socket&> stream(socket, *tls_);
      stream.handshake(boost::asio::ssl::stream_base::server, error);
      if (!error) talk(stream);
    }
  }

  template <class Stream>
  void talk(Stream& stream) {
    namespace http = boost::beast::http;
    boost::system::error_code error;
    boost::beast::flat_buffer buffer;
    http::request_parser<http::string_body> parser;
    parser.body_limit(std::uint64_t{1} << 30);
    http::read(stream, buffer, parser, error);
    if (error) return;
    Response response{http::status::ok, 11};
    answer_(parser.get(), response);
    response.prepare_payload();
    http::write(stream, response, error);
  }

  Answer answer_;
  boost::asio::ssl::context* tls_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{
      io_, {boost::asio::ip::address_v4::loopback(), 0}};  // any free port
  std::atomic<bool> stopping_{false};
  std::thread thread_;  // last: it uses the rest
};

}  // namespace orrery::test
