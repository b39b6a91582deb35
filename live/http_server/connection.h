// Connection: one client's socket, from the handshake to the end: reads requests, posts them to
// core, sends answers in order. Made by ServerState; core reaches it through the objects of
// wire_exchange.h and wire_websocket.h. A turn names what of core's may speak: one exchange, one
// stream; calls of an earlier turn do nothing.
//
//     handshake --> request --> exchange --reply--> request
//                                  |--begin--> stream --finish--> request
//                                  `--101--> raw --finish--> finishing --> lingering --> closed
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "live/http_server/output_queue.h"
#include "live/http_server/request_reader.h"
#include "live/http_server/server_state.h"

namespace orrery {

/// Who takes the bytes of a connection that has left HTTP. Called from the socket's handlers, not
/// by core: it posts.
class RawReader {
 public:
  virtual void on_raw_bytes(std::string_view bytes) = 0;
  virtual void on_raw_closed() = 0;  // no call comes after it

 protected:
  ~RawReader() = default;
};

class Connection final : public RefCounted {
 public:
  using Turn = std::uint64_t;

  Connection(Ref<ServerState> server, TcpSocket socket, ssl_ctx_st* tls, std::string remote);

  // For ServerState.
  void start();
  void flush();
  void tick(SteadyTime now);
  /// Closes now if idle, else after the answer under way.
  void finish_soon();
  void cut();
  std::size_t place = 0;        // in the server's list
  bool is_in_flush_list = false;

  // For core's objects. Each answer ends the turn; the ones that go on return the next.
  Turn turn() const { return turn_; }
  void reply(Turn turn, HttpReply reply);
  Turn begin(Turn turn, HttpReply head);
  Turn switch_protocols(Turn turn, const HttpReply& head);
  void write_chunk(Turn turn, const BlobRef& bytes);
  void finish_chunks(Turn turn);
  void write_raw(Turn turn, std::string bytes);
  void finish_raw(Turn turn);
  /// Hands over the raw bytes, those read ahead first.
  void read_raw(Turn turn, RawReader& reader);
  /// Cuts the connection unless the turn has ended.
  void abandon(Turn turn);
  void when_closed(Turn turn, Callback<void()> then);
  void when_drained(Turn turn, Callback<void()> then);
  /// Cuts the connection after this long, unless the turn ends before.
  void limit(Turn turn, Duration at_most);
  std::size_t backlog() const { return queue_.size() + transport_.pending(); }
  /// Runs `task` on core's side, unless the turn ends before.
  template <class F>
  void post_to_core(Turn turn, F&& task) {
    server_->loop.post([self = Ref<Connection>(this), turn, f = std::forward<F>(task)]() mutable {
      if (self->turn_ == turn) f();
    });
  }
  const HttpServerOptions& options() const { return server_->options; }

 private:
  enum class Stage {
    kHandshake, kRequest, kExchange, kStream, kRaw, kFinishing, kLingering, kClosed
  };

  // connection.cpp: input and the ends.
  void wait_readable();
  bool wants_input() const;
  void on_readable();
  bool read_once(bool& more);
  void on_handshake();
  void on_linger();
  void take(std::string_view bytes);
  std::size_t parse(std::string_view bytes);
  void dispatch();
  void refuse(int status);
  void go_on();
  void parse_kept();
  void on_peer_finished();
  void finish_when_sent();
  void linger();
  void close();
  void tell_closed();
  void set_deadline(Duration from_now);
  void on_deadline();
  bool is_turn(Turn turn) const { return turn == turn_ && stage_ != Stage::kClosed; }

  // connection_answers.cpp: output.
  void queue_reply(HttpReply reply);
  void end_answer();
  void queued();
  void pump();
  bool send_some();
  void after_pump(std::size_t before);
  void wait_writable();
  void recount();
  bool is_over_limit() const;

  const Ref<ServerState> server_;
  const std::string remote_;
  Transport transport_;
  std::optional<CertificateIdentity> certificate_;
  Stage stage_ = Stage::kHandshake;
  Turn turn_ = 1;

  RequestReader reader_;
  std::string input_;  // read ahead, not parsed
  bool waits_readable_ = false, waits_writable_ = false;
  bool peer_finished_ = false;
  bool head_begun_ = false;
  std::size_t lingered_ = 0;

  // Of the request under way.
  bool keeps_alive_ = true, is_http11_ = true, is_head_ = false, accepts_gzip_ = false;
  bool is_chunked_ = false;

  OutputQueue queue_;
  std::size_t counted_ = 0;  // of the backlog, in the server's total
  SteadyTime deadline_ = SteadyTime::max();
  SteadyTime last_progress_{};
  RawReader* raw_reader_ = nullptr;
  Callback<void()> on_closed_, on_drained_;
};

}  // namespace orrery
