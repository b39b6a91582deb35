#include <fmt/format.h>

#include "core/apiserver/streams/port_forwarding.h"

namespace orrery::apiserver {
namespace {

constexpr int kNormalClosure = 1000, kProtocolErrorClosure = 1002, kTooSlowClosure = 1008;

class PortChannels final : public StreamSession, private WebSocketSink {
 public:
  PortChannels(ForwardedPod pod, ChannelProtocol protocol, Callback<void()> ended)
      : pod_(std::move(pod)), protocol_(std::move(protocol)), ended_(std::move(ended)) {}

  bool start(HttpExchange& exchange, const std::vector<int>& ports, ConnectPort connect) {
    socket_ = exchange.accept_websocket(protocol_.name, *this);
    if (!socket_) return false;
    for (const int port : ports) {
      ports_.push_back(std::make_unique<Port>(*this, port, static_cast<int>(ports_.size())));
      const char number[2] = {static_cast<char>(port & 255), static_cast<char>(port >> 8 & 255)};
      send(ports_.back()->data_channel(), {number, 2});
      send(ports_.back()->data_channel() + 1, {number, 2});
    }
    for (const auto& port : ports_) port->connection = connect(port->number, *port);
    return true;
  }

 private:
  struct Port final : PortSink {
    Port(PortChannels& o, int n, int i) : owner(o), number(n), index(i) {}
    int data_channel() const { return 2 * index; }
    void on_port_bytes(std::string_view bytes) override { owner.output(data_channel(), bytes); }
    void on_port_closed(const std::string& error) override {
      closed = true;
      if (!error.empty())
        owner.output(data_channel() + 1, forward_error(owner.pod_, number, error));
      owner.port_closed();
    }
    PortChannels& owner;
    int number, index;
    bool closed = false;
    std::unique_ptr<PortConnection> connection;
  };

  void on_message(std::string_view bytes, bool) override {
    if (over_) return;
    const Result<ChannelFrame> frame = decode_channel_frame(protocol_, bytes);
    if (!frame.ok()) return end(kProtocolErrorClosure, frame.status().message());
    const auto index = static_cast<std::size_t>(frame->channel / 2);
    if (frame->channel < 0 || frame->channel % 2 != 0 || index >= ports_.size()) return;
    Port& port = *ports_[index];
    if (!port.closed && !frame->bytes.empty()) port.connection->write(frame->bytes);
  }

  void on_closed() override {
    if (over_) return;
    over_ = true;
    for (const auto& port : ports_) port->connection.reset();
    ended_();
  }

  void output(int channel, std::string_view bytes) {
    if (over_) return;
    send(channel, bytes);
    if (socket_->backlog() > kBacklogMax) end(kTooSlowClosure, "the client does not read");
  }

  void port_closed() {
    if (over_) return;
    for (const auto& port : ports_) {
      if (!port->closed) return;
    }
    end(kNormalClosure, {});
  }

  void send(int channel, std::string_view bytes) {
    socket_->send(encode_channel_frame(protocol_, channel, bytes), protocol_.base64);
  }

  void end(int code, std::string why) {
    over_ = true;
    socket_->close(code, std::move(why));
    ended_();
  }

  ForwardedPod pod_;
  ChannelProtocol protocol_;
  Callback<void()> ended_;
  std::unique_ptr<WebSocket> socket_;
  std::vector<std::unique_ptr<Port>> ports_;
  bool over_ = false;
};

}  // namespace

std::string forward_error(const ForwardedPod& pod, int port, const std::string& why) {
  return fmt::format("error forwarding port {} to pod {}, uid {}: {}", port, pod.pod, pod.uid, why);
}

std::unique_ptr<StreamSession> serve_ports_on_channels(HttpExchange& exchange, ForwardedPod pod,
                                                       ChannelProtocol protocol,
                                                       const std::vector<int>& ports,
                                                       ConnectPort connect,
                                                       Callback<void()> ended) {
  auto session =
      std::make_unique<PortChannels>(std::move(pod), std::move(protocol), std::move(ended));
  if (!session->start(exchange, ports, std::move(connect))) return nullptr;
  return session;
}

}  // namespace orrery::apiserver
