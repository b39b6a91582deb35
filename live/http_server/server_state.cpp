#include "live/http_server/server_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>
#include <utility>

#include "live/http_server/connection.h"

namespace orrery {
namespace {

constexpr std::size_t kReadScratch = 64 << 10;
constexpr auto kTickMax = std::chrono::seconds(1);
constexpr auto kTickMin = std::chrono::milliseconds(5);

std::string text_of(const boost::asio::ip::tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return endpoint.address().is_v6() ? fmt::format("[{}]:{}", address, endpoint.port())
                                    : fmt::format("{}:{}", address, endpoint.port());
}

// Go's words: they are what people look up.
std::string error_text(const boost::system::error_code& error) {
  std::string text = error.message();
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] | 32);
  return text;
}

// Deadlines are looked at this often: often enough for the shortest of them.
std::chrono::nanoseconds tick_interval(const HttpServerOptions& o) {
  const Duration shortest = std::min({o.handshake_timeout, o.header_timeout, o.body_timeout,
                                      o.idle_timeout, o.stall_timeout, o.linger_timeout});
  return std::clamp<std::chrono::nanoseconds>(shortest / 4, kTickMin, kTickMax);
}

}  // namespace

ServerState::ServerState(boost::asio::io_context& io_context, EventLoop& event_loop,
                         HttpHandler& request_handler, HttpServerOptions server_options,
                         TlsContext tls_context)
    : io(io_context),
      loop(event_loop),
      options(std::move(server_options)),
      read_scratch(kReadScratch, '\0'),
      tls_(std::move(tls_context)),
      handler_(&request_handler) {
  acceptor_.emplace(io);
  timer_.emplace(io);
}

ServerState::~ServerState() = default;

Status ServerState::listen() {
  using boost::asio::ip::tcp;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(options.host, error);
  if (error) return bad_request(fmt::format("listen tcp {}: no IP address", options.host));
  const tcp::endpoint endpoint(address, options.port);
  const auto failed = [&](std::string_view step) {
    return Status(Reason::kServiceUnavailable, fmt::format("listen tcp {}: {}: {}",
                                                           text_of(endpoint), step,
                                                           error_text(error)));
  };
  acceptor_->open(endpoint.protocol(), error);
  if (error) return failed("socket");
  acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
  acceptor_->bind(endpoint, error);
  if (error) return failed("bind");
  acceptor_->listen(boost::asio::socket_base::max_listen_connections, error);
  if (error) return failed("listen");
  const tcp::endpoint bound = acceptor_->local_endpoint(error);
  if (error) return failed("getsockname");
  port_ = bound.port();
  accept();
  return {};
}

void ServerState::accept() {
  if (accepting_ || !acceptor_ || connections_.size() >= options.connections_max) return;
  accepting_ = true;
  acceptor_->async_accept([self = Ref<ServerState>(this)](boost::system::error_code error,
                                                          TcpSocket socket) {
    self->accepting_ = false;
    if (self->acceptor_) self->on_accepted(error, std::move(socket));
  });
}

void ServerState::on_accepted(boost::system::error_code error, TcpSocket socket) {
  if (error) {
    // Out of file descriptors, mostly: tick() tries again.
    start_ticking();
    return;
  }
  boost::system::error_code gone;
  const auto remote = socket.remote_endpoint(gone);
  if (!gone) {
    boost::system::error_code ignored;
    // Clients that vanish without a word are noticed in about two minutes.
    using boost::asio::detail::socket_option::integer;
    socket.set_option(boost::asio::socket_base::keep_alive(true), ignored);
    socket.set_option(integer<IPPROTO_TCP, TCP_KEEPIDLE>(60), ignored);
    socket.set_option(integer<IPPROTO_TCP, TCP_KEEPINTVL>(15), ignored);
    socket.set_option(integer<IPPROTO_TCP, TCP_KEEPCNT>(4), ignored);
    auto connection = make_ref<Connection>(Ref<ServerState>(this), std::move(socket), tls_.get(),
                                           text_of(remote));
    connection->place = connections_.size();
    connections_.push_back(connection);
    stats.connections = connections_.size();
    ++stats.accepted;
    connection->start();
    start_ticking();
  }
  accept();
}

void ServerState::remove(Connection& connection) {
  const std::size_t place = connection.place;
  if (place >= connections_.size() || connections_[place].get() != &connection) return;
  const Ref<Connection> gone = std::move(connections_[place]);
  if (place + 1 != connections_.size()) {
    connections_[place] = std::move(connections_.back());
    connections_[place]->place = place;
  }
  connections_.pop_back();
  stats.connections = connections_.size();
  accept();
  end_if_stopped();
}

void ServerState::flush_later(Connection& connection) {
  if (connection.is_in_flush_list) return;
  connection.is_in_flush_list = true;
  if (to_flush_.empty()) {
    boost::asio::post(io, [self = Ref<ServerState>(this)] { self->flush_all(); });
  }
  to_flush_.emplace_back(&connection);
}

void ServerState::flush_all() {
  flushing_.swap(to_flush_);
  for (const Ref<Connection>& connection : flushing_) {
    connection->is_in_flush_list = false;
    connection->flush();
  }
  flushing_.clear();
}

void ServerState::start_ticking() {
  if (ticking_ || !timer_) return;
  ticking_ = true;
  timer_->expires_after(tick_interval(options));
  timer_->async_wait([self = Ref<ServerState>(this)](const boost::system::error_code& error) {
    self->ticking_ = false;
    if (!error && self->timer_) self->tick();
  });
}

void ServerState::tick() {
  const SteadyTime now = std::chrono::steady_clock::now();
  if (now >= cut_at_) {
    while (!connections_.empty()) Ref<Connection>(connections_.back())->cut();
    return;
  }
  // From the end: who leaves is replaced by the last, which has been seen.
  for (std::size_t i = connections_.size(); i-- > 0;) {
    if (i < connections_.size()) Ref<Connection>(connections_[i])->tick(now);
  }
  accept();
  if (!connections_.empty() || !accepting_) start_ticking();
}

void ServerState::stop(Duration grace, Callback<void()> then) {
  stopping_ = true;
  when_stopped_ = std::move(then);
  cut_at_ = std::chrono::steady_clock::now() + grace;
  acceptor_.reset();
  for (const Ref<Connection>& connection : std::vector<Ref<Connection>>(connections_)) {
    connection->finish_soon();
  }
  start_ticking();
  end_if_stopped();
}

void ServerState::end_if_stopped() {
  if (stopping_ && connections_.empty() && when_stopped_) {
    loop.post(std::exchange(when_stopped_, nullptr));
  }
}

void ServerState::shut_down() {
  handler_ = nullptr;
  when_stopped_ = nullptr;
  acceptor_.reset();
  timer_.reset();
  while (!connections_.empty()) Ref<Connection>(connections_.back())->cut();
  to_flush_.clear();
}

}  // namespace orrery
