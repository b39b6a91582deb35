#include "core/apiserver/streams/log_reply.h"

#include "core/apiserver/streams/status_text.h"

namespace orrery::apiserver {
namespace {

class LogReply final : public StreamSession, private LogSink {
 public:
  LogReply(std::unique_ptr<HttpExchange> exchange, const LogOptions& options,
           Callback<void()> ended)
      : exchange_(std::move(exchange)), left_(options.limit_bytes), ended_(std::move(ended)) {}

  void start(PodStreams& pods, PodTarget target, LogOptions options) {
    exchange_->when_closed([this] { gone(); });
    if (options.follow) begin();  // the client sees at once that it is connected
    source_ = pods.logs(std::move(target), options, *this);
  }

 private:
  void on_log(std::string_view bytes) override {
    if (over_ || bytes.empty()) return;
    if (!body_) begin();
    if (left_) {
      bytes = bytes.substr(0, static_cast<std::size_t>(*left_));
      *left_ -= static_cast<std::int64_t>(bytes.size());
    }
    body_->write(BlobRef(new Blob(std::string(bytes))));
    if (left_ && *left_ == 0) return finish();
    if (!paused_ && body_->backlog() > kBacklogPause) pause();
  }

  void on_log_end(const Status& why) override {
    if (over_) return;
    if (body_) return finish();
    HttpReply reply = status_reply(why);
    if (why.ok()) {
      reply = HttpReply();
      reply.headers.push_back({"Content-Type", "text/plain"});
    }
    over_ = true;
    exchange_->reply(std::move(reply));
    ended_();
  }

  void begin() {
    HttpReply head;
    head.headers.push_back({"Content-Type", "text/plain"});
    body_ = exchange_->begin(std::move(head));
    body_->when_closed([this] { gone(); });
  }

  void pause() {
    paused_ = true;
    if (source_) source_->set_paused(true);
    body_->when_drained([this] {
      paused_ = false;
      if (source_ && !over_) source_->set_paused(false);
    });
  }

  void finish() {
    over_ = true;
    body_->finish();
    ended_();
  }

  void gone() {
    if (over_) return;
    over_ = true;
    ended_();
  }

  std::unique_ptr<HttpExchange> exchange_;
  std::unique_ptr<ReplyStream> body_;
  std::unique_ptr<LogStream> source_;
  std::optional<std::int64_t> left_;
  Callback<void()> ended_;
  bool paused_ = false;
  bool over_ = false;
};

}  // namespace

std::unique_ptr<StreamSession> serve_log_reply(std::unique_ptr<HttpExchange> exchange,
                                               PodStreams& pods, PodTarget target,
                                               LogOptions options, Callback<void()> ended) {
  auto session = std::make_unique<LogReply>(std::move(exchange), options, std::move(ended));
  session->start(pods, std::move(target), options);
  return session;
}

}  // namespace orrery::apiserver
