#include "live/http_server/connection.h"

#include <boost/asio/post.hpp>

#include "live/http_server/gzip.h"
#include "live/http_server/wire_exchange.h"

namespace orrery {
namespace {

using WaitType = boost::asio::socket_base;

// Requests that a client sends before it has its answer; beyond, they wait in the kernel.
constexpr std::size_t kAheadMax = 64 << 10;
// Answers that a client has not read before its next request is looked at.
constexpr std::size_t kUnreadMax = 1 << 20;
// Reads in a row before others have their turn.
constexpr int kReadsMax = 16;
// What a refused client may still send while it is told why.
constexpr std::size_t kLingerMax = 64 << 20;

}  // namespace

Connection::Connection(Ref<ServerState> server, TcpSocket socket, ssl_ctx_st* tls,
                       std::string remote)
    : server_(std::move(server)),
      remote_(std::move(remote)),
      transport_(std::move(socket), tls, true, server_->wire_scratch),
      reader_({server_->options.header_bytes_max, server_->options.body_bytes_max}) {}

void Connection::start() {
  if (transport_.has_tls()) {
    set_deadline(options().handshake_timeout);
  } else {
    stage_ = Stage::kRequest;
    set_deadline(options().header_timeout);
  }
  wait_readable();
}

void Connection::set_deadline(Duration from_now) {
  deadline_ = std::chrono::steady_clock::now() + from_now;
}

bool Connection::wants_input() const {
  switch (stage_) {
    case Stage::kHandshake:
    case Stage::kLingering: return true;
    case Stage::kRequest: return !peer_finished_ && backlog() <= kUnreadMax;
    case Stage::kExchange:
    case Stage::kStream: return !peer_finished_ && input_.size() < kAheadMax;
    case Stage::kRaw: return !peer_finished_ && raw_reader_;
    default: return false;
  }
}

void Connection::wait_readable() {
  if (waits_readable_ || !wants_input()) return;
  waits_readable_ = true;
  if (stage_ != Stage::kLingering && transport_.holds_bytes()) {
    boost::asio::post(server_->io, [self = Ref<Connection>(this)] {
      self->waits_readable_ = false;
      self->on_readable();
    });
    return;
  }
  transport_.socket().async_wait(
      WaitType::wait_read, [self = Ref<Connection>(this)](const boost::system::error_code& error) {
        self->waits_readable_ = false;
        if (!error) self->on_readable();
      });
}

void Connection::on_readable() {
  if (stage_ == Stage::kHandshake) on_handshake();
  if (stage_ == Stage::kLingering) return on_linger();
  bool more = true;
  for (int i = 0; i < kReadsMax && more && wants_input() && stage_ != Stage::kHandshake; ++i) {
    if (!read_once(more)) return;
  }
  wait_readable();
}

// `more`: another read may find something. False: the connection is closed.
bool Connection::read_once(bool& more) {
  std::string& room = server_->read_scratch;
  const Transport::Read got = transport_.read(room.data(), room.size());
  switch (got.step) {
    case Step::kDone:
      more = got.size == room.size() || transport_.holds_bytes();
      take(std::string_view(room).substr(0, got.size));
      break;
    case Step::kAgain:
      more = false;
      if (transport_.pending() > 0) wait_writable();
      break;
    case Step::kClosed:
      more = false;
      on_peer_finished();
      break;
    case Step::kFailed:
      close();
  }
  return stage_ != Stage::kClosed;
}

void Connection::on_handshake() {
  switch (transport_.handshake()) {
    case Step::kDone:
      certificate_ = verified_peer(transport_.session());
      stage_ = Stage::kRequest;
      set_deadline(options().header_timeout);
      break;
    case Step::kAgain: break;
    default: close(); return;
  }
  if (transport_.pending() > 0) wait_writable();
}

void Connection::take(std::string_view bytes) {
  if (stage_ == Stage::kRaw) return raw_reader_->on_raw_bytes(bytes);
  if (stage_ == Stage::kRequest && input_.empty()) bytes.remove_prefix(parse(bytes));
  input_ += bytes;
  if (stage_ == Stage::kRequest && !bytes.empty()) parse_kept();
}

void Connection::parse_kept() {
  if (stage_ != Stage::kRequest || input_.empty()) return;
  const std::size_t taken = parse(input_);
  taken == input_.size() ? input_ = std::string(), void() : void(input_.erase(0, taken));
}

// Parses up to the end of one request; tells how much it took.
std::size_t Connection::parse(std::string_view bytes) {
  const std::size_t taken = reader_.read(bytes);
  switch (reader_.state()) {
    case RequestReader::State::kHead:
      if (!head_begun_) set_deadline(options().header_timeout);
      head_begun_ = true;
      break;
    case RequestReader::State::kBody:
      set_deadline(options().body_timeout);
      if (reader_.takes_continue()) {
        queue_.add(std::string_view("HTTP/1.1 100 Continue\r\n\r\n"));
        server_->flush_later(*this);
      }
      break;
    case RequestReader::State::kDone: dispatch(); break;
    case RequestReader::State::kFailed: refuse(reader_.failure_status()); break;
  }
  return taken;
}

void Connection::dispatch() {
  HttpRequest request = reader_.take_request();
  request.certificate = certificate_;
  request.remote_address = remote_;
  is_http11_ = reader_.is_http11();
  keeps_alive_ = reader_.keeps_alive();
  is_head_ = request.method == "HEAD";
  accepts_gzip_ = accepts_gzip(request.header("accept-encoding"));
  stage_ = Stage::kExchange;
  deadline_ = SteadyTime::max();
  head_begun_ = false;
  ++server_->stats.requests;
  server_->loop.post([server = server_, exchange = std::make_unique<WireExchange>(
                                            Ref<Connection>(this), std::move(request))]() mutable {
    if (HttpHandler* handler = server->handler()) handler->handle(std::move(exchange));
  });
}

// Answers without core, and ends.
void Connection::refuse(int status) {
  ++turn_;
  keeps_alive_ = false;
  is_head_ = false;
  is_http11_ = true;
  accepts_gzip_ = false;
  queue_reply(own_reply(status, status == 413 ? "Request entity too large: limit is " +
                                                    std::to_string(options().body_bytes_max)
                                              : ""));
  finish_when_sent();
}

// After an answer, or once the client has read enough: what it sent meanwhile is next.
void Connection::go_on() {
  if (stage_ == Stage::kRequest && backlog() <= kUnreadMax) {
    parse_kept();
    if (stage_ == Stage::kRequest && peer_finished_) return finish_when_sent();
  }
  if (stage_ != Stage::kClosed) wait_readable();
}

void Connection::on_peer_finished() {
  peer_finished_ = true;
  switch (stage_) {
    case Stage::kExchange:
    case Stage::kStream:
      // Half closed: the answer is still sent. Core is told, as Go's server cancels the request.
      if (on_closed_) post_to_core(turn_, std::exchange(on_closed_, nullptr));
      break;
    case Stage::kRaw:
      if (RawReader* reader = std::exchange(raw_reader_, nullptr)) reader->on_raw_closed();
      break;
    case Stage::kRequest: finish_when_sent(); break;
    default: close();
  }
}

void Connection::finish_when_sent() {
  stage_ = Stage::kFinishing;
  deadline_ = SteadyTime::max();
  input_ = std::string();
  pump();
}

// All is sent. The client must read it before the socket goes: closing a socket with unread input
// resets the connection, and the answer may be lost.
void Connection::linger() {
  transport_.finish_writing();
  if (peer_finished_) return close();
  stage_ = Stage::kLingering;
  set_deadline(options().linger_timeout);
  wait_readable();
}

void Connection::on_linger() {
  std::string& room = server_->read_scratch;
  for (int i = 0; i < kReadsMax; ++i) {
    const Transport::Read got = transport_.discard(room.data(), room.size());
    if (got.step == Step::kAgain) break;
    lingered_ += got.size;
    if (got.step != Step::kDone || lingered_ > kLingerMax) return close();
  }
  wait_readable();
}

void Connection::cut() {
  if (stage_ == Stage::kClosed) return;
  if (stage_ != Stage::kHandshake && stage_ != Stage::kLingering && transport_.pending() == 0) {
    send_some();  // what fits goes out
  }
  close();
}

void Connection::close() {
  if (stage_ == Stage::kClosed) return;
  const Ref<Connection> self(this);
  stage_ = Stage::kClosed;
  transport_.close();
  queue_.clear();
  input_ = std::string();
  recount();
  if (server_->handler()) tell_closed();
  on_closed_ = nullptr;
  on_drained_ = nullptr;
  raw_reader_ = nullptr;
  server_->remove(*this);
}

void Connection::tell_closed() {
  if (on_closed_) post_to_core(turn_, std::exchange(on_closed_, nullptr));
  if (on_drained_) post_to_core(turn_, std::exchange(on_drained_, nullptr));
  if (RawReader* reader = std::exchange(raw_reader_, nullptr)) reader->on_raw_closed();
}

void Connection::finish_soon() {
  keeps_alive_ = false;
  if (stage_ == Stage::kHandshake) close();
  if (stage_ == Stage::kRequest && !head_begun_ && input_.empty() &&
      reader_.state() == RequestReader::State::kHead) {
    finish_when_sent();
  }
}

void Connection::tick(SteadyTime now) {
  if (now >= deadline_) {
    on_deadline();
  } else if (backlog() > 0 && now - last_progress_ > options().stall_timeout) {
    ++server_->stats.timed_out;
    close();
  }
}

void Connection::on_deadline() {
  deadline_ = SteadyTime::max();
  const bool in_body = reader_.state() == RequestReader::State::kBody;
  if (stage_ == Stage::kRequest && (head_begun_ || in_body)) {
    ++server_->stats.timed_out;
    refuse(408);
  } else if (stage_ == Stage::kRequest) {
    finish_when_sent();  // idle
  } else {
    if (stage_ != Stage::kLingering) ++server_->stats.timed_out;
    close();
  }
}

}  // namespace orrery
