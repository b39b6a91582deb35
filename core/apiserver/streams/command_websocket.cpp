#include "core/apiserver/streams/remote_command.h"
#include "core/apiserver/streams/status_text.h"

namespace orrery::apiserver {
namespace {

constexpr int kNormalClosure = 1000, kProtocolErrorClosure = 1002, kTooSlowClosure = 1008;

class CommandWebSocket final : public StreamSession, private WebSocketSink, private ExecSink {
 public:
  CommandWebSocket(EventLoop& loop, ChannelProtocol protocol, ExecStreams streams,
                   Callback<void()> ended)
      : protocol_(std::move(protocol)),
        streams_(streams),
        ended_(std::move(ended)),
        reader_(
            loop, [this] { return socket_->backlog(); },
            [this](bool paused) {
              if (command_) command_->set_paused(paused);
            }) {}

  bool start(HttpExchange& exchange, StartCommand start) {
    socket_ = exchange.accept_websocket(protocol_.name, *this);
    if (!socket_) return false;
    // An empty message on the lowest channel tells the client that the streams are there.
    send(streams_.stdout_ ? kStdout : streams_.stderr_ ? kStderr : kError, {});
    command_ = start(*this);
    return true;
  }

 private:
  void on_message(std::string_view bytes, bool) override {
    if (over_) return;
    const Result<ChannelFrame> frame = decode_channel_frame(protocol_, bytes);
    if (!frame.ok()) return end(kProtocolErrorClosure, frame.status().message());
    if (frame->channel == kStdin && streams_.stdin_) {
      if (frame->close) {
        command_->close_stdin();
      } else if (!frame->bytes.empty()) {
        command_->write_stdin(frame->bytes);
      }
    } else if (frame->channel == kResize && !frame->close) {
      if (const auto size = read_terminal_size(frame->bytes); size && streams_.tty) {
        command_->resize(size->width, size->height);
      }
    }
  }

  void on_closed() override {
    if (!over_) {
      over_ = true;
      command_.reset();
      ended_();
    }
  }

  void on_stdout(std::string_view bytes) override {
    if (streams_.stdout_) output(kStdout, bytes);
  }
  void on_stderr(std::string_view bytes) override {
    if (streams_.stderr_) output(kStderr, bytes);
  }
  void on_exit(const ExecExit& exit) override {
    if (over_) return;
    if (protocol_.version >= 4) {
      send(kError, exit_status_json(exit));
    } else if (const std::string text = exit_status_text(exit); !text.empty()) {
      send(kError, text);
    }
    end(kNormalClosure, {});
  }

  void output(Channel channel, std::string_view bytes) {
    if (over_ || bytes.empty()) return;
    send(channel, bytes);
    if (!reader_.check()) end(kTooSlowClosure, "the client does not read its output");
  }

  void send(Channel channel, std::string_view bytes) {
    socket_->send(encode_channel_frame(protocol_, channel, bytes), protocol_.base64);
  }

  // The command goes with the session: its sink calls may still be under way here.
  void end(int code, std::string why) {
    over_ = true;
    socket_->close(code, std::move(why));
    ended_();
  }

  ChannelProtocol protocol_;
  ExecStreams streams_;
  Callback<void()> ended_;
  std::unique_ptr<WebSocket> socket_;
  std::unique_ptr<ExecSession> command_;
  SlowReader reader_;
  bool over_ = false;
};

}  // namespace

std::unique_ptr<StreamSession> serve_command_on_websocket(EventLoop& loop, HttpExchange& exchange,
                                                          ChannelProtocol protocol,
                                                          ExecStreams streams, StartCommand start,
                                                          Callback<void()> ended) {
  auto session =
      std::make_unique<CommandWebSocket>(loop, std::move(protocol), streams, std::move(ended));
  if (!session->start(exchange, std::move(start))) return nullptr;
  return session;
}

}  // namespace orrery::apiserver
