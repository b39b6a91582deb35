#include <map>

#include "core/apiserver/streams/port_forwarding.h"
#include "core/apiserver/streams/query_values.h"
#include "core/apiserver/streams/spdy_connection.h"

namespace orrery::apiserver {
namespace {

constexpr int kNormalClosure = 1000;

// The bytes of binary messages as one stream.
class WebSocketBytes final : public ByteStream, private WebSocketSink {
 public:
  explicit WebSocketBytes(ByteSink& sink) : sink_(sink) {}
  bool start(HttpExchange& exchange) {
    socket_ = exchange.accept_websocket(std::string(kTunnelProtocol), *this);
    return socket_ != nullptr;
  }
  void write(std::string bytes) override { socket_->send(std::move(bytes), false); }
  void finish() override { socket_->close(kNormalClosure, {}); }
  std::size_t backlog() const override { return socket_->backlog(); }

 private:
  void on_message(std::string_view bytes, bool) override { sink_.on_bytes(bytes); }
  void on_closed() override { sink_.on_closed(); }

  ByteSink& sink_;
  std::unique_ptr<WebSocket> socket_;
};

class PortStreams final : public StreamSession, public ByteSink, private SpdyEvents {
 public:
  PortStreams(ForwardedPod pod, ConnectPort connect, Callback<void()> ended)
      : pod_(std::move(pod)),
        connect_(std::move(connect)),
        ended_(std::move(ended)),
        spdy_(*this, [this](std::string bytes) { bytes_->write(std::move(bytes)); }) {}

  void start_plain(HttpExchange& exchange) {
    HttpReply head;
    head.status = 101;
    head.headers = {{"Connection", "Upgrade"},
                    {"Upgrade", "SPDY/3.1"},
                    {"X-Stream-Protocol-Version", std::string(kPortForwardProtocol)}};
    bytes_ = exchange.switch_protocols(std::move(head), *this);
  }
  bool start_tunnel(HttpExchange& exchange) {
    auto tunnel = std::make_unique<WebSocketBytes>(*this);
    if (!tunnel->start(exchange)) return false;
    bytes_ = std::move(tunnel);
    return true;
  }

 private:
  // A pair of streams: one connection to the pod once both are there.
  struct Pair final : PortSink {
    Pair(PortStreams& o, std::string i, int p) : owner(o), id(std::move(i)), port(p) {}
    void on_port_bytes(std::string_view bytes) override { owner.output(data, bytes); }
    void on_port_closed(const std::string& why) override { owner.port_closed(*this, why); }
    PortStreams& owner;
    std::string id;
    int port;
    std::uint32_t data = 0, error = 0;
    std::unique_ptr<PortConnection> connection;
    std::string early;  // bytes that came before both streams were there
    bool early_end = false;
    bool over = false;
  };
  static constexpr std::size_t kEarlyBytesMax = 1 << 20;

  void on_bytes(std::string_view bytes) override {
    if (over_) return;
    if (!spdy_.receive(bytes) || bytes_->backlog() > kBacklogMax) return end();
    sweep();
    if (leaving_ && pairs_.empty()) end();
  }
  void on_closed() override {
    if (over_) return;
    over_ = true;
    pairs_.clear();
    ended_();
  }

  void on_stream(std::uint32_t stream, const SpdyHeaders& headers) override {
    const std::string_view type = find_header(headers, "streamtype");
    const Result<std::int64_t> port = parse_go_int(find_header(headers, "port"), 32);
    const bool data = type == "data";
    if ((!data && type != "error") || !port.ok() || *port < 1 || *port > 65535) {
      spdy_.refuse(stream);
      return;
    }
    std::string id(find_header(headers, "requestid"));
    // Old clients send no request id: the error stream comes first, the data stream right behind.
    if (id.empty()) id = "stream " + std::to_string(data ? stream - 2 : stream);
    auto& pair = pairs_[id];
    if (!pair) pair = std::make_unique<Pair>(*this, id, static_cast<int>(*port));
    std::uint32_t& slot = data ? pair->data : pair->error;
    if (slot != 0 || pair->over || pair->port != *port) {
      spdy_.refuse(stream);
      return;
    }
    slot = stream;
    spdy_.accept(stream);
    by_stream_[stream] = pair.get();
    if (pair->data != 0 && pair->error != 0) connect(*pair);
  }

  void connect(Pair& pair) {
    pair.connection = connect_(pair.port, pair);
    if (!pair.early.empty()) pair.connection->write(pair.early);
    if (pair.early_end) pair.connection->close_write();
    pair.early.clear();
  }

  Pair* pair_of_data(std::uint32_t stream) {
    const auto it = by_stream_.find(stream);
    return it != by_stream_.end() && it->second->data == stream && !it->second->over ? it->second
                                                                                     : nullptr;
  }

  void on_stream_data(std::uint32_t stream, std::string_view bytes) override {
    Pair* pair = pair_of_data(stream);
    if (!pair) return;
    if (pair->connection) return pair->connection->write(bytes);
    pair->early += bytes;
    if (pair->early.size() > kEarlyBytesMax) {
      spdy_.reset(stream);
      pair->over = true;
    }
  }
  void on_stream_end(std::uint32_t stream) override {
    Pair* pair = pair_of_data(stream);
    if (!pair) return;  // an error stream: its client never writes there
    if (pair->connection) return pair->connection->close_write();
    pair->early_end = true;
  }
  void on_stream_reset(std::uint32_t stream) override {
    if (Pair* pair = pair_of_data(stream)) close(*pair);
  }
  void on_client_leaving() override { leaving_ = true; }

  void output(std::uint32_t stream, std::string_view bytes) {
    if (over_) return;
    spdy_.send(stream, bytes);
    if (bytes_->backlog() > kBacklogMax) end();
  }

  void port_closed(Pair& pair, const std::string& why) {
    if (over_ || pair.over) return;
    if (!why.empty()) spdy_.send(pair.error, forward_error(pod_, pair.port, why));
    close(pair);
  }

  void close(Pair& pair) {
    pair.over = true;
    spdy_.finish(pair.error);  // no reset: it would overtake bytes in the client's queues
    spdy_.finish(pair.data);
    for (const auto& [id, other] : pairs_) {
      if (!other->over) return;
    }
    if (leaving_ && !over_) end();
  }

  // Pairs are dropped here, not in the calls of their own connections.
  void sweep() {
    for (auto it = pairs_.begin(); it != pairs_.end();) {
      if (!it->second->over) {
        ++it;
        continue;
      }
      by_stream_.erase(it->second->data);
      by_stream_.erase(it->second->error);
      it = pairs_.erase(it);
    }
  }

  void end() {
    over_ = true;
    spdy_.shut();
    bytes_->finish();
    ended_();
  }

  ForwardedPod pod_;
  ConnectPort connect_;
  Callback<void()> ended_;
  std::unique_ptr<ByteStream> bytes_;
  SpdyConnection spdy_;
  std::map<std::string, std::unique_ptr<Pair>> pairs_;  // by request id
  std::map<std::uint32_t, Pair*> by_stream_;
  bool leaving_ = false;
  bool over_ = false;
};

}  // namespace

std::unique_ptr<StreamSession> serve_ports_on_spdy(HttpExchange& exchange, ForwardedPod pod,
                                                   ConnectPort connect, Callback<void()> ended) {
  auto session =
      std::make_unique<PortStreams>(std::move(pod), std::move(connect), std::move(ended));
  session->start_plain(exchange);
  return session;
}

std::unique_ptr<StreamSession> serve_ports_in_tunnel(HttpExchange& exchange, ForwardedPod pod,
                                                     ConnectPort connect, Callback<void()> ended) {
  auto session =
      std::make_unique<PortStreams>(std::move(pod), std::move(connect), std::move(ended));
  if (!session->start_tunnel(exchange)) return nullptr;
  return session;
}

}  // namespace orrery::apiserver
