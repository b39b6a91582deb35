#include "tests/bench/api_load/load_connection.h"

#include <fmt/format.h>

#include <boost/asio/socket_base.hpp>

namespace orrery::bench {

Result<std::unique_ptr<LoadWorld>> LoadWorld::make(LoadTarget target) {
  auto world = std::make_unique<LoadWorld>();
  if (!target.ca_pem.empty()) {
    auto tls = make_client_tls(target.ca_pem, target.certificate_pem, target.key_pem);
    if (!tls.ok()) return tls.status();
    world->tls = std::move(*tls);
  }
  world->target = std::move(target);
  return world;
}

std::string format_request(const LoadTarget& target, const std::string& method,
                           const std::string& path, const std::string& body,
                           const std::string& content_type) {
  std::string out = fmt::format(
      "{} {} HTTP/1.1\r\nHost: {}:{}\r\nUser-Agent: orrery-api-load\r\n"
      "Accept: application/json\r\n",
      method, path, target.host, target.port);
  if (!target.token.empty()) out += fmt::format("Authorization: Bearer {}\r\n", target.token);
  if (method != "GET") {
    out += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", content_type, body.size());
  }
  return out + "\r\n" + body;
}

void LoadConnection::open() {
  using boost::asio::ip::tcp;
  TcpSocket socket(world_.io);
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(world_.target.host, error);
  if (!error) socket.connect({address, world_.target.port}, error);
  if (error) return fail();
  transport_.emplace(std::move(socket), world_.tls.get(), false, world_.wire_scratch);
  if (transport_->has_tls()) return on_readable();
  is_open_ = true;
  events_.on_open();
  wait_readable();
}

void LoadConnection::wait_readable() {
  if (!transport_ || !transport_->is_open()) return;
  transport_->socket().async_wait(boost::asio::socket_base::wait_read,
                                  [this](const boost::system::error_code& error) {
                                    if (!error) on_readable();
                                  });
}

void LoadConnection::on_readable() {
  if (!is_open_) {
    switch (transport_->handshake()) {
      case Step::kDone:
        is_open_ = true;
        events_.on_open();
        break;
      case Step::kAgain: return wait_readable();
      default: return fail();
    }
  }
  std::string& room = world_.read_scratch;
  do {
    const Transport::Read got = transport_->read(room.data(), room.size());
    if (got.step == Step::kAgain) break;
    if (got.step != Step::kDone) return fail();
    events_.on_bytes(std::string_view(room).substr(0, got.size));
    if (!transport_->is_open()) return;
    if (!transport_->holds_bytes() && got.size < room.size()) break;
  } while (true);
  wait_readable();
}

// Requests are small and answered before the next: what the socket does not take at once is kept
// by the transport and goes with the next send.
void LoadConnection::send(std::string_view bytes) {
  if (!transport_->write(bytes) || transport_->flush() == Step::kFailed) fail();
}

void LoadConnection::close() {
  if (transport_) transport_->close();
}

void LoadConnection::fail() {
  close();
  events_.on_closed();
}

}  // namespace orrery::bench
