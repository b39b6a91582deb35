#include "live/http_call.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <memory>
#include <optional>

namespace orrery {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Error = boost::system::error_code;

struct Target {
  bool https = false;
  std::string host, port, path;
};

Result<Target> parse_url(const std::string& url) {
  Target out;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    out.https = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return bad_request("Post \"" + url +
                       "\": unsupported protocol scheme: use http:// or https://");
  }
  const std::size_t slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  out.path = slash == std::string_view::npos ? "/" : std::string(rest.substr(slash));
  const std::size_t bracket = authority.find(']');  // of an IPv6 address
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  out.port = colon == std::string_view::npos ? (out.https ? "443" : "80")
                                             : std::string(authority.substr(colon + 1));
  authority = authority.substr(0, colon);
  if (bracket != std::string_view::npos) authority = authority.substr(1, bracket - 1);
  out.host = authority;
  if (out.host.empty()) return bad_request("Post \"" + url + "\": no Host in request URL");
  return out;
}

/// Sets up trust and the client's own certificate; false with `error` set if a file is bad.
bool configure(asio::ssl::context& context, const HttpTls& tls, Error& error) {
  const auto pem = [](const std::string& text) { return asio::buffer(text); };
  if (tls.insecure) {
    context.set_verify_mode(asio::ssl::verify_none, error);
  } else {
    context.set_verify_mode(asio::ssl::verify_peer, error);
    if (!tls.ca_data.empty()) {
      context.add_certificate_authority(pem(tls.ca_data), error);
    } else if (!tls.ca_file.empty()) {
      context.load_verify_file(tls.ca_file, error);
    } else {
      context.set_default_verify_paths(error);
    }
  }
  if (error) return false;
  if (!tls.cert_data.empty()) {
    context.use_certificate_chain(pem(tls.cert_data), error);
  } else if (!tls.cert_file.empty()) {
    context.use_certificate_chain_file(tls.cert_file, error);
  }
  if (error) return false;
  if (!tls.key_data.empty()) {
    context.use_private_key(pem(tls.key_data), asio::ssl::context::pem, error);
  } else if (!tls.key_file.empty()) {
    context.use_private_key_file(tls.key_file, asio::ssl::context::pem, error);
  }
  return !error;
}

/// resolve -> connect -> [handshake] -> write -> read -> done; the timer cuts every step short.
class Call : public std::enable_shared_from_this<Call> {
 public:
  using Done = std::function<void(Result<HttpAnswer>)>;

  Call(asio::io_context& io, HttpPost post, Target target, Done done)
      : post_(std::move(post)),
        target_(std::move(target)),
        done_(std::move(done)),
        resolver_(io),
        timer_(io),
        context_(asio::ssl::context::tls_client) {}

  void start() {
    if (target_.https) {
      const HttpTls tls = post_.tls.value_or(HttpTls{});
      Error error;
      if (!configure(context_, tls, error)) return fail("TLS settings: " + error.message());
      // The stream takes its settings from the context now.
      stream_.emplace(resolver_.get_executor(), context_);
      const std::string& name = tls.server_name.empty() ? target_.host : tls.server_name;
      SSL_set_tlsext_host_name(stream_->native_handle(), name.c_str());
      if (!tls.insecure) stream_->set_verify_callback(asio::ssl::host_name_verification(name));
    } else {
      stream_.emplace(resolver_.get_executor(), context_);
    }
    timer_.expires_after(post_.timeout);
    timer_.async_wait([self = shared_from_this()](Error error) {
      if (!error) self->time_out();
    });
    resolver_.async_resolve(target_.host, target_.port,
                            [self = shared_from_this()](Error error, auto hosts) {
                              if (error) return self->fail("lookup: " + error.message());
                              self->connect(hosts);
                            });
  }

 private:
  using Stream = beast::ssl_stream<beast::tcp_stream>;

  beast::tcp_stream& plain() { return beast::get_lowest_layer(*stream_); }

  void connect(const asio::ip::tcp::resolver::results_type& hosts) {
    plain().async_connect(hosts, [self = shared_from_this()](Error error, auto) {
      if (error) return self->fail("connect: " + error.message());
      if (self->target_.https) return self->shake_hands();
      self->send(self->plain());
    });
  }

  void shake_hands() {
    stream_->async_handshake(asio::ssl::stream_base::client, [self = shared_from_this()](Error e) {
      if (e) return self->fail("tls: " + e.message());
      self->send(*self->stream_);
    });
  }

  template <class AnyStream>
  void send(AnyStream& stream) {
    request_.method(http::verb::post);
    request_.target(target_.path);
    request_.set(http::field::host, target_.host + ":" + target_.port);
    request_.set(http::field::content_type, "application/json");
    request_.set(http::field::connection, "close");
    request_.body() = std::move(post_.body);
    request_.prepare_payload();
    parser_.body_limit(kHttpAnswerBytesMax);
    http::async_write(stream, request_,
                      [self = shared_from_this(), &stream](Error error, std::size_t) {
                        if (error) return self->fail("write: " + error.message());
                        self->receive(stream);
                      });
  }

  template <class AnyStream>
  void receive(AnyStream& stream) {
    http::async_read(stream, buffer_, parser_,
                     [self = shared_from_this()](Error error, std::size_t) {
                       if (error) return self->fail("read: " + error.message());
                       self->finish(HttpAnswer{static_cast<int>(self->parser_.get().result_int()),
                                               std::move(self->parser_.get().body())});
                     });
  }

  void time_out() {
    fail("context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
    resolver_.cancel();
  }
  void fail(const std::string& why) {
    finish(Status(Reason::kServiceUnavailable, "Post \"" + post_.url + "\": " + why));
  }
  /// The first outcome counts; what closing the socket breaks off is none.
  void finish(Result<HttpAnswer> outcome) {
    if (!done_) return;
    Done done = std::move(done_);
    done_ = nullptr;
    timer_.cancel();
    if (stream_) plain().close();
    done(std::move(outcome));
  }

  HttpPost post_;
  Target target_;
  Done done_;
  asio::ip::tcp::resolver resolver_;
  asio::steady_timer timer_;
  asio::ssl::context context_;
  std::optional<Stream> stream_;
  http::request<http::string_body> request_{http::verb::post, "/", 11};
  http::response_parser<http::string_body> parser_;
  beast::flat_buffer buffer_;
};

}  // namespace

void start_http_call(asio::io_context& io, HttpPost post,
                     std::function<void(Result<HttpAnswer>)> done) {
  asio::post(io, [&io, post = std::move(post), done = std::move(done)]() mutable {
    auto target = parse_url(post.url);
    if (!target.ok()) return done(target.status());
    std::make_shared<Call>(io, std::move(post), std::move(*target), std::move(done))->start();
  });
}

}  // namespace orrery
