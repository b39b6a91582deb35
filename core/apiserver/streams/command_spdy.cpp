#include <map>

#include "core/apiserver/streams/remote_command.h"
#include "core/apiserver/streams/spdy_connection.h"
#include "core/apiserver/streams/status_text.h"

namespace orrery::apiserver {
namespace {

constexpr Duration kStreamsTimeout = 30s;        // remotecommand.DefaultStreamCreationTimeout
constexpr std::size_t kEarlyBytesMax = 1 << 20;  // of stdin, before all streams are there

class CommandSpdy final : public StreamSession,
                          private ByteSink,
                          private SpdyEvents,
                          private ExecSink {
 public:
  CommandSpdy(EventLoop& loop, std::string protocol, ExecStreams streams, StartCommand start,
              Callback<void()> ended)
      : loop_(loop),
        protocol_(std::move(protocol)),
        streams_(streams),
        start_(std::move(start)),
        ended_(std::move(ended)),
        spdy_(*this, [this](std::string bytes) { bytes_->write(std::move(bytes)); }),
        reader_(
            loop, [this] { return bytes_->backlog(); },
            [this](bool paused) {
              if (command_) command_->set_paused(paused);
            }) {
    const bool resizes = streams.tty && protocol_ != "v2.channel.k8s.io" &&
                         protocol_ != "channel.k8s.io" && !protocol_.empty();
    wanted_ = 1u + (streams.stdin_ ? 1u : 0u) + (streams.stdout_ ? 1u : 0u) +
              (streams.stderr_ ? 1u : 0u) + (resizes ? 1u : 0u);
    timer_ = loop.after(kStreamsTimeout, [this] { end(); });
  }
  ~CommandSpdy() override { loop_.cancel(timer_); }

  void start(HttpExchange& exchange) {
    HttpReply head;
    head.status = 101;
    head.headers = {{"Connection", "Upgrade"}, {"Upgrade", "SPDY/3.1"}};
    if (!protocol_.empty()) head.headers.push_back({"X-Stream-Protocol-Version", protocol_});
    bytes_ = exchange.switch_protocols(std::move(head), *this);
  }

 private:
  void on_bytes(std::string_view bytes) override {
    if (over_) return;
    if (!spdy_.receive(bytes) || bytes_->backlog() > kBacklogMax) end();
  }
  void on_closed() override {
    if (over_) return;
    over_ = true;
    command_.reset();
    ended_();
  }

  void on_stream(std::uint32_t stream, const SpdyHeaders& headers) override {
    const std::string type(find_header(headers, "streamtype"));
    const bool known =
        type == "error" || type == "resize" || (type == "stdin" && streams_.stdin_) ||
        (type == "stdout" && streams_.stdout_) || (type == "stderr" && streams_.stderr_);
    if (!known || ids_.count(type) > 0) {
      spdy_.refuse(stream);
      return;
    }
    spdy_.accept(stream);
    ids_[type] = stream;
    if (ids_.size() == wanted_) begin_command();
  }

  void begin_command() {
    loop_.cancel(timer_);
    command_ = start_(*this);
    if (!early_stdin_.empty()) command_->write_stdin(early_stdin_);
    if (early_close_) command_->close_stdin();
    early_stdin_.clear();
  }

  void on_stream_data(std::uint32_t stream, std::string_view bytes) override {
    if (over_) return;
    if (is(stream, "stdin")) {
      if (command_) return command_->write_stdin(bytes);
      early_stdin_ += bytes;
      if (early_stdin_.size() > kEarlyBytesMax) end();
    } else if (is(stream, "resize") && command_) {
      if (const auto size = read_terminal_size(bytes)) command_->resize(size->width, size->height);
    }
  }
  void on_stream_end(std::uint32_t stream) override {
    if (over_ || !is(stream, "stdin")) return;
    if (command_) return command_->close_stdin();
    early_close_ = true;
  }
  void on_stream_reset(std::uint32_t stream) override { on_stream_end(stream); }
  void on_client_leaving() override {}  // it closes the connection once it has what it wants

  bool is(std::uint32_t stream, std::string_view type) const {
    const auto it = ids_.find(type);
    return it != ids_.end() && it->second == stream;
  }

  void on_stdout(std::string_view bytes) override { output("stdout", bytes); }
  void on_stderr(std::string_view bytes) override { output("stderr", bytes); }
  void output(std::string_view type, std::string_view bytes) {
    const auto it = ids_.find(type);
    if (over_ || it == ids_.end()) return;
    spdy_.send(it->second, bytes);
    if (!reader_.check()) end();
  }

  void on_exit(const ExecExit& exit) override {
    if (over_) return;
    const bool json = protocol_ == "v4.channel.k8s.io" || protocol_ == "v5.channel.k8s.io";
    spdy_.send(ids_["error"], json ? exit_status_json(exit) : exit_status_text(exit));
    end();
  }

  void end() {
    over_ = true;
    loop_.cancel(timer_);
    spdy_.shut();
    bytes_->finish();
    ended_();
  }

  EventLoop& loop_;
  std::string protocol_;
  ExecStreams streams_;
  StartCommand start_;
  Callback<void()> ended_;
  std::unique_ptr<ByteStream> bytes_;
  SpdyConnection spdy_;
  std::unique_ptr<ExecSession> command_;
  SlowReader reader_;
  TimerId timer_;
  std::map<std::string, std::uint32_t, std::less<>> ids_;  // by streamtype
  std::size_t wanted_ = 1;
  std::string early_stdin_;
  bool early_close_ = false;
  bool over_ = false;
};

}  // namespace

const std::vector<std::string>& command_protocols() {
  static const std::vector<std::string> kProtocols = {"v5.channel.k8s.io", "v4.channel.k8s.io",
                                                      "v3.channel.k8s.io", "v2.channel.k8s.io",
                                                      "channel.k8s.io"};
  return kProtocols;
}

std::unique_ptr<StreamSession> serve_command_on_spdy(EventLoop& loop, HttpExchange& exchange,
                                                     std::string protocol, ExecStreams streams,
                                                     StartCommand start, Callback<void()> ended) {
  auto session = std::make_unique<CommandSpdy>(loop, std::move(protocol), streams, std::move(start),
                                               std::move(ended));
  session->start(exchange);
  return session;
}

}  // namespace orrery::apiserver
