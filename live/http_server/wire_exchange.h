// WireExchange, WireReplyStream, WireByteStream: core's ports (core/ports/http_exchange.h) over a
// Connection. Made by Connection for each request, owned by core; each speaks for one turn.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "live/http_server/connection.h"

namespace orrery {

class WireExchange final : public HttpExchange {
 public:
  WireExchange(Ref<Connection> connection, HttpRequest request);
  ~WireExchange() override;

  const HttpRequest& request() const override { return request_; }
  void reply(HttpReply reply) override;
  std::unique_ptr<ReplyStream> begin(HttpReply head) override;
  std::unique_ptr<WebSocket> accept_websocket(std::string protocol, WebSocketSink& sink) override;
  std::unique_ptr<ByteStream> switch_protocols(HttpReply head, ByteSink& sink) override;
  void when_closed(Callback<void()> then) override;

 private:
  Ref<Connection> connection_;  // null once answered
  const Connection::Turn turn_;
  const HttpRequest request_;
};

class WireReplyStream final : public ReplyStream {
 public:
  WireReplyStream(Ref<Connection> connection, Connection::Turn turn)
      : connection_(std::move(connection)), turn_(turn) {}
  ~WireReplyStream() override { connection_->abandon(turn_); }

  void write(BlobRef bytes) override { connection_->write_chunk(turn_, bytes); }
  void finish() override { connection_->finish_chunks(turn_); }
  std::size_t backlog() const override {
    return connection_->turn() == turn_ ? connection_->backlog() : 0;
  }
  void when_drained(Callback<void()> then) override {
    connection_->when_drained(turn_, std::move(then));
  }
  void when_closed(Callback<void()> then) override {
    connection_->when_closed(turn_, std::move(then));
  }

 private:
  const Ref<Connection> connection_;
  const Connection::Turn turn_;
};

class WireByteStream final : public ByteStream, private RawReader {
 public:
  WireByteStream(Ref<Connection> connection, Connection::Turn turn, ByteSink& sink);
  ~WireByteStream() override { connection_->abandon(turn_); }

  void write(std::string bytes) override { connection_->write_raw(turn_, std::move(bytes)); }
  void finish() override { connection_->finish_raw(turn_); }
  std::size_t backlog() const override {
    return connection_->turn() == turn_ ? connection_->backlog() : 0;
  }

 private:
  void on_raw_bytes(std::string_view bytes) override;
  void on_raw_closed() override;

  const Ref<Connection> connection_;
  const Connection::Turn turn_;
  ByteSink& sink_;
};

}  // namespace orrery
