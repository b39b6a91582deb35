#include "live/http_server/http_server.h"

#include <fmt/format.h>

#include <utility>

namespace orrery {

Result<std::unique_ptr<HttpServer>> HttpServer::listen(boost::asio::io_context& io,
                                                       EventLoop& loop, HttpHandler& handler,
                                                       HttpServerOptions options) {
  TlsContext tls;
  if (!options.certificate_pem.empty()) {
    Result<TlsContext> made =
        make_server_tls(options.certificate_pem, options.key_pem, options.client_ca_pem);
    if (!made.ok()) return made.status();
    tls = std::move(*made);
  }
  auto state = make_ref<ServerState>(io, loop, handler, std::move(options), std::move(tls));
  if (Status status = state->listen(); !status.ok()) {
    state->shut_down();
    return status;
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

HttpServer::~HttpServer() { state_->shut_down(); }

std::string HttpServer::url() const {
  const HttpServerOptions& o = state_->options;
  const bool is_v6 = o.host.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", o.certificate_pem.empty() ? "http" : "https",
                     is_v6 ? "[" : "", o.host, is_v6 ? "]" : "", port());
}

void HttpServer::stop(Duration grace, Callback<void()> then) {
  state_->stop(grace, std::move(then));
}

}  // namespace orrery
